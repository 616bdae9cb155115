"""The machine's clock jumps a day ahead and a day back, while the platforms' goes on."""

import asyncio
import signal
import sys
from dataclasses import replace

from chaos.rig import Setup, Tell, rig
from chaos.tally import Row

SHIFTED = (sys.executable, "-m", "chaos.shifted", "serve")
JUMPS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2, signal.SIGUSR1)  # ahead, right, back, right
TIMES, QUICK = 3, 1
BETWEEN = (2.0, 5.0)  # seconds


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """Ahead and right again, back and right again."""
    async with rig("clock jumps", replace(setup, command=SHIFTED), seed) as it:
        await it.started()
        for jump in JUMPS * (QUICK if setup.quick else TIMES):
            await asyncio.sleep(it.dice.uniform(*BETWEEN))
            tell("a day ahead" if jump is signal.SIGUSR1 else "a day back")
            for bridge in it.bridges:
                if bridge.process:
                    bridge.process.send_signal(jump)
        return await it.row()
