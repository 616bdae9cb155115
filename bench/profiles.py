"""Reads what the profiled bridge wrote down: the functions above which the time of one message is spent."""

import asyncio
import pstats
from collections.abc import AsyncGenerator
from pathlib import Path

from bench.profiled import THREADS

MOST = 90  # functions of each thread
SMALL = 1.0  # microseconds of a message, below which nothing is shown
PATIENCE = 30.0  # seconds


async def profiles(folder: Path, messages: int) -> AsyncGenerator[dict[str, object]]:
    """Functions by the time in and below them, as records; times are of one message."""
    for thread in THREADS:
        file = folder / f"{thread}.prof"
        async with asyncio.timeout(PATIENCE):
            while not file.exists():  # noqa: ASYNC110  another process writes it
                await asyncio.sleep(0.05)
        if file.stat().st_size > 100:
            for record in _functions(file, messages):
                yield {"thread": thread, **record}
        file.unlink()


def _functions(file: Path, messages: int) -> list[dict[str, object]]:
    stats = pstats.Stats(str(file)).get_stats_profile().func_profiles
    rows: list[dict[str, object]] = []
    for name, row in sorted(stats.items(), key=lambda item: -item[1].cumtime)[:MOST]:
        below = row.cumtime / messages * 1e6
        if below < SMALL:
            break
        where = "/".join(Path(row.file_name).parts[-2:])
        calls = int(str(row.ncalls).partition("/")[0]) / messages
        rows.append(
            {
                "function": f"{where}:{row.line_number}({name})",
                "calls": round(calls, 2),
                "own_us": round(row.tottime / messages * 1e6, 1),
                "below_us": round(below, 1),
            }
        )
    return rows
