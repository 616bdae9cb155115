"""To the thread: the card first, then the transcript, then lines and notices in order. Lines that wait are joined.

Every post carries its key in the message's metadata, so that one that got no answer is looked up before it is repeated:
twice, because a request that nobody waits for any more may still be on its way; what comes even later is taken away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.content import Author, Line
from bridge.courier import arriving, customers_file, transcript_file, twice
from bridge.courier.arriving import Arriving
from bridge.courier.card import card_of
from bridge.courier.catch_up import look_into
from bridge.courier.passage import NotFetched
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import ChannelGone, DeliveryError, ThreadGone, TryLater, Uncertain, Undeliverable
from bridge.i18n import unpacked
from bridge.moving import refused
from bridge.ports import Card, Choice, Lines, Notice, Place, Post, Transcript
from bridge.session import Session
from bridge.store import contacts, conversations, lanes, messages, outbox, shown, threads
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter
from bridge.to_agents import show_fate, watch

MOST_LINES, MOST_TEXT = 20, 2500  # joined into one post
WORTH_SAYING = timedelta(days=1)  # of a notice: an archived channel or a bot that was removed is mended by then


@dataclass(frozen=True, slots=True)
class Errand:
    """The next post."""

    thread: Place | None
    channel: str  # the queue channel
    card: Card | None = None
    post: Post | None = None
    file: Arriving | None = None


def pack(session: Session, lane: Lane) -> Trip:
    """The next post of a thread. Joined lines go under the key of the first."""
    number = int(lane.of)
    letters = outbox.letters(session.tx, lane.name, MOST_LINES)
    letters, dropped = _without_the_vain(session, letters)
    if not letters:
        return Trip(lane, (), dropped=dropped)
    thread, conversation, channel = conversations.thread_of(session.tx, number)
    if thread is None and letters[0].kind != "open":  # put in just when the handoff was to get a new card
        letters = outbox.card_of_lane(session.tx, lane.name) or letters
    together = _together(letters)
    label = session.house.doorway(channel).label
    queue = thread.channel if thread else _queue(session, number)
    card = card_of(session, number)[0] if together[0].kind == "open" else None
    file = _file(session, lane, channel, together[0])
    errand = Errand(thread, queue, card, _written(session, conversation, label, together), file)
    return Trip(lane, together, errand, dropped, freight=file is not None)


def _without_the_vain(session: Session, letters: list[Letter]) -> tuple[list[Letter], int]:
    """What was said is in the thread: the file of it holds up nothing for long."""
    if letters and letters[0].kind == "transcript_file" and letters[0].attempts >= transcript_file.TRIES:
        log.warning("transcript.not_shown", lane=letters[0].lane)
        return letters[1:], outbox.drop(session.tx, [letters[0].id])
    return letters, 0


def _file(session: Session, lane: Lane, channel: str, letter: Letter) -> Arriving | None:
    match letter.kind:
        case "file":
            return customers_file.read_up(session, channel, letter)
        case "transcript_file":
            return transcript_file.read_up(session, lane, letter)
        case _:
            return None


def _queue(session: Session, number: int) -> str:
    """The channel for a card. It is written down before the card is sent: that is where to look for it."""
    route, channel = threads.queue_of(session.tx, number)
    if not channel:
        channel = session.house.queues.id_of(route)
        threads.send_to(session.tx, number, channel)
    return channel


def _together(letters: Sequence[Letter]) -> list[Letter]:
    """Lines may share a post; those in doubt are exactly the ones that shared one before."""
    first = letters[0]
    if first.kind != "line":
        return [first]
    joined, size = [first], len(_text(first))
    for letter in letters[1:]:
        if letter.kind != "line" or letter.in_doubt != first.in_doubt:
            break
        size += len(_text(letter))
        if size > MOST_TEXT and not first.in_doubt:
            break
        joined.append(letter)
    return joined


def _written(session: Session, conversation: int, label: str, letters: Sequence[Letter]) -> Post | None:
    payload = letters[0].payload
    match letters[0].kind:
        case "line":
            return Lines(tuple(_line(letter) for letter in letters), label)
        case "transcript":
            said = messages.lines(session.tx, conversation, payload["upto"])
            more = len(said) == messages.AT_ONCE
            before = messages.count(session.tx, conversation, payload["upto"]) - len(said) if more else 0
            return Transcript(tuple(said), label, before)
        case "notice" | "retold":
            told = unpacked(payload)
            choices = tuple(Choice(**choice) for choice in told["choices"])
            return Notice(told["text"], told["quote"], choices, tuple(told.get("pings", ())))
        case _:
            return None


def _line(letter: Letter) -> Line:
    payload, at = letter.payload, datetime.fromisoformat(letter.payload["at"])
    author = Author(payload["author"], unpacked(payload["name"]))
    return Line(author, _text(letter), at, since=unpacked(payload.get("since", "")))


def _text(letter: Letter) -> str:
    return unpacked(letter.payload["text"])


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Post once."""
    try:
        place = await _once(bag, trip)
    except NotFetched as error:
        await bag.put_off(trip, error)
    except TryLater as error:
        await bag.put_off(trip, error, pause=True)
    except (ChannelGone, ThreadGone) as error:
        await _gone(bag, trip, error)
    except Undeliverable as error:
        await _refused(bag, trip, error)
    except Uncertain as error:
        await bag.wait(trip, bag.later(trip, TryLater(str(error))))
    except _NotThere:
        await bag.settle(trip, lambda session: _missed(session, trip, bag.clock() + bag.pacing.apart))
    else:
        if isinstance(trip.errand.post, Transcript) and not bag.workspace.shows_all(trip.errand.post):
            await _file_follows(bag, trip)
        else:
            await bag.done(trip, lambda session: _posted(session, trip, place, bag.pacing.apart))


