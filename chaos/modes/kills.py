"""`kill -9` at random moments, while answers get lost and events come twice and in the wrong order."""

import asyncio

from chaos import faults
from chaos.bridges import Bridge
from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

KILLS, QUICK = 250, 60  # of one run
COLD = 0.05  # share of the starts that also import everything anew
LIVES, COLD_LIVES = (0.1, 1.2), (0.8, 2.4)  # seconds from the start of a process to its end
FAULTS = (
    *faults.sending("drop_after_accept", 0.02),
    *faults.events("duplicate", 0.05),
    *faults.events("reorder", 0.05),
)


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """One run of so many kills."""
    most = QUICK if setup.quick else KILLS
    async with rig("kills", setup, seed) as it:
        await it.started()
        await it.far.misbehave(*FAULTS)
        await asyncio.gather(*(_killed(it, bridge, most, tell) for bridge in it.bridges))
        return await it.row()


async def _killed(it: Rig, bridge: Bridge, most: int, tell: Tell) -> None:
    """One bridge dies and comes back until there were so many kills in all."""
    cold = False
    while it.kills < most:
        await asyncio.sleep(it.dice.uniform(*(COLD_LIVES if cold else LIVES)))
        await bridge.end()
        it.kills += 1
        tell(f"{it.kills} of {most} kills")
        cold = it.dice.random() < COLD
        await bridge.begin(cold=cold)
    await bridge.listens()
