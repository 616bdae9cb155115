"""Slack's quota of events: 30,000 in an hour for each app in a workspace (docs.slack.dev/apis/events-api).

What is beyond it is never told, also not later. Slack only says, once in such a minute, that it was so. Our own posts
come back as events and count, too.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import structlog

from bridge.ports import Clock
from bridge.team_workspace.gaps import Gaps

AN_HOUR, MINUTES = 30_000, 60
ENOUGH = AN_HOUR * 8 // 10  # of them in the last hour are worth a warning
LIMITED = "app_rate_limited"
AFTER = 65.0  # seconds after Slack's word: the minute that it speaks of is over

log = structlog.get_logger()


class Quota:
    """Counts what this process is told, warns in time, and has read in threads what was left out."""

    def __init__(self, gaps: Gaps, clock: Clock) -> None:
        self._gaps, self._clock = gaps, clock
        self._told: Counter[int] = Counter()  # events, by minute
        self._newest = self._warned = 0

    def exceeded(self, body: Mapping[str, Any]) -> bool:
        """Whether this is Slack's word that it left events out, and not an event. Everything else is counted."""
        event = body.get("event")
        if LIMITED in (body.get("type"), event.get("type") if isinstance(event, Mapping) else ""):
            log.error("slack_events_left_out", why="More than 30,000 events in an hour. They are read in the threads.")
            asyncio.get_running_loop().call_later(AFTER, self._gaps.notice)
            return True
        self._count()
        return False

    def _count(self) -> None:
        minute = int(self._clock().timestamp()) // 60
        self._told[minute] += 1
        if minute == self._newest:
            return
        self._newest = minute
        self._told = Counter({then: count for then, count in self._told.items() if 0 <= minute - then < MINUTES})
        if (told := self._told.total()) >= ENOUGH and abs(minute - self._warned) >= MINUTES:
            self._warned = minute
            log.warning("slack_events_near_limit", in_the_last_hour=told, limit=AN_HOUR)
