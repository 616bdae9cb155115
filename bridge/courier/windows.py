"""Windows, the app's own page and the board: drawn from the state in the moment they go out. All may be repeated."""

from dataclasses import replace

from bridge.courier.agents import tried
from bridge.courier.asked import asked_lately
from bridge.courier.trip import Kitbag, Trip
from bridge.i18n import speaking, t
from bridge.ports import Agent, Place, Role, Whisper
from bridge.session import Session
from bridge.store import duty, outbox
from bridge.store.lanes import Lane
from bridge.windows import drawn
from bridge.windows.desk import board, home

TOO_LATE = t("That took too long, so Slack opened no window. Press it once more.")


def pack_form(session: Session, lane: Lane) -> Trip:
    """The next window of one person."""
    left, dropped = asked_lately(session, lane)
    if not left:
        return Trip(lane, (), dropped=dropped)
    asked = left[0].payload
    agent = Agent(lane.of, "", Role(asked["role"]), asked.get("language", ""))
    form = drawn(session, agent, asked["form"], asked["about"])
    return Trip(lane, left, replace(form, id=left[0].key), dropped)


async def serve_form(bag: Kitbag, trip: Trip) -> None:
    """Open it, or draw the open one anew. A click that came too late to open one is told so."""
    asked, workspace = trip.first.payload, bag.workspace

    async def show() -> None:
        if not await workspace.show_form(asked["answer_to"], asked["trigger"], trip.errand):
            where = (asked["channel"], asked["thread"])
            await workspace.tell(Whisper(trip.lane.of, *where, TOO_LATE, answer_to=asked["answer_to"]))

    await tried(bag, trip, show())


def pack_home(session: Session, lane: Lane) -> Trip:
    """The page of one person as things are now, once for all that has changed."""
    letters = outbox.letters(session.tx, lane.name)
    if not letters:
        return Trip(lane, ())
    latest = letters[-1].payload
    agent = Agent(lane.of, latest["name"], Role(latest["role"]), latest.get("language", ""))
    with speaking(agent.language):
        return Trip(lane, letters, replace(home(session, agent), language=agent.language))


async def serve_home(bag: Kitbag, trip: Trip) -> None:
    """Publish it."""
    await tried(bag, trip, bag.workspace.show_home(trip.lane.of, trip.errand))


def pack_board(session: Session, lane: Lane) -> Trip:
    """What waits and who has what, once for all that has changed."""
    letters = outbox.letters(session.tx, lane.name)
    with speaking(session.house.language):
        return Trip(lane, letters, (duty.board(session.tx), board(session)))


async def serve_board(bag: Kitbag, trip: Trip) -> None:
    """Draw it anew; where there is none, post and pin one, but look first whether an earlier try arrived."""
    (known, drawn), first, workspace = trip.errand, trip.first, bag.workspace
    shown: list[Place] = []

    async def show() -> None:
        place = known
        if place is None and first.in_doubt:
            place = await workspace.find(None, first.key, first.at)
        shown.append(await workspace.show_board(place, drawn, first.key))
        if shown[0] != known:
            await workspace.pin(shown[0])

    await tried(bag, trip, show(), lambda session: duty.set_board(session.tx, shown[0]))
