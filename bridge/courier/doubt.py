"""A message to a customer of which nobody knows whether it arrived: looked up where the channel allows it, else asked
about. Nothing is sent again blindly.
"""

from datetime import datetime, timedelta

from bridge.courier.trip import Kitbag, Trip
from bridge.errors import TryLater
from bridge.ports import CustomerChannel
from bridge.receipts import in_doubt, leave_open
from bridge.session import Session
from bridge.store import afterwards, conversations, lanes, messages, outbox

STATUS_WAIT = timedelta(seconds=15)  # a WhatsApp status comes within seconds of acceptance, when it comes


async def find_out(bag: Kitbag, trip: Trip, channel: CustomerChannel) -> None:
    """What to do with a letter whose fate is unknown."""
    if may_repeat(trip, channel):
        await bag.put_off(trip, TryLater("no answer; repeating it is harmless here"))
    elif channel.can.confirms == "status" and trip.first.state != "uncertain":
        until = bag.clock() + STATUS_WAIT
        await bag.settle(trip, lambda session: _wait_for_status(session, trip, until))
    else:
        await bag.settle(trip, lambda session: _ask(session, trip))


def may_repeat(trip: Trip, channel: CustomerChannel) -> bool:
    """Whether the customer sees nothing of it when it comes twice."""
    return trip.first.kind != "part" or channel.can.confirms == "journal"


def _wait_for_status(session: Session, trip: Trip, until: datetime) -> None:
    if outbox.find(session.tx, trip.first.key) is None:  # a report has settled it meanwhile
        lanes.finish(session.tx, trip.lane, 0)
        return
    for letter in trip.letters:
        outbox.mark_uncertain(session.tx, letter.id)
    lanes.put_off(session.tx, trip.lane, until)


def _ask(session: Session, trip: Trip) -> None:
    """Nobody can know. For an agent's words in a live conversation an agent decides; else it is only recorded."""
    letter, tx = trip.first, session.tx
    if outbox.find(tx, letter.key) is None:  # a report has settled it meanwhile
        lanes.finish(tx, trip.lane, 0)
        return
    said = [it.payload["message"] for it in trip.letters]
    conversation, _ = conversations.of_message(tx, said[0], kept=True)  # else it may just be handed back
    _, handoff, _, _ = messages.source_of(tx, said[0])
    wanted = [it for it in said if not afterwards.is_deleted(tx, it)]  # else nobody wants it to be sent again
    live = conversation.live and handoff == conversation.handoff
    question = bool(wanted) and live and letter.payload["author"] == "agent"
    if wanted:
        in_doubt(session, wanted, letter.key, question)
    if question:
        for it in trip.letters:
            outbox.mark_uncertain(tx, it.id)
        lanes.put_off(tx, trip.lane, None)
        return
    for it in trip.letters:
        leave_open(session, it)
    lanes.finish(tx, trip.lane, outbox.drop(tx, trip.ids))
