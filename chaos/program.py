"""Runs the modes: several side by side, each with a sandbox, bridges and people of its own."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from chaos import postgres
from chaos.modes import MODES, POSTGRES, Mode
from chaos.rig import Setup
from chaos.tally import Row, joined

Say = Callable[[str], None]
SIDE_BY_SIDE = 3
QUICK_POSTGRES = ("restarts",)  # what a quick run also does with PostgreSQL, where it is installed


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    modes: tuple[str, ...]
    seed: int
    quick: bool
    stores: tuple[str, ...]
    at_once: int = SIDE_BY_SIDE

    def jobs(self) -> list[tuple[str, str]]:
        """Mode and store of each row of the table. Quickly, most of PostgreSQL is left out unless it is asked for."""
        return [
            (name, store)
            for store in self.stores
            for name in self.modes
            if store in MODES[name].stores
            and self.runs(name, store)
            and not (self.quick and self.beside(store) and name not in QUICK_POSTGRES)
        ]

    def beside(self, store: str) -> bool:
        """Whether this is PostgreSQL beside SQLite, and not PostgreSQL alone."""
        return store == POSTGRES and len(self.stores) > 1

    def is_quick(self, name: str, store: str) -> bool:
        """Whether this is done quickly. Beside SQLite, PostgreSQL is asked for less, but for what is its own."""
        return self.quick or (self.beside(store) and len(MODES[name].stores) > 1)

    def runs(self, name: str, store: str) -> int:
        """How many runs make up one row."""
        return MODES[name].quick if self.is_quick(name, store) else MODES[name].full


async def run(plan: Plan, say: Say) -> list[Row]:
    """Every row of the table."""
    jobs = plan.jobs()
    async with _server_if(any(store == POSTGRES for _, store in jobs)) as there:
        jobs = [job for job in jobs if there or job[1] != POSTGRES]
        if not there:
            say("PostgreSQL is not installed; what needs it is left out.")
        together = [job for job in jobs if not MODES[job[0]].alone]
        gate = asyncio.Semaphore(plan.at_once)
        rows = dict(
            zip(together, await asyncio.gather(*(_mode(plan, *job, gate, say) for job in together)), strict=True)
        )
        for job in jobs:
            if job not in rows:
                rows[job] = await _mode(plan, *job, asyncio.Semaphore(1), say)
        return [rows[job] for job in jobs]


async def _mode(plan: Plan, name: str, store: str, gate: asyncio.Semaphore, say: Say) -> Row:
    """All runs of one mode with one store."""
    mode, runs = MODES[name], plan.runs(name, store)
    rows = await asyncio.gather(
        *(_one(mode, name, plan, store, plan.seed + number, gate, say) for number in range(runs))
    )
    return joined(rows)


async def _one(mode: Mode, name: str, plan: Plan, store: str, seed: int, gate: asyncio.Semaphore, say: Say) -> Row:
    async with gate:
        began = time.monotonic()
        label = f"{name} ({store}, seed {seed})"
        row = await _rowed(
            mode, name, Setup(plan.is_quick(name, store), store), seed, lambda what: say(f"{label}: {what}")
        )
        say(f"{label}: {'kept' if row.kept else 'BROKEN'} in {time.monotonic() - began:.0f} s")
        for note in row.notes if not row.kept else ():
            say(f"    {note}")
        return replace(row, seed=seed)


async def _rowed(mode: Mode, name: str, setup: Setup, seed: int, tell: Say) -> Row:
    """A run that cannot be done is a broken one, and the others go on."""
    try:
        return await mode.run(setup, seed, tell)
    except Exception as error:  # whatever it is, it must show in the table
        return Row(name, seed, setup.store, stuck=1, notes=(f"{type(error).__name__}: {str(error)[-1000:]}",))


@asynccontextmanager
async def _server_if(wanted: bool) -> AsyncGenerator[bool]:
    """A PostgreSQL server for everybody, if one is wanted; whether what was wanted is there."""
    async with AsyncExitStack() as stack:
        there = True
        if wanted:
            try:
                await stack.enter_async_context(postgres.server())
            except postgres.NotInstalled:
                there = False
        yield there
