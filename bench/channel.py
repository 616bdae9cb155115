"""More than one Slack channel takes, with the limits kept on both sides, in real time."""

import asyncio
from pathlib import Path

from bench.far_ends import far_ends
from bench.grown import grown
from bench.history import History
from bench.limit import Limit
from bench.load import Load
from bench.plan import CUSTOMERS, Plan, Record, Tell, record
from bench.subject import running

OFFERED = (3.0, 10.0)  # messages a second to one channel, which takes one post a second
PEOPLE = CUSTOMERS[:10]


async def one_channel(plan: Plan, folder: Path, tell: Tell) -> None:
    """Both rates at once, each with a bridge and a workspace of its own: they do next to nothing."""
    for found in await asyncio.gather(*(_offered(plan, rate, folder / f"{rate:g}") for rate in OFFERED)):
        tell(found)


async def _offered(plan: Plan, rate: float, folder: Path) -> Record:
    folder.mkdir()
    async with far_ends() as ends:
        database = grown(ends, folder, History(len(PEOPLE), 10 * len(PEOPLE), open=len(PEOPLE)))
        async with running("bridge", ends, folder, database, pacing="strict") as subject:
            load = Load(ends, subject.cpu)
            ends.slack.limit = limit = Limit(asyncio.get_running_loop().time)
            run = await load.at_rate("in", PEOPLE, rate, plan.offered_seconds, steady=True)
            posts = ends.slack.calls["chat.postMessage"] - limit.refused
            return record(
                "one_channel",
                "bridge",
                "sqlite",
                "in",
                run,
                offered=rate,
                seconds=plan.offered_seconds,
                posts=posts,
                refused=limit.refused,
            )
