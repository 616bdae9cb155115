"""To agents: the card's newest state, marks on their messages, and private words. All but the last may be repeated."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from bridge.courier.card import card_of
from bridge.courier.trip import Kitbag, log
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.ports import Card, Choice, Place, Whisper
from bridge.session import Session
from bridge.store import outbox
from bridge.store.outbox import Lane, Letter

WORTH_SAYING = timedelta(minutes=30)  # an answer to a click is of no use later


async def serve_card(bag: Kitbag, lane: Lane) -> None:
    """Redraw a card, once for all that has changed."""
    number = int(lane.name.partition(":")[2])
    await bag.pacing.workspace("redraws", "", bag.workspace.limits, bag.order(lane))
    found = await bag.desk.within(lambda session: _card(session, lane, number))
    if found is None:
        return
    letters, card, thread = found
    if thread is None:  # not posted yet: it will be drawn from the newest state
        await bag.finish(lane, letters)
        return
    await _try(bag, lane, letters, "redraws", bag.workspace.redraw(thread, card))


def _card(session: Session, lane: Lane, number: int) -> tuple[list[Letter], Card, Place | None] | None:
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return None
    outbox.mark_sending(session.tx, [letter.id for letter in letters])
    return letters, *card_of(session, number)


async def serve_marks(bag: Kitbag, lane: Lane) -> None:
    """Put marks on one message, or take them away."""
    for letter in await bag.desk.within(lambda session: outbox.letters(session.tx, lane.name)):
        await bag.pacing.workspace("marks", "", bag.workspace.limits, bag.order(lane))
        it = letter.payload
        mark = bag.workspace.mark(Place(it["channel"], it["ts"]), it["mark"], it["on"])
        if not await _try(bag, lane, [letter], "marks", mark):
            return


async def serve_agent(bag: Kitbag, lane: Lane) -> None:
    """Tell one person what is for them alone."""
    for letter in await bag.desk.within(lambda session: outbox.letters(session.tx, lane.name)):
        if bag.clock() - letter.at > WORTH_SAYING:
            await bag.finish(lane, [letter])
            continue
        if not letter.payload["answer_to"]:
            await bag.pacing.workspace("whispers", "", bag.workspace.limits, bag.order(lane))
        if not await _try(bag, lane, [letter], "whispers", bag.workspace.tell(_whisper(letter.payload))):
            return


def _whisper(payload: dict[str, Any]) -> Whisper:
    choices = tuple(Choice(**choice) for choice in payload["choices"])
    plain = {name: value for name, value in payload.items() if name != "choices"}
    return Whisper(choices=choices, **plain)


async def _try(bag: Kitbag, lane: Lane, letters: list[Letter], kind: str, call: Awaitable[None]) -> bool:
    """Make the call; True when these letters are over."""
    try:
        await call
    except TryLater as error:
        await bag.put_off(lane, letters, error, (kind, ""))
        return False
    except Uncertain as error:
        if kind != "whispers":
            await bag.put_off(lane, letters, TryLater("no answer; repeating it is harmless"))
            return False
        log.warning("whisper.uncertain", lane=lane.name, reason=str(error))  # said twice is worse than maybe not said
    except Undeliverable as error:
        log.warning("workspace.refused", lane=lane.name, reason=str(error))
    await bag.finish(lane, letters)
    return True
