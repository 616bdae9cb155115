"""Reads what people wrote in a thread while we could not hear: Slack repeats an event three times, then no more.

The whole thread is read: what came since, on another socket or while this waited, may be newer than what was missed.
What is known already is a repeat under its natural key, and changes nothing.
"""

from bridge.courier.trip import Kitbag, log
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.ports import Place
from bridge.session import Session
from bridge.store import conversations, outbox
from bridge.store.outbox import Lane, Letter


def look_into(session: Session, number: int) -> None:
    """Have one handoff's thread read."""
    outbox.put_once(session.tx, f"missed:{number}", "missed", {}, session.house.new_key(), session.now)


def look_into_all(session: Session) -> int:
    """Have every live thread read; return how many there are. For the start, and whenever we were deaf."""
    numbers = conversations.live_handoffs(session.tx)
    for number in numbers:
        look_into(session, number)
    return len(numbers)


async def serve_missed(bag: Kitbag, lane: Lane) -> None:
    """Read one thread, and hand in what people wrote."""
    number = int(lane.name.partition(":")[2])
    await bag.pacing.workspace("reads", "", bag.workspace.limits, bag.order(lane))
    letters, thread = await bag.desk.within(lambda session: _where(session, lane, number))
    if thread is not None and letters:
        try:
            received = await bag.workspace.missed(thread, thread.ts)
        except Undeliverable as error:
            log.warning("thread.unreadable", lane=lane.name, reason=str(error))
        except (TryLater, Uncertain) as error:
            later = error if isinstance(error, TryLater) else TryLater(str(error))
            await bag.put_off(lane, letters, later, ("reads", ""))
            return
        else:
            await bag.desk.agents_did(received)
    await bag.finish(lane, letters)


def _where(session: Session, lane: Lane, number: int) -> tuple[list[Letter], Place | None]:
    handoff = conversations.handoff(session.tx, number)
    letters = outbox.letters(session.tx, lane.name)
    outbox.mark_sending(session.tx, [letter.id for letter in letters])
    return letters, handoff.thread if handoff else None
