"""The sandbox in a process of its own, driven as anybody may: over its HTTP interface and nothing else."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import aiohttp
import orjson

from bridge.sandbox.world import Entry

HOST = "127.0.0.1"
KEPT = {"chat.postMessage": ("blocks",), "chat.update": ("blocks",), "block_actions": ("actions",)}  # of an entry's raw
T = TypeVar("T")
Look = Callable[[Entry], None]


class Refused(Exception):
    """The platform did not take what somebody did."""


class NotSeen(Exception):
    """It did not show at the far end in time."""


class FarEnd:
    """A copy of its history that is kept up to date, and what can be done there."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session = url, session
        self.history: list[Entry] = []
        self.watchers: list[Look] = []
        self._changed = asyncio.Event()
        self._reading = asyncio.Lock()

    async def act(self, platform: str, actor: str, action: str, target: str = "", text: str = "", **more: Any) -> str:
        """Do something as a person; the id that it got. Raises Refused."""
        body = {"platform": platform, "actor": actor, "action": action, "target": target, "text": text, **more}
        done = await self._post("act", body)
        if not done["ok"]:
            raise Refused(str(done["error"]))
        return str(done["id"] or "")

    async def misbehave(self, *faults: dict[str, Any]) -> None:
        """Show these faults from now on, and no others."""
        await self._post("faults", list(faults))

    async def connect(self, **platforms: dict[str, str]) -> None:
        """Say where webhooks go."""
        await self._post("connect", platforms)

    async def configure(self, **settings: Any) -> None:
        """Set the limits, the clock, the seed."""
        await self._post("config", settings)

    async def until(self, found: Callable[[], T | None], what: str, patience: float) -> T:
        """Look after each change until `found` gives something. Raises NotSeen."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while (seen := found()) is None:
                    await self._changed.wait()
                return seen
        raise NotSeen(what)

    def touch(self) -> None:
        """Somebody saw something; also what is no part of the history."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def read(self) -> None:
        """Bring the copy up to date."""
        async with self._reading:
            after = len(self.history)
            async with self.session.get(f"{self.url}/_sandbox/history", params={"after": after}) as response:
                async for line in response.content:
                    self._take(orjson.loads(line))
        if len(self.history) > after:
            self.touch()

    async def follow(self) -> None:
        """Keep up to date until cancelled."""
        async with self.session.get(f"{self.url}/_sandbox/stream", timeout=aiohttp.ClientTimeout(None)) as stream:
            await self.read()
            async for line in stream.content:
                if line.startswith(b"data:"):
                    await self.read()
        raise RuntimeError("the sandbox ended")

    def _take(self, told: dict[str, Any]) -> None:
        raw = told["raw"]
        told["raw"] = {name: raw[name] for name in KEPT.get(told["kind"], ()) if name in raw}
        entry = Entry(**told)
        self.history.append(entry)
        for look in self.watchers:
            look(entry)

    async def _post(self, path: str, body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/_sandbox/{path}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            if response.status != 200:
                raise ValueError(answer["error"])
            return answer


@asynccontextmanager
async def far_end(seed: int, speed: float, limits: str) -> AsyncGenerator[FarEnd]:
    """A fresh sandbox."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bridge",
        "sandbox",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout
        line = (await process.stdout.readline()).decode()
        url = line.partition(": ")[2].strip().removesuffix("/sandbox")
        if not url:
            raise RuntimeError("the sandbox did not start")
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(30)) as session:
            it = FarEnd(url, session)
            await it.configure(seed=seed, clock=speed, limits=limits)
            following = asyncio.create_task(it.follow())
            try:
                yield it
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
