"""Slack's real limit for posts: about one a second in a channel, a few at once after a quiet time, then 429."""

from collections.abc import Callable

POSTS = 1.0  # a second
AT_ONCE = 3


class Limit:
    """A token bucket on the clock `now`, in seconds."""

    def __init__(self, now: Callable[[], float], rate: float = POSTS, burst: int = AT_ONCE) -> None:
        self.now, self.rate, self.burst = now, rate, burst
        self.refused = 0
        self._full = 0.0  # when the bucket is full again

    def wait(self) -> float:
        """Take one call: 0.0; or refuse it, with the seconds until the next one is taken."""
        now = self.now()
        full = max(self._full, now) + 1 / self.rate
        if full - now > self.burst / self.rate + 1e-9:
            self.refused += 1
            return full - now - self.burst / self.rate
        self._full = full
        return 0.0
