"""One handoff, with Slack's limits kept: how many calls it takes of what Slack allows for all together."""

import asyncio
from contextlib import suppress
from pathlib import Path

from bench.far_ends import FarEnds, far_ends
from bench.plan import Plan, Record, Tell, record
from bench.subject import BOARD, running

REPLIES = 5
CUSTOMER = 1
MARKS = "reactions."  # the replies' own receipts, which are paced and dropped where there are many
QUIET, PATIENCE = 4.0, 30.0  # seconds; a card or the board waits for its turn that long at most


async def handoff(_plan: Plan, folder: Path, tell: Tell) -> None:
    """A customer asks for a person; an agent claims, answers five times and hands back."""
    async with far_ends() as ends, running("bridge", ends, folder, _database(folder), pacing="strict", desk=BOARD):
        await _quiet(ends)  # how the bridge begins does not count
        before = ends.slack.calls.copy()
        ends.ask_for_help(CUSTOMER)
        await _until(ends, ends.slack.claimed)
        for _ in range(REPLIES):
            arrived = asyncio.Event()
            ends.arrived = lambda _, arrived=arrived: arrived.set()
            ends.say("out", CUSTOMER)
            await _until(ends, arrived)
        ends.slack.press("handback", CUSTOMER)
        await _quiet(ends)
        tell(_counted(ends, before))


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'bridge.db'}"


def _counted(ends: FarEnds, before: dict[str, int]) -> Record:
    made = {method: count - before.get(method, 0) for method, count in ends.slack.calls.items()}
    made = {method: count for method, count in sorted(made.items()) if count}
    marks = sum(count for method, count in made.items() if method.startswith(MARKS))
    return record("handoff", calls=made, slack_calls=sum(made.values()) - marks, marks=marks, replies=REPLIES)


async def _until(ends: FarEnds, happened: asyncio.Event) -> None:
    with suppress(TimeoutError):  # then the calls say what is missing
        async with asyncio.timeout(PATIENCE):
            await happened.wait()
    await asyncio.sleep(0)


async def _quiet(ends: FarEnds) -> None:
    """Until nothing was called for a while."""
    async with asyncio.timeout(2 * PATIENCE):
        while ends.silence < QUIET:  # noqa: ASYNC110  (nothing tells)
            await asyncio.sleep(QUIET / 10)
