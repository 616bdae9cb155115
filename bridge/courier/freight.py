"""Room for a few files at a time: they take long, and everybody else's words need the places.

A lane whose next letter is a file is turned away where there is no room, and called when there is. Should nobody call
it, because this process ended or a commit failed, it comes by itself after a while.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.courier.trip import Trip
from bridge.store import lanes
from bridge.store.tx import Tx

MOST = 8  # files at a time
BY_ITSELF = timedelta(minutes=1)  # after which a lane comes that nobody called


@dataclass(slots=True)
class Freight:
    """Who waits for room. What happens within a transaction counts once it is `settled`."""

    under_way: int = 0
    _waiting: dict[str, datetime] = field(default_factory=dict[str, datetime])  # by lane, oldest first: due by itself
    _called: list[str] = field(default_factory=list[str])
    _turned: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def call(self, tx: Tx, now: datetime) -> int:
        """Call as many as there is room for; gives the room."""
        self._turned, room = {}, max(0, MOST - self.under_way)
        self._called = list(self._waiting)[:room]
        for name in self._called:
            lanes.call(tx, name, self._waiting[name], now)
        return room

    def turn_away(self, tx: Tx, trips: Sequence[Trip], room: int, now: datetime) -> list[Trip]:
        """Give the lanes back that were just taken, and for whose files there is no room; gives their trips."""
        away = [trip for trip in trips if trip.freight][room:]
        for trip in away:
            self._turned[trip.lane.name] = until = now + BY_ITSELF
            lanes.put_off(tx, trip.lane, until)
        return away

    def settled(self) -> None:
        """It is committed who was called and who was turned away."""
        for name in self._called:
            self._waiting.pop(name, None)
        self._waiting |= self._turned

    @property
    def somebody_waits(self) -> bool:
        """Whether it is worth looking when a file has arrived."""
        return bool(self._waiting)