async def _file_follows(bag: Kitbag, trip: Trip) -> None:
    """The post had no room for all that was said: a file with it takes its place, before what is behind it."""
    payload = {"upto": trip.first.payload["upto"], "upload": ""}

    def work(session: Session) -> None:
        outbox.rewrite(session.tx, trip.first.id, "transcript_file", payload)
        lanes.put_off(session.tx, trip.lane, session.now)

    await bag.settle(trip, work)


async def _once(bag: Kitbag, trip: Trip) -> Place:
    """Post, but look first whether an earlier try arrived."""
    workspace, first, errand = bag.workspace, trip.first, trip.errand
    if errand.file and errand.thread:
        return await arriving.show(bag, trip, errand.file, errand.thread)
    if first.kind == "retold" and errand.thread and errand.post and first.payload["channel"] == errand.thread.channel:
        place = Place(first.payload["channel"], first.payload["ts"])
        await workspace.repost(place, errand.post)
        return place
    if first.in_doubt:
        if found := await _look_up(bag, trip):
            return found
        if first.state != "missed":
            raise _NotThere
    if first.kind == "open":
        return await workspace.open_thread(errand.card, first.key, errand.channel)
    if errand.thread is None or errand.post is None:
        raise Undeliverable("the thread was never opened")
    return Place(errand.thread.channel, await workspace.post(errand.thread, errand.post, first.key))


async def _look_up(bag: Kitbag, trip: Trip) -> Place | None:
    """What an earlier try may have posted. A look-up that fails leaves it in doubt: then nothing is posted."""
    try:
        return await bag.workspace.find(trip.errand.thread, trip.first.key, trip.first.at, trip.errand.channel)
    except (ChannelGone, ThreadGone):
        raise
    except DeliveryError as error:
        raise Uncertain(str(error)) from None


class _NotThere(Exception):
    """An earlier try was looked for, once, and has not arrived."""


def _missed(session: Session, trip: Trip, until: datetime) -> None:
    outbox.mark_missed(session.tx, trip.ids)
    lanes.put_off(session.tx, trip.lane, until)


def _posted(session: Session, trip: Trip, place: Place, apart: timedelta) -> None:
    number = int(trip.lane.of)
    if trip.first.state == "missed":  # it was repeated, and the earlier try may yet arrive
        twice.look_out(session, trip, place, apart)
    if message := trip.first.payload.get("message"):
        messages.set_source(session.tx, message, place)
        show_fate(session.tx, number, message, session.house.new_key(), session.now)
        watch(session.tx, conversations.thread_of(session.tx, number)[1], session.now)
    if said := next((it.payload["said"] for it in reversed(trip.letters) if it.payload.get("said")), 0):
        shown.stands(session.tx, said, number, place)
    if trip.first.kind != "open":
        return
    conversations.set_thread(session.tx, number, place)
    _link_former(session, number)
    now, _ = card_of(session, number)
    if now != trip.errand.card or trip.first.in_doubt:  # it changed while it was being posted
        outbox.put_once(session.tx, f"card:{number}", "card", {}, session.house.new_key(), session.now)
    if trip.first.in_doubt:  # people may have written under it before we knew it
        look_into(session, number)


def _link_former(session: Session, number: int) -> None:
    """The cards of this customer's handoffs before lead to this one, as soon as there is somewhere to lead to."""
    _, conversation, _ = conversations.thread_of(session.tx, number)
    earlier, later = conversations.others(session.tx, number, conversation)
    elsewhere = contacts.elsewhere(session.tx, conversation, contacts.identities(session.tx, conversation))
    for former in (*earlier, *elsewhere) if later is None else ():
        if former.thread:
            outbox.put_once(session.tx, f"card:{former.number}", "card", {}, session.house.new_key(), session.now)


async def _gone(bag: Kitbag, trip: Trip, error: ChannelGone | ThreadGone) -> None:
    """The thread or its channel is lost: the same elsewhere, at once. Where there is no other place, it waits."""
    moved = False

    def work(session: Session) -> None:
        nonlocal moved
        moved = refused(session, int(trip.lane.of), trip.errand.thread, trip.errand.channel, error)
        if moved:
            outbox.mark_pending(session.tx, trip.ids)
            lanes.put_off(session.tx, trip.lane, session.now)

    await bag.settle(trip, work)
    if not moved:
        await _refused(bag, trip, error)


async def _refused(bag: Kitbag, trip: Trip, error: Undeliverable) -> None:
    """The workspace takes it never: said loudly, and tried again, for what a customer wrote is not thrown away."""
    log.error("workspace.refused", lane=trip.lane.name, kind=trip.first.kind, reason=str(error))
    if trip.errand.file and trip.errand.thread:
        await arriving.give_up(bag, trip, trip.errand.file, error)
    elif trip.first.kind == "notice" and bag.clock() - trip.first.at > WORTH_SAYING:
        await bag.done(trip)
    elif trip.first.in_doubt:  # an earlier try may have arrived, and cannot be looked for now
        await bag.wait(trip, bag.later(trip, TryLater(str(error))))
    else:
        await bag.put_off(trip, TryLater(str(error)))
