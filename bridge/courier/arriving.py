"""A file into the thread, exactly once: uploaded where nobody sees it, noted here, then shown.

What the workspace calls it is written down before it is shown. So a try without an answer is looked up under that
name. What cannot be carried is given up, and what is said in its place goes out instead.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bridge.courier.passage import TRIES, NotFetched
from bridge.courier.trip import Kitbag, Trip, log
from bridge.errors import ChannelGone, DeliveryError, ThreadGone, TryLater, Uncertain, Undeliverable
from bridge.files import Loaded
from bridge.i18n import t
from bridge.ports import Place, Shared
from bridge.session import Session
from bridge.store import lanes, outbox


class Arriving(Protocol):
    """A file on its way into a thread."""

    @property
    def upload(self) -> str:
        """What the workspace calls our copy; blank: there is none that counts."""
        ...

    @property
    def whose(self) -> Shared:
        """Whose it is."""
        ...

    @property
    def patience(self) -> float | None:
        """Seconds for a try; None: as long as fetching and sending allow themselves."""
        ...

    def loaded(self, bag: Kitbag) -> AbstractAsyncContextManager[Loaded]:
        """Its content, for as long as it is needed."""
        ...

    def note(self, session: Session, upload: str) -> None:
        """Write down what the workspace calls it; blank: forget it."""
        ...

    def instead(self, why: str) -> Mapping[str, object] | None:
        """The notice in its place, if one has to be."""
        ...


async def show(bag: Kitbag, trip: Trip, arriving: Arriving, thread: Place) -> Place:
    """Have it seen in the thread, if it is not already."""
    upload, before = arriving.upload, bool(arriving.upload)
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
    try:
        async with asyncio.timeout(arriving.patience), arriving.loaded(bag) as loaded:
            upload = await bag.workspace.upload(loaded)
    except TimeoutError:
        raise TryLater("It took too long.") from None
    await _note(bag, trip, arriving, upload)
    return upload


async def _note(bag: Kitbag, trip: Trip, arriving: Arriving, upload: str) -> None:
    """From here on we can find out whether people see it."""
    noted = False

    def work(session: Session) -> None:
        nonlocal noted
        lanes.keep(session.tx, trip.lane)
        noted = outbox.find(session.tx, trip.first.key) is not None
        arriving.note(session, upload)

    await bag.settle(trip, work)
    if not noted:
        raise Uncertain("The lane is somebody else's by now.")


async def _not_seen(bag: Kitbag, trip: Trip, before: bool) -> None:
    """The workspace says that it has shown it, or that there is nothing to show."""
    if not before:  # it was uploaded just now: once more, from the beginning
        await bag.settle(trip, lambda session: trip.errand.file.note(session, ""))
    if trip.first.attempts >= TRIES:
        raise Undeliverable(t("It was uploaded, but does not appear."))
    raise TryLater("The file is not seen yet.")


async def not_fetched(bag: Kitbag, trip: Trip, error: NotFetched) -> None:
    """Later, and not for ever: other lines wait behind it."""
    if trip.first.attempts >= TRIES:
        await give_up(bag, trip, str(error))
    else:
        await bag.put_off(trip, error)


async def give_up(bag: Kitbag, trip: Trip, why: str) -> None:
    """It is not shown; what is said in its place is, and at once."""
    log.warning("file.not_shown", lane=trip.lane.name, reason=why)
    notice = trip.errand.file.instead(why)

    def work(session: Session) -> None:
        outbox.rewrite(session.tx, trip.first.id, "notice", notice)
        lanes.put_off(session.tx, trip.lane, session.now)

    await (bag.settle(trip, work) if notice else bag.done(trip))
