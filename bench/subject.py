"""What is measured, as a process of its own: how it starts, how much CPU and memory it takes, how large its data is."""

import asyncio
import os
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.far_ends import FarEnds
from bench.webhooks import SECRET

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "raw": ("bench.raw",),
    "bridge": ("bridge", "serve"),
    "naive": ("bench.naive",),
    "naive-concurrent": ("bench.naive", "--concurrent"),
    "echo": ("bench.echo",),
    "profile": ("bench.profiled",),
}
DESK = '[desk]\nname = "Bench"\nbots = ["knowledge"]\nboard = false\n'
BOARD = DESK.replace("false", "true")  # with the pinned message that shows all of it
TICK = os.sysconf("SC_CLK_TCK")
KEPT = ("PATH", "HOME", "LANG", "TZ", "PYTHONPATH")  # of the environment
PATIENCE = 30.0  # seconds until it must have started


@dataclass(frozen=True, slots=True)
class Subject:
    """A running process."""

    process: asyncio.subprocess.Process
    folder: Path
    database: str
    start_s: float

    @property
    def file(self) -> Path:
        """Its SQLite database."""
        return Path(self.database.removeprefix("sqlite:///"))

    def cpu(self) -> tuple[float, float]:
        """Seconds of CPU it has taken: all its threads, and the main one."""
        process = Path(f"/proc/{self.process.pid}")
        return seconds(process / "stat"), seconds(process / "task" / process.name / "stat")

    async def kill(self) -> None:
        """SIGKILL: it finishes nothing."""
        self.process.kill()
        await self.process.wait()

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
        if not self.database or not self.file.exists():
            return None
        with closing(sqlite3.connect(self.file)) as connection:
            pages, free, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return (pages - free) * size


@asynccontextmanager
async def running(
    name: str, ends: FarEnds, folder: Path, database: str, *, pacing: str = "off", port: int = 0, desk: str = DESK
) -> AsyncGenerator[Subject]:
    """Start a subject and wait until it listens to both far ends. With a port, updates come there by webhook."""
    (folder / "knowledge").mkdir(parents=True, exist_ok=True)
    (folder / "knowledge" / "tea.md").write_text("# Tea\n\nWe sell tea.\n", encoding="utf-8")
    (folder / "bridge.toml").write_text(desk, encoding="utf-8")
    more = {"BRIDGE_PACING": pacing, "BRIDGE_DATA_DIR": str(folder), "PORT": str(port), "DATABASE_URL": database}
    if port:
        more |= {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    ends.telegram.polled.clear()
    ends.slack.connected.clear()
    log = folder / "log"
    began = time.perf_counter()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *COMMANDS[name], cwd=folder, env={**kept, **ends.environment(), **more}, stderr=out,
            stdout=out,
        )  # fmt: skip
    try:
        await _listens(process, answers(port) if port else ends.listened(), log)
        yield Subject(process, folder, database, round(time.perf_counter() - began, 2))
    finally:
        await _stop(process)


def seconds(stat: Path) -> float:
    """User and system time, as proc(5) has them."""
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def answers(port: int) -> None:
    """Wait until a server on this port says that it is ready."""
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            said = await reader.readuntil(b"\r\n")
            writer.close()
            if b" 200 " in said:
                return
        await asyncio.sleep(0.02)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _listens(process: asyncio.subprocess.Process, listening: Coroutine[Any, Any, None], log: Path) -> None:
    ready, ended = asyncio.create_task(listening), asyncio.create_task(process.wait())
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
