"""Turns effects into outbox rows, inside the transaction that caused them. Sends nothing itself.

A lane is everything that must stay in order at one place: `customer:<conversation>`, `thread:<handoff>`. Redrawing a
card, marks, private words, the bot's turn and the summary have lanes of their own, so that nothing waits for them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from bridge.content import Author, split, units
from bridge.conversation import Conversation, State
from bridge.effects import (
    AskBot,
    Change,
    Effect,
    KeepChange,
    KeepCorrection,
    KeepMessage,
    Mirror,
    OpenThread,
    PostNotice,
    RedrawCard,
    Say,
    SendHeld,
    SetLabels,
    SetResolved,
    Settle,
    ShowFate,
    ShowFiles,
    ShowPresence,
    Summarise,
    TakeBack,
    TellAgent,
    TellCustomer,
)
from bridge.ports import Agent, Capabilities, Choice, File, Limit, Place
from bridge.store import conversations, files, inbox, messages, outbox, queue
from bridge.store.conversations import Contact
from bridge.store.moments import micros, moment
from bridge.store.tx import Tx
from bridge.texts import fill
from bridge.to_agents import show_fate, watch, whisper

SOUNDS = ("voice", "audio")  # not everywhere have they a caption


@dataclass(frozen=True, slots=True)
class Doorway:
    """What the desk needs to know of a channel."""

    name: str
    label: str
    can: Capabilities
    limit: Limit
    refuses: Callable[[File], str] = lambda _: ""  # why it cannot take a file

    @classmethod
    def closed(cls, name: str) -> "Doorway":
        """A channel that is off now: what is said to its customers waits."""
        return cls(name, name.capitalize(), Capabilities(), Limit(length=4000))


@dataclass(slots=True)
class Scene:
    """One decision being carried out: where it happens, and to whom it is answered."""

    tx: Tx
    conversation: Conversation
    contact: Contact
    doorway: Doorway
    texts: Mapping[str, str]
    now: datetime
    new_key: Callable[[], str]
    handoff: int | None = None  # the one whose thread this happens in
    thread: Place | None = None  # where the agent acted
    answer_to: str = ""  # where the private answer to a click or command goes
    agent: Agent | None = None
    recall: timedelta = timedelta()  # for which a reply can be taken back
    held: int = 0  # the message that was kept last

    # ------------------------------------------------------------------------------------------------ to the customer

    def say(
        self,
        message: int,
        author: Author,
        text: str,
        choices: tuple[str, ...] = (),
        but: Collection[int] = (),
        came: Sequence[int] = (),
        until: datetime | None = None,
    ) -> None:
        """Put a message's parts into the customer's lane, `but` some. The bot's carry the epoch of their decision.

        The text goes first, then the files that `came` along; but a single file has it as its caption, if it fits.
        They wait there `until` then: for so long the message can be recalled.
        """
        if choices and not self.doorway.can.choices:  # no buttons there: the customer answers in words
            text, choices = "\n".join([text, *(f"- {choice}" for choice in choices)]), ()
        captioned = len(came) == 1 and 0 < units(text.strip()) <= self.doorway.limit.caption
        captioned = captioned and files.get(self.tx, came[0]).file.kind not in SOUNDS
        whole: list[tuple[str, int]] = [(text.strip(), came[0])] if captioned else []
        if not captioned:
            whole = [*((piece, 0) for piece in split(text, self.doorway.limit.length)), *(("", file) for file in came)]
        parts = [(number, part) for number, part in enumerate(whole, start=1) if number not in but]
        if not parts:
            messages.set_state(self.tx, message, "sent")
        for number, (part, file) in parts:
            last = number == parts[-1][0]
            payload = {
                "message": message,
                "author": author.kind,
                "name": author.name,
                "text": part,
                "choices": list(choices) if last else [],
                "epoch": self.conversation.epoch if author.kind == "bot" else None,
                "part": number,
                "last": last,
                "alone": len(whole) == 1,
            } | ({"file": file} if file else {})
            if until:
                payload["until"] = micros(until)
            self.to_customer("part", payload)

    def to_customer(self, kind: str, payload: Mapping[str, object]) -> None:
        """Add to the customer's lane."""
        claimed = int(self.conversation.state is State.CLAIMED)
        lane, way = f"customer:{self.conversation.id}", self.contact.channel
        outbox.put(self.tx, lane, kind, payload, self.new_key(), self.now, claimed, way=way)

    def tell_customer(self, name: str) -> None:
        """One of the desk's texts; a blank one sends nothing."""
        owner = self.conversation.owner
        values = {
            **self.conversation.answers,
            "agent.name": owner.name if owner else "",
            "customer.name": self.contact.name,
            "wait": "",
        }
        text = fill(self.texts.get(name, ""), values).strip()
        if text:
            author = Author("system", "")
            message = messages.add(self.tx, self.conversation.id, self.handoff, author, text, "pending", self.now)
            self.say(message, author, text)

    # -------------------------------------------------------------------------------------------------- to the thread

    def show_files(self, came: Sequence[int]) -> None:
        """A customer's files, below what is in the thread by then."""
        for file in came:
            files.put_into(self.tx, file, self.handoff or 0)
            self.to_thread("file", {"file": file, "name": self.contact.name})

    def to_thread(self, kind: str, payload: Mapping[str, object]) -> None:
        """Add to the lane of the handoff's thread. A new card goes ahead as claimed conversations do."""
        ahead = self.conversation.state is State.CLAIMED or kind in ("open", "transcript")
        outbox.put(self.tx, f"thread:{self.handoff}", kind, payload, self.new_key(), self.now, int(ahead))

    def redraw(self, handoff: int | None) -> None:
        """Draw the card again; once is enough however much has changed."""
        if handoff is not None:
            outbox.put_once(self.tx, f"card:{handoff}", "card", {}, self.new_key(), self.now)

    def tell(self, effect: TellAgent) -> None:
        """A private word, as the answer to the click or command if there was one."""
        numbered = replace(effect, choices=tuple(self._numbered(choice) for choice in effect.choices))
        whisper(self.tx, numbered, self.thread or Place("", ""), self.answer_to, self.new_key(), self.now)

    def _numbered(self, choice: Choice) -> Choice:
        return replace(choice, value=choice.value.replace("{held}", str(self.held)))


