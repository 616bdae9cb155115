"""A rate limit on the sandbox's clock."""

from bridge.sandbox.world import World


class Bucket:
    """A token bucket: `burst` calls at once, then `rate` a second."""

    def __init__(self, world: World, *, rate: float, burst: float) -> None:
        self.world, self.rate, self.burst = world, rate, burst
        self._tokens, self._since = burst, world.now()

    def wait(self) -> float:
        """Seconds until a call is allowed; 0 if it is now. Takes nothing."""
        self._refill()
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self.rate

    def take(self) -> None:
        """Use up one call."""
        self._refill()
        self._tokens -= 1

    def _refill(self) -> None:
        now = self.world.now()
        self._tokens = min(self.burst, self._tokens + (now - self._since) * self.rate)
        self._since = now
