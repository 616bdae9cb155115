"""Below a thread: that the customer is writing. It goes when their message is posted; where none comes, we end it.

It has a pace of its own, and nothing waits for it. What comes too late is dropped.
"""

from datetime import timedelta

from bridge.courier.agents import tried
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import DeliveryError, Undeliverable
from bridge.session import Session
from bridge.store import conversations, lanes, outbox
from bridge.store.lanes import Lane
from bridge.store.moments import moment

AT_LEAST = timedelta(seconds=1)  # for which it is shown


def pack(session: Session, lane: Lane) -> Trip:
    """Whether it is to be shown now, or to end, for they have stopped."""
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return Trip(lane, ())
    until, shown = moment(letters[0].payload["until"]), letters[0].payload.get("shown", letters[0].in_doubt)
    writes = session.now < until
    if shown and writes:
        return Trip(lane, (), again=until)
    thread, *_ = conversations.thread_of(session.tx, int(lane.of))
    handoff = conversations.handoff(session.tx, int(lane.of))
    if thread is None or handoff is None or shown == writes or (writes and handoff.state != "claimed"):
        return Trip(lane, (), dropped=outbox.drop(session.tx, [it.id for it in letters]))
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    return Trip(lane, letters[:1], (thread, contact.name if writes else ""))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Show it, or end it. What was certainly not shown is not tried again."""
    thread, name = trip.errand
    if not name:
        await tried(bag, trip, bag.workspace.show_writing(thread, ""))
        return
    try:
        await bag.workspace.show_writing(thread, name)
    except Undeliverable:
        await bag.done(trip)
        return
    except DeliveryError as error:  # it may be there all the same
        log.warning("writing.not_shown", lane=trip.lane.name, reason=str(error))
    await bag.settle(trip, lambda session: _shown(session, trip))


def _shown(session: Session, trip: Trip) -> None:
    now = outbox.letters(session.tx, trip.lane.name, 1)[0]  # they may have gone on meanwhile
    outbox.set_payload(session.tx, now.id, now.payload | {"shown": True})
    outbox.mark_pending(session.tx, [now.id])
    lanes.put_off(session.tx, trip.lane, max(moment(now.payload["until"]), session.now + AT_LEAST))
