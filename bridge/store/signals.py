"""Signals: what one process committed wakes the others at once, by LISTEN and NOTIFY of PostgreSQL.

A signal is a hint and nothing more: who is woken looks into the database, and looks there now and then without one. In
its own process, which is all there is on SQLite, whoever awaited the commit does the waking.
"""

import asyncio
from collections.abc import Callable, Mapping

import structlog

from bridge.store.sessions import session
from bridge.store.tx import Tx

log = structlog.get_logger()
Wake = Callable[[str], object]
"""Look at this now; at everything when it is empty."""

CHATS = "chats"  # a visitor's chat has something new; the signal names the chat
LANES = "lanes"  # letters are due, and who put them there has no hands for them
PEOPLE = "people"  # somebody in the workspace, or a user group, is different now
SETTINGS = "settings"  # an admin changed something of the desk

PROBE = 10.0  # seconds without a signal after which the session is asked whether it lives
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds between attempts to hear again


def tell(tx: Tx, topic: str, what: str = "") -> None:
    """Wake whoever listens, in every process, when this transaction is committed; never before."""
    if tx.shared:
        tx.run("SELECT pg_notify(?, ?)", topic, what)


async def listen(address: str, wakes: Mapping[str, Wake]) -> None:
    """Wake who waits here, by topic, until cancelled; for everything when something may have been missed."""
    if not address.startswith("postgres"):
        return
    from psycopg import OperationalError

    pause = FIRST_PAUSE
    while True:
        try:
            async with await session(address, "signals") as ours:
                for topic in wakes:
                    await ours.execute(f"LISTEN {topic}".encode())
                for wake in wakes.values():
                    wake("")
                pause = FIRST_PAUSE
                while True:
                    async for signal in ours.notifies(timeout=PROBE):
                        wakes[signal.channel](signal.payload)
                    await ours.execute("SELECT 1")
        except OperationalError:
            log.warning("signals.lost", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
