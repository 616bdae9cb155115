"""Two processes on one PostgreSQL database. Customers write by webhooks, which go to both in turn."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from bench.far_ends import FarEnds, far_ends
from bench.load import Load, quantile
from bench.plan import CUSTOMERS, Plan, Record, Tell, record
from bench.postgres import server
from bench.subject import Subject, free_port, running
from bench.webhooks import Postman

PROCESSES = 2
SLOW = 5.0  # seconds until Slack answers a post, while only storing is measured
WARM = 0.5  # seconds


async def two_processes(plan: Plan, folder: Path, tell: Tell) -> None:
    """How many messages a second they store, and how many reach Slack."""
    async with server() as postgres, AsyncExitStack() as stack:
        if postgres is None:
            tell(record("left_out", "bridge", "postgres", why="PostgreSQL is not installed"))
            return
        tell(await ceiling(plan, folder))
        ends = await stack.enter_async_context(far_ends())
        ports = [free_port() for _ in range(PROCESSES)]
        subjects = [
            await stack.enter_async_context(running("bridge", ends, folder / str(port), postgres.address, port=port))
            for port in ports
        ]
        postman = await _posting(ends, ports)
        load = Load(ends, lambda: _together(subjects))
        await load.open_conversations(CUSTOMERS)
        await load.warm_up(CUSTOMERS)
        before = postgres.cpu()
        found = await stored(plan, ends, postman, load)
        middle = postgres.cpu()
        tell(found | {"server_us": round((middle - before) / found["messages"] * 1e6, 1)})
        run = await load.saturated("in", CUSTOMERS, plan.seconds)
        more = {"server_us": round((postgres.cpu() - middle) / max(1, run.messages) * 1e6, 1)}
        more |= {"rss_mib": max(subject.rss_mib() for subject in subjects), "deadlocks": postgres.deadlocks()}
        tell(record("two_processes", "bridge", "postgres", "in", run, what="into Slack", **more))


async def stored(plan: Plan, ends: FarEnds, postman: Postman, load: Load) -> Record:
    """Acknowledged messages a second: each is committed, with what follows from it. Slack hardly answers meanwhile.

    Afterwards it answers again, and everything must arrive.
    """
    ends.slack.delay = SLOW
    began = load.cpu()[0]
    rate, busy, took = await acknowledged(plan, ends, postman)
    cpu = load.cpu()[0] - began
    ends.slack.delay = 0.0
    await load.quiet(60.0)
    return record(
        "two_processes", "bridge", "postgres", "in", what="stored", messages_per_s=rate, messages=len(took),
        cpu_us=round(cpu / len(took) * 1e6, 1), p50_ms=quantile(took, 0.5), p99_ms=quantile(took, 0.99),
        lost=ends.under_way, twice=ends.twice, refused=postman.refused, far_ends_busy=busy,
    )  # fmt: skip


async def acknowledged(plan: Plan, ends: FarEnds, postman: Postman) -> tuple[float, float, list[float]]:
    """Everybody writes the next message once the last one is acknowledged: how many a second, and how long it took."""
    ends.forget()
    postman.forget()
    postman.taken = lambda customer: ends.say("in", customer)
    for customer in CUSTOMERS:
        ends.say("in", customer)
    await asyncio.sleep(WARM)
    before, began, busy = len(postman.took), time.perf_counter(), time.process_time()
    await asyncio.sleep(plan.seconds)
    count, lasted = len(postman.took) - before, time.perf_counter() - began
    busy = time.process_time() - busy
    postman.taken = lambda customer: None
    while postman.posted:  # noqa: ASYNC110  they are answered in their own time
        await asyncio.sleep(0.01)
    return round(count / lasted, 1), round(busy / lasted, 2), sorted(postman.took)


async def ceiling(plan: Plan, folder: Path) -> Record:
    """What the load itself can post, to a process that takes everything and does nothing."""
    async with far_ends() as ends:
        port = free_port()
        async with running("echo", ends, folder / "echo", "", port=port) as subject:
            postman = await _posting(ends, [port])
            rate, busy, took = await acknowledged(plan, ends, postman)
            cpu = round(subject.cpu()[0] / len(took) * 1e6, 1)
            return record(
                "ceiling", "echo", direction="in", what="webhooks", messages_per_s=rate, cpu_us=cpu,
                p50_ms=quantile(took, 0.5), p99_ms=quantile(took, 0.99), lost=0, twice=0, far_ends_busy=busy,
            )  # fmt: skip


async def _posting(ends: FarEnds, ports: list[int]) -> Postman:
    postman = Postman()
    await postman.connect(ports)
    ends.telegram.webhook = postman.post
    return postman


def _together(subjects: list[Subject]) -> tuple[float, float]:
    times = [subject.cpu() for subject in subjects]
    return sum(whole for whole, _ in times), sum(loop for _, loop in times)
