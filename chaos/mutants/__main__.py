"""`python -m chaos.mutants [NAME ...]`: which broken bridges the judge catches, by which count, and how soon."""

import argparse
import asyncio
import sys
import time

from chaos.mutants.every import MUTANTS
from chaos.mutants.plays import PLAYS
from chaos.mutants.run import SIDE_BY_SIDE, Outcome, outcomes_of
from chaos.rig import Setup


def main() -> int:
    """Try those that are named, or all; 0 if each was caught and the unbroken bridge was clean."""
    asked = _arguments(sys.argv[1:])
    began = time.monotonic()
    outcomes = asyncio.run(_all(asked))
    seconds, mutants = time.monotonic() - began, [it for it in outcomes if it.mutant]
    caught = sum(it.well for it in mutants)
    sys.stdout.write(f"\n{table(outcomes)}\n\nCaught {caught} of {len(mutants)} in {seconds:.0f} s.\n")
    return 0 if all(it.well for it in outcomes) else 1


async def _all(asked: argparse.Namespace) -> list[Outcome]:
    chosen = [MUTANTS[name] for name in asked.names or MUTANTS]
    outcomes: list[Outcome] = []
    async for outcome in outcomes_of(Setup(), asked.seed, chosen, asked.jobs):
        outcomes.append(outcome)
        trial = outcome.trial
        sys.stderr.write(
            f"{_sign(outcome)} {trial.bridge} in “{trial.play}”: {_counts(outcome)}, {trial.seconds:.0f} s\n"
        )
        for note in trial.notes[:6] if asked.notes or not outcome.well else ():
            sys.stderr.write(f"    {note}\n")
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    """One line for each: the unbroken bridge first."""
    lines = ["| bridge | what is broken | play | the judge counts | seconds |", "| --- | --- | --- | --- | ---: |"]
    order = [None, *MUTANTS.values()]
    for it in sorted(outcomes, key=lambda it: (order.index(it.mutant), it.trial.play)):
        broken = it.mutant.broken if it.mutant else f"Nothing: {PLAYS[it.trial.play].says}."
        wrong = "" if it.well else " **WRONG**"
        lines.append(
            f"| {it.trial.bridge}{wrong} | {broken} | {it.trial.play} | {_counts(it)} | {it.trial.seconds:.0f} |"
        )
    return "\n".join(lines)


def _counts(it: Outcome) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in it.trial.counts.items()) or "nothing"


def _sign(it: Outcome) -> str:
    return "✓" if it.well else "✗"


def _arguments(given: list[str]) -> argparse.Namespace:
    told = "\n".join(f"  {name:<28} {mutant.broken}" for name, mutant in MUTANTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m chaos.mutants",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
        epilog=told,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all if none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=SIDE_BY_SIDE, help=f"side by side (default {SIDE_BY_SIDE})")
    parser.add_argument("--notes", action="store_true", help="also the judge's words about what is caught")
    asked = parser.parse_args(given)
    if unknown := [name for name in asked.names if name not in MUTANTS]:
        parser.error(f"there is no mutant {unknown[0]!r}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
