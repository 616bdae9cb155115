"""What is measured, as a process of its own: how it starts, how much CPU and memory it takes, how large its data is."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.far_ends import FarEnds

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "raw": ("bench.raw",),
    "bridge": ("bridge", "serve"),
    "naive": ("bench.naive",),
    "naive-concurrent": ("bench.naive", "--concurrent"),
    "echo": ("bench.echo",),
    "profile": ("bench.profiled",),
    "paced": ("bridge", "serve"),
}
FASTER = 10  # times, the clock of the paced bridge's limits
DESK = '[desk]\nname = "Bench"\nbots = ["knowledge"]\n'
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 30.0  # seconds until it must have started


@dataclass(frozen=True, slots=True)
class Subject:
    """A running process."""

    process: asyncio.subprocess.Process
    database: str
    start_s: float

    def cpu(self) -> tuple[float, float]:
        """Seconds of CPU it has taken: all its threads, and the main one."""
        process = Path(f"/proc/{self.process.pid}")
        return _seconds(process / "stat"), _seconds(process / "task" / process.name / "stat")

    def rss_mib(self) -> float:
        """Resident memory."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)

    def stored(self) -> int | None:
        """Bytes of its database; None where it has none."""
        if self.database.startswith("postgres"):
            import psycopg

            with psycopg.connect(self.database) as connection:
                row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
                return row[0] if row else None
        path = Path(self.database.removeprefix("sqlite:///"))
        if not self.database or not path.exists():
            return None
        with closing(sqlite3.connect(path)) as connection:
            pages, free, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return (pages - free) * size


@asynccontextmanager
async def running(name: str, ends: FarEnds, folder: Path, database: str) -> AsyncGenerator[Subject]:
    """Start a subject and wait until it listens to both far ends."""
    (folder / "knowledge").mkdir()
    (folder / "knowledge" / "tea.md").write_text("# Tea\n\nWe sell tea.\n", encoding="utf-8")
    (folder / "bridge.toml").write_text(DESK, encoding="utf-8")
    pacing = str(FASTER) if name == "paced" else "off"
    more = {"BRIDGE_PACING": pacing, "BRIDGE_DATA_DIR": str(folder), "PORT": "0", "DATABASE_URL": database}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    log = folder / "log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *COMMANDS[name], cwd=folder, env={**kept, **ends.environment(), **more}, stderr=out,
            stdout=out,
        )  # fmt: skip
    try:
        await _listens(process, ends, log)
        yield Subject(process, database, round(time.perf_counter() - began, 2))
    finally:
        await _stop(process)


def _seconds(stat: Path) -> float:
    """User and system time, as proc(5) has them."""
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def _listens(process: asyncio.subprocess.Process, ends: FarEnds, log: Path) -> None:
    async def both() -> None:
        await ends.telegram.polled.wait()
        await ends.slack.connected.wait()

    ready, ended = asyncio.create_task(both()), asyncio.create_task(process.wait())
    done, _ = await asyncio.wait((ready, ended), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    ended.cancel()
    if ready not in done:
        raise RuntimeError(f"it did not start:\n{log.read_text(errors='replace')[-2000:]}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(10):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
