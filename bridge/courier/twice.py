"""Takes away what stands in the workspace twice: an earlier try that arrived only after it was looked for and repeated.

Looked for once, when a request that nobody waits for any more can hardly be on its way. What we know of stays.
"""

from datetime import datetime, timedelta

from bridge.courier.agents import tried
from bridge.courier.trip import Kitbag, Trip
from bridge.ports import Place
from bridge.session import Session
from bridge.store import outbox
from bridge.store.lanes import Lane

LATER = 3  # times as long as between the two looks before it was repeated


def look_out(session: Session, trip: Trip, place: Place, apart: timedelta) -> None:
    """The first letter of this trip, which stands there now, was repeated."""
    thread, first = trip.errand.thread, trip.first
    payload = {
        "channel": place.channel,
        "ts": place.ts,
        "thread": thread.ts if thread else "",
        "since": first.at.isoformat(),
    }
    due = session.now + LATER * apart
    outbox.put(session.tx, f"twice:{first.key}", "twice", payload, session.house.new_key(), session.now, due=due)


def pack(session: Session, lane: Lane) -> Trip:
    """Where to look, and what stays."""
    return Trip(lane, outbox.letters(session.tx, lane.name))


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Have all others with this key taken away."""
    told = trip.first.payload
    kept = Place(told["channel"], told["ts"])
    thread = Place(told["channel"], told["thread"]) if told["thread"] else None
    since = datetime.fromisoformat(told["since"])
    await tried(bag, trip, bag.workspace.keep_one(kept, thread, trip.lane.of, since))
