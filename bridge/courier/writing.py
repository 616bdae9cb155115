"""On the card: that the customer is writing. Drawn once, and taken away when they are not any more.

It has a pace of its own, so small that nothing else is drawn later because of it. What comes too late is dropped. Once
it may stand there the lane is one that `wrote`, which waits for no pace; and it is taken away as cards are drawn: so
what a card says last is how things are.
"""

from dataclasses import replace

from bridge.courier.card import card_of
from bridge.courier.trip import Kitbag, Trip, log
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
    until, shown = moment(letters[0].payload["until"]), letters[0].attempts > 0
    if session.now < until:
        if shown:
            return Trip(lane, (), again=until)
        card, thread = card_of(session, int(lane.of))
        if thread and card.state == "claimed":
            return Trip(lane, letters, (replace(card, writes=True), thread))
    elif shown:  # or it may be
        outbox.put_once(session.tx, f"card:{lane.of}", "card", {}, session.house.new_key(), session.now)
    return Trip(lane, (), dropped=outbox.drop(session.tx, [it.id for it in letters]))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Redraw the card. Where that fails it stays as it is, or is drawn without this soon: nothing is lost."""
    card, thread = trip.errand
    try:
        await bag.workspace.redraw(thread, card)
    except DeliveryError as error:
        log.warning("writing.not_shown", lane=trip.lane.name, reason=str(error))
    await bag.settle(trip, lambda session: _shown(session, trip))


def _shown(session: Session, trip: Trip) -> None:
    outbox.mark_pending(session.tx, trip.ids)
    now = outbox.letters(session.tx, trip.lane.name, 1)[0]  # they may have gone on meanwhile
    lanes.put_off(session.tx, trip.lane, moment(now.payload["until"]))
    lanes.send_by(session.tx, trip.lane, "wrote")
