"""Looks up which templates a customer can be sent, and puts them into the window that is open for it."""

from bridge.courier.asked import asked_lately
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import DeliveryError
from bridge.i18n import packed, t
from bridge.ports import Agent, Place, Role
from bridge.session import Session
from bridge.store import conversations
from bridge.store.lanes import Lane
from bridge.windows.template import offered, unknown


def pack(session: Session, lane: Lane) -> Trip:
    """What somebody wants to choose from."""
    left, dropped = asked_lately(session, lane)
    handoff = conversations.handoff(session.tx, left[0].payload["number"]) if left else None
    if handoff is None:
        return Trip(lane, (), dropped=dropped)
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    return Trip(lane, left, contact.channel, dropped)


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Ask the channel, which may know them already."""
    asked, channel = trip.first.payload, bag.channels.get(trip.errand)
    number, search = asked["number"], asked["search"]
    try:
        found = await channel.templates() if channel and channel.can.templates else ()
        about = offered(number, search, found, asked["chosen"])
    except DeliveryError as error:
        log.warning("templates.unknown", channel=trip.errand, reason=str(error))
        about = unknown(number, search, packed(error.args[0] if error.args else t("there is no answer.")))
    agent = Agent(asked["agent"], "", Role(asked["role"]), asked.get("language", ""))
    window = asked["window"]
    await bag.done(trip, lambda session: session.form("template", about, agent, "", Place("", ""), window))
