"""A bridge that is killed again and again: `kill -9` at random moments, and started again each time.

The bridge is the shipped program in a process of its own; the sandbox stays up in this one, and judges.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bridge.demo.stage import APP_SECRET, HOST, environment
from bridge.sandbox.server import Sandbox
from bridge.sandbox.server import serve as serve_sandbox
from bridge.server import listening

SHORTEST, LONGEST = 0.1, 3.0  # seconds that a bridge lives once it listens


@dataclass(slots=True)
class Crashing:
    """One bridge process after the other."""

    env: Mapping[str, str]
    url: str
    log: Path
    dice: random.Random
    kills: int = 0
    starts: list[float] = field(default_factory=list[float])
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the bridge and wait until it listens."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bridge", "serve", env={**os.environ, **self.env}, stderr=log, stdout=log
            )
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while not await self._listens(session):
                if self.process.returncode is not None:
                    raise RuntimeError(f"the bridge did not start: see {self.log}")
                await asyncio.sleep(0.02)
        self.starts.append(time.monotonic() - began)

    async def crash(self, most: int) -> None:
        """Kill and start again, at random moments, until so many kills have been done or we are cancelled."""
        while self.kills < most:
            await asyncio.sleep(self.dice.uniform(SHORTEST, LONGEST))
            await self.stop(signal.SIGKILL)
            self.kills += 1
            await self.start()

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the process."""
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(how)
            await self.process.wait()

    async def _listens(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/healthz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def crashing(sandbox: Sandbox, seed: int, more: Mapping[str, str]) -> AsyncGenerator[Crashing]:
    """A sandbox here and a bridge there. The database stays the same through all kills."""
    with tempfile.TemporaryDirectory(prefix="bridge-kills-") as folder:
        listener = listening(HOST, 0)
        port = listener.getsockname()[1]
        listener.close()
        async with serve_sandbox(HOST, 0, sandbox=sandbox) as address:
            url = f"http://{HOST}:{port}"
            sandbox.whatsapp.connect({"webhook_url": f"{url}/whatsapp/webhook", "app_secret": APP_SECRET})
            env = {**environment(address, Path(folder), url), "HOST": HOST, "PORT": str(port), **more}
            bridge = Crashing(env, url, Path(folder) / "bridge.log", random.Random(seed))  # noqa: S311  seeded
            await bridge.start()
            try:
                yield bridge
            finally:
                await bridge.stop()
