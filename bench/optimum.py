"""The best that can be done with one post a second: a simulation of the scheduler alone, in exact arithmetic.

Whenever a post is allowed, the thread that waits longest gets it, one with an agent as if it had waited a minute
longer; everything that waits in it goes along. No call takes time, and nothing is ever refused.
"""

from collections import deque
from collections.abc import Container, Sequence

AHEAD = 60.0  # seconds by which a conversation with an agent goes before one without

Lag = tuple[int, float]
"""Whose message, and how many seconds it waited."""


def simulate(
    said: Sequence[tuple[float, int]],
    with_agent: Container[int],
    rate: float = 1.0,
    burst: int = 1,
    ahead: float = AHEAD,
) -> tuple[list[Lag], int]:
    """How long each message waits, and how many posts that takes."""
    coming, waiting = deque(said), dict[int, list[float]]()
    lags: list[Lag] = []
    now = full = 0.0  # `full`: when the bucket is full again
    posts = 0

    def order(customer: int) -> float:
        return waiting[customer][0] - (ahead if customer in with_agent else 0.0)

    while coming or waiting:
        allowed = full - (burst - 1) / rate
        now = max(now, allowed) if waiting else max(now, allowed, coming[0][0])
        while coming and coming[0][0] <= now:
            at, customer = coming.popleft()
            waiting.setdefault(customer, []).append(at)
        if waiting:
            first = min(waiting, key=order)
            lags += [(first, now - at) for at in waiting.pop(first)]
            full = max(full, now) + 1 / rate
            posts += 1
    return lags, posts
