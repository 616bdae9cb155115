"""Both of Slack's sockets die, or are open and dead: cut, asked to renew, or silent without a word."""

import asyncio

from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

TIMES, QUICK = 8, 2
BETWEEN = (2.0, 5.0)  # seconds
RENEW = {"platform": "slack", "method": "events", "fault": "disconnect", "times": 1}


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """Each harm in turn, the silent one first."""
    async with rig("sockets dead", setup, seed, patience=180, wired=("slack",)) as it:
        await it.started()
        times = QUICK if setup.quick else TIMES
        for number in range(times):
            await asyncio.sleep(it.dice.uniform(*BETWEEN))
            harm = ("silence", "cut", "renew")[number % 3]
            tell(f"{harm}, {number + 1} of {times}")
            await _harm(it, harm)
        return await it.row()


async def _harm(it: Rig, harm: str) -> None:
    wire = it.wires["slack"]
    match harm:
        case "silence":
            wire.silence()
        case "cut":
            await wire.cut()
        case _:
            await it.far.misbehave(RENEW)
