"""Takes lanes that are due, at the end of every transaction, and has each served by its own way out.

Taking a lane, the tokens for it, and the mark that its letters are on their way are one commit with whatever put them
there. Knows nothing about what is sent.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bridge.courier import (
    agents,
    albums,
    bot_turns,
    catch_up,
    customer,
    direct,
    drafts,
    summary,
    templates,
    thread,
    windows,
)
from bridge.courier.freight import Freight
from bridge.courier.life import Life
from bridge.courier.tokens import Tokens
from bridge.courier.trip import Kitbag, Trip
from bridge.errors import StoreAway, where
from bridge.session import Session
from bridge.store import lanes, outbox
from bridge.store.lanes import Fenced, Lane
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.store.writer import Again, database_error

log = structlog.get_logger()
TOGETHER = 256  # lanes looked at in one go
IDLE = 1.0  # seconds between looks when nothing wakes us
ASIDE = timedelta(minutes=1)  # for which a lane rests that a bug is in
MOST_ASIDE = 10  # of them in one transaction; a lane that is new in it may have another name each time
MOST_ROUNDS = 8  # of choosing in one transaction, where what was chosen is turned away


@dataclass(frozen=True, slots=True)
class Way:
    """How lanes of one kind are read up, inside the transaction that takes them, and served; so many at once."""

    pack: Callable[[Session, Lane], Trip]
    serve: Callable[[Kitbag, Trip], Awaitable[None]]
    most: int


TO_WORKSPACE: Mapping[str, Way] = {
    "thread": Way(thread.pack, thread.serve, 100),
    "card": Way(agents.pack_card, agents.serve_card, 20),
    "marks": Way(agents.pack_mark, agents.serve_mark, 20),
    "tell": Way(agents.pack_words, agents.serve_words, 20),
    "answer": Way(agents.pack_words, agents.serve_words, 50),
    "form": Way(windows.pack_form, windows.serve_form, 50),
    "home": Way(windows.pack_home, windows.serve_home, 20),
    "board": Way(windows.pack_board, windows.serve_board, 1),
    "direct": Way(direct.pack, direct.serve, 4),
    "missed": Way(catch_up.pack, catch_up.serve, 4),
}
INSIDE: Mapping[str, Way] = {
    "slow": Way(agents.pack_slow, agents.serve_mark, 100),  # never served: there is nothing to send
    "album": Way(albums.pack, albums.serve, 100),
    "bot": Way(bot_turns.pack, bot_turns.serve, 100),
    "summary": Way(summary.pack, summary.serve, 4),
    "draft": Way(drafts.pack, drafts.serve, 10),
    "templates": Way(templates.pack, templates.serve, 10),
}
TO_CUSTOMERS = Way(customer.pack, customer.serve, 200)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one transaction took, and when to look again."""

    trips: tuple[Trip, ...]
    claim: int
    again: datetime | None


