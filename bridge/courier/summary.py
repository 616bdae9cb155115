"""Has the summary of a handoff made, and the card redrawn with it."""

from bridge.content import Line
from bridge.courier.trip import Kitbag
from bridge.ports import Summary
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.outbox import Lane, Letter


async def serve_summary(bag: Kitbag, lane: Lane) -> None:
    """Summarise one handoff."""
    number = int(lane.name.partition(":")[2])
    found = await bag.desk.within(lambda session: _material(session, lane, number))
    if found is None:
        return
    letters, customer, lines = found
    if bag.summariser is None:  # the model was taken away; the card has the offline form
        await bag.finish(lane, letters)
        return
    summary = await bag.summariser.summarise(customer, lines)
    await bag.desk.within(lambda session: _keep(session, lane, number, letters, summary))


def _material(session: Session, lane: Lane, number: int) -> tuple[list[Letter], str, list[Line]] | None:
    letters = outbox.letters(session.tx, lane.name)
    handoff = conversations.handoff(session.tx, number)
    if not letters or handoff is None:
        return None
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    since = conversations.told_upto(session.tx, handoff.conversation)
    return letters, contact.name, messages.lines(session.tx, handoff.conversation, after=since)


def _keep(session: Session, lane: Lane, number: int, letters: list[Letter], summary: Summary) -> None:
    outbox.done(session.tx, lane.name, [letter.id for letter in letters], session.now)
    conversations.set_summary(session.tx, number, summary)
    outbox.put_once(session.tx, f"card:{number}", "card", {}, session.house.new_key(), session.now)
