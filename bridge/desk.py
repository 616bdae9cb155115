"""One event, one transaction: seen before? load, let the rules decide, save state and effects. Sends nothing itself.

Whoever hands in an event may acknowledge it when the call returns: by then it is committed. An event whose rule
crashes is kept in the inbox, marked as failed and logged, and does not stop the others.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

import structlog

from bridge import adjusting, agent_events, customer_events
from bridge.desk_settings import DeskSettings
from bridge.errors import NotYet, StoreAway, where
from bridge.i18n import t
from bridge.ports import CustomerEvent, Ignored, Received, Stored, Submitted, Typed, WorkspaceEvent
from bridge.session import House, Session
from bridge.store import inbox
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.store.writer import Conflict, beyond, database_error
from bridge.texts import check

log = structlog.get_logger()
T = TypeVar("T")
CRASHED = t("Something went wrong here, and nothing has changed. It is in the log.")
Handle = Callable[[Session, str, CustomerEvent | WorkspaceEvent], Stored]


class Desk:
    """Where every event becomes state and outbox rows."""

    def __init__(self, store: Store, house: House, settled: Callable[[DeskSettings], object] = lambda _: None) -> None:
        self._store, self._settled = store, settled  # who else is told what holds
        self.house = house

    async def customers_did(self, channel: str, received: Sequence[Received]) -> list[Stored]:
        """Take what a customer channel received. Raises when it could not be stored: then do not acknowledge."""
        return await self._take(channel, received, customer_events.handle)

    async def agents_did(self, received: Sequence[Received]) -> list[Stored]:
        """Take what the workspace received. Raises when it could not be stored: then do not acknowledge."""
        stored = await self._take("workspace", received, agent_events.handle)
        if adjusting.may_change(received):
            with suppress(StoreAway):  # it is committed, and settled when the database is back
                await self.settle()
        return stored

    async def within(self, work: Callable[[Session], T]) -> T:
        """Run a unit of work of the bridge's own: a bot's answer, what became of a delivery."""
        return await self._store.write(lambda tx: work(Session(tx, self.house, self.house.clock())))

    async def looking(self, work: Callable[[Session], T]) -> T:
        """Run one that only reads, beside what is written."""
        return await self._store.read(lambda tx: work(Session(tx, self.house, self.house.clock())))

    async def settle(self) -> None:
        """Have hold what admins have set, here or at another process."""
        in_file = self.house.in_file
        settings = await self._store.read(lambda tx: adjusting.in_effect(tx, in_file))
        settled = self.house.with_settings(settings)
        if settled == self.house:
            return
        if settled.listed != self.house.listed:
            self._settled(settings)
        self.house = settled
        log.info("settings.changed")
        for name, text in asdict(settings.texts).items():
            if check(text, self.house.names):  # the flow that it was written for may be another one now
                log.warning("settings.text_wrong", text=name)

    async def _take(self, source: str, received: Sequence[Received], handle: Handle) -> list[Stored]:
        crashed: dict[int, str] = {}
        while True:
            try:
                return await self._store.write(lambda tx: self._all(tx, source, received, handle, crashed))
            except _Crashed as crash:
                crashed[crash.number] = why = type(crash.bug).__name__
                log.error("event.failed", source=source, error=why, where=where(crash.bug))
            except Exception as error:
                if not beyond(error) or crashed:
                    raise
                if len(received) > 1:  # it is not told which one it was
                    return [one for item in received for one in await self._take(source, [item], handle)]
                crashed[0] = type(error).__name__
                log.error("event.failed", source=source, error=crashed[0], where=where(error))

    def _all(
        self, tx: Tx, source: str, received: Sequence[Received], handle: Handle, crashed: Mapping[int, str]
    ) -> list[Stored]:
        session, stored = Session(tx, self.house, self.house.clock()), list[Stored]()
        for number, item in enumerate(received):
            why = crashed.get(number, "")
            if not inbox.take(tx, source, _keys(item), item.raw.decode("utf-8", "replace"), session.now, why):
                stored.append(Stored(False, customer_events.earlier_seq(session, item.event)))
                continue
            stored.append(_crash_told(item) if why else _handled(handle, session, source, item, number))
            if isinstance(item.event, Ignored) and not item.event.routine:
                log.info("event.ignored", source=source, kind=item.event.kind[:40])
        return stored


def _keys(received: Received) -> tuple[str, ...]:
    """What was typed is known by its place, whatever else it is called: its change or end may have been told before."""
    event = received.event
    return (*received.keys, event.place.heard) if isinstance(event, Typed) else received.keys


def _crash_told(received: Received) -> Stored:
    """A window does not close as if all were well."""
    return Stored(True, told=CRASHED if isinstance(received.event, Submitted) else "")


def _handled(handle: Handle, session: Session, source: str, received: Received, number: int) -> Stored:
    try:
        return handle(session, source, received.event)
    except (Conflict, NotYet):
        raise
    except Exception as error:
        if database_error(error):
            raise
        raise _Crashed(number, error) from error


class _Crashed(Exception):
    """A bug in a rule. Everything is done again, without that rule: the event is kept, and the others go on."""

    def __init__(self, number: int, bug: Exception) -> None:
        super().__init__(number)
        self.number, self.bug = number, bug
