"""Has cards and threads follow the reply windows by the clock: when one is about to shut, and when it has.

One process does it for all, by looking at the clock and the rows every so often: what came due while the bridge was
down, or while the clock was wrong, is found at the next look, and nothing is said twice.
"""

import asyncio
from contextlib import suppress
from functools import partial

from bridge.desk import Desk
from bridge.effects import PostNotice, RedrawCard
from bridge.errors import StoreAway
from bridge.letters import carry_out
from bridge.reply_window import last_call, reply_window
from bridge.session import Session
from bridge.store import conversations, reply_windows

PAUSE = 30.0  # seconds


async def keep(desk: Desk) -> None:
    """Look after them until cancelled."""
    while True:
        with suppress(StoreAway):
            await look(desk)
        await asyncio.sleep(PAUSE)


async def look(desk: Desk) -> None:
    """Once. Each conversation in a transaction of its own: nobody waits for all of them."""
    for conversation in await desk.looking(_turned):
        await desk.within(partial(_show, conversation=conversation))


def _turned(session: Session) -> list[int]:
    lasts = {it.name: it.can.reply_window for it in session.house.doorways.values() if it.can.reply_window}
    return [
        it.id
        for it in (reply_windows.live(session.tx, lasts) if lasts else ())
        if reply_window(lasts[it.channel], it.wrote, session.now).turned != it.shown
    ]


def _show(session: Session, conversation: int) -> None:
    """The card, and a word if time runs out for somebody. The customer may just have written: it is looked up again."""
    now, contact = conversations.by_id(session.tx, conversation, kept=True)
    scene = session.scene(now, contact)
    window = scene.reply_window()
    if window is None or not now.live or not reply_windows.show(session.tx, now.id, window.turned):
        return
    carry_out(scene, (RedrawCard(),))
    if window.stage == "closing" and reply_windows.unanswered(session.tx, now.id):
        pings = (now.owner.id,) if now.owner else ()
        once = f"window:{now.id}:{window.turned}"  # also when the clock is set back, and comes to this hour again
        carry_out(scene, (PostNotice(last_call(window, scene.doorway.label), once=once, pings=pings),))
