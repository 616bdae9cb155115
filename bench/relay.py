"""What is asked of every subject: how fast it relays, both ways, and what that costs."""

import asyncio
import signal
import statistics
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.disk import commits, syncs
from bench.far_ends import Direction, FarEnds, far_ends
from bench.load import PATIENCE, Load, Run
from bench.plan import CUSTOMERS, DIRECTIONS, Plan, Tell, record
from bench.profiles import profiles
from bench.subject import Subject, running

LOW = 20.0  # messages a second
WATCHED = 9  # messages of which the commits are counted
APART = 0.6  # seconds between them: by then all that a message causes is over
SHARE = 0.8  # of what the subject takes at most
FAR = 0.12  # seconds until far ends like the real ones answer
PER = 10_000  # conversations for which memory is given
SLOWEST = 5.0  # messages a second, below which a rate is not taken as capacity

FILES = {"raw": "raw.db"}  # of SQLite; all others are the bridge's
ALSO = {"profile": "bridge"}  # the bridge under another name
BASIC = ("start", "saturated", "low_load", "at_80_percent", "far_ends_120ms")
MEASURED = {  # what is asked of each subject with each store
    ("echo", ""): ("ceiling",),
    ("raw", "sqlite"): BASIC,
    ("bridge", "sqlite"): (*BASIC, "conversations"),
    ("bridge", "postgres"): BASIC,
    ("naive", ""): BASIC,
    ("naive-concurrent", ""): BASIC,
    ("profile", "sqlite"): ("profile",),
}


@dataclass(frozen=True, slots=True)
class Relay:
    """One subject under measurement."""

    plan: Plan
    names: frozenset[str]  # what is asked of it
    name: str
    store: str
    ends: FarEnds
    subject: Subject
    tell: Tell

    @property
    def load(self) -> Load:
        """What talks to it."""
        return Load(self.ends, self.subject.cpu)

    def say(self, name: str, direction: str | None = None, run: Run | None = None, **more: object) -> None:
        """One record, if that is asked for."""
        if name in self.names:
            self.tell(record(name, self.name, self.store, direction, run, **more))

    def wants(self, *names: str) -> bool:
        """Whether any of these is asked for."""
        return bool(self.names.intersection(names))

    async def everything(self) -> None:
        """Every measurement that is asked for."""
        self.say("start", start_s=self.subject.start_s, rss_mib=self.subject.rss_mib())
        await self._settled(CUSTOMERS)
        for direction in DIRECTIONS:
            if self.wants("saturated", "low_load", "at_80_percent", "ceiling"):
                await self._near(direction)
            if self.wants("far_ends_120ms"):
                await self._far(direction)
        if self.wants("conversations"):
            await self._conversations()

    async def _settled(self, customers: range) -> None:
        """Conversations are open, and each has been used."""
        await self.load.open_conversations(customers)
        await self.load.warm_up(customers)

    async def _near(self, direction: Direction) -> None:
        """Far ends that answer at once."""
        before = self.subject.stored()
        run = await self.load.saturated(direction, CUSTOMERS, self.plan.seconds)
        after = self.subject.stored()
        size = None if after is None or before is None else round((after - before) / max(1, run.messages))
        name = "ceiling" if self.name == "echo" else "saturated"
        self.say(name, direction, run, bytes=size, rss_mib=self.subject.rss_mib())
        if self.wants("low_load"):
            await self._low(direction)
        if self.wants("at_80_percent"):
            rate = max(SLOWEST, SHARE * run.messages_per_s)
            run = await self.load.at_rate(direction, CUSTOMERS, rate, self.plan.seconds)
            self.say("at_80_percent", direction, run)

    async def _low(self, direction: Direction) -> None:
        """A quiet day. What the disk must take for the commits before a message leaves is measured right after it."""
        run = await self.load.at_rate(direction, CUSTOMERS, LOW, self.plan.low_seconds)
        more: dict[str, object] = {}
        if self.store == "sqlite":
            count, size = await self._commits(direction)
            sync = await asyncio.to_thread(syncs, self.subject.file.parent, 30, size, 1 / LOW)
            more = {"commits": count, "sync_p50_ms": sync[0], "added_p50_ms": round(run.p50_ms - count * sync[0], 2)}
        self.say("low_load", direction, run, **more)

    async def _commits(self, direction: Direction) -> tuple[int, int]:
        """How often the disk is asked before a message leaves, and how many bytes each time."""
        counts, sizes = list[int](), list[int]()
        for customer in CUSTOMERS[:WATCHED]:
            before, bytes_before = commits(self.subject.file)
            after, bytes_after = await self._when_one_arrives(direction, customer)
            if after > before:  # else the log was begun anew meanwhile
                counts.append(after - before)
                sizes.append((bytes_after - bytes_before) // counts[-1])
            await asyncio.sleep(APART)
        return statistics.median_low(counts), statistics.median_low(sizes)

    async def _when_one_arrives(self, direction: Direction, customer: int) -> tuple[int, int]:
        """Somebody says something; the commits in the log when it has arrived, and before it is answered."""
        arrived: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        self.ends.arrived = lambda _: arrived.set_result(commits(self.subject.file))
        self.ends.say(direction, customer)
        async with asyncio.timeout(PATIENCE):
            found = await arrived
        self.ends.arrived = lambda _: None
        return found

    async def _far(self, direction: Direction) -> None:
        """Far ends that take their time. Nothing in order can be faster than one message a customer in that time."""
        self.ends.answer_after(FAR)
        run = await self.load.saturated(direction, CUSTOMERS, self.plan.seconds, warm=2 * FAR)
        self.ends.answer_after(0.0)
        self.say("far_ends_120ms", direction, run, of_bound=round(run.messages_per_s * FAR / len(CUSTOMERS), 2))

    async def _conversations(self) -> None:
        """More and more conversations are open at the same time."""
        before, first, more = self.subject.rss_mib(), len(CUSTOMERS), self.plan.conversations
        await self.load.open_conversations(range(first, first + more))
        after = self.subject.rss_mib()
        growth = round((after - before) * PER / more, 1)
        self.say("conversations", conversations=more, rss_mib=after, rss_mib_per_10000=growth)

    async def profile(self) -> None:
        """Where the time goes, in each direction."""
        await self._settled(CUSTOMERS)
        for direction in DIRECTIONS:
            self.subject.process.send_signal(signal.SIGUSR1)
            run = await self.load.saturated(direction, CUSTOMERS, self.plan.seconds)
            self.subject.process.send_signal(signal.SIGUSR2)
            async for found in profiles(self.subject.folder, run.messages):
                self.say("profile", direction, None, **found)


@asynccontextmanager
async def relay(plan: Plan, name: str, store: str, postgres: str, tell: Tell) -> AsyncGenerator[Relay]:
    """A subject with far ends of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        database = {"postgres": postgres, "sqlite": f"sqlite:///{folder}/{FILES.get(name, 'bridge.db')}"}.get(store, "")
        async with far_ends() as ends, running(name, ends, folder, database) as subject:
            ends.slack.echoes = plan.echoes
            names = plan.names.intersection(MEASURED[name, store])
            yield Relay(plan, names, ALSO.get(name, name), store, ends, subject, tell)
