"""To agents: the card's newest state, marks on their messages, and private words. All but the last may be repeated."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from bridge.courier.card import card_of
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.fate import THERE, mark_of
from bridge.i18n import unpacked
from bridge.ports import Choice, Mark, Place, Whisper
from bridge.session import Session
from bridge.store import fates, outbox
from bridge.store.fates import Fate
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter
from bridge.to_agents import MARKS_WAIT, SLOW, show_fate

MARKS: tuple[Mark, ...] = get_args(Mark)
MOST_MARKS = 5  # that wait in one thread before it is too many
WORTH_SAYING = timedelta(minutes=30)  # an answer to a click is of no use later


def pack_card(session: Session, lane: Lane) -> Trip:
    """A card as it is now, once for all that has changed."""
    letters = outbox.letters(session.tx, lane.name)
    return Trip(lane, letters, card_of(session, int(lane.of)))


async def serve_card(bag: Kitbag, trip: Trip) -> None:
    """Redraw a card."""
    card, thread = trip.errand
    if thread is None:  # not posted yet: it will be drawn from the newest state
        await bag.done(trip)
    else:
        await tried(bag, trip, bag.workspace.redraw(thread, card))


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The mark that is to stand on an agent's message, if any, and those to take away."""

    place: Place
    marks: tuple[Mark, ...]
    others: tuple[Mark, ...]

    @property
    def is_news(self) -> bool:
        """Whether it is good news, and nothing is wrong if it is never drawn."""
        return bool(self.marks) and THERE.issuperset(self.marks) and THERE.issuperset(self.others)


def pack_mark(session: Session, lane: Lane) -> Trip:
    """The next mark in a thread, as things are now. Where much good news waits, the newest speaks for all."""
    letters = outbox.letters(session.tx, lane.name)
    if again := _more_may_come(letters, session.now):
        return Trip(lane, (), again=again)
    known = fates.of_messages(session.tx, [letter.payload["message"] for letter in letters])
    drawn = {it.id: new for it in letters if (new := _redrawn(it, known.get(it.payload["message"])))}
    good = [it.id for it in letters if it.id in drawn and drawn[it.id].is_news and not it.in_doubt]
    for letter in good[:-1] if len(good) > MOST_MARKS else ():
        del drawn[letter]
    dropped = outbox.drop(session.tx, [it.id for it in letters if it.id not in drawn])
    left = [it for it in letters if it.id in drawn]
    if not left:
        return Trip(lane, (), dropped=dropped)
    new = drawn[left[0].id]
    fates.set_marks(session.tx, left[0].payload["message"], (*new.others, *new.marks), sure=False)
    return Trip(lane, left[:1], new, dropped)


def _more_may_come(letters: Sequence[Letter], now: datetime) -> datetime | None:
    """Until when good news waits that came while the last mark was being drawn. None: it does not, or is none."""
    if not all(it.payload.get("good") and not it.in_doubt for it in letters):
        return None
    young = letters and timedelta() <= now - letters[0].at < MARKS_WAIT  # from the future: the clock was set
    return letters[0].at + MARKS_WAIT if young else None


def _redrawn(letter: Letter, fate: Fate | None) -> Redrawn | None:
    """None: there is nothing to draw."""
    if fate is None:
        return None
    mark = mark_of(fate.state, fate.parts, slow=letter.payload["slow"] or "slow" in fate.marks)
    marks = (mark,) if mark else ()
    if fate.sure and fate.marks == marks:
        return None
    return Redrawn(fate.place, marks, tuple(other for other in MARKS if other in fate.marks and other != mark))


async def serve_mark(bag: Kitbag, trip: Trip) -> None:
    """Put a mark on a message, and take away the one that stood there."""
    new: Redrawn = trip.errand

    async def draw() -> None:
        for mark in new.marks:
            await bag.workspace.mark(new.place, mark, True)
        for other in new.others:
            await bag.workspace.mark(new.place, other, False)

    message = trip.first.payload["message"]
    await tried(bag, trip, draw(), lambda session: fates.set_marks(session.tx, message, new.marks, sure=True))


def pack_slow(session: Session, lane: Lane) -> Trip:
    """Whether something that an agent said is on its way for too long: then they are shown that it is."""
    again: datetime | None = None
    for fate in fates.under_way(session.tx, int(lane.of)):
        if mark_of(fate.state, fate.parts, slow=True) != "slow":
            continue
        if (since := fate.at + SLOW) > session.now:
            again = min(again or since, since)
        else:
            key = session.house.new_key()
            show_fate(session.tx, fate.handoff, fate.message, key, session.now, slow=True)
    return Trip(lane, (), again=again)


def pack_words(session: Session, lane: Lane) -> Trip:
    """The next private word to one person, if it is still worth saying."""
    letters = outbox.letters(session.tx, lane.name)
    late = [letter for letter in letters if session.now - letter.at > WORTH_SAYING]
    dropped = outbox.drop(session.tx, [letter.id for letter in late])
    left = [letter for letter in letters if letter not in late]
    return Trip(lane, left[:1], dropped=dropped)


async def serve_words(bag: Kitbag, trip: Trip) -> None:
    """Tell one person what is for them alone."""
    try:
        await bag.workspace.tell(_whisper(trip.first.payload))
    except Uncertain as error:
        log.warning("whisper.uncertain", lane=trip.lane.name, reason=str(error))  # twice is worse than maybe not
        await bag.done(trip)
    except (TryLater, Undeliverable) as error:
        await _not_done(bag, trip, error)
    else:
        await bag.done(trip)


def _whisper(payload: dict[str, Any]) -> Whisper:
    payload = unpacked(payload)
    choices = tuple(Choice(**choice) for choice in payload["choices"])
    plain = {name: value for name, value in payload.items() if name != "choices"}
    return Whisper(choices=choices, **plain)


async def tried(
    bag: Kitbag, trip: Trip, call: Awaitable[None], then: Callable[[Session], object] = lambda _: None
) -> None:
    """Make a call that may be repeated."""
    try:
        await call
    except Uncertain:
        await bag.put_off(trip, TryLater("no answer; repeating it is harmless"))
    except (TryLater, Undeliverable) as error:
        await _not_done(bag, trip, error)
    else:
        await bag.done(trip, then)


async def _not_done(bag: Kitbag, trip: Trip, error: TryLater | Undeliverable) -> None:
    if isinstance(error, TryLater):
        await bag.put_off(trip, error, pause=True)
    else:
        log.warning("workspace.refused", lane=trip.lane.name, reason=str(error))
        await bag.done(trip)
