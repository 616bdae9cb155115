"""What people try in Slack, and how it is seen that it worked: the deeds of the authorisation matrix.

Everybody has a rig of their own with customers in every state. What changed nothing leaves its customer to the next
deed; what worked uses its customer up.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bridge.content import Author
from bridge.demo.customers import Customer
from bridge.ports import Agent, Role
from bridge.sandbox.world import Entry
from bridge.store import contacts, messages
from bridge.store.tx import Tx

from ..conftest import Rig, number_of
from .test_reply_window import LATE, looks, passes
from .test_windows import fields, options

Json = Mapping[str, Any]
Rows = dict[str, list[Any]]
WATCHERS = "S0WATCH"  # the user group whose members are viewers
SETTINGS = ("settings", "texts", "triggers", "policy", "roles", "bots")
VIEWS = frozenset({"views.open", "views.update", "views.publish", "view_response"})
WINDOWS = frozenset(
    {"assign", "draft", "handback", "labels", "transcript", "queue", "takeover", "desk"}
    | {"template", "template_preview", "same", "same_preview", *SETTINGS}
)
WORDS = ("response_url", "chat.postEphemeral")
BUSY = "SELECT 1 FROM lane WHERE due IS NOT NULL AND way NOT IN ('slow', 'marks')"

TABLES: Mapping[str, str] = {
    "conversation": "SELECT * FROM conversation ORDER BY id",
    "handoff": "SELECT * FROM handoff ORDER BY number",
    "message": "SELECT id, handoff, author, author_id, text, changed, state FROM message ORDER BY id",
    "outbox": "SELECT id, lane, kind, payload, state, key FROM outbox WHERE lane LIKE 'customer:%' ORDER BY id",
    "timeline": "SELECT * FROM timeline ORDER BY id",
    "same_person": "SELECT * FROM same_person ORDER BY id",
    "duty": "SELECT * FROM duty ORDER BY agent_id",
    "setting_change": "SELECT * FROM setting_change ORDER BY section, version",
}
"""What a deed that is denied leaves as it is."""


class Kept(Exception):
    """Slack itself does not let them."""


# --------------------------------------------------------------------------------------------------------- the people


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who tries. `less` is what made them less than an ordinary member, `ordinary` takes that away again."""

    handle: str
    id: str
    role: Role
    owns: bool = False  # has claimed the customers of the rig, when they still might
    less: Json | None = None
    ordinary: Json | None = None

    @property
    def name(self) -> str:
        return self.handle.capitalize()

    @property
    def outside(self) -> bool:
        return self.role is Role.OUTSIDER


PEOPLE: Mapping[str, Person] = {
    "owner": Person("ana", "U0ANA", Role.RESPONDER, owns=True),
    "other": Person("ben", "U0BEN", Role.RESPONDER),
    "admin": Person("clea", "U0CLEA", Role.ADMIN),
    "viewer": Person("vera", "U0VERA", Role.VIEWER, less={"users": ["U0VERA"]}, ordinary={"users": []}),
    "guest": Person(
        "gus", "U0GUS", Role.OUTSIDER, less={"is_restricted": True}, ordinary={"is_restricted": False}
    ),
    "external": Person(
        "eve", "U0EXT", Role.OUTSIDER,
        less={"is_stranger": True, "team": "T0EXTERN"}, ordinary={"is_stranger": False, "team": "T0SANDBOX"},
    ),
    "gone": Person(
        "dora", "U0DORA", Role.OUTSIDER, owns=True, less={"deleted": True}, ordinary={"deleted": False}
    ),
    "lapsed": Person(
        "lena", "U0LENA", Role.VIEWER, owns=True, less={"users": ["U0LENA"]}, ordinary={"users": []}
    ),
}  # fmt: skip
"""`gone` and `lapsed` owned the conversations before they were deactivated, or made viewers."""


@dataclass(slots=True)
class Case:
    """One customer, and where they stand."""

    customer: Customer
    card: Entry | None = None
    notice: str = ""  # a notice with buttons in the thread

    @property
    def number(self) -> str:
        assert self.card
        return number_of(self.card)


# ----------------------------------------------------------------------------------------------------------- the stage


