"""A PostgreSQL server of our own, with a fresh database for each rig, that can be restarted the hard way."""

import asyncio
import itertools
import os
import pwd
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from bench.postgres import programs
from chaos.bridges import free_port

USER = "chaos"
SETTINGS = "-c listen_addresses= -c max_connections=200"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, on a socket in a folder of its own."""

    found: Path
    folder: Path
    port: int
    user: str | None
    numbers: Iterator[int]

    def address(self, database: str) -> str:
        """As DATABASE_URL wants it."""
        return f"postgresql://{USER}@/{database}?host={self.folder}&port={self.port}"

    async def run(self, program: str, *arguments: str) -> None:
        """One of PostgreSQL's own programs."""
        command = [str(self.found / program), *arguments]
        await asyncio.to_thread(
            subprocess.run, command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, user=self.user
        )

    async def control(self, *arguments: str) -> None:
        """Start it, stop it, restart it."""
        options = f"-p {self.port} -k {self.folder} {SETTINGS}"
        await self.run(
            "pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", options, *arguments
        )

    async def create(self) -> str:
        """The name of a new, empty database."""
        name = f"chaos{next(self.numbers)}"
        await self.run("createdb", "-U", USER, "-h", str(self.folder), "-p", str(self.port), name)
        return name


class NotInstalled(Exception):
    """There is no PostgreSQL on this machine."""


_shared: ContextVar[Server | None] = ContextVar("server", default=None)


@asynccontextmanager
async def server() -> AsyncGenerator[Server]:
    """A server, until the context ends; within it, `database` uses this one. Raises NotInstalled."""
    found = programs()
    if found is None:
        raise NotInstalled
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses to run as root
    with tempfile.TemporaryDirectory(prefix="chaos-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        it = Server(found, folder, free_port(), user, itertools.count(1))
        await it.run("initdb", "-D", f"{folder}/data", "-U", USER, "-A", "trust")
        await it.control("start")
        token = _shared.set(it)
        try:
            yield it
        finally:
            _shared.reset(token)
            await it.control("-m", "immediate", "stop")


@asynccontextmanager
async def database() -> AsyncGenerator[str]:
    """The address of an empty database, on the server that there is or on one made for it."""
    if shared := _shared.get():
        yield shared.address(await shared.create())
        return
    async with server() as own:
        yield own.address(await own.create())
