"""A file into the thread, or several as one post, exactly once: uploaded where nobody sees it, noted here, then shown.

What the workspace calls it is written down before it is shown. So a try without an answer is looked up under that
name. What cannot be carried is given up, and what is said in its place goes out instead.
"""

import asyncio
from collections.abc import Mapping, Sequence
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


class NotCarried(Undeliverable):
    """One of them never will be; the others may."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why)
        self.number = number


class Arriving(Protocol):
    """One file or several on their way into a thread, which are shown as one post."""

    @property
    def uploads(self) -> Sequence[str]:
        """What the workspace calls our copy of each; blank: there is none that counts."""
        ...

    @property
    def whose(self) -> Shared:
        """Whose they are."""
        ...

    @property
    def patience(self) -> float | None:
        """Seconds for each; None: as long as fetching and sending allow themselves."""
        ...

    def loaded(self, bag: Kitbag, number: int) -> AbstractAsyncContextManager[Loaded]:
        """The content of one, for as long as it is needed."""
        ...

    def note(self, session: Session, number: int, upload: str) -> None:
        """Write down what the workspace calls it; blank: forget it."""
        ...

    def instead(self, why: str, number: int | None) -> Mapping[str, object] | None:
        """The notice in the place of one, or of all, if one has to be."""
        ...

    def without(self, number: int) -> Mapping[str, object] | None:
        """What is left to be shown without this one, as a letter's payload; None: nothing is."""
        ...


async def show(bag: Kitbag, trip: Trip, arriving: Arriving, thread: Place) -> Place:
    """Have it seen in the thread, if it is not already."""
    uploads = list(arriving.uploads)
    before = all(uploads)
    if before:
        seen = await _look_up(bag, uploads[0], thread)
        if seen:
            return thread
        if seen is None:
            uploads, before = [""] * len(uploads), False
    for number, upload in enumerate(uploads):
        uploads[number] = upload or await _upload(bag, trip, arriving, number)
    if not await bag.workspace.share(uploads, thread, arriving.whose):
        await _not_seen(bag, trip, arriving, before)
    return thread


async def _look_up(bag: Kitbag, upload: str, thread: Place) -> bool | None:
    """A look-up that fails leaves it in doubt: then nothing is shown."""
    try:
        return await bag.workspace.shown(upload, thread)
    except (ChannelGone, ThreadGone, TryLater):
        raise
    except DeliveryError as error:
        raise TryLater(str(error)) from None


async def _upload(bag: Kitbag, trip: Trip, arriving: Arriving, number: int) -> str:
    try:
        async with asyncio.timeout(arriving.patience), arriving.loaded(bag, number) as loaded:
            upload = await bag.workspace.upload(loaded)
    except TimeoutError:
        raise TryLater("It took too long.") from None
    except NotFetched as error:  # later, and not for ever: other lines wait behind it
        if trip.first.attempts >= TRIES:
            raise NotCarried(str(error), number) from None
        raise
    except (ChannelGone, ThreadGone):
        raise
    except Undeliverable as error:
        raise NotCarried(str(error), number) from None
    await _note(bag, trip, arriving, number, upload)
    return upload


async def _note(bag: Kitbag, trip: Trip, arriving: Arriving, number: int, upload: str) -> None:
    """From here on we can find out whether people see it."""
    noted = False

    def work(session: Session) -> None:
        nonlocal noted
        lanes.keep(session.tx, trip.lane)
        noted = outbox.find(session.tx, trip.first.key) is not None
        arriving.note(session, number, upload)

    await bag.settle(trip, work)
    if not noted:
        raise Uncertain("The lane is somebody else's by now.")


async def _not_seen(bag: Kitbag, trip: Trip, arriving: Arriving, before: bool) -> None:
    """The workspace says that it has shown it, or that there is nothing to show."""

    def forget(session: Session) -> None:
        for number in range(len(arriving.uploads)):
            arriving.note(session, number, "")

    if not before:  # it was uploaded just now: once more, from the beginning
        await bag.settle(trip, forget)
    if trip.first.attempts >= TRIES:
        raise Undeliverable(t("It was uploaded, but does not appear."))
    raise TryLater("The file is not seen yet.")


async def give_up(bag: Kitbag, trip: Trip, arriving: Arriving, error: Undeliverable) -> None:
    """It is not shown; what is said in its place is, and at once. Of several, the others still are."""
    log.warning("file.not_shown", lane=trip.lane.name, reason=str(error))
    number = error.number if isinstance(error, NotCarried) else None
    notice = arriving.instead(str(error), number)
    left = None if number is None else arriving.without(number)

    def work(session: Session) -> None:
        if left:
            outbox.rewrite(session.tx, trip.first.id, trip.first.kind, left)
            key, now = session.house.new_key(), session.now
            outbox.put(session.tx, trip.lane.name, "notice", notice or {}, key, now, int(trip.lane.claimed))
        else:
            outbox.rewrite(session.tx, trip.first.id, "notice", notice or {})
        lanes.put_off(session.tx, trip.lane, session.now)

    await (bag.settle(trip, work) if notice else bag.done(trip))