class Stage:
    """One rig and one person; customers in every state."""

    def __init__(self, rig: Rig, person: Person) -> None:
        self.rig, self.person = rig, person
        self.cases: dict[str, list[Case]] = {}
        self.by = person.handle if person.owns else "ana"  # who owns the customers
        self._numbers = itertools.count(1)

    async def furnish(self, wanted: Mapping[str, int]) -> None:
        """So many customers of every kind."""
        async with self.lifted():
            for _ in range(wanted.get("longest", 0)):
                await self._add("longest")
            calm = [kind for kind in wanted if kind not in ("longest", "failed", "doubt")]
            await asyncio.gather(*(self._add(kind) for kind in calm for _ in range(wanted[kind])))
            for kind in wanted.keys() - {"longest", *calm}:
                for _ in range(wanted[kind]):
                    await self._add(kind)

    async def take(self, kind: str) -> Case:
        """A customer who stands there; a new one if there is none left."""
        if not self.cases.get(kind):
            await self.furnish({kind: 1})
        return self.cases[kind].pop(0)

    def give_back(self, kind: str, case: Case) -> None:
        """Nothing has changed for this customer."""
        self.cases[kind].insert(0, case)

    @asynccontextmanager
    async def lifted(self) -> AsyncGenerator[None]:
        """Meanwhile they are an ordinary member."""
        await self._become(self.person.ordinary, Role.RESPONDER)
        try:
            yield
        finally:
            await self._become(self.person.less, self.person.role)

    async def lower(self) -> None:
        """From here on they are what they are."""
        await self._become(self.person.less, self.person.role)

    async def calm(self) -> None:
        """Wait until everything is sent but marks."""
        await self.rig.finds(BUSY, none=True)

    async def rows(self) -> Rows:
        """All that a denied deed must leave alone."""

        def read(tx: Tx) -> Rows:
            return {table: [tuple(row) for row in tx.all(sql)] for table, sql in TABLES.items()}

        return await self.rig.read(read)

    async def _become(self, what: Json | None, role: Role) -> None:
        """An admin of the workspace changes them; wait until the bridge knows, too."""
        if what is None:
            return
        action, target = ("change_group", WATCHERS) if "users" in what else ("change_user", self.person.id)
        done = await self.rig.sandbox.act("slack", "clea", action, target, **what)
        assert done["ok"], done
        async with asyncio.timeout(20):
            while (await self.rig.bridge.workspace.people.agent(self.person.id)).role is not role:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def _add(self, kind: str) -> None:
        name = f"customer{next(self._numbers)}"
        self.cases.setdefault(kind, []).append(await MAKERS[kind](self.rig, name, self.by))


async def _with_the_bot(rig: Rig, name: str, by: str) -> Case:
    customer = rig.customer("telegram", name)
    await customer.says("How long does delivery take?")
    await customer.hears(lambda text: "working day" in text, "the bot's answer")
    return Case(customer)


async def _waiting(rig: Rig, name: str, by: str) -> Case:
    return Case(*await rig.waiting("telegram", name))


async def _claimed(rig: Rig, name: str, by: str) -> Case:
    return Case(*await rig.claimed("telegram", name, by))


async def _claimed_on_whatsapp(rig: Rig, name: str, by: str) -> Case:
    return Case(*await rig.claimed("whatsapp", name, by))


async def _too_late(rig: Rig, name: str, by: str) -> Case:
    """They wrote a day ago."""
    customer, card = await rig.claimed("whatsapp", name, by)
    await passes(rig, LATE, customer)
    await looks(rig)
    await rig.team.sees_card(card, "hours are over")
    return Case(customer, card)


