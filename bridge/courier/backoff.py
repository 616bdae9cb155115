"""How long to wait before the next try. Pure but for its dice, which are given."""

import random
from datetime import timedelta

FIRST, MOST = 0.5, 60.0  # seconds


def wait_after(attempts: int, asked: float | None, dice: random.Random) -> timedelta:
    """What the far end asked for, else twice as long each time, with jitter so that not all come back at once."""
    if asked is not None:
        return timedelta(seconds=asked * (1 + dice.random() * 0.1))
    seconds = min(MOST, FIRST * 2 ** min(attempts, 10))
    return timedelta(seconds=seconds * (0.5 + dice.random() / 2))
