"""Times in which Slack could not reach us. It tries each event four times within six minutes, and then no more.

So whatever was missed is read afterwards: at the start, after sockets were down, and, over HTTP, when a repeat comes of
which we never heard the first. Over HTTP nobody tells us that Slack had given up on everything before that: an outage
in whose last six minutes nothing happened is noticed only at the next start.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

MOST = 10_000  # event ids that are remembered; Slack repeats within minutes
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts

Again = Callable[[], Awaitable[object]]

log = structlog.get_logger()


class Gaps:
    """Has what was missed read, at most once in `pause` seconds, and never forgets to."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self._noticed = asyncio.Event()
        self._heard: dict[str, None] = {}

    def notice(self) -> None:
        """We could not hear for a while, and now we can."""
        self._noticed.set()

    def heard(self, event_id: str, *, repeated: bool) -> None:
        """An event came. A repeat without a first: Slack tried to reach us in vain."""
        if repeated and event_id not in self._heard:
            self.notice()
        if len(self._heard) >= MOST:
            del self._heard[next(iter(self._heard))]
        self._heard[event_id] = None

    async def watch(self, again: Again) -> None:
        """Call `again` after each gap, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            await self._noticed.wait()
            self._noticed.clear()
            try:
                await again()
            except Exception as error:
                log.error("slack_gap_not_read", error=type(error).__name__)
                self._noticed.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await asyncio.sleep(self.pause)
