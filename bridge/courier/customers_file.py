"""A file that a customer sent, fetched from their channel. What cannot be carried becomes a line that says so."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bridge.courier.passage import NotFetched
from bridge.courier.trip import Kitbag
from bridge.files import Loaded, described
from bridge.i18n import packed, t
from bridge.ports import Shared
from bridge.session import Session
from bridge.store import files
from bridge.store.files import Passing
from bridge.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class CustomersFile:
    """One of them, and whose it is."""

    passing: Passing
    way: str  # the customer's channel
    whose: Shared
    patience: float | None = None

    @property
    def upload(self) -> str:
        """What the workspace calls our copy."""
        return self.passing.upload

    @asynccontextmanager
    async def loaded(self, bag: Kitbag) -> AsyncGenerator[Loaded]:
        """Its content, from the side where it is."""
        channel, file = bag.channels.get(self.way), self.passing.file
        if channel is None:
            raise NotFetched(t("The channel that it came from is off."))
        async with bag.passage.holding(file, channel.fetch(file)) as loaded:
            yield loaded

    def note(self, session: Session, upload: str) -> None:
        """With the file itself, which may be shown in another thread later."""
        files.set_upload(session.tx, self.passing.id, upload)

    def instead(self, why: str) -> Mapping[str, object]:
        """What there was, and why it is not here."""
        text = t("A file of the customer's cannot be shown here. {why}", why=why)
        quote = t("{name}: {file}", name=self.whose.name, file=described(self.passing.file))
        return packed({"text": text, "quote": quote, "choices": [], "pings": []})


def read_up(session: Session, channel: str, letter: Letter) -> CustomersFile:
    """What there is to know of it."""
    passing = files.get(session.tx, letter.payload["file"])
    whose = Shared(letter.payload["name"], session.house.doorway(channel).label, passing.file.kind)
    return CustomersFile(passing, channel, whose)
