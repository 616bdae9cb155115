"""`kill -9` at random moments, while answers get lost and events come twice and in the wrong order."""

import asyncio

from chaos import faults
from chaos.bridges import Bridge
from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

KILLS, QUICK = 250, 40  # of one run
COLD = 0.05  # share of the starts that also import everything anew
UNBORN = 0.2  # share of the kills that come while it starts
START, LIFE = (0.0, 0.4), (0.0, 0.8)  # seconds from its start, or from when it was ready, to its end
SHARED_LIFE = (0.0, 8.0)  # where others go on: they take five seconds to be sure of a death
PATIENCE = 240.0  # of people, in seconds: each death costs them some
FAULTS = (
    *faults.sending("drop_after_accept", 0.02),
    *faults.events("duplicate", 0.05),
    *faults.events("reorder", 0.05),
)


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """One run of so many kills."""
    most = QUICK if setup.quick else KILLS
    async with rig("kills", setup, seed, patience=PATIENCE) as it:
        await it.started()
        await it.far.misbehave(*FAULTS)
        await asyncio.gather(*(_killed(it, bridge, most, tell) for bridge in it.bridges))
        return await it.row()


async def _killed(it: Rig, bridge: Bridge, most: int, tell: Tell) -> None:
    """One bridge dies and comes back until there were so many kills in all."""
    while it.kills < most:
        if it.dice.random() < UNBORN:
            await asyncio.sleep(it.dice.uniform(*START))
        else:
            await bridge.listens("readyz")
            await asyncio.sleep(it.dice.uniform(*(LIFE if len(it.bridges) == 1 else SHARED_LIFE)))
        await bridge.end()
        it.kills += 1
        tell(f"{it.kills} of {most} kills")
        await bridge.begin(cold=it.dice.random() < COLD)
    await bridge.listens()
