"""Has the summary of a handoff made, and the card redrawn with it."""

from bridge.courier.trip import Kitbag, Trip
from bridge.ports import Summary
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.lanes import Lane


def pack(session: Session, lane: Lane) -> Trip:
    """What there is to summarise."""
    letters = outbox.letters(session.tx, lane.name)
    handoff = conversations.handoff(session.tx, int(lane.of))
    if not letters or handoff is None:
        return Trip(lane, ())
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    since = conversations.told_upto(session.tx, handoff.conversation)
    return Trip(lane, letters, (contact.name, messages.heard(session.tx, handoff.conversation, after=since)))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Summarise one handoff."""
    if bag.summariser is None:  # the model was taken away; the card has the offline form
        await bag.done(trip)
        return
    customer, lines = trip.errand
    summary = await bag.summariser.summarise(customer, lines)
    await bag.done(trip, lambda session: _keep(session, int(trip.lane.of), summary))


def _keep(session: Session, number: int, summary: Summary) -> None:
    conversations.set_summary(session.tx, number, summary)
    outbox.put_once(session.tx, f"card:{number}", "card", {}, session.house.new_key(), session.now)
