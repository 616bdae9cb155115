"""How fast we may call: token buckets in which those who wait longest, or talk to a customer now, go first."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import datetime

from bridge.ports import Limit, Rate, WorkspaceLimits

CLAIMED_AHEAD = 60.0  # seconds by which a claimed conversation goes before one that waits


class Bucket:
    """Tokens for one kind of call at one place. Waiting is fair: by `order`, smallest first."""

    def __init__(self, rate: Rate, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._tokens = float(rate.burst)
        self._since = now()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, order: float = 0.0) -> None:
        """Return when a call is allowed."""
        self._refill()
        if not self._waiting and self._tokens >= 1:
            self._tokens -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (order, next(self._count), turn))
        self._schedule()
        await turn

    def pause(self, seconds: float) -> None:
        """The far end asked for quiet: no token before that."""
        self._refill()
        self._tokens = min(self._tokens, 1.0) - seconds * self._rate.per_second
        self._schedule()

    def _refill(self) -> None:
        now = self._now()
        self._tokens = min(self._rate.burst, self._tokens + (now - self._since) * self._rate.per_second)
        self._since = now

    def _schedule(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            wait = max(0.0, (1 - self._tokens) / self._rate.per_second)
            self._timer = asyncio.get_running_loop().call_later(wait, self._serve)

    def _serve(self) -> None:
        self._timer = None
        self._refill()
        while self._waiting and self._tokens >= 0.999:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                self._tokens -= 1
        self._schedule()


class Pacing:
    """All buckets of one bridge. `speed` 2.0 is twice as fast as the platforms allow (a test clock); 0 is no pacing."""

    def __init__(self, speed: float, now: Callable[[], float]) -> None:
        self._speed = speed
        self._now = now
        self._buckets: dict[tuple[str, str], Bucket] = {}

    async def workspace(self, kind: str, place: str, limits: WorkspaceLimits, order: float) -> None:
        """Wait until the workspace takes one more call of this kind."""
        rate: Rate = getattr(limits, kind)
        await self._take((kind, place), rate, order)

    async def customer(self, channel: str, chat: str, limit: Limit, order: float) -> None:
        """Wait until the channel takes one more message, for this chat and in all."""
        if limit.per_chat_second:
            await self._take((channel, chat), Rate(limit.per_chat_second, limit.per_chat_burst), order)
        if limit.per_second:
            await self._take((channel, ""), Rate(limit.per_second, limit.burst), order)

    def pause(self, kind: str, place: str, seconds: float) -> None:
        """The far end said 429: only what it named waits."""
        if bucket := self._buckets.get((kind, place)):
            bucket.pause(seconds)

    async def _take(self, name: tuple[str, str], rate: Rate, order: float) -> None:
        if not self._speed:
            return
        bucket = self._buckets.get(name)
        if bucket is None:
            faster = Rate(rate.per_second * self._speed, rate.burst)
            bucket = self._buckets[name] = Bucket(faster, self._now)
            if len(self._buckets) > 20_000:
                self._buckets.pop(next(iter(self._buckets)))
        await bucket.take(order)


def order_of(waiting_since: datetime, claimed: bool) -> float:
    """Who goes first: by waiting time, those in conversation a minute ahead."""
    return waiting_since.timestamp() - (CLAIMED_AHEAD if claimed else 0.0)
