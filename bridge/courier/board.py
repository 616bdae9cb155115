"""Has the board drawn anew when something has happened, or somebody waits too long. One process does it for all."""

import asyncio
from contextlib import suppress

from bridge.desk import Desk
from bridge.errors import StoreAway
from bridge.session import Session
from bridge.store import timeline, waits

PAUSE = 3.0  # seconds: what happens meanwhile is drawn once


async def keep(desk: Desk) -> None:
    """Look after it until cancelled."""
    drawn: object = None

    def look(session: Session) -> object:
        found = (timeline.newest(session.tx), waits.late(session.tx, session.late), session.midnight)
        if found != drawn:
            session.board()
        return found

    while True:
        with suppress(StoreAway):  # then it is drawn when the database is back
            drawn = await desk.within(look)
        await asyncio.sleep(PAUSE)
