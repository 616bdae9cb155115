"""One handoff, with Slack's limits kept: how many calls it takes of what Slack allows for all together."""

import asyncio
from pathlib import Path

from bench.far_ends import FarEnds, far_ends
from bench.plan import Plan, Record, Tell, record
from bench.subject import BOARD, running

REPLIES = 5
CUSTOMER = 1
MARKS = "reactions."  # the replies' own receipts, which are paced and dropped where there are many
QUIET = 14.0  # seconds: the board is looked after every 3 s, and drawn once in 10 s at most
PATIENCE = 180.0  # seconds for all of it; what has not come by then never comes


async def handoff(_plan: Plan, folder: Path, tell: Tell) -> None:
    """A customer asks for a person; an agent claims, answers five times and hands back."""
    async with (
        far_ends() as ends,
        running("bridge", ends, folder, f"sqlite:///{folder / 'bridge.db'}", pacing="strict", desk=BOARD),
        asyncio.timeout(PATIENCE),
    ):
        await _quiet(ends)  # how the bridge begins does not count
        before = ends.slack.calls.copy()
        ends.ask_for_help(CUSTOMER)
        await ends.slack.claimed.wait()  # the click is sent: it counts a little later
        await _quiet(ends)
        for _ in range(REPLIES):
            arrived = asyncio.Event()
            ends.arrived = lambda _, arrived=arrived: arrived.set()
            ends.say("out", CUSTOMER)
            await arrived.wait()
        ends.slack.press("handback", CUSTOMER)
        await _quiet(ends)
        tell(_counted(ends, before))


def _counted(ends: FarEnds, before: dict[str, int]) -> Record:
    made = {method: count - before.get(method, 0) for method, count in ends.slack.calls.items()}
    made = {method: count for method, count in sorted(made.items()) if count}
    marks = sum(count for method, count in made.items() if method.startswith(MARKS))
    return record("handoff", calls=made, slack_calls=sum(made.values()) - marks, marks=marks, replies=REPLIES)


async def _quiet(ends: FarEnds) -> None:
    """Until nothing was called for a while."""
    while (left := QUIET - ends.silence) > 0:  # noqa: ASYNC110  (nothing tells)
        await asyncio.sleep(left)
