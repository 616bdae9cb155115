"""The bridge's own desk, store, courier and pacing through an hour of a busy channel, on a clock that leaps.

All that a message passes between the adapters is the shipped code, on a database file. The clock, the workspace and
the people are ours.
"""

import asyncio
import itertools
import random
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bench import virtual
from bench.crowd import Crowd
from bench.stage import Channel, Silent, Workspace
from bridge.courier.courier import Courier
from bridge.courier.trip import Kitbag
from bridge.desk import Desk
from bridge.desk_file import DeskFile
from bridge.pacing import pacing
from bridge.ports import Agent, Place, Pressed, Received, Said, Typed
from bridge.scene import Doorway
from bridge.session import House
from bridge.store.migrate import migrate
from bridge.store.store import Store
from bridge.store.writer import Work

T = TypeVar("T")
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
IN_MEMORY = Path("/dev/shm")  # noqa: S108  the disk's pace plays no part here
AGENT = Agent("U0ANA", "Ana")
HELP = "I want to talk to a human please."
ANSWERS = 40.0  # seconds between two answers of an agent in one conversation
LONGEST = 1800.0  # seconds in which threads are opened, and in which what still waits arrives


class Watched(Store):
    """The store, which also tells whether its threads work for somebody."""

    def __init__(self, address: str) -> None:
        super().__init__(address, migrate)
        self.working = 0

    async def write(self, work: Work[T]) -> T:
        return await self._counted(super().write(work))

    async def read(self, work: Work[T]) -> T:
        return await self._counted(super().read(work))

    async def _counted(self, done: Awaitable[T]) -> T:
        self.working += 1
        try:
            return await done
        finally:
            self.working -= 1


@dataclass(slots=True)
class Outcome:
    """How long messages waited, in seconds, and what the workspace counted."""

    seconds: float = 0.0
    with_agent: list[float] = field(default_factory=list[float])
    everybody: list[float] = field(default_factory=list[float])
    to_customers: list[float] = field(default_factory=list[float])
    posts: int = 0  # within the crowd's time
    refused: int = 0
    lost: int = 0
    twice: int = 0


class Hour:
    """One run: everybody is given a thread, then the crowd talks, then what waits arrives."""

    def __init__(self, crowd: Crowd, seed: int, store: Store) -> None:
        self.crowd, self.outcome = crowd, Outcome()
        self._seed, self._loop = seed, asyncio.get_running_loop()
        self._numbers, self._keys = itertools.count(1), itertools.count(1)
        self._under_way: dict[int, tuple[float, list[list[float]]]] = {}
        self.workspace, self.channel = Workspace(self._arrived, self._loop.time), Channel(self._arrived)
        self.desk = Desk(store, self._house())
        paces = pacing(1.0, self.workspace.limits, {self.channel.name: self.channel.limit})
        bag = Kitbag(
            self.desk, self.workspace, {self.channel.name: self.channel}, {"": Silent()}, "Desk", None, None, paces,
            self.now,
            random.Random(seed),  # noqa: S311
        )  # fmt: skip
        self.courier = Courier(store, bag, "bench")
        self.courier.workspace_known()

    def now(self) -> datetime:
        """The present, in this run."""
        return BEGAN + timedelta(seconds=self._loop.time())

    async def run(self) -> Outcome:
        """All of it."""
        serving = asyncio.create_task(self.courier.run())
        await self._open()
        posts, refused, began = self.workspace.posts, self.workspace.limit.refused, self._loop.time()
        await asyncio.gather(self._customers(began), *(self._agent(began, who) for who in self.crowd.with_agent))
        self.outcome.seconds = self._loop.time() - began
        self.outcome.posts = self.workspace.posts - posts
        self.outcome.refused = self.workspace.limit.refused - refused
        await self._until(lambda: not self._under_way)
        self.outcome.lost = len(self._under_way)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        return self.outcome

    async def _open(self) -> None:
        """Everybody asks for a person; the agent claims some."""
        everybody, cards = range(self.crowd.conversations), self.workspace.cards
        for customer in everybody:
            await self._says(customer, HELP)
        await self._until(lambda: len(cards) == len(everybody))
        for customer in self.crowd.with_agent:
            number, place = cards[_name(customer)]
            await self._hears(self.desk.agents_did, Pressed(AGENT, "claim", str(number), place, None, "answer"))
        await asyncio.sleep(2 * len(everybody) + 60)  # transcripts and redrawn cards are out

    async def _customers(self, began: float) -> None:
        for at, customer in self.crowd.says(self._seed):
            await self._at(began + at)
            kinds = [self.outcome.everybody, *([self.outcome.with_agent] if customer in self.crowd.with_agent else [])]
            await self._says(customer, self._numbered(kinds))

    async def _agent(self, began: float, customer: int) -> None:
        """The agent writes to one customer now and then."""
        dice, at = random.Random(f"agent {self._seed} {customer}"), began  # noqa: S311
        thread = self.workspace.cards[_name(customer)][1]
        while (at := at + dice.expovariate(1 / ANSWERS)) < began + self.crowd.seconds:
            await self._at(at)
            typed = Place(thread.channel, f"2.{next(self._keys):06d}")
            words = self._numbered([self.outcome.to_customers])
            await self._hears(self.desk.agents_did, Typed(AGENT, typed, thread, words))

    async def _says(self, customer: int, text: str) -> None:
        said = Said(str(customer), _name(customer), str(next(self._keys)), text, self.now())
        await self._hears(lambda received: self.desk.customers_did(self.channel.name, received), said)

    async def _hears(self, receive: Callable[[list[Received]], Coroutine[Any, Any, Any]], event: Any) -> None:
        await receive([Received((f"event:{next(self._keys)}",), event, b"{}")])

    def _numbered(self, kinds: list[list[float]]) -> str:
        """A message's words. Its time counts from here."""
        number = next(self._numbers)
        self._under_way[number] = self._loop.time(), kinds
        return f"M{number} Could you please look where my order is?"

    def _arrived(self, number: int) -> None:
        if number not in self._under_way:
            self.outcome.twice += 1
            return
        since, kinds = self._under_way.pop(number)
        for kind in kinds:
            kind.append(self._loop.time() - since)

    async def _at(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self._loop.time()))

    async def _until(self, there: Callable[[], bool]) -> None:
        """Wait, but not for ever: what is missing then is counted."""
        until = self._loop.time() + LONGEST
        while not there() and self._loop.time() < until:  # noqa: ASYNC110  the leap makes it cheap
            await asyncio.sleep(1.0)

    def _house(self) -> House:
        file = DeskFile()
        door = Doorway(self.channel.name, self.channel.label, self.channel.can, self.channel.limit)
        return House(asdict(file.texts), file.triggers, {door.name: door}, self.now, lambda: f"K{next(self._keys)}")


def hour(crowd: Crowd, seed: int = 1) -> Outcome:
    """Run it; an hour takes about ten seconds."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        store = Watched(f"sqlite:///{folder}/bridge.db")
        try:
            return virtual.run(_hour(crowd, seed, store), lambda: store.working > 0)
        finally:
            store.close()


async def _hour(crowd: Crowd, seed: int, store: Store) -> Outcome:
    return await Hour(crowd, seed, store).run()


def _name(customer: int) -> str:
    return f"C{customer:05d}"
