"""The whole mode: counts the steps of every scenario, plans a death for each, and plays them side by side."""

import asyncio
import random
import signal
import time
from collections.abc import Iterable, Sequence
from functools import partial

from chaos.awaits.databases import Fresh, databases
from chaos.awaits.ground import ground
from chaos.awaits.play import Outcome, Stop, played
from chaos.awaits.scenarios import SCENARIOS, Scenario
from chaos.rig import Setup, Tell
from chaos.tally import Row

AT_ONCE = 12  # grounds side by side: while one waits, others use the processors
LEAST, MOST = 8, 24  # runs on one ground
QUICK = 3  # steps of each scenario, drawn by lot
FULL = 4_000  # runs at most, drawn by lot: a slow machine, or PostgreSQL, has more steps than there is time for
RECOVERY = 150  # steps of a recovery in which it is killed, too


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """`kill -9` at every step, or at `FULL` by lot."""
    return await stopped(setup, seed, tell, "awaits", SCENARIOS, signal.SIGKILL)


async def run_terms(setup: Setup, seed: int, tell: Tell) -> Row:
    """SIGTERM at every step, or at `FULL` by lot: a stop that is asked for also leaves nothing in doubt."""
    certain = [it for it in SCENARIOS if not it.doubts]
    return await stopped(setup, seed, tell, "sigterm", certain, signal.SIGTERM)


async def stopped(
    setup: Setup, seed: int, tell: Tell, mode: str, scenarios: Sequence[Scenario], how: signal.Signals
) -> Row:
    """Every scenario, with a stop at each of its steps, or at so many that there is time for; `quick`: at a few."""
    began, dice = time.monotonic(), random.Random(seed)  # noqa: S311  seeded
    async with databases(setup.store) as fresh:
        play = partial(_play_all, setup, seed, fresh)
        total = await play([Stop(it) for it in scenarios], lambda _: None)
        counted = {it.name: steps for it, steps in zip(scenarios, total.steps, strict=True)}
        stops = [stop for it in scenarios for stop in _stops(it, counted[it.name], dice, setup.quick, how)]
        dice.shuffle(stops)
        total.join(await play(stops[:FULL], tell))
    if how is signal.SIGTERM and total.flagged:
        total.trouble(f"{total.flagged} messages are in doubt after a stop that was asked for")
        total.notes += total.doubted
    return Row(
        mode, seed, setup.store, total.runs, total.texts, **total.broken, flagged=total.flagged, kills=total.stops,
        stuck=total.stuck, seconds=time.monotonic() - began, notes=tuple(total.notes),
    )  # fmt: skip


def _stops(it: Scenario, steps: int, dice: random.Random, quick: bool, how: signal.Signals) -> Iterable[Stop]:
    """At every step; and where an answer gets lost, or else at every other step, once more while it recovers."""
    every = range(1, steps + 1)
    for at in sorted(dice.sample(every, min(QUICK, steps))) if quick else every:
        yield Stop(it, at, how=how)
        if how is signal.SIGKILL and (it.doubts or at % 2):
            yield Stop(it, at, dice.randint(1, RECOVERY))


async def _play_all(setup: Setup, seed: int, fresh: Fresh, stops: Sequence[Stop], tell: Tell) -> Outcome:
    """Play so many side by side; the outcomes in the order of the stops."""
    gate, done = asyncio.Semaphore(AT_ONCE), 0

    async def some(part: Sequence[Stop]) -> Outcome:
        nonlocal done
        async with gate:
            outcome = await _play_some(setup, seed, fresh, part)
        done += len(part)
        tell(f"{done} of {len(stops)} runs")
        return outcome

    size = min(MOST, max(LEAST, len(stops) // AT_ONCE))
    parts = [stops[start : start + size] for start in range(0, len(stops), size)]
    total = Outcome()
    for outcome in await asyncio.gather(*(some(part) for part in parts)):
        total.join(outcome)
    return total


async def _play_some(setup: Setup, seed: int, fresh: Fresh, stops: Sequence[Stop]) -> Outcome:
    """Play on one ground, and go on with another one when something is stuck there."""
    total = Outcome()
    while stops:
        async with ground(seed, {**setup.env, **await fresh()}) as it:
            outcome, begun = await played(it, stops)
        total.join(outcome)
        stops = stops[begun:]
    return total
