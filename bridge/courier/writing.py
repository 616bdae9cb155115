"""On the card: that the customer is writing. Drawn once, and taken away when they are not any more.

It has a pace of its own, so small that nothing else is drawn later because of it. What comes too late is dropped.
"""

from dataclasses import replace
from datetime import timedelta

from bridge.courier.agents import tried
from bridge.courier.card import card_of
from bridge.courier.trip import Kitbag, Trip
from bridge.errors import DeliveryError
from bridge.session import Session
from bridge.store import lanes, outbox
from bridge.store.lanes import Lane
from bridge.store.moments import moment


def pack(session: Session, lane: Lane) -> Trip:
    """What is to be drawn now, if anything: they began to write, or have stopped."""
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return Trip(lane, ())
    until, shown = moment(letters[0].payload["until"]), letters[0].payload.get("shown", False)
    writes = session.now < until
    if shown and writes:
        return Trip(lane, (), again=until)
    if not shown and not writes:
        return Trip(lane, (), dropped=outbox.drop(session.tx, [it.id for it in letters]))
    card, thread = card_of(session, int(lane.of))
    return Trip(lane, letters[:1], (replace(card, writes=writes and card.state == "claimed"), thread))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Redraw the card. Where that fails it stays as it is: nothing is lost."""
    card, thread = trip.errand
    if thread is None:
        await bag.done(trip)
    elif not card.writes:
        await tried(bag, trip, bag.workspace.redraw(thread, card))
    else:
        try:
            await bag.workspace.redraw(thread, card)
        except DeliveryError:
            await bag.done(trip)
        else:
            await bag.settle(trip, lambda session: _shown(session, trip))


def _shown(session: Session, trip: Trip) -> None:
    now = outbox.letters(session.tx, trip.lane.name, 1)[0]  # they may have gone on meanwhile
    outbox.set_payload(session.tx, now.id, now.payload | {"shown": True})
    outbox.mark_pending(session.tx, [now.id])
    lanes.put_off(session.tx, trip.lane, max(moment(now.payload["until"]), session.now + timedelta(seconds=1)))
