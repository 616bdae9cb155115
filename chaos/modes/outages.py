"""A platform is away for half an hour of the sandbox's clock, which is half a minute of ours."""

import asyncio
from functools import partial

from chaos import faults
from chaos.rig import SPEED, Setup, Tell, rig
from chaos.tally import Row

HALF_AN_HOUR = 1800.0
LASTS, QUICK = 30.0, 12.0  # seconds of ours
BEFORE = 4.0


async def _away(platform: str, setup: Setup, seed: int, tell: Tell) -> Row:
    """First nobody answers the door, then every call is answered with 500."""
    lasts = QUICK if setup.quick else LASTS
    async with rig(f"{platform} away", setup, seed, patience=240, wired=(platform,)) as it:
        await it.started()
        await asyncio.sleep(BEFORE)
        tell("away")
        await it.far.configure(clock=HALF_AN_HOUR / lasts)
        await it.wires[platform].shut()
        await asyncio.sleep(lasts / 2)
        await it.far.misbehave(*faults.away(platform))
        await it.wires[platform].open()
        await asyncio.sleep(lasts / 2)
        await it.far.misbehave()
        await it.far.configure(clock=SPEED)
        tell("back")
        await asyncio.sleep(BEFORE)
        return await it.row()


slack = partial(_away, "slack")
telegram = partial(_away, "telegram")