async def _over(rig: Rig, name: str, by: str) -> Case:
    customer, card = await rig.claimed("telegram", name, by)
    await rig.team.sees_card(card, "has this")
    await rig.team.clicks(by, card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    await rig.team.sees_card(card, "Back with the bot")
    return Case(customer, card)


async def _unresolved(rig: Rig, name: str, by: str) -> Case:
    customer, card = await rig.claimed("telegram", name, by)
    await rig.team.sees_card(card, "has this")
    after = rig.now
    await rig.team.clicks(by, card, "handback_form")
    title = f"Hand back #{number_of(card)}"
    form = await rig.watch.entry("slack", lambda it: it.kind == "views.open" and title in text_of(it), title, after)
    said = {"outcome": {"outcome": "open"}}
    done = await rig.sandbox.act("slack", by, "submit", form.id or "", values=said)
    assert done["ok"], done
    await rig.team.sees_card(card, "not resolved")
    return Case(customer, card)


async def _failed(rig: Rig, name: str, by: str) -> Case:
    customer, card = await rig.claimed("telegram", name, by)
    await rig.sandbox.act("telegram", name, "block")
    await rig.types(by, card, "Line 0")
    notice = await rig.team.sees_post(card, "This did not reach the customer")
    await rig.sandbox.act("telegram", name, "unblock")
    await rig.team.sees_post(card, "is back and can be reached again")
    return Case(customer, card, notice.id or "")


async def _in_doubt(rig: Rig, name: str, by: str) -> Case:
    customer, card = await rig.claimed("telegram", name, by)
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.types(by, card, "Line 0")
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    return Case(customer, card, question.id or "")


MAKERS: Mapping[str, Callable[[Rig, str, str], Awaitable[Case]]] = {
    "bot": _with_the_bot,
    "queued": _waiting,
    "claimed": _claimed,
    "over": _over,
    "unresolved": _unresolved,
    "longest": _claimed,  # before all others: a list that has no room for all begins with these
    "whatsapp": _claimed_on_whatsapp,
    "late": _too_late,
    "failed": _failed,
    "doubt": _in_doubt,
}


# ------------------------------------------------------------------------------------------------------------ one try


@dataclass(slots=True)
class Try:
    """One person, one deed, one customer."""

    stage: Stage
    case: Case
    patience: float = 20.0
    after: int = 0  # the place in the history before the deed
    heard: int = 0  # what the customer had heard before it
    window: str = ""
    ts: str = ""
    ready: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def rig(self) -> Rig:
        return self.stage.rig

    @property
    def me(self) -> Person:
        return self.stage.person

    @property
    def card(self) -> Entry:
        assert self.case.card
        return self.case.card

    @property
    def colleague(self) -> tuple[str, str]:
        """Somebody else who may answer: handle and id."""
        return ("clea", "U0CLEA") if self.me.handle == "ben" else ("ben", "U0BEN")

    # ----------------------------------------------------------------------------------------------------- what they do

    async def act(self, action: str, target: str, text: str = "", **more: Any) -> str:
        """One action in Slack. Raises Kept when Slack refuses it."""
        done = await self.rig.sandbox.act("slack", self.me.handle, action, target, text, **more)
        if not done["ok"]:
            raise Kept(done["error"])
        return done["id"] or ""

    async def clicks(self, action: str) -> None:
        """A button of the card."""
        await self.act("click", f"{self.card.chat}:{self.card.id}", action_id=action)

    async def chooses(self, action: str) -> None:
        """Something from the menu of the card."""
        await self.presses(self.card.id or "", "more", f"{action}:{self.case.number}")

    async def presses(self, ts: str, action: str, value: str = "") -> None:
        """A button of another message."""
        await self.act("click", f"{self.card.chat}:{ts}", action_id=action, **({"value": value} if value else {}))

    async def uses(self, action: str, value: str = "") -> None:
        """Something in their window, or on their page."""
        await self.act("click", self.window, action_id=action, **({"value": value} if value else {}))

    async def types(self, text: str) -> None:
        """Write in the thread."""
        self.ts = await self.act("type", f"{self.card.chat}:{self.card.id}", text)

    async def commands(self, text: str) -> None:
        """A slash command."""
        await self.act("command", "C0SUPPORT", text)

    async def submits(self, **values: str) -> None:
        """Fill in the window and send it off."""
        await self.act("submit", self.window, values={name: {name: value} for name, value in values.items()})

    # ----------------------------------------------------------------------------------------------- what is seen of it

    async def entry(self, fits: Callable[[Entry], bool], what: str, after: int | None = None) -> Entry:
        begin = self.after if after is None else after
        return await self.rig.watch.entry("slack", fits, what, begin, self.patience)

    async def word(self, piece: str = "", after: int | None = None) -> Entry:
        """A private word to them: a message, or a window that says only that."""

        def fits(entry: Entry) -> bool:
            if entry.raw.get("user") != self.me.id or piece not in text_of(entry):
                return False
            said = entry.kind in VIEWS and entry.raw["view"]["callback_id"] == "told"
            return said or entry.kind in WORDS

        return await self.entry(fits, f"a private word to {self.me.handle}: {piece}", after)

    async def view(self, name: str, piece: str = "", after: int | None = None) -> str:
        """The window with this name, opened or redrawn for them; its id."""

        def fits(entry: Entry) -> bool:
            mine = entry.kind in VIEWS and entry.raw["user"] == self.me.id
            return mine and entry.raw["view"]["callback_id"] == name and piece in json.dumps(entry.raw["view"])

        return (await self.entry(fits, f"the window {name} for {self.me.handle}: {piece}", after)).id or ""

    async def finds(self, sql: str, *values: object) -> None:
        """Such a row is in the database."""
        async with asyncio.timeout(self.patience):
            await self.rig.finds(sql, *values)

    async def is_heard(self, piece: str) -> None:
        """The customer is told."""
        await self.rig.watch.until(
            lambda: next((text for text in self.case.customer.heard[self.heard :] if piece in text), None),
            f"the customer hears: {piece}",
            self.patience,
        )

    async def is_state(self, state: str) -> None:
        """The handoff is in this state."""
        await self.finds("SELECT 1 FROM handoff WHERE number = ? AND state = ?", int(self.case.number), state)


def text_of(entry: Entry) -> str:
    """Every word that an entry shows."""
    return entry.text if entry.text is not None else json.dumps(entry.raw.get("view") or {})


# ----------------------------------------------------------------------------------------------------------- the deeds

Step = Callable[[Try], Awaitable[object]]


async def nothing(_: Try) -> None:
    """There is nothing to prepare."""


@dataclass(frozen=True, slots=True)
class Deed:
    """`before` happens while they are an ordinary member; `seen` waits for what follows if they may."""

    kind: str  # of customer
    do: Step
    seen: Step
    before: Step | None = None
    spends: bool = True  # whether it moves the customer on, when it works


def clicks(action: str) -> Step:
    return lambda one: one.clicks(action)


def chooses(action: str) -> Step:
    return lambda one: one.chooses(action)


def presses(action: str) -> Step:
    return lambda one: one.presses(one.case.notice, action)


def types(text: str) -> Step:
    return lambda one: one.types(text)


def commands(text: str) -> Step:
    return lambda one: one.commands(text)


def uses(action: str) -> Step:
    return lambda one: one.uses(action)


def shows(window: str) -> Step:
    return lambda one: one.view(window)


def told(piece: str) -> Step:
    return lambda one: one.word(piece)


# -- what is seen


async def mine(one: Try) -> None:
    """The customer talks to them now."""
    await one.is_heard(f"You are now talking to {one.me.name}.")
    sql = "SELECT 1 FROM conversation WHERE customer = ? AND state = 'claimed' AND owner_id = ?"
    await one.finds(sql, one.case.customer.name, one.me.id)


async def the_colleague_s(one: Try) -> None:
    handle, colleague = one.colleague
    await one.is_heard(f"You are now talking to {handle.capitalize()}.")
    sql = "SELECT 1 FROM handoff WHERE number = ? AND state = 'claimed' AND owner_id = ?"
    await one.finds(sql, int(one.case.number), colleague)


async def back(one: Try) -> None:
    await one.is_heard("assistant is back")
    await one.is_state("handed_back")


async def ended(one: Try) -> None:
    await one.is_heard("This conversation has ended")
    await one.is_state("ended")


async def in_the_queue(one: Try) -> None:
    await one.is_heard("A person from our team")
    await one.is_state("queued")


async def resolved(one: Try) -> None:
    await one.finds("SELECT 1 FROM handoff WHERE number = ? AND outcome = 'resolved'", int(one.case.number))


async def labelled(one: Try) -> None:
    await one.finds("SELECT 1 FROM handoff WHERE number = ? AND labels = 'refund vip'", int(one.case.number))


async def kept(one: Try) -> None:
    """Their words are a note, and no more."""
    sql = "SELECT 1 FROM message WHERE source_ts = ? AND state = 'note' AND author_id = ?"
    await one.finds(sql, one.ts, one.me.id)


async def whispered(one: Try) -> None:
    await kept(one)
    await one.rig.watch.entry("slack", lambda it: "whispers to Ana" in (it.text or ""), "it", one.after, one.patience)


async def line_arrived(one: Try) -> None:
    await one.is_heard("Line 0")
    await one.finds(
        "SELECT 1 FROM message WHERE handoff = ? AND text = 'Line 0' AND state = 'sent'", int(one.case.number)
    )


async def line_settled(one: Try) -> None:
    await one.finds(
        "SELECT 1 FROM message WHERE handoff = ? AND text = 'Line 0' AND state = 'sent'", int(one.case.number)
    )


async def reworded(one: Try) -> None:
    """What the customer has already reads differently now."""
    await one.rig.watch.until(
        lambda: "The second wording" in one.case.customer.heard or None, "the second wording", one.patience
    )


def is_away(away: bool) -> Step:
    async def seen(one: Try) -> None:
        await one.finds("SELECT 1 FROM duty WHERE agent_id = ? AND away = ?", one.me.id, away)

    return seen


def heard(piece: str) -> Step:
    return lambda one: one.is_heard(piece)


# -- what comes before


def window(command: str, name: str) -> Step:
    """They open it by a command."""

    async def open_it(one: Try) -> None:
        after = one.rig.now
        await one.commands(command)
        one.window = await one.view(name, after=after)

    return open_it


def card_window(name: str) -> Step:
    """They open it from the card."""

    async def open_it(one: Try) -> None:
        after = one.rig.now
        await one.clicks(name)
        one.window = await one.view(name, after=after)

    return open_it


def window_of_owner(action: str, name: str) -> Step:
    """They open it from the card, if it is theirs; nobody else can."""

    async def open_it(one: Try) -> None:
        after = one.rig.now
        if one.me.owns:
            await one.clicks(action)
            one.window = await one.view(name, after=after)

    return open_it


async def who_is_who(one: Try) -> None:
    """They open the window that says who is one person, if the customer is theirs or they are an admin."""
    after = one.rig.now
    if one.me.owns or one.me.role is Role.ADMIN:
        await one.chooses("same")
        one.window = await one.view("same", after=after)


async def somebody_else(one: Try) -> tuple[int, int, int]:
    """Their customer's conversation, and a handoff of another customer and that conversation."""
    sql = """SELECT (SELECT conversation_id FROM handoff WHERE number = ?), number, conversation_id FROM handoff
             WHERE state = 'handed_back' ORDER BY number LIMIT 1"""
    row = await one.rig.read(lambda tx: tx.one(sql, int(one.case.number)))
    assert row
    return row[0], row[1], row[2]


async def found(one: Try) -> None:
    """They have looked for somebody else."""
    await who_is_who(one)
    if one.window:
        after, (_, number, _) = one.rig.now, await somebody_else(one)
        await one.submits(search=f"#{number}")
        await one.view("same", "compare", after)


async def both_sides(one: Try) -> None:
    """They look at both."""
    await found(one)
    if one.window:
        after = one.rig.now
        await one.uses("compare")
        await one.view("same_preview", after=after)


async def said_before(one: Try) -> None:
    """Somebody has said who is one person, and they look at it."""
    here, _, there = await somebody_else(one)

    def join(tx: Tx) -> None:
        ids = [contacts.ids(contacts.identities(tx, each)) for each in (here, there)]
        if there not in ids[0]:
            contacts.join(tx, here, ids[0], there, ids[1], Agent("U0CLEA", "Clea"), datetime.fromtimestamp(0, UTC))

    await one.rig.bridge.store.write(join)
    await who_is_who(one)
    shown = one.rig.sandbox.slack.views.open_views.get(one.window)
    every = shown.view["blocks"] if shown else []
    parts = [it["value"] for block in every if block["type"] == "actions" for it in block["elements"]]
    one.ready = {"part": parts[-1] if parts else ""}


async def is_one(one: Try) -> None:
    await one.finds("SELECT 1 FROM timeline WHERE handoff = ? AND event = 'merged'", int(one.case.number))


async def is_apart(one: Try) -> None:
    await one.finds("SELECT 1 FROM timeline WHERE handoff = ? AND event = 'parted'", int(one.case.number))


async def earlier_page(one: Try) -> None:
    """They read the beginning of a conversation that takes more than a page."""
    await long_transcript(one)
    after = one.rig.now
    await one.uses("earlier")
    await one.view("transcript", '"later"', after)


async def a_suggestion(one: Try) -> None:
    """They were suggested a reply, if they may reply."""
    after = one.rig.now
    await window_of_owner("draft", "draft")(one)
    if one.window:
        await one.view("draft", "To the customer", after)


async def long_transcript(one: Try) -> None:
    """They read a conversation that takes more than a page."""
    sql = "SELECT id FROM conversation WHERE customer = ?"

    def write(tx: Tx) -> None:
        found = tx.one(sql, one.case.customer.name)
        assert found
        for number in range(60):
            now = datetime.fromtimestamp(number, UTC)
            messages.add(tx, found[0], None, Author("customer", "Maria"), f"Message {number}.", "sent", now)

    await one.rig.bridge.store.write(write)
    await card_window("transcript")(one)


async def page(one: Try) -> None:
    """They look at the app's own page."""
    after = one.rig.now
    await one.act("open_home", "")
    one.window = await one.view("home", after=after)


def when(away: bool, then: Step = nothing) -> Step:
    """They said before that they are away, or there."""

    async def said(one: Try) -> None:
        await one.commands("/desk away" if away else "/desk back")
        await is_away(away)(one)
        await then(one)

    return said


async def a_note(one: Try) -> None:
    """Ben wrote something that stayed in the thread."""
    one.ts = await one.rig.types("ben", one.card, "!note Ben would say this")
    await one.finds("SELECT 1 FROM message WHERE source_ts = ?", one.ts)


async def a_reply(one: Try) -> None:
    """The owner wrote something to the customer."""
    one.ts = await one.rig.types(one.stage.by, one.card, "The first wording")
    await one.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'sent'", one.ts)


async def asked(one: Try) -> None:
    """They wrote something that was held, and are asked about it."""
    after = one.rig.now
    await one.types("!perhaps they hear this")
    one.ready = {"question": (await one.word(after=after)).id or "", "ts": one.ts}


async def opener(one: Try) -> None:
    """They wrote a word that needs a window, and got a button that opens it."""
    after = one.rig.now
    await one.types("!assign")
    one.ready = {"question": (await one.word(after=after)).id or ""}


async def correction(one: Try) -> None:
    """Who owns it changed a reply that cannot be changed where the customer is, and is asked about it."""
    if one.me.owns:
        await a_reply(one)
        after = one.rig.now
        await one.act("edit", f"{one.card.chat}:{one.ts}", "The second wording")
        one.ready = {"question": (await one.word("cannot be changed", after)).id or ""}


async def too_late(one: Try) -> None:
    """Who owns it wrote when replies are not taken, and is asked about it."""
    if one.me.owns:
        after = one.rig.now
        await one.types("I have found it")
        one.ready = {"question": (await one.word("takes replies again", after)).id or ""}


def template(label: str, *values: str) -> Step:
    """Who owns it has chosen a template, and filled it in."""

    async def choose(one: Try) -> None:
        if not one.me.owns:
            return
        after = one.rig.now
        await one.chooses("template")
        one.window = await one.view("template", "Which template?", after)
        shown = one.rig.sandbox.slack.views.open_views[one.window].view
        one.ready = options(shown)
        after = one.rig.now
        await one.uses("which", one.ready[label])
        await one.view("template", "The customer reads:", after)
        if values:
            shown = one.rig.sandbox.slack.views.open_views[one.window].view
            await one.submits(**dict(zip(fields(shown), values, strict=True)))

    return choose


async def picker(one: Try) -> None:
    """They asked which of several to hand back, or were told that they have none."""
    after = one.rig.now
    await one.commands("/handback")
    one.ready = {"question": (await one.word(after=after)).id or ""}


# -- doing and seeing where it takes more than a line


def answers(answer: str) -> Step:
    return lambda one: one.presses(one.ready["question"], f"held_{answer}")


async def question_kept(one: Try) -> None:
    await one.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'note'", one.ready["ts"])


async def assigns(one: Try) -> None:
    await one.types(f"!assign @{one.colleague[0]}")


async def assigns_in_window(one: Try) -> None:
    await one.submits(to=one.colleague[1])


async def claims_in_list(one: Try) -> None:
    await one.uses("claim", one.case.number)


async def hands_back_so_on_page(one: Try) -> None:
    await one.uses("handback_form", one.case.number)


async def hands_back_on_page(one: Try) -> None:
    await one.uses("handback", one.case.number)


async def takes_over_in_list(one: Try) -> None:
    row = await one.rig.read(
        lambda tx: tx.one("SELECT id FROM conversation WHERE customer = ?", one.case.customer.name)
    )
    assert row
    await one.uses("takeover", str(row[0]))


def settings(*path: str, **values: str) -> Step:
    """From a window of theirs into the settings, through these buttons; what is filled in is sent off."""

    async def goes(one: Try) -> None:
        for action in ("settings", *path):
            after = one.rig.now
            await one.uses(*action.split(":"))
            one.window = await one.view(action if action in SETTINGS else "settings", after=after)
        if values:
            await one.submits(**values)

    return goes


def changed(section: str, words: str) -> Step:
    """The newest change of a section."""
    sql = "SELECT 1 FROM setting_change WHERE section = ? AND became LIKE ? AND who = ?"
    return lambda one: one.finds(sql, section, f"%{words}%", one.me.id)


async def back_in_file(one: Try) -> None:
    await one.finds("SELECT 1 FROM setting_change WHERE section = 'policy' AND in_file = ?", True)


def shortcut(callback: str, own: bool = False) -> Step:
    async def picks(one: Try) -> None:
        await one.act("shortcut", f"{one.card.chat}:{one.ts if own else one.card.id}", callback_id=callback)

    return picks


async def shares_a_file(one: Try) -> None:
    given = [{"filename": "offer.pdf", "content": "%PDF-1.4 an offer"}]
    one.ts = await one.act("upload", f"{one.card.chat}:{one.card.id}", "Here it is", files=given)


async def edits(one: Try) -> None:
    await one.act("edit", f"{one.card.chat}:{one.ts}", "The second wording")


async def opens_home(one: Try) -> None:
    await one.act("open_home", "")


DEEDS: Mapping[str, Deed] = {
    # the card, and notices in the thread
    "button claim": Deed("queued", clicks("claim"), mine),
    "button assign": Deed("claimed", clicks("assign"), shows("assign"), spends=False),
    "button labels": Deed("claimed", clicks("labels"), shows("labels"), spends=False),
    "button transcript": Deed("claimed", chooses("transcript"), shows("transcript"), spends=False),
    "button handback": Deed("claimed", clicks("handback"), back),
    "button handback_form": Deed("claimed", chooses("handback_form"), shows("handback"), spends=False),
    "button draft": Deed("claimed", clicks("draft"), shows("draft"), spends=False),
    "button template": Deed("late", chooses("template"), shows("template"), spends=False),
    "button same": Deed("claimed", chooses("same"), shows("same"), spends=False),
    "button resolve": Deed("unresolved", clicks("resolve"), resolved),
    "button end": Deed("claimed", clicks("end"), ended),
    "button end, unclaimed": Deed("queued", clicks("end"), ended),
    "button reopen": Deed("over", clicks("reopen"), mine),
    "button reopen, unresolved": Deed("unresolved", clicks("reopen"), mine),
    "button send again": Deed("failed", presses("again"), line_arrived),
    "button resend": Deed("doubt", presses("resend"), line_arrived),
    "button it arrived": Deed("doubt", presses("arrived"), line_settled),
    # typed in the thread
    "!claim": Deed("queued", types("!claim"), mine),
    "!handback": Deed("claimed", types("!handback"), back),
    "@bridge handback": Deed("claimed", types("@bridge handback"), back),
    "@bridge end": Deed("claimed", types("@bridge end"), ended),
    "!assign": Deed("claimed", types("!assign"), told("This opens in a window."), spends=False),
    "!assign @somebody": Deed("claimed", assigns, the_colleague_s),
    "!assign queue": Deed("claimed", types("!assign queue"), in_the_queue),
    "!label": Deed("claimed", types("!label refund vip"), labelled),
    "!end": Deed("claimed", types("!end"), ended),
    "!reopen": Deed("over", types("!reopen"), mine),
    "!draft": Deed("claimed", types("!draft"), told("This opens in a window."), spends=False),
    "!template": Deed("late", types("!template"), told("This opens in a window."), spends=False),
    "!same": Deed("claimed", types("!same"), told("This opens in a window."), spends=False),
    "!resolve": Deed("unresolved", types("!resolve"), resolved),
    "!transcript": Deed("claimed", types("!transcript"), told("This opens in a window."), spends=False),
    "!note": Deed("claimed", types("!note between us"), kept, spends=False),
    "!whisper": Deed("claimed", types("!whisper offer a refund"), whispered, spends=False),
    "!help": Deed("claimed", types("!help"), told("!whisper"), spends=False),
    "!held": Deed("claimed", types("!held"), told("held"), spends=False),
    "!say": Deed("claimed", types("!say Let me look"), heard("Let me look"), spends=False),
    "plain words": Deed("claimed", types("Just a moment"), heard("Just a moment"), spends=False),
    "plain words, unclaimed": Deed("queued", types("Just a moment"), heard("Just a moment")),
    "a file": Deed("claimed", shares_a_file, heard("Here it is"), spends=False),
    "a file, unclaimed": Deed("queued", shares_a_file, heard("Here it is")),
    "an edit of the reply": Deed("claimed", edits, reworded, a_reply),
    # the answers to what they are asked
    "held: send": Deed("claimed", answers("send"), heard("!perhaps they hear this"), asked),
    "held: keep": Deed("claimed", answers("note"), question_kept, asked, spends=False),
    "held: take over": Deed("claimed", answers("take"), mine, asked),
    "held: template": Deed(
        "late",
        lambda one: one.presses(one.ready.get("question", ""), "held_template"),
        shows("template"),
        too_late,
        spends=False,
    ),
    "a correction": Deed(
        "whatsapp",
        lambda one: one.presses(one.ready.get("question", ""), "correct"),
        heard("The second wording"),
        correction,
        spends=False,
    ),
    "opening what a word named": Deed(
        "claimed", lambda one: one.presses(one.ready["question"], "assign"), shows("assign"), opener, spends=False
    ),
    # commands and shortcuts
    "/handback #n": Deed("claimed", lambda one: one.commands(f"/handback #{one.case.number}"), back),
    "/handback, several": Deed("claimed", commands("/handback"), told("Which one"), spends=False),
    "picking one of them": Deed(
        "claimed", lambda one: one.presses(one.ready["question"], "handback_pick", f"{one.case.number} "), back, picker
    ),
    "/takeover": Deed("bot", commands("/takeover"), shows("takeover"), spends=False),
    "/queue": Deed("queued", commands("/queue"), shows("queue"), spends=False),
    "/desk": Deed("queued", commands("/desk"), shows("desk"), spends=False),
    "/desk away": Deed("queued", commands("/desk away"), is_away(True), when(False), spends=False),
    "/desk back": Deed("queued", commands("/desk back"), is_away(False), when(True), spends=False),
    "shortcut hand back": Deed("claimed", shortcut("handback_message"), back),
    "shortcut send": Deed("claimed", shortcut("send_message", own=True), heard("Ben would say this"), a_note),
    # in windows
    "window assign": Deed("claimed", assigns_in_window, the_colleague_s, card_window("assign")),
    "window assign, unclaimed": Deed("queued", assigns_in_window, the_colleague_s, card_window("assign")),
    "window assign, requeue": Deed("claimed", uses("requeue"), in_the_queue, card_window("assign")),
    "window handback": Deed(
        "claimed",
        lambda one: one.submits(outcome="open", note="He waits."),
        back,
        window_of_owner("handback_form", "handback"),
    ),
    "window draft": Deed(
        "claimed", lambda one: one.submits(text="As suggested"), heard("As suggested"), a_suggestion, spends=False
    ),
    "window template": Deed(
        "late", lambda one: one.submits(), heard("May we come back"), template("hello (en)"), spends=False
    ),
    "window template, another": Deed(
        "late",
        lambda one: one.uses("which", one.ready.get("parcel_found (en)", "")),
        lambda one: one.view("template", "about your parcel"),
        template("hello (en)"),
        spends=False,
    ),
    "window template, preview": Deed(
        "late",
        lambda one: one.submits(),
        heard("Hello Maria, we have news"),
        template("parcel_found (en)", "Maria", "MK-1"),
        spends=False,
    ),
    "window same, search": Deed(
        "claimed",
        lambda one: one.submits(search="zeppelin"),
        lambda one: one.view("same", "Nobody else fits"),
        who_is_who,
        spends=False,
    ),
    "window same, compare": Deed("claimed", uses("compare"), shows("same_preview"), found, spends=False),
    "window same, said": Deed("claimed", lambda one: one.submits(), is_one, both_sides),
    "window same, separate": Deed(
        "claimed", lambda one: one.uses("part", one.ready.get("part", "")), is_apart, said_before
    ),
    "window labels": Deed("claimed", lambda one: one.submits(labels="refund vip"), labelled, card_window("labels")),
    "window transcript, page": Deed(
        "claimed",
        uses("earlier"),
        lambda one: one.view("transcript", "Messages 1 to "),
        long_transcript,
        spends=False,
    ),
    "window transcript, later": Deed(
        "claimed", uses("later"), lambda one: one.view("transcript", "Messages "), earlier_page, spends=False
    ),
    "window takeover, search": Deed(
        "bot",
        lambda one: one.submits(search=one.case.customer.name),
        lambda one: one.view("takeover", one.case.customer.name),
        window("/takeover", "takeover"),
        spends=False,
    ),
    "window takeover, button": Deed("bot", takes_over_in_list, mine, window("/takeover", "takeover")),
    "window queue, claim": Deed("queued", claims_in_list, mine, window("/queue queued", "queue")),
    "window queue, filter": Deed(
        "queued",
        lambda one: one.uses("state", "all"),
        lambda one: one.view("queue", "state=all"),
        window("/queue", "queue"),
        spends=False,
    ),
    "window queue, person": Deed(
        "queued",
        lambda one: one.uses("person", "U0BEN"),
        lambda one: one.view("queue", "owner=U0BEN"),
        window("/queue", "queue"),
        spends=False,
    ),
    "window desk, away": Deed(
        "queued", uses("away"), is_away(True), when(False, window("/desk", "desk")), spends=False
    ),
    "window desk, back": Deed(
        "queued", uses("back"), is_away(False), when(True, window("/desk", "desk")), spends=False
    ),
    "window desk, settings": Deed("queued", settings(), shows("settings"), window("/desk", "desk"), spends=False),
    "window settings, texts": Deed(
        "queued",
        settings("texts", resumes="Our assistant is back again."),
        changed("texts", "back again"),
        window("/desk", "desk"),
        spends=False,
    ),
    "window settings, triggers": Deed(
        "queued",
        settings("triggers", keywords="zeppelin"),
        changed("triggers", "zeppelin"),
        window("/desk", "desk"),
        spends=False,
    ),
    "window settings, policy": Deed(
        "queued",
        settings("policy", after_hand_back="close"),
        changed("policy", "close"),
        window("/desk", "desk"),
        spends=False,
    ),
    "window settings, roles": Deed(
        "queued",
        settings("roles", viewers=PEOPLE["viewer"].id),
        changed("roles", PEOPLE["viewer"].id),
        window("/desk", "desk"),
        spends=False,
    ),
    "window settings, bots": Deed("queued", settings("bots"), shows("bots"), window("/desk", "desk"), spends=False),
    "window settings, back": Deed(
        "queued", settings("in_file:policy v1"), back_in_file, window("/desk", "desk"), spends=False
    ),
    # on the app's own page
    "home": Deed("queued", opens_home, lambda one: one.view("home", "Waiting: "), spends=False),
    "home, claim": Deed("queued", claims_in_list, mine, page),
    "home, hand back": Deed("longest", hands_back_on_page, back, page),
    "home, hand back ...": Deed("longest", hands_back_so_on_page, shows("handback"), page, spends=False),
    "home, away": Deed("queued", uses("away"), is_away(True), when(False, page), spends=False),
    "home, back": Deed("queued", uses("back"), is_away(False), when(True, page), spends=False),
    "home, settings": Deed("queued", uses("settings"), shows("settings"), page, spends=False),
}
