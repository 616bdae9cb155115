"""Leadership: what may run only once runs in one process, and within seconds in another when that one is gone.

The leader holds an advisory lock of PostgreSQL on a session of its own, so the lock goes with the process, however it
dies. One that hangs falls silent, and loses its session for that. A SQLite file has one process, which always leads.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from bridge.store.sessions import session

if TYPE_CHECKING:
    from bridge.store.sessions import Session

log = structlog.get_logger()
Work = Callable[[], Coroutine[Any, Any, None]]

LOCK = int.from_bytes(b"handoff1")  # any number that nobody else locks in this database
BEAT = 1.0  # seconds between two signs of life, and between two attempts to become the leader
ANSWER = 1.5  # seconds that the database has to answer one; then the work is stopped
SILENCE = 3.0  # seconds after which the database ends the session, and another may lead


async def as_leader(address: str, work: Work) -> None:
    """Run `work` whenever this process leads. Returns when the work does; raises what it raises."""
    if not address.startswith("postgres"):
        return await work()
    from psycopg import OperationalError

    while True:
        with suppress(OperationalError):
            async with await session(address, "leader") as ours:
                await _elected(ours)
                log.info("leader.here")
                if await _led(ours, work):
                    return None
                log.warning("leader.lost")
        await asyncio.sleep(BEAT)


async def _elected(ours: "Session") -> None:
    """Wait until we lead."""
    await ours.execute(f"SET idle_session_timeout = {round(SILENCE * 1000)}".encode())
    while True:
        found = await (await ours.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])).fetchone()
        if found and found[0]:
            return
        await asyncio.sleep(BEAT)


async def _led(ours: "Session", work: Work) -> bool:
    """Work for as long as the session lives. Whether the work came to its end."""
    working = asyncio.create_task(work())
    beat = asyncio.create_task(_beat(ours))
    try:
        while True:
            done, _ = await asyncio.wait((working, beat), timeout=BEAT + ANSWER, return_when=asyncio.FIRST_COMPLETED)
            if working in done:
                working.result()
                return True
            if beat not in done or not beat.result():
                return False
            beat = asyncio.create_task(_beat(ours))
    finally:
        await _stopped(working)  # first: to take back a statement without an answer takes longer than we may lead
        await _stopped(beat)


async def _beat(ours: "Session") -> bool:
    """A sign of life, in a while. Whether the database took it; a session that ends is noticed at once."""
    from psycopg import OperationalError

    try:
        async for _ in ours.notifies(timeout=BEAT):
            pass  # nobody notifies us: this only waits, with an eye on the connection
        await ours.execute("SELECT 1")
    except OperationalError:
        return False
    return True


async def _stopped(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    await asyncio.wait((task,))