class Courier:
    """Runs until cancelled. `name` is this process, among all that share the database."""

    def __init__(self, store: Store, kitbag: Kitbag, name: str) -> None:
        self._store, self._kitbag, self._name = store, kitbag, name
        self._ways = {**INSIDE, **dict.fromkeys(kitbag.channels, TO_CUSTOMERS)}
        self._tokens = Tokens(kitbag.pacing)
        self._busy: set[asyncio.Task[None]] = set()
        self._running: Counter[str] = Counter()  # of them, by way
        self._count = 0  # of the times that we took something
        self._seen = 0  # how far we have heard of that
        self._freight = Freight()
        self._aside: set[str] = set()
        self._wake = asyncio.Event()
        self._again: datetime | None = None
        self._stopping = False
        self._life = Life(store, name, kitbag.clock, self._lost, self._clock_was_set)

    # ------------------------------------------------------------------------------- on the writer's thread: `Last`

    def take(self, tx: Tx) -> Taken | None:
        """Take what is due and may go out now."""
        if self._stopping:
            return None
        session = Session(tx, self._kitbag.desk.house, self._kitbag.clock())
        room = {way: it.most - self._running[way] for way, it in self._ways.items()}
        for name in self._aside:
            lanes.rest(tx, name, session.now + ASIDE)
        if len(self._aside) >= MOST_ASIDE:  # let the rest of the transaction through, and look again
            return Taken((), self._count, session.now)
        trips: list[Trip] = []
        freight, rounds = self._freight.call(tx, session.now), 0
        while ways := [way for way in room if room[way] > 0 and self._tokens.may(way, session.now)]:
            found = lanes.due(tx, ways, session.now, TOGETHER)
            chosen = self._tokens.choose(tx, found, room, session.now)
            packed = self._packed(session, chosen)
            away = self._freight.turn_away(tx, packed, freight, session.now)
            for trip in away:  # somebody else's words may have its place
                self._tokens.give_back(tx, trip.lane, session.now)
                room[trip.lane.way] += 1
            names = {trip.lane.name for trip in away}
            leaving = [trip for trip in packed if trip.lane.name not in names]
            freight -= sum(trip.freight for trip in leaving)
            trips += self._leaving(tx, leaving)
            rounds += bool(away)
            if rounds == MOST_ROUNDS:
                return Taken(tuple(trips), self._count, session.now)
            if len(found) < TOGETHER and not away:
                break
        again = self._tokens.sooner(lanes.next_due(tx, session.now), session.now)
        return Taken(tuple(trips), self._count, again)

    def _packed(self, session: Session, chosen: list[Lane]) -> list[Trip]:
        if not chosen:
            return []
        self._count += 1
        lanes.take(session.tx, [lane.name for lane in chosen], self._name, self._count)
        trips = [self._pack(session, lane.taken_by(self._name, self._count)) for lane in chosen]
        return [trip for trip in trips if trip.letters]

    def _leaving(self, tx: Tx, trips: list[Trip]) -> list[Trip]:
        outbox.mark_sending(tx, [it.id for trip in trips for it in trip.letters if it.state != "uncertain"])
        return trips

    def _pack(self, session: Session, lane: Lane) -> Trip:
        try:
            trip = self._ways[lane.way].pack(session, lane)
        except Exception as error:
            if database_error(error):
                raise
            log.error("courier.failed", lane=lane.name, error=type(error).__name__, where=where(error))
            self._aside.add(lane.name)
            raise Again from error
        if trip.dropped:
            lanes.shrink(session.tx, lane.name, trip.dropped)
        if trip.again:
            lanes.put_off(session.tx, trip.lane, trip.again)
        elif not trip.letters:
            lanes.finish(session.tx, trip.lane, 0)
        return trip

    # ------------------------------------------------------------------------------------------------- on the loop

    def took(self, taken: Taken) -> None:
        """Send what was taken. It is committed that it is on its way."""
        self._aside.clear()
        self._freight.settled()
        self._seen = taken.claim
        for trip in taken.trips:
            task = asyncio.create_task(self._serve(trip), name=trip.lane.name)
            self._busy.add(task)
            self._running[trip.lane.way] += 1
            self._freight.under_way += trip.freight
            task.add_done_callback(partial(self._ended, trip))
        if taken.again != self._again:
            self._again = taken.again
            self._wake.set()

    def wake(self) -> None:
        """There may be something: look."""
        self._again = datetime.min.replace(tzinfo=UTC)
        self._wake.set()

    def workspace_known(self) -> None:
        """From now on also serve what goes there. Earlier, nobody could say where, nor find what is there already."""
        self._ways = {**self._ways, **TO_WORKSPACE}  # a new one: the writer may just be looking through the old
        self.wake()

    async def run(self) -> None:
        """Serve what is due, then wait for more."""
        while True:
            with suppress(StoreAway):
                await self._store.write(self._life.begin)
                break
            await asyncio.sleep(IDLE)
        self._store.last(self)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._life.run(), name="signs of life")
                while True:
                    with suppress(StoreAway):
                        await self._store.write(_look)
                    await self._sleep()
        finally:
            self._store.last(None)
            for task in self._busy:
                task.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    async def drain(self, patience: float = 10.0) -> None:
        """Take nothing more, and let what is on its way arrive."""
        self._stopping = True
        with suppress(StoreAway):
            await self._store.write(_look)  # what was just being taken has been told by then
        if self._busy:
            await asyncio.wait(self._busy, timeout=patience)
        with suppress(StoreAway):
            await self._store.write(self._life.leave)

    async def _serve(self, trip: Trip) -> None:
        if self._life.doubtful:
            return  # the lane goes to whoever finds it, and what it carries is in doubt
        try:
            await self._ways[trip.lane.way].serve(self._kitbag, trip)
        except Exception as error:  # a bug: the lane waits a minute and the others go on
            log.error("courier.failed", lane=trip.lane.name, error=type(error).__name__, where=where(error))
            later = self._kitbag.clock() + ASIDE
            with suppress(Fenced, StoreAway):
                await self._store.write(lambda tx: lanes.put_off(tx, trip.lane, later))

    def _lost(self) -> tuple[int, list[str]]:
        return self._seen, [task.get_name() for task in self._busy.copy()]

    def _clock_was_set(self) -> None:
        self._tokens = Tokens(self._kitbag.pacing)  # it remembers moments of the old clock
        self.wake()

    def _ended(self, trip: Trip, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        full = self._running[trip.lane.way] >= self._ways[trip.lane.way].most
        if full or (trip.freight and self._freight.somebody_waits):  # there was no room
            self.wake()
        self._running[trip.lane.way] -= 1
        self._freight.under_way -= trip.freight

    async def _sleep(self) -> None:
        while True:
            self._wake.clear()
            wait = IDLE if self._again is None else (self._again - self._kitbag.clock()).total_seconds()
            try:
                async with asyncio.timeout(max(0.0, min(IDLE, wait))):
                    await self._wake.wait()
            except TimeoutError:
                return


def _look(_: Tx) -> None:
    """Nothing; but every transaction ends with a look at what is due."""
