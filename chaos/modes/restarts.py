"""PostgreSQL is restarted the hard way under load, while several bridges share it."""

import asyncio
from dataclasses import replace

from chaos import postgres
from chaos.rig import Setup, Tell, rig
from chaos.tally import Row

TIMES, QUICK = 12, 2
BETWEEN = (2.0, 6.0)  # seconds


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """`pg_ctl restart -m immediate`, so many times."""
    async with postgres.server() as server, rig("PostgreSQL restarts", replace(setup, store="postgres"), seed) as it:
        await it.started()
        times = QUICK if setup.quick else TIMES
        for number in range(times):
            await asyncio.sleep(it.dice.uniform(*BETWEEN))
            tell(f"{number + 1} of {times}")
            await server.control("-m", "immediate", "restart")
        for number, bridge in enumerate(it.bridges):
            if bridge.process and bridge.process.returncode is not None:
                it.trouble(f"bridge {number} ended when the database was away")
        return await it.row()
