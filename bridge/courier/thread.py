"""To the thread: the card first, then the transcript, then lines and notices in order. Lines that wait are joined.

Every post carries its key in the message's metadata, so that one that got no answer is looked up before it is repeated.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.content import Author, Line
from bridge.courier.card import card_of
from bridge.courier.catch_up import look_into
from bridge.courier.trip import Kitbag, log
from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bridge.pacing import order_of
from bridge.ports import Card, Choice, Lines, Notice, Place, Post, Transcript
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.conversations import Handoff
from bridge.store.outbox import Lane, Letter

MOST_LINES, MOST_TEXT = 20, 2500  # joined into one post
WORTH_SAYING = timedelta(days=1)  # of a notice: an archived channel or a bot that was removed is mended by then


@dataclass(frozen=True, slots=True)
class Errand:
    """The next post. Joined lines go under the key of the first."""

    letters: list[Letter]
    thread: Place | None
    card: Card | None = None
    post: Post | None = None

    @property
    def first(self) -> Letter:
        return self.letters[0]


async def serve_thread(bag: Kitbag, lane: Lane) -> None:
    """Post what waits for one thread."""
    number = int(lane.name.partition(":")[2])
    more, order = True, bag.order(lane)
    while more:
        await bag.pacing.workspace("posts", "", bag.workspace.limits, order)
        order = order_of(bag.clock(), lane.claimed)  # after one post, others who wait longer go first
        errand = await bag.desk.within(lambda session: _next(session, lane, number))
        more = errand is not None and await _post(bag, lane, number, errand)


def _next(session: Session, lane: Lane, number: int) -> Errand | None:
    letters = outbox.letters(session.tx, lane.name, MOST_LINES)
    if not letters:
        return None
    together = _together(letters)
    if not together[0].in_doubt:
        outbox.mark_sending(session.tx, [letter.id for letter in together])
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    card = card_of(session, number)[0] if together[0].kind == "open" else None
    return Errand(together, handoff.thread, card, _written(session, handoff, together))


def _together(letters: list[Letter]) -> list[Letter]:
    """Lines may share a post; those in doubt are exactly the ones that shared one before."""
    first = letters[0]
    if first.kind != "line":
        return [first]
    joined, size = [first], len(first.payload["text"])
    for letter in letters[1:]:
        size += len(letter.payload["text"])
        if letter.kind != "line" or letter.in_doubt != first.in_doubt or (size > MOST_TEXT and not first.in_doubt):
            break
        joined.append(letter)
    return joined


def _written(session: Session, handoff: Handoff, letters: list[Letter]) -> Post | None:
    payload = letters[0].payload
    match letters[0].kind:
        case "line":
            return Lines(tuple(_line(letter) for letter in letters), _label(session, handoff.conversation))
        case "transcript":
            said = messages.lines(session.tx, handoff.conversation, payload["upto"])
            return Transcript(tuple(said), _label(session, handoff.conversation))
        case "notice":
            return Notice(payload["text"], payload["quote"], tuple(Choice(**choice) for choice in payload["choices"]))
        case _:
            return None


def _label(session: Session, conversation: int) -> str:
    return session.house.doorway(conversations.by_id(session.tx, conversation)[1].channel).label


def _line(letter: Letter) -> Line:
    payload = letter.payload
    return Line(Author(payload["author"], payload["name"]), payload["text"], datetime.fromisoformat(payload["at"]))


async def _post(bag: Kitbag, lane: Lane, number: int, errand: Errand) -> bool:
    """Post once; True: there is more, and it may go on."""
    try:
        place = await _once(bag, errand)
    except TryLater as error:
        await bag.put_off(lane, errand.letters, error, ("posts", ""))
        return False
    except Undeliverable as error:
        return await _refused(bag, lane, errand, error)
    except Uncertain as error:
        until = bag.later(errand.first.attempts, TryLater(str(error)))
        await bag.desk.within(lambda session: outbox.wait(session.tx, lane.name, until))
        return False
    return await bag.desk.within(lambda session: _posted(session, lane, number, errand, place))


async def _once(bag: Kitbag, errand: Errand) -> Place:
    """Post, but look first whether an earlier try arrived."""
    workspace, first = bag.workspace, errand.first
    if first.in_doubt:
        if found := await _look_up(bag, errand):
            return found
        await bag.desk.within(lambda session: outbox.mark_sending(session.tx, [it.id for it in errand.letters]))
    if first.kind == "open":
        assert errand.card is not None
        return await workspace.open_thread(errand.card, first.key)
    if errand.thread is None or errand.post is None:
        raise Undeliverable("the thread was never opened")
    return Place(errand.thread.channel, await workspace.post(errand.thread, errand.post, first.key))


async def _look_up(bag: Kitbag, errand: Errand) -> Place | None:
    """What an earlier try may have posted. A look-up that fails leaves it in doubt: then nothing is posted."""
    try:
        return await bag.workspace.find(errand.thread, errand.first.key, errand.first.at)
    except DeliveryError as error:
        if isinstance(error, TryLater) and error.after is not None:
            bag.pacing.pause("posts", "", error.after)
        raise Uncertain(str(error)) from None


def _posted(session: Session, lane: Lane, number: int, errand: Errand, place: Place) -> bool:
    outbox.done(session.tx, lane.name, [letter.id for letter in errand.letters], session.now)
    if errand.first.kind == "open":
        conversations.set_thread(session.tx, number, place)
        now, _ = card_of(session, number)
        if now != errand.card or errand.first.in_doubt:  # it changed while it was being posted
            outbox.put_once(session.tx, f"card:{number}", "card", {}, session.house.new_key(), session.now)
        if errand.first.in_doubt:  # people may have written under it before we knew it
            look_into(session, number)
    return outbox.any_in(session.tx, lane.name)


async def _refused(bag: Kitbag, lane: Lane, errand: Errand, error: Undeliverable) -> bool:
    """The workspace takes it never: said loudly, and tried again, for what a customer wrote is not thrown away."""
    log.error("workspace.refused", lane=lane.name, kind=errand.first.kind, reason=str(error))
    if errand.first.kind == "notice" and bag.clock() - errand.first.at > WORTH_SAYING:
        await bag.finish(lane, errand.letters)
        return True
    await bag.put_off(lane, errand.letters, TryLater(str(error)))
    return False
