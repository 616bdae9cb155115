"""Far ends that lose their answers, repeat, confuse the order, or refuse, for as long as it lasts."""

import asyncio

from chaos import faults
from chaos.faults import Fault
from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

LASTS, QUICK = 90.0, 8.0  # seconds


async def answers_lost(setup: Setup, seed: int, tell: Tell) -> Row:
    """Accepted, but no answer: one in five, then every one for a while."""
    async with rig("accepted, no answer", setup, seed) as it:
        await it.started()
        await _weather(it, tell, faults.sending("drop_after_accept", 0.2), 0.8)
        await _weather(it, tell, faults.sending("drop_after_accept", 1.0), 0.2)
        return await it.row()


async def duplicates(setup: Setup, seed: int, tell: Tell) -> Row:
    """Half of what the platforms tell is told twice; clicks as well, and some acknowledgements are lost."""
    twice = [
        *faults.events("duplicate", 0.5),
        {"platform": "slack", "method": "interactive", "fault": "duplicate", "rate": 0.5},
    ]
    async with rig("duplicates", setup, seed) as it:
        await it.started()
        await _weather(
            it, tell, [{"platform": "slack", "method": "events", "fault": "drop_after_accept", "rate": 0.2}, *twice]
        )
        return await it.row()


async def reordered(setup: Setup, seed: int, tell: Tell) -> Row:
    """What the platforms tell comes in the wrong order."""
    async with rig("reordered", setup, seed) as it:
        await it.started()
        await _weather(it, tell, faults.events("reorder", 0.3))
        return await it.row()


async def refusals(setup: Setup, seed: int, tell: Tell) -> Row:
    """429 and 5xx on everything that is sent, and the platforms' own limits on a clock that runs faster."""
    storm = [*faults.sending("429", 0.25, seconds=1), *faults.sending("500", 0.1)]
    async with rig("429 and 5xx", setup, seed, limits="strict", env={"BRIDGE_PACING": "10"}) as it:
        await it.started()
        await _weather(it, tell, storm)
        return await it.row()


async def calm(setup: Setup, seed: int, tell: Tell) -> Row:
    """No harm at all: what the others are compared with."""
    async with rig("no harm", setup, seed) as it:
        await it.started()
        await _weather(it, tell, [])
        row = await it.row()
        return it.held(row, "in doubt although nothing happened", row.flagged)


async def _weather(it: Rig, tell: Tell, storm: list[Fault], share: float = 1.0) -> None:
    await it.far.misbehave(*storm)
    lasts = (QUICK if it.setup.quick else LASTS) * share
    tell(f"{lasts:.0f} s")
    await asyncio.sleep(lasts)
