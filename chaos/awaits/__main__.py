"""One run alone, to look into it: `python -m chaos.awaits "reply telegram" 37 [again]`; without a number, unharmed."""

import asyncio
import sys
from collections.abc import Sequence

from chaos.awaits.ground import ground
from chaos.awaits.play import Stop, played
from chaos.awaits.scenarios import SCENARIOS
from chaos.awaits.steps import NEVER


async def main(arguments: Sequence[str]) -> int:
    """Play it, and print what is wrong; 0 when nothing is."""
    if not arguments:
        print("\n".join(it.name for it in SCENARIOS))  # noqa: T201
        return 2
    at, again = (*map(int, arguments[1:]), *(NEVER, 0)[len(arguments) - 1 :])
    stops = [Stop(it, at, again) for it in SCENARIOS if arguments[0] in it.name]
    async with ground(0, {}) as it:
        outcome, _ = await played(it, stops)
        print(*it.deaths, outcome.steps, outcome.broken, *outcome.notes, it.last_words(), sep="\n")  # noqa: T201
    return 1 if outcome.stuck or any(outcome.broken.values()) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
