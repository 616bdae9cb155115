"""SIGTERM under load, as at every deployment: it ends with 0 soon, and leaves nothing in doubt."""

import asyncio
import signal

from chaos.bridges import Bridge
from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

TIMES, QUICK = 25, 5
LIVES = (0.3, 2.0)  # seconds from listening to the signal
PATIENCE = 20.0  # seconds for the end


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """Stop and start again, so many times."""
    async with rig("SIGTERM", setup, seed) as it:
        await it.started()
        times = QUICK if setup.quick else TIMES
        for number in range(times):
            tell(f"{number + 1} of {times}")
            bridge = it.bridges[number % len(it.bridges)]
            await asyncio.sleep(it.dice.uniform(*LIVES))
            await _stopped(it, bridge)
            await bridge.start()
        row = await it.row()
        return it.held(row, "in doubt after a graceful stop", row.flagged)


async def _stopped(it: Rig, bridge: Bridge) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            code = await bridge.end(signal.SIGTERM)
    except TimeoutError:
        it.trouble(f"it did not end {PATIENCE:.0f} s after SIGTERM")
        await bridge.say_where()
        await bridge.end()
    else:
        if code != 0:
            it.trouble(f"it ended with {code} after SIGTERM")
