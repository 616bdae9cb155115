"""A PostgreSQL server of the benchmark's own, with the settings that it ships with, where it is installed."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.subject import free_port, seconds


def programs() -> Path | None:
    """Where initdb is; None where PostgreSQL is not installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    return found[0].parent if found else None


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that it and all its processes have taken."""
        ours = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(seconds(Path(f"/proc/{pid}/stat")) for pid in (str(self.pid), *ours))

    def deadlocks(self) -> int:
        """How often two processes waited for each other until the server ended one of them."""
        import psycopg

        with psycopg.connect(self.address) as connection:
            row = connection.execute("SELECT SUM(deadlocks) FROM pg_stat_database").fetchone()
            return int(row[0]) if row else 0


@asynccontextmanager
async def server() -> AsyncGenerator[Server | None]:
    """An empty database on a socket in a folder of its own, or None."""
    found = programs()
    if found is None:
        yield None
        return
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses to run as root
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as name:
        folder, port = Path(name), free_port()
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        async def run(program: str, *arguments: str) -> None:
            command = [str(found / program), "-D", f"{folder}/data", *arguments]
            await asyncio.to_thread(
                subprocess.run, command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user
            )

        await run("initdb", "-U", "bench", "-A", "trust")
        await run("pg_ctl", "-l", f"{folder}/log", "-w", "-o", f"-p {port} -k {folder} -c listen_addresses=", "start")
        try:
            pid = int((folder / "data" / "postmaster.pid").read_text().split("\n")[0])
            yield Server(f"postgresql://bench@/postgres?host={folder}&port={port}", pid)
        finally:
            await run("pg_ctl", "-m", "immediate", "stop")
