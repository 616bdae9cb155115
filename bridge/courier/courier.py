"""Finds lanes with something due and has each served by its own way out. Knows nothing about what is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from bridge.courier.agents import serve_agent, serve_card, serve_marks
from bridge.courier.bot_turns import serve_bot
from bridge.courier.catch_up import serve_missed
from bridge.courier.customer import serve_customer
from bridge.courier.summary import serve_summary
from bridge.courier.thread import serve_thread
from bridge.courier.trip import Kitbag
from bridge.errors import where
from bridge.store import outbox
from bridge.store.outbox import Lane
from bridge.store.store import Store

log = structlog.get_logger()
Way = Callable[[Kitbag, Lane], Awaitable[None]]
WAYS: Mapping[str, Way] = {
    "customer": serve_customer,
    "thread": serve_thread,
    "card": serve_card,
    "marks": serve_marks,
    "tell": serve_agent,
    "bot": serve_bot,
    "summary": serve_summary,
    "missed": serve_missed,
}
AT_ONCE = 2000  # lanes being served; most of them wait for a token
IDLE = 1.0  # seconds between looks when nothing wakes us


class Courier:
    """Runs until cancelled."""

    def __init__(self, store: Store, kitbag: Kitbag) -> None:
        self._store = store
        self._kitbag = kitbag
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something was committed: look."""
        self._wake.set()

    async def run(self) -> None:
        """Serve what is due, then wait for more."""
        self._store.committed = self.wake
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._wake.clear()
                await self._start_due(tasks)
                await self._sleep()

    async def _start_due(self, tasks: asyncio.TaskGroup) -> None:
        room = AT_ONCE - len(self._busy)
        if room <= 0:
            return
        now, busy = self._kitbag.clock(), frozenset(self._busy)
        for lane in await self._store.read(lambda tx: outbox.due(tx, now, room, busy)):
            if lane.name not in self._busy:
                self._busy[lane.name] = tasks.create_task(self._serve(lane), name=lane.name)

    async def _serve(self, lane: Lane) -> None:
        try:
            await WAYS[lane.name.partition(":")[0]](self._kitbag, lane)
        except Exception as error:  # a bug: the lane waits a minute and the others go on
            log.error("courier.failed", lane=lane.name, error=type(error).__name__, where=where(error))
            later = self._kitbag.clock() + timedelta(minutes=1)
            await self._store.write(lambda tx: outbox.wait(tx, lane.name, later))
        finally:
            del self._busy[lane.name]
            self._wake.set()

    async def _sleep(self) -> None:
        due = await self._store.read(lambda tx: outbox.next_due(tx, frozenset(self._busy)))
        wait = IDLE if due is None else min(IDLE, max(0.0, (due - self._kitbag.clock()).total_seconds()))
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return