def carry_out(scene: Scene, effects: tuple[Effect, ...]) -> None:
    """Write every effect down, in order."""
    for effect in effects:
        _carry_out(scene, effect)


def _carry_out(scene: Scene, effect: Effect) -> None:
    match effect:
        case TellCustomer(text):
            scene.tell_customer(text)
        case Say():
            _say(scene, effect)
        case SendHeld(message):
            _send_held(scene, message)
        case Change(message, text):
            _change(scene, message, text)
        case ShowPresence(name, change):
            if scene.doorway.can.presence:
                scene.to_customer("presence", {"name": name, "change": change})
        case _:
            _carry_out_inside(scene, effect)


def _carry_out_inside(scene: Scene, effect: Effect) -> None:
    match effect:
        case OpenThread():
            upto = messages.last_id(scene.tx, scene.conversation.id)
            scene.to_thread("open", {})
            scene.to_thread("transcript", {"upto": upto})
            before = conversations.told_upto(scene.tx, scene.conversation.id)
            scene.show_files(files.not_shown(scene.tx, scene.conversation.id, before))
        case RedrawCard():
            scene.redraw(scene.handoff)
        case Mirror(line):
            if line.text:  # else there are only files
                told = {"author": line.author.kind, "name": line.author.name, "text": line.text, "at": line.at}
                scene.to_thread("line", told)
        case ShowFiles(came):
            scene.show_files(came)
        case PostNotice():
            _notice(scene, effect)
        case ShowFate(place):
            if kept := messages.kept_at(scene.tx, place):
                show_fate(scene.tx, kept.handoff, kept.id, scene.new_key(), scene.now)
        case TellAgent():
            scene.tell(effect)
        case _:
            _keep(scene, effect)


def _notice(scene: Scene, effect: PostNotice) -> None:
    if not effect.once or inbox.once(scene.tx, effect.once, scene.now):
        choices = [asdict(choice) for choice in effect.choices]
        payload = {"text": effect.text, "quote": effect.quote, "choices": choices, "pings": effect.pings}
        scene.to_thread("notice", payload)


