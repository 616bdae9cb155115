"""Albums that nothing more belongs to are brought before the rules, as the one message that each is."""

from bridge import albums
from bridge.courier.trip import Kitbag, Trip
from bridge.customer_events import said
from bridge.session import Session
from bridge.store import conversations, lanes, outbox
from bridge.store.lanes import Lane


def pack(session: Session, lane: Lane) -> Trip:
    """What was gathered, once there is quiet. Where nobody was there to look, the rest may only be coming now."""
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return Trip(lane, ())
    again = albums.until(letters[-1], session.now)
    if again is None and albums.overdue(letters[-1], session.now):
        outbox.mark_missed(session.tx, [letters[-1].id])
        again = session.now + albums.QUIET
    return Trip(lane, () if again else letters, again=again)


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Have it said, unless something else in the chat has just ended it."""
    await bag.settle(trip, lambda session: _said(session, trip))


def _said(session: Session, trip: Trip) -> None:
    """The conversation is locked first, as it is by whoever takes what customers say."""
    _, contact = conversations.by_id(session.tx, int(trip.lane.of), kept=True)
    gone = outbox.drop(session.tx, trip.ids)
    if gone and (album := albums.one(trip.letters)):
        said(session, contact.channel, album)
    lanes.finish(session.tx, trip.lane, gone)
