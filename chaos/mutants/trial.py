"""One bridge, broken or not, in one play, before the judge."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from chaos import reading
from chaos.judge import Verdict
from chaos.mutants.breaking import Mutant
from chaos.mutants.child import UNBROKEN
from chaos.mutants.plays import PLAYS
from chaos.rig import Rig, Setup, rig
from chaos.tally import PROMISES

LOOK = 1.0  # seconds between two looks of the judge
STAYS = ("twice", "disordered", "two_winners", "bot_after_claim", "astray")  # what no later event makes good
QUIET = 20.0  # seconds in which nobody is shown anything: not even an agent of what no WhatsApp status came for in 15


@dataclass(frozen=True, slots=True)
class Trial:
    """What the judge said, and how long it took."""

    play: str
    bridge: str
    counts: Mapping[str, int] = field(default_factory=dict[str, int])  # of the promises, those that were broken
    flagged: int = 0
    texts: int = 0
    kills: int = 0
    seconds: float = 0.0
    broke_off: bool = False
    notes: tuple[str, ...] = ()


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
    return Trial(
        play,
        name,
        counts,
        verdict.flagged,
        texts=len(it.crowd.deeds.said),
        kills=it.kills,
        seconds=time.monotonic() - began,
        notes=(*it.crowd.stuck, *verdict.notes),
    )


async def _judged(it: Rig, play: str, sought: Collection[str]) -> Verdict:
    """The verdict at the end, or as soon as what is sought shows."""
    going = asyncio.create_task(_gone_through(it, play))
    try:
        while not going.done():
            await asyncio.wait({going}, timeout=LOOK)
            certain = _certain(it.verdict())
            if any(getattr(certain, count) for count in sought):
                return certain
        return await going
    finally:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)


def _certain(verdict: Verdict) -> Verdict:
    """Without what later events may make good: what has not come yet, and the desk's texts that are ahead of a card."""
    notes = [note for note in verdict.notes if note.startswith(STAYS) and "“" not in note]
    counts = Counter(note.partition(":")[0] for note in notes)
    return Verdict(**counts, flagged=verdict.flagged, notes=notes)


async def _gone_through(it: Rig, play: str) -> Verdict:
    """The harm, then calm: everybody finishes what they have begun."""
    await PLAYS[play].harm(it)
    await it.far.misbehave()
    ending = asyncio.create_task(it.crowd.end())
    try:
        await _settled(it, ending)
    finally:
        ending.cancel()
        await asyncio.gather(ending, return_exceptions=True)
    await asyncio.sleep(LOOK / 2)  # for what comes twice
    await it.far.read()
    return it.verdict()


async def _settled(it: Rig, ending: "asyncio.Task[None]") -> None:
    """Wait until nothing is missing, or nothing has come for a while."""
    shown, until = -1, 0.0
    while True:
        await it.far.read()
        verdict, now = it.verdict(), time.monotonic()
        if (shows := _shown(it)) != shown:
            shown, until = shows, now + QUIET
        if now > until or (ending.done() and not (verdict.lost or verdict.silent)):
            return
        await asyncio.sleep(LOOK)


def _shown(it: Rig) -> int:
    """How much everybody has been shown so far."""
    there = sum(1 for entry in it.far.history if reading.is_post(entry) or reading.sent(entry))
    return there + sum(map(len, it.crowd.visits.values()))
