"""What is to be measured, how long, and where the results go."""

import os
import platform
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.disk import syncs
from bench.far_ends import Direction
from bench.load import Run

Record = dict[str, Any]
Tell = Callable[[Record], None]

DIRECTIONS: tuple[Direction, ...] = ("in", "out")
CUSTOMERS = range(64)  # with a claimed conversation each
EMPTY: Record = {"messages_per_s": None, "cpu_us": None, "p50_ms": None, "p99_ms": None}

SUBJECTS = {  # measured in both directions, with the names of what is asked of each
    "start": "seconds from nothing to listening on both sides, and memory then",
    "saturated": "64 conversations, a message under way in each all the time",
    "low_load": "20 messages a second, and what that adds to the disk's own syncs",
    "at_80_percent": "at random moments, four fifths of what it takes at most",
    "far_ends_120ms": "saturated, with far ends that answer after 120 ms, and the share of what order allows then",
    "conversations": "memory with more open conversations",
}
SCENES = {  # of the bridge alone
    "two_processes": "PostgreSQL with two processes, by webhooks: what they store in a second, and what reaches Slack",
    "history": "what a message costs with 1,000 and with 1,000,000 stored messages",
    "restart": "SIGKILL with 100,000 conversations and 500 unfinished messages: seconds until something is sent again",
    "open_conversations": "memory with 100,000 open conversations",
    "one_channel": "3 and 10 messages a second to one Slack channel, which takes one post a second",
    "handoff": "calls to Slack for a claim, five replies and a hand back, with the limits kept",
    "streams": "2,000 visitors with the web chat open: replies from Slack to the page, and memory for each visitor",
    "scheduler": "an hour of a busy channel on a clock that leaps, and the optimum",
}
NAMES = {
    "machine": "what it runs on, and how long its disk takes for a sync",
    "ceiling": "what the far ends and the load themselves can take, with the cheapest client there can be",
    **SUBJECTS,
    **SCENES,
    "profile": "where the bridge's time goes, function by function (only when asked for)",
}
QUICK = ("machine", "ceiling", "start", "saturated", "low_load")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, of which subjects with which stores, for how many seconds each, and how large."""

    names: frozenset[str]
    subjects: tuple[tuple[str, str], ...] = ()
    seconds: float = 2.5
    low_seconds: float = 4.0
    conversations: int = 2000  # opened one by one
    stored_conversations: int = 100_000
    stored_messages: int = 1_000_000
    offered_seconds: float = 20.0  # to one channel
    visitors: int = 2_000  # with the web chat open
    crowd_seconds: float = 3600.0  # of the scheduler's clock
    echoes: bool = False


def record(
    name: str, subject: str = "bridge", store: str = "", direction: str | None = None, run: Run | None = None,
    **more: object,
) -> Record:  # fmt: skip
    """One result."""
    about = {"name": name, "subject": subject, "store": store or None, "direction": direction}
    return {**about, **EMPTY, **(asdict(run) if run else {}), **more}


def machine() -> Record:
    """What all of it runs on, and how busy that was before."""
    p50, p99 = syncs(Path(tempfile.gettempdir()))
    return {
        "name": "machine", "cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system(),
        "load_before": load(), "sync_p50_ms": p50, "sync_p99_ms": p99,
    }  # fmt: skip


def load() -> float:
    """How many wanted to run, on average over the last minute."""
    return round(os.getloadavg()[0], 1)
