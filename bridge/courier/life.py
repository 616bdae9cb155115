"""The courier's signs of life: who is dead, what got lost, and whether the clock was set. Looked at every second."""

import asyncio
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bridge.errors import StoreAway
from bridge.ports import Clock
from bridge.store import buckets, lanes, signals, workers
from bridge.store.store import Store
from bridge.store.tx import Tx

log = structlog.get_logger()
BEAT = 1.0  # seconds between signs of life
STALE = 4.0  # seconds without one, after which others may be about to take our lanes
JUMP = timedelta(seconds=5)  # by which the clock must have been set before it is noticed
LONGEST = timedelta(minutes=15)  # that anything is put off
ENOUGH = 6  # beats of our own, after which whoever has not beaten for five seconds is dead
TIDY = 60  # beats between two looks for what is of no use any more


@dataclass(slots=True)
class Life:
    """Of one worker. `lost` tells how far its claims are known to it, and which lanes it is busy with."""

    store: Store
    name: str
    clock: Clock
    lost: Callable[[], tuple[int, Collection[str]]]
    was_set: Callable[[], None]  # the clock was
    last: float = math.inf  # by the loop's clock
    _steady_server: bool = False  # the others were not kept from beating when we began

    @property
    def doubtful(self) -> bool:
        """Others may hold us for dead, and take what is ours."""
        return self.store.shared and _steady() - self.last > STALE

    def begin(self, tx: Tx) -> None:
        """Come to work. Where nobody else can be, whoever had taken anything is dead."""
        if now := tx.server_now():
            workers.beat(tx, self.name, now)
            self._steady_server = workers.could_beat(tx, now)
        else:
            workers.only(tx, self.name, self.clock())

    def leave(self, tx: Tx) -> None:
        """Go home: others may take what we had."""
        workers.leave(tx, self.name)
        signals.tell(tx, signals.LANES)

    async def run(self) -> None:
        """Say that we live, free what the dead had taken, and follow a clock that was set. Until cancelled."""
        self.last, beats, offset = _steady(), ENOUGH if self._steady_server else 0, self._offset()
        while True:
            await asyncio.sleep(BEAT)
            began, moved = _steady(), self._offset() - offset
            if jumped := abs(moved) > JUMP:
                log.warning("clock.set", seconds=round(moved.total_seconds()))
            try:
                await self.store.write(lambda tx, b=beats, m=moved if jumped else timedelta(): self._beat(tx, b, m))
            except StoreAway:
                beats = 0
                continue
            self.last, beats = began, beats + 1
            if jumped:
                offset += moved
                self.was_set()

    def _beat(self, tx: Tx, beats: int, moved: timedelta) -> None:
        now = self.clock()
        lanes.free_lost(tx, self.name, *self.lost())
        if shared := tx.server_now():
            workers.beat(tx, self.name, shared)
            if beats >= ENOUGH:  # else the others may be as late as we are
                for dead in workers.bury(tx, shared):
                    log.warning("worker.dead", worker=dead)
        elif moved:
            lanes.shift(tx, moved)
            buckets.shift(tx, moved)
        lanes.no_later(tx, now + LONGEST)
        buckets.no_later(tx, now + LONGEST)
        if beats % TIDY == 0:
            buckets.forget(tx, now)

    def _offset(self) -> timedelta:
        """Of the clock, from one that nobody sets."""
        return self.clock() - datetime.fromtimestamp(_steady(), UTC)


def _steady() -> float:
    return asyncio.get_running_loop().time()