def _keep(scene: Scene, effect: Effect) -> None:
    tx, conversation = scene.tx, scene.conversation
    match effect:
        case AskBot(text):
            payload = {"text": text, "epoch": conversation.epoch, "upto": messages.last_id(tx, conversation.id)}
            outbox.put(tx, f"bot:{conversation.id}", "ask", payload, scene.new_key(), scene.now)
        case Summarise():
            outbox.put_once(tx, f"summary:{scene.handoff}", "summarise", {}, scene.new_key(), scene.now)
        case KeepMessage():
            _keep_message(scene, effect)
        case Settle(message, state):
            messages.set_state(tx, message, state, ("held",))
        case KeepChange(message, text):
            messages.set_changed(tx, message, text)
        case TakeBack(message, state):
            taken_back(tx, conversation.id, message, state)
        case SetLabels(labels):
            queue.set_labels(tx, scene.handoff or 0, labels)
        case SetResolved():
            conversations.set_resolved(tx, scene.handoff or 0)
        case KeepCorrection(message, text):
            messages.set_corrected(tx, message, text)
        case _:
            raise AssertionError(effect)


def taken_back(tx: Tx, conversation: int, message: int, state: str) -> bool:
    """A message that waits for just that does not go out. False: it is on its way, or there."""
    lane = f"customer:{conversation}"
    waiting = outbox.recallable(tx, lane, message)
    if waiting:
        outbox.take_back(tx, lane, waiting)
        messages.set_state(tx, message, state, ("pending",))
    return bool(waiting)


def _say(scene: Scene, effect: Say) -> None:
    agent = scene.agent.id if scene.agent and effect.author.kind == "agent" else ""
    message = messages.add(
        scene.tx, scene.conversation.id, scene.handoff, effect.author, effect.text, "pending", scene.now,
        author_id=agent, source=effect.source,
    )  # fmt: skip
    came = files.add(scene.tx, message, effect.files)
    until = scene.now + scene.recall if effect.source and scene.recall else None
    scene.say(message, effect.author, effect.text, effect.choices, came=came, until=until)
    if effect.source:
        watch(scene.tx, scene.conversation.id, scene.now)


def _change(scene: Scene, message: int, text: str) -> None:
    """What still can be recalled goes out with the new wording; else the old one is changed where the customer is."""
    lane = f"customer:{scene.conversation.id}"
    if waiting := outbox.recallable(scene.tx, lane, message):
        behind = outbox.behind(scene.tx, lane, waiting[-1].id)
        outbox.take_back(scene.tx, lane, waiting, behind)
        messages.set_text(scene.tx, message, text)
        came = [it.id for it in files.of_message(scene.tx, message)]
        until = moment(waiting[0].payload["until"])
        scene.say(message, messages.author_of(scene.tx, message), text, came=came, until=until)
        claimed = int(scene.conversation.state is State.CLAIMED)
        for letter in behind:  # in the order in which they were
            outbox.put(
                scene.tx, lane, letter.kind, letter.payload, letter.key, letter.at, claimed, way=scene.contact.channel
            )
    else:
        messages.set_changed(scene.tx, message, text)
        scene.to_customer("change", {"message": message, "text": text})


def _send_held(scene: Scene, message: int) -> None:
    kept = messages.kept(scene.tx, message)
    if kept and messages.set_state(scene.tx, message, "pending", ("held", "note")) and scene.agent:
        came = [it.id for it in files.of_message(scene.tx, message)] if kept.files else ()
        scene.say(message, Author("agent", scene.agent.name), kept.text, came=came)
        watch(scene.tx, scene.conversation.id, scene.now)


def _keep_message(scene: Scene, effect: KeepMessage) -> None:
    before = messages.kept_at(scene.tx, effect.source)
    if before:
        messages.set_text(scene.tx, before.id, effect.text)
        scene.held = before.id
        return
    scene.held = messages.add(
        scene.tx, scene.conversation.id, scene.handoff, effect.author, effect.text, effect.state,
        scene.now, author_id=effect.agent_id, source=effect.source,
    )  # fmt: skip
    files.add(scene.tx, scene.held, effect.files)
