"""Has the board drawn anew when something has happened. One process does it for all."""

import asyncio
from contextlib import suppress

from bridge.desk import Desk
from bridge.errors import StoreAway
from bridge.session import Session
from bridge.store import timeline

PAUSE = 3.0  # seconds: what happens meanwhile is drawn once


async def keep(desk: Desk) -> None:
    """Look after it until cancelled."""
    drawn = -1

    def look(session: Session) -> int:
        newest = timeline.newest(session.tx)
        if newest != drawn:
            session.board()
        return newest

    while True:
        with suppress(StoreAway):  # then it is drawn when the database is back
            drawn = await desk.within(look)
        await asyncio.sleep(PAUSE)
