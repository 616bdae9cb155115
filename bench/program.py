"""What is measured, in which order. Each subject is started once, and everything is asked of it in turn."""

import os
import platform
import signal
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.disk import syncs
from bench.far_ends import Direction, FarEnds, far_ends
from bench.load import Load, Run
from bench.postgres import server
from bench.profiles import profiles
from bench.subject import FASTER, Subject, running

Record = dict[str, Any]
Tell = Callable[[Record], None]

DIRECTIONS: tuple[Direction, ...] = ("in", "out")
CUSTOMERS = range(64)  # with a claimed conversation each
LOW = 20.0  # messages a second
SHARE = 0.8  # of what the subject takes at most
FAR = 0.1  # seconds until far ends like the real ones answer
PER = 10_000  # conversations for which memory is given
OFFERED = (3.0, 10.0)  # messages a second to one Slack channel, which takes one post a second
OFFERED_FOR = 20.0  # seconds
SLOWEST = 5.0  # messages a second, below which a rate is not taken as capacity


FILES = {"raw": "raw.db"}  # of SQLite; all others are the bridge's
ALSO = {"profile": "bridge", "paced": "bridge"}  # the bridge under another name
BASIC = ("start", "saturated", "low_load", "at_80_percent", "far_ends_100ms")
MEASURED = {  # what is asked of each subject with each store
    ("echo", ""): ("ceiling",),
    ("raw", "sqlite"): BASIC,
    ("bridge", "sqlite"): (*BASIC, "conversations"),
    ("bridge", "postgres"): BASIC,
    ("naive", ""): BASIC,
    ("naive-concurrent", ""): BASIC,
    ("paced", "sqlite"): ("one_channel",),
    ("profile", "sqlite"): ("profile",),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, of which of those in `MEASURED`, and for how many seconds each."""

    names: frozenset[str]
    subjects: tuple[tuple[str, str], ...]
    seconds: float = 2.5
    low_seconds: float = 4.0
    conversations: int = 2000
    echoes: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
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
            empty = {"messages_per_s": None, "cpu_us": None, "p50_ms": None, "p99_ms": None}
            about = {"name": name, "subject": self.name, "store": self.store or None, "direction": direction}
            self.tell({**about, **empty, **(asdict(run) if run else {}), **more})

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
            if self.wants("far_ends_100ms"):
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
            self.say("low_load", direction, await self.load.at_rate(direction, CUSTOMERS, LOW, self.plan.low_seconds))
        if self.wants("at_80_percent"):
            rate = max(SLOWEST, SHARE * run.messages_per_s)
            run = await self.load.at_rate(direction, CUSTOMERS, rate, self.plan.seconds)
            self.say("at_80_percent", direction, run)

    async def _far(self, direction: Direction) -> None:
        """Far ends that take their time. Nothing in order can be faster than one message a customer in that time."""
        self.ends.answer_after(FAR)
        run = await self.load.saturated(direction, CUSTOMERS, self.plan.seconds, warm=2 * FAR)
        self.ends.answer_after(0.0)
        self.say("far_ends_100ms", direction, run, of_bound=round(run.messages_per_s * FAR / len(CUSTOMERS), 2))

    async def _conversations(self) -> None:
        """More and more conversations are open at the same time."""
        before, first, more = self.subject.rss_mib(), len(CUSTOMERS), self.plan.conversations
        await self.load.open_conversations(range(first, first + more))
        after = self.subject.rss_mib()
        growth = round((after - before) * PER / more, 1)
        self.say("conversations", conversations=more, rss_mib=after, rss_mib_per_10000=growth)

    async def one_channel(self) -> None:
        """More than one Slack channel takes, with the limits kept, on a clock that runs faster; told in real time."""
        customers = CUSTOMERS[:10]
        await self.load.open_conversations(customers)
        for offered in OFFERED:
            run = await self.load.at_rate("in", customers, offered * FASTER, OFFERED_FOR / FASTER, steady=True)
            posts = round(run.calls.get("chat.postMessage", 0) * run.messages)
            self.say(
                "one_channel", "in", messages_per_s=offered, messages=run.messages, posts=posts, lost=run.lost,
                twice=run.twice, p50_ms=run.p50_ms * FASTER, p95_ms=run.p95_ms * FASTER, p99_ms=run.p99_ms * FASTER,
            )  # fmt: skip

    async def profile(self, folder: Path) -> None:
        """Where the time goes, in each direction."""
        await self._settled(CUSTOMERS)
        for direction in DIRECTIONS:
            self.subject.process.send_signal(signal.SIGUSR1)
            run = await self.load.saturated(direction, CUSTOMERS, self.plan.seconds)
            self.subject.process.send_signal(signal.SIGUSR2)
            async for record in profiles(folder, run.messages):
                self.say("profile", direction, None, **record)


async def measure(plan: Plan, tell: Tell) -> None:
    """Every subject in turn. Prints each record as soon as it is there."""
    if "machine" in plan.names:
        tell(machine())
    async with server_if(any(store == "postgres" for _, store in plan.subjects)) as postgres:
        for name, store in plan.subjects:
            if store == "postgres" and postgres is None:
                tell({"name": "left_out", "subject": name, "store": store, "why": "PostgreSQL is not installed"})
                continue
            async with bench(plan, name, store, postgres or "", tell) as (it, folder):
                ways = {"profile": partial(it.profile, folder), "paced": it.one_channel}
                await ways.get(name, it.everything)()


@asynccontextmanager
async def server_if(wanted: bool) -> AsyncGenerator[str | None]:
    """A PostgreSQL server, if one is wanted and can be had."""
    if not wanted:
        yield None
        return
    async with server() as address:
        yield address


@asynccontextmanager
async def bench(plan: Plan, name: str, store: str, postgres: str, tell: Tell) -> AsyncGenerator[tuple[Bench, Path]]:
    """A subject with far ends of its own. What it said before it failed is shown."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as home:
        folder = Path(home)
        database = {"postgres": postgres, "sqlite": f"sqlite:///{folder}/{FILES.get(name, 'bridge.db')}"}.get(store, "")
        async with far_ends() as ends, running(name, ends, folder, database) as subject:
            ends.slack.echoes = plan.echoes
            names, known_as = plan.names.intersection(MEASURED[name, store]), ALSO.get(name, name)
            yield Bench(plan, names, known_as, store, ends, subject, tell), folder


def machine() -> Record:
    """What all of it ran on, and how busy that was before."""
    p50, p99 = syncs(tempfile.gettempdir())
    return {
        "name": "machine", "cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 1), "sync_p50_ms": p50, "sync_p99_ms": p99,
    }  # fmt: skip
