"""To agents: the card's newest state, marks on their messages, and private words. All but the last may be repeated."""

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any

from bridge.courier.card import card_of
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.ports import Choice, Place, Whisper
from bridge.session import Session
from bridge.store import outbox
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter

MOST_MARKS = 5  # that wait in one thread before it is too many
WORTH_SAYING = timedelta(minutes=30)  # an answer to a click is of no use later


def pack_card(session: Session, lane: Lane) -> Trip:
    """A card as it is now, once for all that has changed."""
    letters = outbox.letters(session.tx, lane.name)
    return Trip(lane, letters, card_of(session, int(lane.of)))


async def serve_card(bag: Kitbag, trip: Trip) -> None:
    """Redraw a card."""
    card, thread = trip.errand
    if thread is None:  # not posted yet: it will be drawn from the newest state
        await bag.done(trip)
    else:
        await _try(bag, trip, bag.workspace.redraw(thread, card))


def pack_mark(session: Session, lane: Lane) -> Trip:
    """The next mark in a thread. Where many "delivered" wait, the newest speaks for all."""
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return Trip(lane, ())
    stale = _overtaken(letters)
    dropped = outbox.drop(session.tx, [letter.id for letter in stale])
    left = [letter for letter in letters if letter not in stale]
    return Trip(lane, left[:1], dropped=dropped)


def _overtaken(letters: Sequence[Letter]) -> list[Letter]:
    said = [it for it in letters if it.payload["on"] and it.payload["mark"] == "delivered" and not it.in_doubt]
    return said[:-1] if len(said) > MOST_MARKS else []


async def serve_mark(bag: Kitbag, trip: Trip) -> None:
    """Put a mark on a message, or take it away."""
    it = trip.first.payload
    await _try(bag, trip, bag.workspace.mark(Place(it["channel"], it["ts"]), it["mark"], it["on"]))


def pack_words(session: Session, lane: Lane) -> Trip:
    """The next private word to one person, if it is still worth saying."""
    letters = outbox.letters(session.tx, lane.name)
    late = [letter for letter in letters if session.now - letter.at > WORTH_SAYING]
    dropped = outbox.drop(session.tx, [letter.id for letter in late])
    left = [letter for letter in letters if letter not in late]
    return Trip(lane, left[:1], dropped=dropped)


async def serve_words(bag: Kitbag, trip: Trip) -> None:
    """Tell one person what is for them alone."""
    try:
        await bag.workspace.tell(_whisper(trip.first.payload))
    except Uncertain as error:
        log.warning("whisper.uncertain", lane=trip.lane.name, reason=str(error))  # twice is worse than maybe not
        await bag.done(trip)
    except (TryLater, Undeliverable) as error:
        await _not_done(bag, trip, error)
    else:
        await bag.done(trip)


def _whisper(payload: dict[str, Any]) -> Whisper:
    choices = tuple(Choice(**choice) for choice in payload["choices"])
    plain = {name: value for name, value in payload.items() if name != "choices"}
    return Whisper(choices=choices, **plain)


async def _try(bag: Kitbag, trip: Trip, call: Awaitable[None]) -> None:
    """Make a call that may be repeated."""
    try:
        await call
    except Uncertain:
        await bag.put_off(trip, TryLater("no answer; repeating it is harmless"))
    except (TryLater, Undeliverable) as error:
        await _not_done(bag, trip, error)
    else:
        await bag.done(trip)


async def _not_done(bag: Kitbag, trip: Trip, error: TryLater | Undeliverable) -> None:
    if isinstance(error, TryLater):
        await bag.put_off(trip, error, pause=True)
    else:
        log.warning("workspace.refused", lane=trip.lane.name, reason=str(error))
        await bag.done(trip)
