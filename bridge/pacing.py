"""How fast we may call: token buckets, as pure arithmetic over one number. Knows no clock and no database.

A bucket is described by the moment at which it is full again; taking a token moves that by the time that one takes to
grow. That number is kept with the lanes, so that all processes share it and a restart does not forget it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.ports import Limit, Rate, WorkspaceLimits

SLACK = timedelta(milliseconds=1)  # clocks and timers are not more exact than that
APART = timedelta(seconds=10)  # two looks for a post that got no answer; it may be on its way for so long


def tokens(full: datetime | None, now: datetime, rate: Rate) -> int:
    """How many calls are allowed now."""
    missing = max(timedelta(), full - now) if full else timedelta()
    return max(0, int((rate.burst * _step(rate) - missing + SLACK) / _step(rate)))


def taken(full: datetime | None, now: datetime, rate: Rate, count: int) -> datetime:
    """When the bucket is full again after so many calls."""
    return (max(full, now) if full else now) + count * _step(rate)


def next_token(full: datetime, rate: Rate) -> datetime:
    """When the next call is allowed."""
    return full - (rate.burst - 1) * _step(rate)


def quiet_until(until: datetime, rate: Rate) -> datetime:
    """The far end asked for quiet: full again so late that the next call is allowed only then."""
    return until + (rate.burst - 1) * _step(rate)


def _step(rate: Rate) -> timedelta:
    return timedelta(seconds=1 / rate.per_second)


@dataclass(frozen=True, slots=True)
class Pace:
    """What one way out allows: in all, and for each chat. None: as fast as we can."""

    whole: Rate | None = None
    chat: Rate | None = None


@dataclass(frozen=True, slots=True)
class Pacing:
    """The pace of every way. `speed` 2.0 is twice as fast as the platforms allow (a test clock); 0 is no pacing."""

    ways: Mapping[str, Pace]
    apart: timedelta = APART / 10

    def of(self, way: str) -> Pace:
        """The pace of one way."""
        return self.ways.get(way) or Pace()


def pacing(speed: float, workspace: WorkspaceLimits, channels: Mapping[str, Limit]) -> Pacing:
    """The pace of everything that the platforms limit."""
    if not speed:
        return Pacing({})
    slack = {
        "thread": workspace.posts,
        "card": workspace.redraws,
        "writing": workspace.writing,
        "marks": workspace.marks,
        "tell": workspace.whispers,
        "direct": workspace.posts,
        "missed": workspace.reads,
        "twice": workspace.reads,
        "home": workspace.pages,
        "board": workspace.boards,
    }
    ways = {way: Pace(_faster(rate, speed)) for way, rate in slack.items()}
    for name, limit in channels.items():
        whole = Rate(limit.per_second, limit.burst) if limit.per_second else None
        chat = Rate(limit.per_chat_second, limit.per_chat_burst) if limit.per_chat_second else None
        ways[name] = Pace(_faster(whole, speed), _faster(chat, speed))
    return Pacing(ways, APART / speed)


def _faster(rate: Rate | None, speed: float) -> Rate | None:
    return Rate(rate.per_second * speed, rate.burst) if rate else None
