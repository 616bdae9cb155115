"""The load: everybody says the next thing as soon as the last one arrived, or new things come at a given rate."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.far_ends import Direction, FarEnds

PATIENCE = 20.0  # seconds until what has not arrived counts as lost
QUIET = 0.3  # seconds without a call, and almost without work, after which nothing more is expected
ALMOST = 0.25  # of a core


@dataclass(frozen=True, slots=True)
class Run:
    """What one run came to. CPU and calls are those of everything it caused, also after the last message."""

    messages: int
    messages_per_s: float
    cpu_us: float  # of the subject, a message
    loop_us: float  # of that, in its main thread, where the event loop is
    p50_ms: float
    p95_ms: float
    p99_ms: float
    lost: int
    twice: int
    far_ends_busy: float  # share of one core that the far ends and the load took
    calls: dict[str, float] = field(default_factory=dict[str, float])  # a message, by method


@dataclass(slots=True)
class Load:
    """Says things to a subject whose CPU time `cpu` reads: all of it and that of its main thread, in seconds."""

    ends: FarEnds
    cpu: Callable[[], tuple[float, float]]

    async def saturated(
        self, direction: Direction, customers: Sequence[int], seconds: float, warm: float = 0.5, at_once: int = 64
    ) -> Run:
        """So many messages under way all the time, one at most for each customer; who was silent longest is next."""
        ends, silent = self.ends, deque(customers)
        meter = _Meter(self)

        def next_one(arrived: int) -> None:
            silent.append(arrived)
            ends.say(direction, silent.popleft())

        ends.arrived = next_one
        for _ in range(min(at_once, len(silent))):
            ends.say(direction, silent.popleft())
        await asyncio.sleep(warm)
        began, before, busy = time.perf_counter(), len(ends.took), time.process_time()
        await asyncio.sleep(seconds)
        lasted, count, busy = time.perf_counter() - began, len(ends.took) - before, time.process_time() - busy
        ends.arrived = lambda customer: None
        return await meter.read(count / lasted, busy / lasted, before, before + count)

    async def at_rate(
        self, direction: Direction, customers: Sequence[int], rate: float, seconds: float, *, steady: bool = False
    ) -> Run:
        """So many messages a second, of customers in turn, at random moments or (steady) at equal distances."""
        meter, dice = _Meter(self), random.Random(1)  # noqa: S311  the same moments each time
        due = began = time.perf_counter()
        busy, said = time.process_time(), 0
        while due - began < seconds - 1e-6:
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            self.ends.say(direction, customers[said % len(customers)])
            said += 1
            due += 1 / rate if steady else dice.expovariate(rate)
        lasted = time.perf_counter() - began
        return await meter.read(said / lasted, (time.process_time() - busy) / lasted)

    async def open_conversations(self, customers: Sequence[int], at_once: int = 64) -> None:
        """Every customer asks for a person, gets a thread, and is claimed where the subject knows that."""
        ends, waiting = self.ends, list(reversed(customers))
        everybody = asyncio.Event()

        def opened(_customer: int) -> None:
            if waiting:
                ends.ask_for_help(waiting.pop())
            elif all(customer in ends.slack.threads for customer in customers[-at_once:]):
                everybody.set()

        ends.slack.opened = opened
        for _ in range(min(at_once, len(waiting))):
            ends.ask_for_help(waiting.pop())
        async with asyncio.timeout(PATIENCE + len(customers) / 50):
            await everybody.wait()
        await self.rest()

    async def warm_up(self, customers: Sequence[int]) -> None:
        """Everybody says one thing each way, so that no first time is measured."""
        for direction in ("in", "out"):
            for customer in customers:
                self.ends.say(direction, customer)
            await self.rest()

    async def rest(self) -> None:
        """Wait until all has arrived and its consequences are over. Raises when that does not come."""
        if not await self.quiet(PATIENCE):
            raise TimeoutError("the subject does not come to rest")

    async def quiet(self, patience: float) -> bool:
        """Wait until all has arrived, nobody calls and the subject does nothing; False when that takes too long.

        One that waits for its database is silent in between, but works: silence alone would end too early.
        """
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            before, _ = self.cpu()
            await asyncio.sleep(QUIET)
            worked = self.cpu()[0] - before
            if not self.ends.under_way and self.ends.silence > QUIET and worked < ALMOST * QUIET:
                return True
        return False


class _Meter:
    """Reads what a run has used and brought, from its beginning until everything is quiet again."""

    def __init__(self, load: Load) -> None:
        self.load = load
        load.ends.forget()
        self.before = load.cpu()

    async def read(self, rate: float, busy: float, first: int = 0, last: int | None = None) -> Run:
        ends = self.load.ends
        await self.load.quiet(PATIENCE)
        took, count = sorted(ends.took[first:last]), max(1, len(ends.took))
        cpu, loop = self.load.cpu()
        calls = {**ends.telegram.calls, **ends.slack.calls}
        return Run(
            messages=len(ends.took),
            messages_per_s=round(rate, 1),
            cpu_us=round((cpu - self.before[0]) / count * 1e6, 1),
            loop_us=round((loop - self.before[1]) / count * 1e6, 1),
            p50_ms=quantile(took, 0.5),
            p95_ms=quantile(took, 0.95),
            p99_ms=quantile(took, 0.99),
            lost=ends.under_way,
            twice=ends.twice,
            far_ends_busy=round(busy, 2),
            calls={method: round(number / count, 2) for method, number in sorted(calls.items())},
        )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so many are not above, from seconds to milliseconds."""
    if not ordered:
        return float("nan")
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)
