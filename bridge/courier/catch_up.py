"""Reads what people did in a thread while we could not hear: Slack repeats an event three times, then no more.

The whole thread is read: what came since, on another socket or while this waited, may be newer than what was missed.
What is known already is a repeat under its natural key, and changes nothing.
"""

from functools import partial

from bridge.courier.trip import Kitbag, Trip, log
from bridge.desk import Desk
from bridge.errors import ChannelGone, NotYet, StoreAway, ThreadGone, TryLater, Uncertain, Undeliverable
from bridge.moving import refused
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.lanes import Lane

TOGETHER = 200  # threads written down in one transaction: others want to write, too


def look_into(session: Session, number: int) -> None:
    """Have one handoff's thread read."""
    outbox.put_once(session.tx, f"missed:{number}", "missed", {}, session.house.new_key(), session.now)


async def look_into_all(desk: Desk) -> None:
    """Have every live thread read, the claimed ones first. For the start, and whenever we were deaf."""
    for state in ("claimed", "queued"):
        below = None
        while numbers := await desk.within(partial(_look_into_some, state, below)):
            below = numbers[-1]


def _look_into_some(state: str, below: int | None, session: Session) -> list[int]:
    numbers = conversations.with_thread(session.tx, state, below, TOGETHER)
    for number in numbers:
        look_into(session, number)
    return numbers


def pack(session: Session, lane: Lane) -> Trip:
    """Which thread to read, and what is known of it: of that, what is not there any more was deleted."""
    thread, conversation, _ = conversations.thread_of(session.tx, int(lane.of))
    known = messages.typed_in(session.tx, int(lane.of), conversation)
    return Trip(lane, outbox.letters(session.tx, lane.name), (thread, known))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Read one thread, and hand in what people wrote."""
    thread, known = trip.errand
    if thread is None:
        await bag.done(trip)
        return
    try:
        await bag.desk.agents_did(await bag.workspace.missed(thread, thread.ts, known))
    except (ChannelGone, ThreadGone) as error:
        log.warning("thread.gone", lane=trip.lane.name, reason=str(error))
        number, why = int(trip.lane.of), error
        await bag.done(trip, lambda session: refused(session, number, thread, thread.channel, why))
    except Undeliverable as error:
        log.warning("thread.unreadable", lane=trip.lane.name, reason=str(error))
        await bag.done(trip)
    except TryLater as error:
        await bag.put_off(trip, error, pause=True)
    except (Uncertain, NotYet, StoreAway) as error:
        await bag.put_off(trip, TryLater(str(error)))
    else:
        await bag.done(trip)
