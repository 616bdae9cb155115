"""A customer's files of one message, fetched from their channel. What cannot be carried becomes a line that says so."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bridge.courier.passage import NotFetched
from bridge.courier.trip import Kitbag
from bridge.files import Loaded, described
from bridge.i18n import joined, packed, t
from bridge.ports import Shared
from bridge.session import Session
from bridge.store import files
from bridge.store.files import Passing
from bridge.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class CustomersFiles:
    """They, and whose they are."""

    passing: tuple[Passing, ...]
    way: str  # the customer's channel
    whose: Shared
    patience: float | None = None

    @property
    def uploads(self) -> tuple[str, ...]:
        """What the workspace calls our copies."""
        return tuple(it.upload for it in self.passing)

    @asynccontextmanager
    async def loaded(self, bag: Kitbag, number: int) -> AsyncGenerator[Loaded]:
        """The content of one, from the side where it is."""
        channel, file = bag.channels.get(self.way), self.passing[number].file
        if channel is None:
            raise NotFetched(t("The channel that it came from is off."))
        async with bag.passage.holding(file, channel.fetch(file)) as loaded:
            yield loaded

    def note(self, session: Session, number: int, upload: str) -> None:
        """With the file itself, which may be shown in another thread later."""
        files.set_upload(session.tx, self.passing[number].id, upload)

    def instead(self, why: str, number: int | None) -> Mapping[str, object]:
        """What there was, and why it is not here."""
        gone = self.passing if number is None else self.passing[number : number + 1]
        text = t("A file of the customer's cannot be shown here. {why}", why=why)
        named = joined([described(it.file) for it in gone], ", ")
        quote = t("{name}: {file}", name=self.whose.name, file=named)
        return packed({"text": text, "quote": quote, "choices": [], "pings": []})

    def without(self, number: int) -> Mapping[str, object] | None:
        """The others."""
        left = [it.id for at, it in enumerate(self.passing) if at != number]
        return {"file": left[0], "more": left[1:], "name": self.whose.name} if left else None


def read_up(session: Session, channel: str, letter: Letter) -> CustomersFiles:
    """What there is to know of them."""
    came = (letter.payload["file"], *letter.payload.get("more", ()))
    passing = tuple(files.get(session.tx, file) for file in came)
    whose = Shared(letter.payload["name"], session.house.doorway(channel).label, passing[0].file.kind)
    return CustomersFiles(passing, channel, whose)
