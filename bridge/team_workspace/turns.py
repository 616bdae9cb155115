"""Keeps what happens in one thread in its order, although it comes over several sockets at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

SETTLE = 0.03  # seconds that an event waits for an earlier one that is still on another socket


@dataclass(eq=False, slots=True, weakref_slot=True)
class _Lane:
    free: asyncio.Condition = field(default_factory=asyncio.Condition)
    waiting: list[str] = field(default_factory=list[str])


class Turns:
    """Whose turn it is, in each thread. Threads do not wait for each other."""

    def __init__(self) -> None:
        self._lanes: WeakValueDictionary[str, _Lane] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, thread: str, ts: str) -> AsyncGenerator[None]:
        """Enter when nothing earlier in the thread is left. Slack's timestamps compare as text."""
        lane = self._lanes.setdefault(thread, _Lane())
        lane.waiting.append(ts)
        try:
            await asyncio.sleep(SETTLE)
            async with lane.free:
                await lane.free.wait_for(lambda: min(lane.waiting) == ts)
                yield
        finally:
            lane.waiting.remove(ts)
            async with lane.free:
                lane.free.notify_all()
