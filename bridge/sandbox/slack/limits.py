"""Rate limits: a token bucket per workspace and method, and one per channel for posting.

Numbers: Slack's rate limit page (tiers) and the page of chat.postMessage (about one a second per channel).
"""

import math

from bridge.sandbox.limits import Bucket
from bridge.sandbox.slack.errors import Refused
from bridge.sandbox.world import World

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POST_PER_SECOND, POST_BURST = 1.0, 3
POST_CEILING = 300  # "several hundred per minute" for all channels of a workspace together
EVENTS_PER_HOUR = 30_000


class TooFast(Refused):
    """429 with the seconds to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited", status=429)
        self.seconds = max(1, math.ceil(seconds))


class Limits:
    """Which calls come too fast, by the sandbox's clock. Off when the world is not strict."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def forget(self) -> None:
        """Start with full buckets."""
        self._buckets.clear()

    def check(self, method: str, per_minute: int) -> None:
        """Raise if `method` is over its share of the minute; 0 means that it has none."""
        if self.world.strict and per_minute:
            self._take((method, ""), per_minute / 60, per_minute)

    def check_post(self, channel: str) -> None:
        """Raise if `channel` gets more than about one message a second."""
        if self.world.strict:
            self._take(("chat.postMessage", channel), POST_PER_SECOND, POST_BURST)

    def event_allowed(self) -> bool:
        """Whether the app may be told of one more event in this hour."""
        try:
            if self.world.strict:
                self._take(("events", ""), EVENTS_PER_HOUR / 3600, EVENTS_PER_HOUR)
        except TooFast:
            return False
        return True

    def _take(self, key: tuple[str, str], rate: float, burst: float) -> None:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.world, rate=rate, burst=burst)
        if wait := bucket.wait():
            raise TooFast(wait)
        bucket.take()
