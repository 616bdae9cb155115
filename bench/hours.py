"""An hour of a channel that is calm, busy, or offered three times too much: the shipped scheduler, and the optimum."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.crowd import Crowd
from bench.limit import AT_ONCE, POSTS
from bench.load import quantile
from bench.optimum import simulate
from bench.plan import Plan, Record, Tell, record
from bench.scheduler import Outcome, hour

CALM, BUSY, TOO_MUCH = 10, 60, 80  # conversations: far below the limit, 2.2 times it, three times it


async def scheduler(plan: Plan, _folder: Path, tell: Tell) -> None:
    """Each hour in a process of its own, because its clock is."""
    crowds = [Crowd(conversations=number, seconds=plan.crowd_seconds) for number in (CALM, BUSY, TOO_MUCH)]
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        hours = [loop.run_in_executor(processes, hour, crowd) for crowd in crowds]
        for crowd, outcome in zip(crowds, hours, strict=True):
            tell(reached(crowd, await outcome))
            tell(optimum(crowd))


def reached(crowd: Crowd, outcome: Outcome) -> Record:
    """What the shipped scheduler came to. Seconds are given in milliseconds, as everywhere."""
    allowed = outcome.seconds * POSTS
    return record(
        "scheduler", "bridge", "sqlite", "in",
        messages=len(outcome.everybody), posts=outcome.posts, posts_used=round(outcome.posts / allowed, 3),
        refused=outcome.refused, refused_share=round(outcome.refused / max(1, outcome.posts + outcome.refused), 4),
        to_customers_p99_ms=quantile(sorted(outcome.to_customers), 0.99), lost=outcome.lost, twice=outcome.twice,
    ) | _about(crowd, outcome.with_agent, outcome.everybody)  # fmt: skip


def optimum(crowd: Crowd) -> Record:
    """What the best possible comes to with the same customers."""
    lags, posts = simulate(crowd.says(1), crowd.with_agent, POSTS, AT_ONCE)
    with_agent = [lag for customer, lag in lags if customer in crowd.with_agent]
    everybody = [lag for _, lag in lags]
    found = record("scheduler", "optimum", direction="in", messages=len(everybody), posts=posts)
    return found | _about(crowd, with_agent, everybody)


def _about(crowd: Crowd, with_agent: list[float], everybody: list[float]) -> Record:
    claimed, ordered = sorted(with_agent), sorted(everybody)
    return {
        "seconds": crowd.seconds,
        "conversations": crowd.conversations,
        "messages_per_s": round(crowd.offered, 2),
        "claimed_p95_ms": quantile(claimed, 0.95),
        "p50_ms": quantile(ordered, 0.5),
        "p95_ms": quantile(ordered, 0.95),
        "p99_ms": quantile(ordered, 0.99),
    }
