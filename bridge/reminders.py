"""The clock: APScheduler only wakes a sweep over rows, so nothing is missed after downtime and nothing fires twice."""

import asyncio
from contextlib import suppress
from functools import partial

from bridge.errors import StoreAway
from bridge.ports import Clock
from bridge.store import inbox, journal, uploads
from bridge.store.store import Store


class Reminders:
    """Runs until cancelled."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Sweep once an hour, and once at the start."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # only here: of many processes one needs it

        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(self.sweep, "interval", hours=1, next_run_time=self._clock(), coalesce=True, max_instances=1)
        scheduler.start()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            scheduler.shutdown(wait=False)

    async def sweep(self) -> None:
        """Forget, some at a time, what nobody asks for: old events, files never sent, tokens that are over."""
        # The scheduler would log a stop as a failure, with a traceback; and what was not swept now is swept next time.
        with suppress(asyncio.CancelledError, StoreAway):
            for forget in (inbox.forget, uploads.forget, journal.forget):
                while await self._store.write(partial(forget, now=self._clock())):
                    pass
