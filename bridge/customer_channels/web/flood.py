"""How much one visitor, or one address, may ask of us. Counted in memory: a restart forgives."""

import ipaddress
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from bridge.ports import Clock

REMEMBERED = 20_000  # buckets; beyond it the one used longest ago is forgotten, which is full again by then


class Flood:
    """One token bucket for each name: `burst` at once, then `per_second`."""

    def __init__(self, per_second: float, burst: int, clock: Clock) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take a token: 0.0. Or the seconds until there is one."""
        now = self._clock()
        tokens, since = self._buckets.pop(name, (float(self._burst), now))
        tokens = min(self._burst, tokens + max(0.0, (now - since).total_seconds()) * self._per_second)
        allowed = tokens >= 1
        self._buckets[name] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second


def address(remote: str | None, forwarded_for: Sequence[str]) -> str:
    """Whom to count a request against; "" for this machine itself.

    A proxy beside us writes the caller's address last into X-Forwarded-For, or into one more header of that name. From
    anybody else it is a claim.
    """
    try:
        peer = ipaddress.ip_address(remote or "127.0.0.1")  # none: a socket file
        forwarded = ",".join(forwarded_for).rpartition(",")[2].strip()
        if forwarded and (peer.is_loopback or peer.is_private):
            peer = ipaddress.ip_address(forwarded)
    except ValueError:
        return "unknown"
    if peer.is_loopback:
        return ""
    # A subscriber is given a whole /64, so single IPv6 addresses count for nothing.
    return str(ipaddress.ip_network((peer, 64), strict=False)) if peer.version == 6 else str(peer)
