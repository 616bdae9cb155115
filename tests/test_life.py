"""The whole machine on one screen: what every event leads to in every state. The table is the test.

docs/states.md shows the same table to people and is compared with it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.assigning import assign, label, put_back, take_from_bot
from bridge.audience import agent_says
from bridge.changing import Reach, agent_changes, agent_deletes, correct
from bridge.content import Author, Line
from bridge.conversation import (
    Conversation,
    Decision,
    State,
    Why,
    bot_answers,
    claim,
    customer_goes_back,
    customer_says,
    end,
    escalate,
    hand_back,
    take_over,
)
from bridge.effects import Effect, KeepMessage, Say, ShowPresence, TellCustomer
from bridge.errors import Refused
from bridge.files import File
from bridge.held import Kept, decide, send_to_customer
from bridge.ports import Agent, Answer, Place, Retyped, Role, Typed
from bridge.replies import say_template
from bridge.reply_window import Shut
from bridge.templates import Template

AGAIN = "TellCustomer resumes"
LEAVES = f"bot: Mirror, {AGAIN}, RedrawCard, PostNotice"
STATES = ("with the bot", "queued", "with Ana", "ended")
NEW = "queued: TellCustomer waiting, OpenThread"
CLAIMED = "joined, TellCustomer handover, RedrawCard"
BACK = "left, TellCustomer resumes, RedrawCard, PostNotice, AskRating"
ENDED = "ended: left, TellCustomer ended, RedrawCard, PostNotice, AskRating"
DROPPED = "ended: TellCustomer ended, RedrawCard, PostNotice"  # before anybody had claimed
QUEUED = "left, TellCustomer waiting, RedrawCard, PostNotice"
TAKEN = "OpenThread, joined, TellCustomer handover"
LABELS = "SetLabels, RedrawCard, TellAgent"
HELD = "held, mark, TellAgent"
OVER = "note, TellAgent"
GUEST = "note, TellAgent, PostNotice"
NOTE = "settled, mark"
ASKED = "note, settled, mark, TellAgent"
NOTED = f"note, {NOTE}"
STAYS = "KeepDeleted, TellAgent"
UNSENT = "KeepDeleted, TakeBack, TellAgent"
UNASKED = "KeepDeleted, settled"

LIFE = {
    # event                          with the bot          queued                with Ana              ended
    "the customer writes":          ("AskBot",            "Mirror",             "Mirror",             "bot: AskBot"),
    "the customer wants a person":  (NEW,                 "Mirror",             "Mirror",             NEW),
    "the customer goes back":       (AGAIN,               LEAVES,               "Mirror",             f"bot: {AGAIN}"),
    "a trigger fires":              (NEW,                 "-",                  "-",                  NEW),
    "the bot answers":              ("bot says",          "PostNotice",         "PostNotice",         "-"),
    "... asked long ago":           ("-",                 "PostNotice",         "PostNotice",         "-"),
    "Ana claims":                   ("refused",           f"Ana: {CLAIMED}",    "TellAgent",          "refused"),
    "Ben claims":                   ("refused",           f"Ben: {CLAIMED}",    "refused",            "refused"),
    "Ben takes over":               ("refused",           f"Ben: {CLAIMED}",    f"Ben: left, {CLAIMED}, PostNotice",
                                                                                                       "refused"),
    "Ana hands back":               ("refused",           "refused",            f"bot: {BACK}",       "refused"),
    "Ben hands back":               ("refused",           "refused",            "refused",            "refused"),
    "an admin hands back":          ("refused",           "refused",            f"bot: {BACK}",       "refused"),
    "Ana ends":                     ("refused",           DROPPED,              ENDED,                "refused"),
    "Ben ends":                     ("refused",           DROPPED,              "refused",            "refused"),
    "an admin ends":                ("refused",           DROPPED,              ENDED,                "refused"),
    "a viewer claims":              ("refused",           "refused",            "refused",            "refused"),
    "a guest claims":               ("refused",           "refused",            "refused",            "refused"),
    "Ana writes":                   (OVER,                HELD,                 "agent says",         OVER),
    "Ben writes":                   (OVER,                HELD,                 HELD,                 OVER),
    "an admin writes":              (OVER,                HELD,                 HELD,                 OVER),
    "a viewer writes":              (OVER,                HELD,                 HELD,                 OVER),
    "a guest writes":               (GUEST,               GUEST,                GUEST,                GUEST),
    "Ana writes in an old thread":  (OVER,                OVER,                 OVER,                 OVER),
    "Ana mentions a colleague":     (OVER,                HELD,                 HELD,                 OVER),
    "Ana mentions one after !say":  (OVER,                HELD,                 "agent says",         OVER),
    "Ana writes !hanback":          (OVER,                HELD,                 HELD,                 OVER),
    "Ana writes !note":             ("note",              "note",               "note",               "note"),
    "Ben writes note:":             ("note",              "note",               "note",               "note"),
    "Ana writes !say":              (OVER,                HELD,                 "agent says",         OVER),
    "Ana writes !help":             ("TellAgent",         "TellAgent",          "TellAgent",          "TellAgent"),
    "Ana writes !held":             ("TellAgent",         "TellAgent",          "TellAgent",          "TellAgent"),
    "Ana assigns to Ben":           ("refused",           "refused",            f"Ben: left, {CLAIMED}, PostNotice",
                                                                                                       "refused"),
    "Ben assigns to himself":       ("refused",           f"Ben: {CLAIMED}",    "refused",            "refused"),
    "an admin assigns to Ben":      ("refused",           f"Ben: {CLAIMED}, PostNotice",
                                                           f"Ben: left, {CLAIMED}, PostNotice",        "refused"),
    "Ana assigns to a viewer":      ("refused",           "refused",            "refused",            "refused"),
    "Ana puts it back":             ("refused",           "refused",            f"queued: {QUEUED}",  "refused"),
    "Ben puts it back":             ("refused",           "refused",            "refused",            "refused"),
    "an admin puts it back":        ("refused",           "refused",            f"queued: {QUEUED}",  "refused"),
    "Ben takes it from the bot":    (f"Ben: {TAKEN}",     "refused",            "refused",            f"Ben: {TAKEN}"),
    "a viewer takes it":            ("refused",           "refused",            "refused",            "refused"),
    "Ben labels it":                (LABELS,              LABELS,               LABELS,               LABELS),
    "a viewer labels it":           ("refused",           "refused",            "refused",            "refused"),
    "an admin whispers":            ("refused",           "refused",            "note, PostNotice",   "refused"),
    "Ana whispers to herself":      ("refused",           "refused",            "refused",            "refused"),
    "Ana sends Ben's note":         ("refused",           "refused",            "SendHeld, mark",     "refused"),
    "Ben sends his note":           ("refused",           "refused",            "refused",            "refused"),
    "Ana sends a file":             (OVER,                HELD,                 "agent says",         OVER),
    "Ben sends a file":             (OVER,                HELD,                 HELD,                 OVER),
    "Ana sends one with !note":     ("note",              "note",               "note",               "note"),
    "Ana sends one that is too big": (OVER,               OVER,                 OVER,                 OVER),
    "Ana's demoted and writes":     (OVER,                HELD,                 "refused",            OVER),
    "Ben: claim and send":          ("refused",           f"Ben: {CLAIMED}, SendHeld, mark",
                                                           f"Ben: left, {CLAIMED}, PostNotice, SendHeld, mark",
                                                                                                       "refused"),
    "Ben: keep as note":            (NOTE,                NOTE,                 NOTE,                 NOTE),
    "Ben: take over":               ("refused",           f"Ben: {CLAIMED}, TellAgent",
                                                           f"Ben: left, {CLAIMED}, PostNotice, TellAgent",
                                                                                                       "refused"),
    "Ben: send, asked before":      ("refused",           "refused",            "refused",            "refused"),
    "Ana decides for Ben":          ("refused",           "refused",            "refused",            "refused"),
    "Ana: send what she mentioned": ("refused",           f"Ana: {CLAIMED}, SendHeld, mark",
                                                           "SendHeld, mark",                    "refused"),
    "Ana writes too late":          (OVER,                HELD,                 HELD,                 OVER),
    "Ana writes !note too late":    ("note",              "note",               "note",               "note"),
    "Ana: send, too late":          ("refused",           f"Ana: {CLAIMED}, TellAgent",
                                                           "TellAgent",                         "refused"),
    "Ana sends Ben's note too late": ("refused",          "refused",            "refused",            "refused"),
    "Ana sends a template":         ("refused",           "refused",            "agent says, PostNotice",
                                                                                                       "refused"),
    "Ana changes her reply":        ("refused",           "refused",            "Change",             "refused"),
    "... on a channel that cannot": ("refused",           "refused",            "KeepChange, TellAgent",
                                                                                                       "refused"),
    "Ana sends it as a correction": ("refused",           "refused",            "KeepCorrection, agent says",
                                                                                                       "refused"),
    "Ana makes her reply a note":   ("refused",           "refused",            "refused",            "refused"),
    "Ana changes her note":         ("note",              "note",               ASKED,                "note"),
    "Ben changes what is held":     ("held",              "held",               "held",               "held"),
    "Ben makes it a note":          (NOTED,               NOTED,                NOTED,                NOTED),
    "Ben changes Ana's reply":      ("-",                 "-",                  "-",                  "-"),
    "Ana deletes her reply":        (STAYS,               STAYS,                "KeepDeleted, Delete", STAYS),
    "... where the channel cannot": (STAYS,               STAYS,                STAYS,                STAYS),
    "... before it has left":       (UNSENT,              UNSENT,               UNSENT,               UNSENT),
    "Ana deletes her note":         ("KeepDeleted",       "KeepDeleted",        "KeepDeleted",        "KeepDeleted"),
    "Ben deletes what is held":     (UNASKED,             UNASKED,              UNASKED,              UNASKED),
}  # fmt: skip

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ANA, BEN = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben")
CLEA = Agent("U0CLEA", "Clea", Role.ADMIN)
VERA, GUS = Agent("U0VERA", "Vera", Role.VIEWER), Agent("U0GUS", "Gus", Role.OUTSIDER)
THREAD, PLACE = Place("C0SUPPORT", "1.0"), Place("C0SUPPORT", "2.0")
SAID = Line(Author("customer", "Maria"), "Where is my order?", NOW)
WHY = Why("Asked for a person.", "a human please")
HANDOFF, NEXT, OLDER = 1001, 1002, 1000
SHUT = Shut("WhatsApp takes replies again when they write.", templates=True)

IN = {
    "with the bot": Conversation(7, State.BOT, 4, NOW, HANDOFF, stage="size"),
    "queued": Conversation(7, State.QUEUED, 4, NOW, HANDOFF, kept_stage="size"),
    "with Ana": Conversation(7, State.CLAIMED, 4, NOW, HANDOFF, ANA, kept_stage="size"),
    "ended": Conversation(7, State.ENDED, 4, NOW, HANDOFF),
}

Event = Callable[[Conversation], Decision]


def writes(
    who: Agent, text: str, thread: int = HANDOFF, mentions: tuple[str, ...] = (), shut: Shut | None = None
) -> Event:
    return lambda it: agent_says(it, Typed(who, PLACE, THREAD, text, mentions), thread, shut=shut)


def sends(who: Agent, text: str, unfit: str = "") -> Event:
    file = File("file", "invoice.pdf", "application/pdf", 9, "F1")
    return lambda it: agent_says(it, Typed(who, PLACE, THREAD, text, unsupported=unfit, files=(file,)), HANDOFF)


def decides(who: Agent, answer: str, *, author: Agent = BEN, epoch: int = 4, shut: Shut | None = None) -> Event:
    return lambda it: decide(it, kept("held", author), answer, epoch, who, LATER, shut)


def changes(who: Agent, text: str, was: Kept, can_edit: bool = True) -> Event:
    return lambda it: agent_changes(it, was, Retyped(who, PLACE, THREAD, text), Reach("WhatsApp", can_edit))


def deletes(was: Kept, *, can_delete: bool = True, waits: bool = False) -> Event:
    return lambda it: agent_deletes(it, was, Reach("WhatsApp", can_delete=can_delete, waits=waits))


def kept(state: str, author: Agent = ANA, changed: str = "") -> Kept:
    return Kept(31, author.id, "The first words", state, PLACE, HANDOFF, changed)


def answers(asked: Callable[[Conversation], int]) -> Event:
    """The bot answers what it was asked under an epoch. It is asked only while it may speak."""
    return lambda it: bot_answers(it, asked(it), "Shop", Answer("Two days.", it.stage), None, NEXT, LATER)


EVENTS: dict[str, Event] = {
    "the customer writes": lambda it: customer_says(it, SAID, None, NEXT, LATER),
    "the customer wants a person": lambda it: customer_says(it, SAID, WHY, NEXT, LATER),
    "the customer goes back": lambda it: customer_goes_back(it, SAID, LATER),
    "a trigger fires": lambda it: escalate(it, WHY, NEXT, LATER),
    "the bot answers": answers(lambda it: it.epoch if it.state is State.BOT else it.epoch - 1),
    "... asked long ago": answers(lambda it: it.epoch - 3),
    "Ana claims": lambda it: claim(it, ANA, LATER),
    "Ben claims": lambda it: claim(it, BEN, LATER),
    "Ben takes over": lambda it: take_over(it, BEN, LATER),
    "Ana hands back": lambda it: hand_back(it, ANA, "called her", LATER),
    "Ben hands back": lambda it: hand_back(it, BEN, "", LATER),
    "an admin hands back": lambda it: hand_back(it, CLEA, "", LATER),
    "Ana ends": lambda it: end(it, ANA, LATER),
    "Ben ends": lambda it: end(it, BEN, LATER),
    "an admin ends": lambda it: end(it, CLEA, LATER),
    "a viewer claims": lambda it: claim(it, VERA, LATER),
    "a guest claims": lambda it: claim(it, GUS, LATER),
    "Ana writes": writes(ANA, "On its way"),
    "Ben writes": writes(BEN, "On its way"),
    "an admin writes": writes(CLEA, "On its way"),
    "a viewer writes": writes(VERA, "On its way"),
    "a guest writes": writes(GUS, "On its way"),
    "Ana writes in an old thread": writes(ANA, "On its way", OLDER),
    "Ana mentions a colleague": writes(ANA, "@Ben can you look?", mentions=("@Ben",)),
    "Ana mentions one after !say": writes(ANA, "!say Ask @Ben", mentions=("@Ben",)),
    "Ana writes !hanback": writes(ANA, "!hanback"),
    "Ana writes !note": writes(ANA, "!note a VIP"),
    "Ben writes note:": writes(BEN, "note: a VIP"),
    "Ana writes !say": writes(ANA, "!say On its way"),
    "Ana writes !help": writes(ANA, "!help"),
    "Ana writes !held": writes(ANA, "!held"),
    "Ana assigns to Ben": lambda it: assign(it, ANA, BEN, LATER),
    "Ben assigns to himself": lambda it: assign(it, BEN, BEN, LATER),
    "an admin assigns to Ben": lambda it: assign(it, CLEA, BEN, LATER),
    "Ana assigns to a viewer": lambda it: assign(it, ANA, VERA, LATER),
    "Ana puts it back": lambda it: put_back(it, ANA, LATER),
    "Ben puts it back": lambda it: put_back(it, BEN, LATER),
    "an admin puts it back": lambda it: put_back(it, CLEA, LATER),
    "Ben takes it from the bot": lambda it: take_from_bot(it, BEN, NEXT, LATER),
    "a viewer takes it": lambda it: take_from_bot(it, VERA, NEXT, LATER),
    "Ben labels it": lambda it: label(it, BEN, ("refund", "vip")),
    "a viewer labels it": lambda it: label(it, VERA, ("refund", "vip")),
    "an admin whispers": writes(CLEA, "!whisper offer a refund"),
    "Ana whispers to herself": writes(ANA, "!whisper offer a refund"),
    "Ana sends Ben's note": lambda it: send_to_customer(it, kept("note", BEN), ANA),
    "Ben sends his note": lambda it: send_to_customer(it, kept("note", BEN), BEN),
    "Ana sends a file": sends(ANA, "see the invoice"),
    "Ben sends a file": sends(BEN, ""),
    "Ana sends one with !note": sends(ANA, "!note the invoice"),
    "Ana sends one that is too big": sends(ANA, "see the film", unfit="It is larger than the channel takes."),
    "Ana's demoted and writes": writes(replace(ANA, role=Role.VIEWER), "On its way"),
    "Ben: claim and send": decides(BEN, "send"),
    "Ben: keep as note": decides(BEN, "note"),
    "Ben: take over": decides(BEN, "take"),
    "Ben: send, asked before": decides(BEN, "send", epoch=3),
    "Ana decides for Ben": decides(ANA, "send"),
    "Ana: send what she mentioned": decides(ANA, "send", author=ANA),
    "Ana writes too late": writes(ANA, "On its way", shut=SHUT),
    "Ana writes !note too late": writes(ANA, "!note a VIP", shut=SHUT),
    "Ana: send, too late": decides(ANA, "send", author=ANA, shut=SHUT),
    "Ana sends Ben's note too late": lambda it: send_to_customer(it, kept("note", BEN), ANA, SHUT),
    "Ana sends a template": lambda it: say_template(it, ANA, Template("hello", "en", "Hello!"), {}),
    "Ana changes her reply": changes(ANA, "Other words", kept("sent")),
    "... on a channel that cannot": changes(ANA, "Other words", kept("sent"), can_edit=False),
    "Ana sends it as a correction": lambda it: correct(it, kept("sent", changed="Other words"), ANA),
    "Ana makes her reply a note": changes(ANA, "!note Other words", kept("sent")),
    "Ana changes her note": changes(ANA, "Other words", kept("note")),
    "Ben changes what is held": changes(BEN, "Other words", kept("held", BEN)),
    "Ben makes it a note": changes(BEN, "!note Other words", kept("held", BEN)),
    "Ben changes Ana's reply": changes(BEN, "Other words", kept("sent")),
    "Ana deletes her reply": deletes(kept("sent")),
    "... where the channel cannot": deletes(kept("sent"), can_delete=False),
    "... before it has left": deletes(kept("pending"), waits=True),
    "Ana deletes her note": deletes(kept("note")),
    "Ben deletes what is held": deletes(kept("held", BEN)),
}


def outcome(event: str, state: str) -> str:
    """What the rules make of it, in the table's words: the new state if it is another one, and the effects."""
    before = IN[state]
    try:
        decision = EVENTS[event](before)
    except Refused:
        return "refused"
    effects = ", ".join(map(spelt, decision.effects))
    if who(decision.conversation) == who(before):
        return effects or "-"
    return f"{who(decision.conversation)}: {effects}"


