"""One decision being carried out: what it puts into the lanes of the customer, the thread and the card.

A lane is everything that must stay in order at one place: `customer:<conversation>`, `thread:<handoff>`. Redrawing a
card, marks, private words, the bot's turn and the summary have lanes of their own, so that nothing waits for them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from operator import attrgetter

from bridge.content import Author
from bridge.conversation import Conversation, State
from bridge.effects import TellAgent
from bridge.estimate import in_words as estimated
from bridge.hours import in_words
from bridge.i18n import speaking, t
from bridge.marks import packed
from bridge.parcels import Came, Parcel, parcels
from bridge.ports import FILES, Agent, Capabilities, Choice, File, Limit, Place
from bridge.reply_window import ReplyWindow, Shut, reply_window, shut
from bridge.store import files, messages, outbox, reply_windows, threads, timeline, waits
from bridge.store.conversations import Contact
from bridge.store.moments import micros
from bridge.store.timeline import ASKED_RATING
from bridge.store.tx import Tx
from bridge.templates import Filled
from bridge.texts import fill, names_in
from bridge.to_agents import whisper
from bridge.wording import Wording


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
        files = Capabilities(image="both", file="both", voice="both", video="both")
        return cls(name, name.capitalize(), files, Limit(length=4000))

    def unfit(self, file: File) -> str:
        """Why a file cannot be sent there, as a sentence; empty: it can."""
        if not self.can.carries(FILES[file.kind], "out"):
            return t("Files of this kind are not carried on {channel}.", channel=self.label)
        return self.refuses(file)


@dataclass(frozen=True, slots=True)
class Absence:
    """Nobody is there to claim."""

    opens: datetime | None = None  # when they will be back; None: nobody can say


@dataclass(slots=True)
class Scene:
    """Where a decision happens, and to whom it is answered."""

    tx: Tx
    conversation: Conversation
    contact: Contact
    doorway: Doorway
    wording: Wording
    now: datetime
    new_key: Callable[[], str]
    handoff: int | None = None  # the one whose thread this happens in
    thread: Place | None = None  # where the agent acted
    answer_to: str = ""  # where the private answer to a click or command goes
    agent: Agent | None = None
    recall: timedelta = timedelta()  # for which a reply can be taken back
    absence: Callable[[], "Absence | None"] = lambda: None
    estimate: Callable[[str], timedelta | None] = lambda _: None  # of the wait in a queue channel
    zone: tzinfo = UTC  # of the desk
    ask_address: bool = False
    asks_rating: bool = False
    held: int = 0  # the message that was kept last
    said: int = 0  # the one to the customer
    heard: int = 0  # the one of the customer that is mirrored

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
        template: Filled | None = None,
    ) -> None:
        """Put a message's parts into the customer's lane, `but` some. The bot's carry the epoch of their decision.

        What `came` along goes with the text or after it. They wait there `until` then: for so long the message can be
        recalled. A `template` is one part.
        """
        if author.kind == "agent":
            waits.answered(self.tx, self.conversation.handoff)
        if choices and not self.doorway.can.carries("buttons", "out"):  # then the customer answers in words
            text, choices = "\n".join([text, *(f"- {choice}" for choice in choices)]), ()
        kinds = [Came(file, files.get(self.tx, file).file.kind) for file in came]
        whole = [Parcel(text.strip())] if template else parcels(text, kinds, self.doorway.limit)
        parts = [(number, part) for number, part in enumerate(whole, start=1) if number not in but]
        if not parts:
            messages.set_state(self.tx, message, "sent")
        for number, part in parts:
            last = number == parts[-1][0]
            payload = {
                "message": message,
                "author": author.kind,
                "name": author.name,
                "text": packed(part.text),
                "choices": list(choices) if last else [],
                "epoch": self.conversation.epoch if author.kind == "bot" else None,
                "part": number,
                "last": last,
                "alone": len(whole) == 1,
            } | ({"file": part.files[0], "more": part.files[1:]} if part.files else {})
            if template:
                payload |= {"template": asdict(template)}
            if until:
                payload["until"] = micros(until)
            self.to_customer("part", payload)

    def ask_rating(self, name: str) -> None:
        """How it was with this person; not where nobody of the team has said anything."""
        if not (self.asks_rating and self.doorway.can.rating):
            return
        if waits.was_answered(self.tx, self.conversation.id, self.handoff or 0):
            key = self.new_key()
            timeline.record(self.tx, self.conversation.id, self.handoff, ASKED_RATING, "", name, self.now, key)
            self.to_customer("rating", {"name": name}, key)

    def to_customer(self, kind: str, payload: Mapping[str, object], key: str = "") -> None:
        """Add to the customer's lane."""
        claimed = int(self.conversation.state is State.CLAIMED)
        lane, way = f"customer:{self.conversation.id}", self.contact.channel
        outbox.put(self.tx, lane, kind, payload, key or self.new_key(), self.now, claimed, way=way)

    def tell_customer(self, name: str) -> None:
        """One of the desk's texts; a blank one sends nothing. Who waits hears whether anybody is there."""
        absence = self.absence() if name == "waiting" else None
        text = self._worded("absent" if absence else name, absence)
        if not text:
            return
        if absence:
            timeline.record(self.tx, self.conversation.id, self.handoff, timeline.TOLD_ABSENT, "", "", self.now)
            if self.ask_address and (question := self._worded("address")):
                text = f"{text}\n\n{question}"
        back = " ".join(self._worded("back").split()) if name == "waiting" else ""
        author = Author("system", "")
        message = messages.add(self.tx, self.conversation.id, self.handoff, author, text, "pending", self.now)
        self.say(message, author, text, (back,) if back else ())

    def _worded(self, name: str, absence: "Absence | None" = None) -> str:
        template = self.wording.of(name, self.contact.channel, self.contact.language)
        owner = self.conversation.owner
        values = {
            **self.conversation.answers,
            "agent.name": owner.name if owner else "",
            "customer.name": self.contact.name,
        }
        with speaking(self.contact.language):
            if "wait" in names_in(template) and name == "waiting":
                values["wait"] = estimated(self.estimate(threads.queue_of(self.tx, self.handoff or 0)[0]))
            if absence:
                values["opens"] = in_words(absence.opens, self.now, self.zone)
            return fill(template, values)

    def reply_window(self) -> ReplyWindow | None:
        """Until when the customer can be answered; None: always."""
        lasts = self.doorway.can.reply_window
        return reply_window(lasts, reply_windows.wrote(self.tx, self.conversation.id), self.now) if lasts else None

    def shut(self) -> Shut | None:
        """Why the customer cannot be answered now; None: they can."""
        window = self.reply_window()
        return shut(window, self.doorway.label, templates=self.doorway.can.templates) if window else None

    # -------------------------------------------------------------------------------------------------- to the thread

    def show_files(self, came: Sequence[int]) -> None:
        """A customer's files, below what is in the thread by then; those of one message as one post."""
        for _, some in groupby((files.get(self.tx, file) for file in came), attrgetter("message")):
            ids = [it.id for it in some]
            for file in ids:
                files.put_into(self.tx, file, self.handoff or 0)
            self.to_thread("file", {"file": ids[0], "more": ids[1:], "name": self.contact.name})

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
