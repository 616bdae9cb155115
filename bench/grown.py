"""The bridge with a long history behind it: what a message costs then, how it comes back, what it keeps in memory."""

import asyncio
import sqlite3
import statistics
import time
from contextlib import AsyncExitStack, closing
from pathlib import Path

from bench.far_ends import Direction, FarEnds, far_ends
from bench.history import History
from bench.load import PATIENCE, Load, Run
from bench.plan import DIRECTIONS, Plan, Record, Tell, record
from bench.subject import running

LITTLE = History(conversations=1_000, messages=1_000, open=1_000)
OPEN = 1_000  # conversations with an agent, whatever else is stored
ROUNDS = 5  # in turn, so that whatever else the machine does meets both
UNFINISHED = 500  # messages on their way when the process is killed
USED = 1000  # open conversations in which something is said, when memory is measured
SETTLING = 3.0  # seconds until memory is read


def grown(ends: FarEnds, folder: Path, history: History) -> str:
    """The address of a database with this history, whose open threads are known to Slack's end."""
    history.fill(folder / "bridge.db")
    ends.slack.threads.update((customer, history.thread(customer)) for customer in range(history.open))
    return f"sqlite:///{folder}/bridge.db"


async def history(plan: Plan, folder: Path, tell: Tell) -> None:
    """Two bridges, one with a short history and one with a long one, do the same in turn."""
    many = History(plan.stored_conversations, plan.stored_messages, min(OPEN, plan.stored_conversations))
    async with AsyncExitStack() as stack:
        both: list[tuple[History, Load]] = []
        for of in (LITTLE, many):
            ends = await stack.enter_async_context(far_ends())
            home = folder / str(of.messages)
            home.mkdir()
            database = await asyncio.to_thread(grown, ends, home, of)
            subject = await stack.enter_async_context(running("bridge", ends, home, database))
            load = Load(ends, subject.cpu)
            await load.rest()
            await load.warm_up(range(of.open))
            both.append((of, load))
        for direction in DIRECTIONS:
            for found in await _in_turn(plan, direction, both):
                tell(found)


async def _in_turn(plan: Plan, direction: Direction, both: list[tuple[History, Load]]) -> list[Record]:
    """Several short runs of each, compared with their neighbours; the records are those in the middle."""
    runs: dict[int, list[Run]] = {of.messages: [] for of, _ in both}
    for _ in range(ROUNDS):
        for of, load in both:
            runs[of.messages].append(await load.saturated(direction, range(of.open), plan.seconds / 2, warm=0.2))
    short, long = runs.values()
    ratios = [much.cpu_us / little.cpu_us for little, much in zip(short, long, strict=True)]
    found = [
        record("history", "bridge", "sqlite", direction, sorted(some, key=lambda run: run.cpu_us)[ROUNDS // 2])
        | {"stored": messages}
        for messages, some in runs.items()
    ]
    found[-1]["ratio"] = round(statistics.median(ratios), 3)
    return found


async def restart(plan: Plan, folder: Path, tell: Tell) -> None:
    """Messages are on their way and get no answer, the process is killed, and another one is started."""
    much = History(plan.stored_conversations, plan.stored_messages, min(OPEN, plan.stored_conversations))
    async with far_ends() as ends:
        database = await asyncio.to_thread(grown, ends, folder, much)
        unfinished = await _killed(ends, folder, database)
        sent: dict[int, float] = {}
        ends.arrived = lambda customer: sent.update({customer: time.perf_counter()})
        began = time.perf_counter()
        ends.say("in", UNFINISHED)  # somebody who had nothing on the way
        async with running("bridge", ends, folder, database) as subject:
            await Load(ends, subject.cpu).rest()
            new = sent.pop(UNFINISHED)
            found = record("restart", "bridge", "sqlite", conversations=much.conversations, stored=much.messages)
            seconds = {
                "first_send_s": min(sent.values()), "new_message_s": new, "all_sent_s": max(sent.values()),
            }  # fmt: skip
            found |= {name: round(moment - began, 2) for name, moment in seconds.items()}
            found |= {"unfinished": unfinished, "start_s": subject.start_s, "rss_mib": subject.rss_mib()}
            tell(found | {"lost": ends.under_way, "twice": ends.twice})


async def _killed(ends: FarEnds, folder: Path, database: str) -> int:
    """Leave unfinished messages behind; return how many. None of them has reached anybody."""
    ends.swallows = True
    async with running("bridge", ends, folder, database) as subject:
        for customer in range(UNFINISHED):
            ends.say("in", customer)
        count = 0
        async with asyncio.timeout(PATIENCE):
            while (count := _unfinished(subject.file)) < UNFINISHED:  # noqa: ASYNC110  another process writes it
                await asyncio.sleep(0.05)
        await subject.kill()
    ends.swallows = False
    return count


def _unfinished(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT COUNT(*) FROM outbox WHERE kind = 'line'").fetchone()[0]


async def open_conversations(plan: Plan, folder: Path, tell: Tell) -> None:
    """Every stored conversation is with an agent, and in some the customer writes.

    Limits are kept, as they are shipped: what cannot be posted yet waits in the database.
    """
    everybody = History(plan.stored_conversations, plan.stored_messages, plan.stored_conversations)
    used = range(min(USED, everybody.open))
    async with far_ends() as ends:
        database = await asyncio.to_thread(grown, ends, folder, everybody)
        async with running("bridge", ends, folder, database, pacing="strict") as subject:
            found = record("open_conversations", "bridge", "sqlite", conversations=everybody.open, used=len(used))
            found |= {"start_s": subject.start_s, "rss_at_first_mib": subject.rss_mib()}
            for customer in used:
                ends.say("in", customer)
            async with asyncio.timeout(PATIENCE):
                while ends.telegram.unconfirmed:  # noqa: ASYNC110  another process takes them
                    await asyncio.sleep(0.05)
            await asyncio.sleep(SETTLING)
            tell(found | {"rss_mib": subject.rss_mib()})
