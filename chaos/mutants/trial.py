"""One bridge, broken or not, in one play, before the judge."""

import asyncio
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace

from chaos.judge import Verdict
from chaos.mutants.breaking import Mutant
from chaos.mutants.child import UNBROKEN
from chaos.mutants.plays import PLAYS
from chaos.rig import Rig, Setup, rig
from chaos.tally import PROMISES

LOOK = 1.0  # seconds between two looks of the judge
STAYS = ("twice", "disordered", "two_winners", "bot_after_claim")  # what no later event makes good
PATIENCE = 20.0  # seconds after the harm in which all must have come
LATE = 4.0  # seconds for what is still missing then


@dataclass(frozen=True, slots=True)
class Trial:
    """What the judge said, and how long it took."""

    play: str
    bridge: str
    counts: dict[str, int]  # of the promises, those that were broken
    flagged: int
    texts: int
    kills: int
    seconds: float
    notes: tuple[str, ...]


async def tried(setup: Setup, seed: int, play: str, mutant: Mutant | None) -> Trial:
    """Play it. With a mutant it ends as soon as what was expected has shown."""
    name, began = mutant.name if mutant else UNBROKEN, time.monotonic()
    command = (sys.executable, "-m", "chaos.mutants.child", name, "serve")
    staged = rig(f"{name} in {play}", replace(setup, command=command), seed, size=PLAYS[play].size)
    async with staged as it:
        PLAYS[play].cast(it.crowd)
        await it.started()
        verdict = await _judged(it, play, [count for count in mutant.raises if count in STAYS] if mutant else ())
    counts = {count: getattr(verdict, count) for count in PROMISES if getattr(verdict, count)}
    texts, seconds = len(it.crowd.deeds.said), time.monotonic() - began
    return Trial(play, name, counts, verdict.flagged, texts, it.kills, seconds, (*it.crowd.stuck, *verdict.notes))


async def _judged(it: Rig, play: str, sought: Collection[str]) -> Verdict:
    """The verdict at the end, or as soon as what is sought shows."""
    going = asyncio.create_task(_gone_through(it, play))
    try:
        while not going.done():
            await asyncio.wait({going}, timeout=LOOK)
            verdict = it.verdict()
            if any(getattr(verdict, count) for count in sought):
                verdict.lost = verdict.silent = 0  # what has not come yet may still be on its way
                return verdict
        return await going
    finally:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)


async def _gone_through(it: Rig, play: str) -> Verdict:
    """The harm, then calm: everybody finishes what they have begun, and what is late has a little more time."""
    await PLAYS[play].harm(it)
    await it.far.misbehave()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await it.crowd.end()
    until = time.monotonic() + LATE
    while True:
        await it.far.read()
        verdict = it.verdict()
        if not (verdict.lost or verdict.silent) or time.monotonic() > until:
            break
        await asyncio.sleep(LOOK / 2)
    await asyncio.sleep(LOOK / 2)  # for what comes twice
    await it.far.read()
    return it.verdict()
