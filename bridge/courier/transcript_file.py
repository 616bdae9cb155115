"""The conversation so far as a text file, for the thread of a handoff whose post has no room for all of it."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from bridge import transcript
from bridge.content import Line
from bridge.courier.trip import Kitbag
from bridge.desk import Desk
from bridge.errors import StoreAway, TryLater
from bridge.files import File, Loaded
from bridge.i18n import again, speaking, t
from bridge.ports import Shared
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter

MOST, LARGEST = 2_000, 1_000_000  # messages, and bytes
TRIES, PATIENCE = 3, 10.0  # seconds: what the customer says meanwhile waits behind it, and it can be read elsewhere
TOGETHER = 100  # messages read in one transaction: others want to write, too


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """What was said until a person was wanted."""

    letter: Letter
    handoff: int
    conversation: int
    whose: Shared
    patience: float
    language: str

    @property
    def uploads(self) -> tuple[str]:
        """What the workspace calls our copy."""
        return (self.letter.payload["upload"],)

    def loaded(self, bag: Kitbag, number: int) -> AbstractAsyncContextManager[Loaded]:
        """Its content as it is now."""
        with speaking(self.language):
            name = t("transcript-{number}.txt", number=self.handoff)
        file = File("file", name, transcript.MIME, 0, "")
        return bag.passage.holding(file, self._written(bag.desk))

    def note(self, session: Session, number: int, upload: str) -> None:
        """With the letter, for it is shown in this thread only."""
        outbox.set_payload(session.tx, self.letter.id, {**self.letter.payload, "upload": upload})

    def instead(self, why: str, number: int | None) -> None:
        """Nothing: the post says where to read all of it."""

    def without(self, number: int) -> None:
        """There is no other."""

    async def _written(self, desk: Desk) -> AsyncGenerator[bytes]:
        """Read from the newest message back, as far as there is room, and written from the oldest on."""
        try:
            total = await desk.within(lambda session: messages.count(session.tx, self.conversation, self._upto))
            entries = await self._newest(desk)
        except StoreAway as away:
            raise TryLater(str(away)) from None
        with speaking(self.language):
            title = f"#{self.handoff} · {self.whose.name} · {again(self.whose.channel)}"
            head = transcript.head(title, len(entries), total - len(entries))
        yield head.encode()
        for entry in reversed(entries):
            yield entry

    async def _newest(self, desk: Desk) -> list[bytes]:
        entries, room, before = list[bytes](), LARGEST, self._upto + 1
        while page := await desk.within(partial(self._page, before)):
            before = page[0][0]
            with speaking(self.language):
                for _, line in reversed(page):
                    entry = transcript.entry(again(line)).encode()
                    room -= len(entry)
                    if room < 0 or len(entries) == MOST:
                        return entries
                    entries.append(entry)
        return entries

    def _page(self, before: int, session: Session) -> list[tuple[int, Line]]:
        return messages.earlier(session.tx, self.conversation, before, TOGETHER)

    @property
    def _upto(self) -> int:
        return self.letter.payload["upto"]


def read_up(session: Session, lane: Lane, letter: Letter) -> TranscriptFile:
    """Of which conversation it is, and whose."""
    number = int(lane.of)
    _, conversation, channel = conversations.thread_of(session.tx, number)
    _, contact = conversations.by_id(session.tx, conversation)
    whose = Shared(contact.name, session.house.doorway(channel).label, "transcript")
    return TranscriptFile(letter, number, conversation, whose, PATIENCE, session.house.language)
