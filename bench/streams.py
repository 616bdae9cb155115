"""Visitors with the web chat open, most of whom do nothing: how long an agent's reply takes, and what a page costs."""

import asyncio
import json
import resource
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bench.far_ends import HELP, FarEnds, far_ends
from bench.load import Load
from bench.plan import CUSTOMERS, Plan, Tell, record
from bench.subject import Subject, free_port, running

RATE = 40.0  # replies a second
LONGER = 8  # than other runs: every page gets a sign of life meanwhile
AT_ONCE = 50  # pages that open at the same moment
PATIENCE = 60.0


async def streams(plan: Plan, folder: Path, tell: Tell) -> None:
    """So many visitors on one process; 64 of them talk to an agent."""
    _allow_files(plan.visitors)
    port = free_port()
    async with far_ends() as ends, running("bridge", ends, folder, f"sqlite:///{folder / 'web.db'}", port=port) as it:
        talking = CUSTOMERS[: plan.visitors]
        tokens = dict(enumerate(await _in_turn(plan.visitors, lambda who: _admitted(port, who))))
        before, began = it.rss_mib(), time.perf_counter()
        async with _open(port, tokens, ends.slack.arrived):
            opened, rss = time.perf_counter() - began, it.rss_mib()
            await _claimed(ends, it, port, [tokens[who] for who in talking])
            run = await Load(ends, it.cpu).at_rate("out", talking, RATE, LONGER * plan.seconds)
        tell(
            record(
                "streams", "bridge", "sqlite", "out", run, visitors=plan.visitors, opened_s=round(opened, 2),
                rss_mib=rss, kib_a_visitor=round(1024 * (rss - before) / plan.visitors, 1),
            )
        )  # fmt: skip


async def _claimed(ends: FarEnds, it: Subject, port: int, tokens: list[str]) -> None:
    """Those ask for a person, and Ana takes them all."""
    for token in tokens:
        await _post(port, "/web/messages", {"id": "m1", "text": HELP.decode()}, token)
    async with asyncio.timeout(PATIENCE):
        while ends.slack.claims < len(tokens):  # noqa: ASYNC110  (nothing tells)
            await asyncio.sleep(0.05)
    await Load(ends, it.cpu).rest()


@asynccontextmanager
async def _open(port: int, tokens: dict[int, str], heard: Callable[[bytes], None]) -> AsyncGenerator[None]:
    """Everybody's page, until the end."""
    ready, door = [asyncio.Event() for _ in tokens], asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as pages:
        tasks = [pages.create_task(_page(port, tokens[who], ready[who], door, heard)) for who in tokens]
        async with asyncio.timeout(PATIENCE + len(tokens) / 50):
            await asyncio.gather(*(one.wait() for one in ready))
        yield
        for task in tasks:
            task.cancel()


async def _page(
    port: int, token: str, ready: asyncio.Event, door: asyncio.Semaphore, heard: Callable[[bytes], None]
) -> None:
    await door.acquire()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            b"GET /web/events?after=0 HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %b\r\n\r\n" % token.encode()
        )
        async for line in reader:
            if line.startswith(b"data:"):
                heard(line)
            elif line.startswith(b"retry:"):
                ready.set()
                door.release()
    finally:
        writer.close()


async def _admitted(port: int, who: int) -> str:
    return (await _post(port, "/web/session", {"name": f"C{who:05d}"}))["token"]


async def _post(port: int, path: str, body: dict[str, str], token: str = "") -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
    writer.write(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
    answer = await reader.read()
    writer.close()
    return json.loads(answer.partition(b"\r\n\r\n")[2])


async def _in_turn(count: int, one: Callable[[int], Any]) -> list[str]:
    """Not all at the same moment."""
    places = asyncio.Semaphore(AT_ONCE)

    async def at_last(who: int) -> str:
        async with places:
            return await one(who)

    return await asyncio.gather(*map(at_last, range(count)))


def _allow_files(visitors: int) -> None:
    """Each page is a socket here and one there; what we may open, the bridge may, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError):  # then opening them says what is missing
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, visitors + 1000)), hard))
