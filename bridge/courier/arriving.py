"""A customer's file into the thread, exactly once: fetched, uploaded where nobody sees it, noted here, then shown.

What the workspace calls it is written down before it is shown. So a try without an answer is looked up under that
name. What cannot be carried becomes a line that says so.
"""

from dataclasses import dataclass

from bridge.courier.passage import TRIES, NotFetched
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import ChannelGone, DeliveryError, ThreadGone, TryLater, Uncertain, Undeliverable
from bridge.files import described
from bridge.ports import Place, Shared
from bridge.session import Session
from bridge.store import files, lanes, outbox
from bridge.store.files import Passing
from bridge.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file, and whose it is."""

    passing: Passing
    way: str  # the customer's channel
    whose: Shared


def read_up(session: Session, channel: str, letter: Letter) -> Arriving:
    """What there is to know of it."""
    passing = files.get(session.tx, letter.payload["file"])
    whose = Shared(letter.payload["name"], session.house.doorway(channel).label, passing.file.kind)
    return Arriving(passing, channel, whose)


async def show(bag: Kitbag, trip: Trip, arriving: Arriving, thread: Place) -> Place:
    """Have it seen in the thread, if it is not already."""
    upload, before = arriving.passing.upload, bool(arriving.passing.upload)
    if upload:
        seen = await _look_up(bag, upload, thread)
        if seen:
            return thread
        if seen is None:
            upload, before = "", False
    if not upload:
        upload = await _upload(bag, trip, arriving)
    if not await bag.workspace.share(upload, thread, arriving.whose):
        await _not_seen(bag, trip, before)
    return thread


async def _look_up(bag: Kitbag, upload: str, thread: Place) -> bool | None:
    """A look-up that fails leaves it in doubt: then nothing is shown."""
    try:
        return await bag.workspace.shown(upload, thread)
    except (ChannelGone, ThreadGone, TryLater):
        raise
    except DeliveryError as error:
        raise TryLater(str(error)) from None


async def _upload(bag: Kitbag, trip: Trip, arriving: Arriving) -> str:
    channel, file = bag.channels.get(arriving.way), arriving.passing.file
    if channel is None:
        raise NotFetched("The channel that it came from is off.")
    async with bag.passage.holding(file, channel.fetch(file)) as loaded:
        upload = await bag.workspace.upload(loaded)
    await _note(bag, trip, arriving.passing.id, upload)
    return upload


async def _note(bag: Kitbag, trip: Trip, file: int, upload: str) -> None:
    """From here on we can find out whether people see it."""
    noted = False

    def work(session: Session) -> None:
        nonlocal noted
        lanes.keep(session.tx, trip.lane)
        noted = outbox.find(session.tx, trip.first.key) is not None
        files.set_upload(session.tx, file, upload)

    await bag.settle(trip, work)
    if not noted:
        raise Uncertain("The lane is somebody else's by now.")


async def _not_seen(bag: Kitbag, trip: Trip, before: bool) -> None:
    """The workspace says that it has shown it, or that there is nothing to show."""
    if not before:  # it was uploaded just now: once more, from the beginning
        await bag.settle(trip, lambda session: files.set_upload(session.tx, trip.errand.file.passing.id, ""))
    if trip.first.attempts >= TRIES:
        raise Undeliverable("It was uploaded, but does not appear.")
    raise TryLater("The file is not seen yet.")


async def not_fetched(bag: Kitbag, trip: Trip, error: NotFetched) -> None:
    """Later, and not for ever: other lines wait behind it."""
    if trip.first.attempts >= TRIES:
        await say_instead(bag, trip, str(error))
    else:
        await bag.put_off(trip, error)


async def say_instead(bag: Kitbag, trip: Trip, why: str) -> None:
    """A line in its place, which says what there was and why it is not here."""
    arriving: Arriving = trip.errand.file
    log.warning("file.not_shown", lane=trip.lane.name, reason=why)
    quote = f"{arriving.whose.name}: {described(arriving.passing.file)}"
    text = f"A file of the customer's cannot be shown here. {why}"

    def work(session: Session) -> None:
        notice = {"text": text, "quote": quote, "choices": [], "pings": []}
        outbox.rewrite(session.tx, trip.first.id, "notice", notice)
        lanes.put_off(session.tx, trip.lane, session.now)

    await bag.settle(trip, work)
