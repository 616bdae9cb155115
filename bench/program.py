"""What is measured, in which order. Prints each record as soon as it is there."""

import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.channel import one_channel
from bench.grown import history, open_conversations, restart
from bench.handoff import handoff
from bench.hours import scheduler
from bench.pair import two_processes
from bench.plan import Plan, Tell, machine, record
from bench.postgres import server
from bench.relay import relay
from bench.streams import streams

Scene = Callable[[Plan, Path, Tell], Awaitable[None]]
SCENES: Mapping[str, Scene] = {
    "two_processes": two_processes,
    "history": history,
    "restart": restart,
    "open_conversations": open_conversations,
    "one_channel": one_channel,
    "handoff": handoff,
    "streams": streams,
    "scheduler": scheduler,
}


async def measure(plan: Plan, tell: Tell) -> None:
    """Every subject in turn, then what is asked of the bridge alone."""
    if "machine" in plan.names:
        tell(machine())
    async with server_if(any(store == "postgres" for _, store in plan.subjects)) as postgres:
        for name, store in plan.subjects:
            if store == "postgres" and postgres is None:
                tell(record("left_out", name, store, why="PostgreSQL is not installed"))
                continue
            async with relay(plan, name, store, postgres or "", tell) as it:
                await (it.profile if name == "profile" else it.everything)()
    for name, scene in SCENES.items():
        if name in plan.names:
            with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
                await scene(plan, Path(folder), tell)


@asynccontextmanager
async def server_if(wanted: bool) -> AsyncGenerator[str | None]:
    """A PostgreSQL server, if one is wanted and can be had."""
    if not wanted:
        yield None
        return
    async with server() as found:
        yield found.address if found else None
