"""A lane on its way out: what is being sent, and how its outcome is written down. Every way out works with these."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from bridge.courier.backoff import wait_after
from bridge.courier.passage import Passage
from bridge.courier.tokens import chat_bucket
from bridge.desk import Desk
from bridge.errors import StoreAway, TooFast, TryLater
from bridge.pacing import Pacing, quiet_until
from bridge.ports import Bot, Clock, CustomerChannel, Drafter, Summariser, TeamWorkspace
from bridge.session import Session
from bridge.store import buckets, lanes, outbox
from bridge.store.lanes import Fenced, Lane
from bridge.store.outbox import Letter

log = structlog.get_logger()
STORE_PAUSES = (0.05, 0.2, 0.5, 1.0)  # seconds between attempts to write an outcome down; the last one for ever


@dataclass(frozen=True, slots=True)
class Trip:
    """A lane that is ours, the letters that are on their way, and what the way out has read up for them.

    Without letters there is nothing to do, but to look `again` later if that is asked for. `dropped` letters turned out
    to be of no use when the lane was taken. `freight` is a file, which takes long and for which there is little room.
    """

    lane: Lane
    letters: Sequence[Letter]
    errand: Any = None
    dropped: int = 0
    again: datetime | None = None
    freight: bool = False

    @property
    def first(self) -> Letter:
        return self.letters[0]

    @property
    def ids(self) -> list[int]:
        return [letter.id for letter in self.letters]


@dataclass(frozen=True, slots=True)
class Kitbag:
    """The parts that the courier works with."""

    desk: Desk
    workspace: TeamWorkspace
    channels: Mapping[str, CustomerChannel]
    bots: Mapping[str, Bot]  # as bridge.toml names them
    bot_name: str  # as customers and agents see it
    summariser: Summariser | None  # none: the offline form is all there is
    drafter: Drafter | None  # none: the bot is asked
    pacing: Pacing
    clock: Clock
    dice: random.Random = field(default_factory=random.Random)
    passage: Passage = field(default_factory=Passage)

    def bot(self, name: str) -> Bot:
        """The bot of this name; the desk's default, where it has none of that name any more."""
        return self.bots.get(name) or self.bots.get(self.desk.house.bots[0]) or next(iter(self.bots.values()))

    async def done(self, trip: Trip, then: Callable[[Session], object] = lambda _: None) -> None:
        """These letters are over: say so, and what follows from it, in one transaction."""

        def work(session: Session) -> None:
            gone = outbox.drop(session.tx, trip.ids)
            if gone:  # else a report has settled it meanwhile
                then(session)
            lanes.finish(session.tx, trip.lane, gone)

        await self.settle(trip, work)

    async def put_off(self, trip: Trip, error: TryLater, *, pause: bool = False) -> None:
        """It was certainly not accepted: the same again later. With `pause`, a wish for quiet is for the whole way."""
        until = self.later(trip, error)
        log.warning("delivery.later", lane=trip.lane.name, reason=str(error), attempts=trip.first.attempts + 1)

        def work(session: Session) -> None:
            outbox.mark_pending(session.tx, trip.ids)
            lanes.put_off(session.tx, trip.lane, until)
            pace = self.pacing.of(trip.lane.way)
            whole = pace.whole
            if isinstance(error, TooFast) and pace.chat:  # whatever we thought that it takes
                buckets.set_full_at(session.tx, chat_bucket(trip.lane), quiet_until(until, pace.chat))
            if pause and error.after is not None and whole:
                full = buckets.full_at(session.tx, trip.lane.way) or until
                buckets.set_full_at(session.tx, trip.lane.way, max(full, quiet_until(until, whole)))

        await self.settle(trip, work)

    async def wait(self, trip: Trip, until: datetime) -> None:
        """What became of it is not known: the lane rests, and is looked at again then."""
        await self.settle(trip, lambda session: lanes.put_off(session.tx, trip.lane, until))

    async def settle(self, trip: Trip, work: Callable[[Session], object]) -> None:
        """Write an outcome down, as soon as the database can; but nothing of a lane that is not ours any more."""
        for attempt in range(1_000_000):
            try:
                await self.desk.within(work)
            except StoreAway as away:
                log.warning("outcome.waits", lane=trip.lane.name, reason=str(away))
                await asyncio.sleep(STORE_PAUSES[min(attempt, len(STORE_PAUSES) - 1)])
            except Fenced:
                log.warning("outcome.too_late", lane=trip.lane.name)
                return
            else:
                return

    def later(self, trip: Trip, error: TryLater) -> datetime:
        """When to try again."""
        return self.clock() + wait_after(trip.first.attempts, error.after, self.dice)
