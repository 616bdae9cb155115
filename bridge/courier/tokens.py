"""Chooses among lanes that are due: as many as there are room and tokens for. Those that must wait cost nothing."""

from collections import defaultdict
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bridge.pacing import Pacing, next_token, taken, tokens
from bridge.ports import Rate
from bridge.store import buckets, lanes
from bridge.store.lanes import Lane
from bridge.store.tx import Tx

NEVER = datetime.max.replace(tzinfo=UTC)


class Tokens:
    """The buckets are in the database; here is only remembered which of them need not be asked for a while."""

    def __init__(self, pacing: Pacing) -> None:
        self._pacing = pacing
        self._empty: dict[str, datetime] = {}  # until then

    def may(self, way: str, now: datetime) -> bool:
        """Whether there may be a token."""
        return self._empty.get(way, now) <= now

    def sooner(self, due: datetime | None, now: datetime) -> datetime | None:
        """When to look again: a lane falls due, or something that waits gets its token."""
        self._empty = {way: until for way, until in self._empty.items() if until > now}
        first = min([due or NEVER, *self._empty.values()])
        return None if first is NEVER else first

    def choose(self, tx: Tx, found: Sequence[Lane], room: MutableMapping[str, int], now: datetime) -> list[Lane]:
        """Those that may go out now, in their order. Takes their tokens, and their room."""
        waiting: dict[str, list[Lane]] = defaultdict(list)
        for lane in found:
            waiting[lane.way].append(lane)
        chosen: list[Lane] = []
        for way, queue in waiting.items():
            pace = self._pacing.of(way)
            if pace.chat:
                queue = [lane for lane in queue if self._chat(tx, lane, pace.chat, now)]
            some = queue[: room[way]]
            if pace.whole:
                some = self._whole(tx, way, some, pace.whole, now)
            if pace.chat:
                some = [_counted(tx, lane, pace.chat, now) for lane in some]
            room[way] -= len(some)
            chosen += some
        return chosen

    def give_back(self, tx: Tx, lane: Lane, now: datetime) -> None:
        """It was chosen, and does not go out after all."""
        pace = self._pacing.of(lane.way)
        if pace.whole:
            _take(tx, lane.way, pace.whole, now, -1)
            self._empty.pop(lane.way, None)
        if pace.chat:
            _take(tx, chat_bucket(lane), pace.chat, now, -1)

    def _whole(self, tx: Tx, way: str, queue: list[Lane], rate: Rate, now: datetime) -> list[Lane]:
        full = buckets.full_at(tx, way)
        some = queue[: tokens(full, now, rate)]
        if some:
            full = taken(full, now, rate, len(some))
            buckets.set_full_at(tx, way, full)
        if len(some) < len(queue) and full:
            self._empty[way] = next_token(full, rate)
        return some

    def _chat(self, tx: Tx, lane: Lane, rate: Rate, now: datetime) -> bool:
        """Whether this chat takes one more now; else it rests until it does."""
        full = buckets.full_at(tx, chat_bucket(lane))
        if tokens(full, now, rate):
            return True
        assert full is not None
        lanes.rest(tx, lane.name, next_token(full, rate))
        return False


def _counted(tx: Tx, lane: Lane, rate: Rate, now: datetime) -> Lane:
    """With its token taken, and what is left."""
    return replace(lane, room=tokens(_take(tx, chat_bucket(lane), rate, now, 1), now, rate))


def _take(tx: Tx, name: str, rate: Rate, now: datetime, count: int) -> datetime:
    full = taken(buckets.full_at(tx, name), now, rate, count)
    buckets.set_full_at(tx, name, full)
    return full


def chat_bucket(lane: Lane) -> str:
    """Its name in the database."""
    return f"{lane.way} {lane.name}"
