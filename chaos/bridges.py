"""The shipped program as child processes: started, asked whether they listen, killed, stopped."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import aiohttp

from chaos import warm
from chaos.far_end import HOST

SERVE = (sys.executable, "-m", "bridge", "serve")
STARTED = 60.0  # seconds in which it must listen


class Process(Protocol):
    """A child, forked or started."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, signum: int, /) -> None: ...
    async def wait(self) -> int: ...


class DidNotStart(Exception):
    """The program ended or was silent; the log's last words."""


@dataclass(slots=True)
class Bridge:
    """One place for a bridge: the same port and variables, one process after the other."""

    env: Mapping[str, str]
    port: int
    log: Path
    session: aiohttp.ClientSession
    command: tuple[str, ...] = SERVE
    process: Process | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    async def begin(self, *, cold: bool = False) -> None:
        """Start a process and do not wait for it. A cold one also imports everything anew."""
        env = {**os.environ, **self.env, "HOST": HOST, "PORT": str(self.port)}
        if self.command == SERVE and not cold:
            self.process = warm.started(env, str(self.log))
            return
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*self.command, env=env, stdout=log, stderr=log)

    async def start(self, *, cold: bool = False) -> float:
        """Start a process and wait until it listens; the seconds that it took. Raises DidNotStart."""
        began = time.monotonic()
        await self.begin(cold=cold)
        await self.listens()
        return time.monotonic() - began

    async def listens(self, path: str = "healthz") -> None:
        """Wait until it answers with 200. Raises DidNotStart."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STARTED):
                while await self.answers(path) != 200:
                    if self.process is None or self.process.returncode is not None:
                        break
                    await asyncio.sleep(0.02)
                else:
                    return
        raise DidNotStart(self.last_words())

    async def answers(self, path: str) -> int:
        """The status of one request; 0 when nobody is there."""
        try:
            async with self.session.get(f"{self.url}/{path}", timeout=aiohttp.ClientTimeout(5)) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def end(self, how: signal.Signals = signal.SIGKILL) -> int | None:
        """Send a signal and wait until the process is gone; its exit code."""
        if self.process is None:
            return None
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        return await self.process.wait()

    async def say_where(self) -> None:
        """Have it write into its log where it stands, as far as it still can."""
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGUSR1)
            await asyncio.sleep(1)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else "it said nothing"


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
