"""One event, one transaction: seen before? load, let the rules decide, save state and effects. Sends nothing itself.

Whoever hands in an event may acknowledge it when the call returns: by then it is committed. An event whose rule
crashes is kept in the inbox, marked as failed and logged, and does not stop the others.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from bridge import agent_events, customer_events
from bridge.errors import NotYet, where
from bridge.ports import CustomerEvent, Ignored, Received, Stored, WorkspaceEvent
from bridge.session import House, Session
from bridge.store import inbox
from bridge.store.store import Store
from bridge.store.writer import Conflict, Tx

log = structlog.get_logger()
T = TypeVar("T")
Handle = Callable[[Session, str, CustomerEvent | WorkspaceEvent], int | None]


class Desk:
    """Where every event becomes state and outbox rows."""

    def __init__(self, store: Store, house: House) -> None:
        self._store = store
        self.house = house

    async def customers_did(self, channel: str, received: Sequence[Received]) -> list[Stored]:
        """Take what a customer channel received. Raises when it could not be stored: then do not acknowledge."""
        return await self._take(channel, received, customer_events.handle)

    async def agents_did(self, received: Sequence[Received]) -> list[Stored]:
        """Take what the workspace received. Raises when it could not be stored: then do not acknowledge."""
        return await self._take("workspace", received, agent_events.handle)

    async def within(self, work: Callable[[Session], T]) -> T:
        """Run a unit of work of the bridge's own: a bot's answer, what became of a delivery."""
        return await self._store.write(lambda tx: work(Session(tx, self.house, self.house.clock())))

    async def _take(self, source: str, received: Sequence[Received], handle: Handle) -> list[Stored]:
        return await self._store.write(lambda tx: [self._one(tx, source, item, handle) for item in received])

    def _one(self, tx: Tx, source: str, received: Received, handle: Handle) -> Stored:
        session = Session(tx, self.house, self.house.clock())
        if received.cursor is not None:
            inbox.move_cursor(tx, source, received.cursor)
        stored = inbox.take(tx, source, received.keys, received.raw.decode("utf-8", "replace"), session.now)
        if stored is None:
            return Stored(False, customer_events.earlier_seq(session, received.event))
        tx.run("SAVEPOINT event")
        try:
            seq = handle(session, source, received.event)
        except (Conflict, NotYet):
            raise
        except Exception as error:  # a bug in a rule: the event is kept, and the others go on
            tx.run("ROLLBACK TO event")
            inbox.failed(tx, stored, type(error).__name__)
            log.error("event.failed", source=source, inbox=stored, error=type(error).__name__, where=where(error))
            seq = None
        tx.run("RELEASE event")
        if isinstance(received.event, Ignored) and not received.event.routine:
            log.info("event.ignored", source=source, kind=received.event.kind[:40])
        return Stored(True, seq)
