"""Plain messages to one person of the team, or to a whole channel: what must be mended, where a conversation went.

Never dropped.
"""

from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.i18n import unpacked
from bridge.session import Session
from bridge.store import outbox
from bridge.store.lanes import Lane


def pack(session: Session, lane: Lane) -> Trip:
    """The next one."""
    return Trip(lane, outbox.letters(session.tx, lane.name, 1))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Write to one person. Twice is better than perhaps not at all."""
    try:
        await bag.workspace.write_to(trip.lane.of, unpacked(trip.first.payload["text"]))
    except TryLater as error:
        await bag.put_off(trip, error, pause=True)
    except Uncertain as error:
        await bag.put_off(trip, TryLater(str(error)))
    except Undeliverable as error:
        log.error("person.not_told", person=trip.lane.of, reason=str(error))
        await bag.done(trip)
    else:
        await bag.done(trip)
