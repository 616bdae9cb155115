"""All broken bridges, each in its play, and the unbroken one in the same plays: without that a catch proves nothing."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from chaos.mutants.breaking import Mutant
from chaos.mutants.child import UNBROKEN
from chaos.mutants.every import MUTANTS
from chaos.mutants.trial import Trial, tried
from chaos.rig import Setup, Tell
from chaos.tally import PROMISES, Row

SAMPLE = 4  # of a quick run
SIDE_BY_SIDE = 2
AGAIN = 1000  # to the seed, where a mutant was not caught at first


@dataclass(frozen=True, slots=True)
class Outcome:
    """One trial, and the mutant that was tried; none: the unbroken bridge."""

    mutant: Mutant | None
    trial: Trial

    @property
    def well(self) -> bool:
        """The judge caught the mutant, or found nothing wrong with the bridge that is not broken."""
        if self.mutant is None:
            return not self.trial.counts and not self.trial.broke_off
        return any(count in self.trial.counts for count in self.mutant.raises)


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """All of them as one row; of a quick run, a few. What the judge says of the unbroken bridge counts as ever."""
    chosen = [*MUTANTS.values()]
    if setup.quick:
        chosen = random.Random(seed).sample(chosen, SAMPLE)  # noqa: S311  seeded
    outcomes: list[Outcome] = []
    async for outcome in outcomes_of(setup, seed, chosen, SIDE_BY_SIDE):
        outcomes.append(outcome)
        tell(f"{outcome.trial.bridge} in “{outcome.trial.play}”: {'as it must be' if outcome.well else 'WRONG'}")
    return row_of(setup, seed, outcomes)


async def outcomes_of(setup: Setup, seed: int, chosen: Sequence[Mutant], side_by_side: int) -> AsyncGenerator[Outcome]:
    """The unbroken bridge in every play that is needed, and each mutant in its own; as they come."""
    gate = asyncio.Semaphore(side_by_side)

    async def one(play: str, mutant: Mutant | None) -> Outcome:
        async with gate:
            outcome = Outcome(mutant, await _tried(setup, seed, play, mutant))
            if mutant and not outcome.well:  # chance decides whether what is broken was needed: once more
                outcome = Outcome(mutant, await _tried(setup, seed + AGAIN, play, mutant))
            return outcome

    plays = dict.fromkeys(mutant.play for mutant in chosen)
    tasks = [asyncio.create_task(one(play, None)) for play in plays]
    tasks += [asyncio.create_task(one(mutant.play, mutant)) for mutant in chosen]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tried(setup: Setup, seed: int, play: str, mutant: Mutant | None) -> Trial:
    """A trial that cannot be held proves nothing, and the others go on."""
    try:
        return await tried(setup, seed, play, mutant)
    except Exception as error:  # whatever it is, it must show in the table
        name, why = mutant.name if mutant else UNBROKEN, f"{type(error).__name__}: {str(error)[-1000:]}"
        return Trial(play, name, broke_off=True, notes=(why,))


def row_of(setup: Setup, seed: int, outcomes: Sequence[Outcome]) -> Row:
    """What they come to: of the unbroken bridge, what the judge counts; of the others, how many were caught."""
    unbroken = [it.trial for it in outcomes if it.mutant is None]
    counts = {count: sum(trial.counts.get(count, 0) for trial in unbroken) for count in PROMISES}
    mutants = [it for it in outcomes if it.mutant]
    missed = [f"not caught: {it.trial.bridge} in “{it.trial.play}”" for it in mutants if not it.well]
    notes = [
        f"unbroken, “{trial.play}”: {note}"
        for trial in unbroken
        for note in trial.notes
        if trial.counts or trial.broke_off
    ]
    return Row(
        "broken bridges",
        seed,
        setup.store,
        texts=sum(it.trial.texts for it in outcomes),
        kills=sum(it.trial.kills for it in outcomes),
        flagged=sum(trial.flagged for trial in unbroken),
        stuck=sum(trial.broke_off for trial in unbroken),
        mutants=len(mutants),
        mutants_caught=len(mutants) - len(missed),
        seconds=sum(it.trial.seconds for it in outcomes),
        notes=(*missed, *notes),
        **counts,
    )