def spelt(effect: Effect) -> str:
    match effect:
        case TellCustomer(text):
            return f"TellCustomer {text}"
        case Say(author):
            return f"{author.kind} says"
        case KeepMessage(state=state):
            return state
        case ShowPresence(change=change):
            return change
        case _:
            return {"Settle": "settled", "ShowFate": "mark"}.get(type(effect).__name__, type(effect).__name__)


def who(conversation: Conversation) -> str:
    """Who may speak."""
    return conversation.owner.name if conversation.owner else conversation.state.value


PAGE = (Path(__file__).parent.parent / "docs" / "states.md").read_text()
CELLS = [(event, state) for event in LIFE for state in STATES]


@pytest.mark.parametrize(("event", "state"), CELLS)
def test_what_follows(event: str, state: str) -> None:
    assert outcome(event, state) == LIFE[event][STATES.index(state)]


@pytest.mark.parametrize(("event", "state"), CELLS)
def test_the_epoch_rises_exactly_when_who_may_speak_changes(event: str, state: str) -> None:
    before = IN[state]
    try:
        after = EVENTS[event](before).conversation
    except Refused:
        return
    assert (after.epoch > before.epoch) == (who(after) != who(before))
    assert after.epoch >= before.epoch


def test_every_event_stands_in_the_table() -> None:
    assert list(EVENTS) == list(LIFE)


def test_the_page_for_people_shows_the_same_table() -> None:
    rows = re.findall(r"^\| ([^|`*]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", PAGE, re.MULTILINE)
    shown = {row[0]: tuple(cell.replace("`", "").replace("–", "-") for cell in row[1:]) for row in rows[1:]}
    assert tuple(rows[0][1:]) == STATES
    assert shown == LIFE


def test_the_page_for_people_explains_every_effect() -> None:
    firsts = re.findall(r"^\| (`[^|]+) \|", PAGE.partition("## The effects")[2], re.MULTILINE)
    explained = {name for first in firsts for name in re.findall(r"`(.+?)`", first)}
    cells = {cell.rpartition(": ")[2] for row in LIFE.values() for cell in row} - {"refused", "-"}
    effects = {re.sub(r"^TellCustomer .*", "TellCustomer", it) for cell in cells for it in cell.split(", ")}
    assert effects == explained
