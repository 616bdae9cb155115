"""Where runs take place: a sandbox that survives, and a bridge in front of it that dies where it is told to.

Many runs share one ground, each with a customer of its own: the start after one kill serves the next run too.
"""

import asyncio
import logging
import multiprocessing
import signal
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bridge.demo.stage import APP_SECRET, HOST, environment
from bridge.demo.team import Team
from bridge.demo.watch import Watch
from bridge.sandbox.server import Sandbox
from bridge.sandbox.server import serve as serve_sandbox
from bridge.server import listening
from chaos import child
from chaos.awaits.steps import NEVER, Steps
from chaos.deeds import Deeds
from chaos.people.board import Board
from chaos.warm import WarmProcess

DESK = Path(__file__).parent / "bridge.toml"
PRELOADED = ["chaos.awaits.preloaded"]
SPEED = 20.0  # Slack repeats an event after a minute: that takes three seconds here
STARTED = 60.0  # seconds in which a bridge must be ready
LOOK = 0.02
LONGEST = 12.0  # seconds that somebody waits for it to make no steps


class DidNotStart(Exception):
    """The bridge ended before it was ready, or was silent; the last words of its log."""


class Ground:
    """One sandbox, one bridge, one database."""

    def __init__(self, sandbox: Sandbox, env: Mapping[str, str], folder: Path, session: aiohttp.ClientSession) -> None:
        self.sandbox, self.session = sandbox, session
        self.watch = Watch(sandbox.world)
        self.team = Team(sandbox, self.watch)
        self.deeds, self.board = Deeds(), Board()
        self._seen = 0  # entries of the history that are on the board
        self.deaths: list[str] = []  # what the bridge was about to do
        self.exits: list[int] = []
        self.next_stop = 0  # at which step the bridge is killed while it recovers
        self.visits = dict[str, list[dict[str, Any]]]()  # what the visitors of the web chat were shown
        self.url = env["PUBLIC_URL"]
        self.steps = Steps(folder / "steps")
        self.env = {**env, "CHAOS_STEPS": str(folder / "steps")}
        self._log = folder / "bridge.log"
        self._process: WarmProcess | None = None
        self._alive = self._recovering = False

    async def keep(self) -> None:
        """Start the bridge, and again whenever it has died, until cancelled."""
        while True:
            self._process, self._alive = self._started(), True
            self.exits.append(await self._process.wait())
            self._alive = False
            if stopped := self.steps.stopped:
                self.deaths.append(stopped)
            stop_at, self.next_stop = self.next_stop, 0
            self._recovering = bool(stop_at and stopped)
            if self._recovering:
                self.steps.mark(stop_at)
            else:
                self.steps.rest()

    def _started(self) -> WarmProcess:
        """Fork a bridge."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        process = context.Process(target=child.serve, args=(self.env, str(self._log)), daemon=True)
        process.start()
        return WarmProcess(process)

    async def ready(self, enough: Callable[[], bool] = lambda: False) -> None:
        """Wait until the bridge can do its work, or it is enough. Raises DidNotStart."""
        until = time.monotonic() + STARTED
        while not enough() and not await self._answers():
            if time.monotonic() > until or len(self.exits) > len(self.deaths):
                raise DidNotStart(self.last_words())
            await asyncio.sleep(LOOK)

    async def idle(self) -> None:
        """Wait until the bridge makes no steps for a moment."""
        self.steps.mark()
        await self._pauses(lambda: True)

    async def settled(self) -> None:
        """Wait until the bridge has died as often as it was told to, or makes no more steps."""

        def over() -> bool:
            going_on = self.steps.made > 0 and not self.steps.stopped  # stopped: its death has not been noticed yet
            return self._alive and (going_on or not self.steps.counting)

        await self._pauses(over)
        if self._recovering:  # a start pauses, too
            with suppress(DidNotStart):
                await self.ready(lambda: not self._recovering)
            await self._pauses(over)

    async def _pauses(self, enough: Callable[[], bool]) -> None:
        until, made = time.monotonic() + LONGEST, -1
        while made != self.steps.made or not enough():
            if time.monotonic() > until:
                return
            made = self.steps.made
            await asyncio.sleep(LOOK * 4)

    def look(self) -> None:
        """Bring the board up to date."""
        history = self.sandbox.world.history
        while self._seen < len(history):
            self.board.look(history[self._seen])
            self._seen += 1

    async def _answers(self) -> bool:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self.session.get(f"{self.url}/readyz") as response:
                return response.status == 200
        return False

    def stop(self) -> None:
        """Kill the bridge."""
        with suppress(ProcessLookupError):
            if self._process:
                self._process.send_signal(signal.SIGKILL)

    def last_words(self) -> str:
        """The end of the bridge's log."""
        return self._log.read_text(errors="replace")[-1500:] if self._log.exists() else "it said nothing"


@asynccontextmanager
async def ground(seed: int, more: Mapping[str, str]) -> AsyncGenerator[Ground]:
    """A sandbox, and a bridge that is ready. `more` are further variables of the bridge."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who is killed breaks off in the middle of a call
    sandbox = Sandbox(seed, speed=SPEED)
    sandbox.world.strict = False
    with TemporaryDirectory(prefix="awaits-") as name, listening(HOST, 0) as reserved:
        folder, port = Path(name), reserved.getsockname()[1]
        reserved.close()
        async with serve_sandbox(HOST, 0, sandbox=sandbox) as address, aiohttp.ClientSession() as session:
            url = f"http://{HOST}:{port}"
            sandbox.whatsapp.connect({"webhook_url": f"{url}/whatsapp/webhook", "app_secret": APP_SECRET})
            it = Ground(sandbox, {**_variables(address, folder, url, port), **more}, folder, session)
            it.steps.mark(NEVER)
            keeping = asyncio.create_task(it.keep())
            try:
                await it.ready()
                yield it
            finally:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
                it.stop()


def _variables(sandbox: str, folder: Path, url: str, port: int) -> dict[str, str]:
    return {
        **environment(sandbox, folder, url),
        "HOST": HOST,
        "PORT": str(port),
        "WEB_CHAT": "on",
        "BRIDGE_CONFIG": str(DESK),
        "BRIDGE_PACING": "off",
        "LOG_LEVEL": "WARNING",
        "OPENAI_API_KEY": "sandbox",
        "SSL_CERT_DIR": str(folder),  # all is plain HTTP here: to read the system's certificates takes half of a start
        "OPENAI_BASE_URL": f"{sandbox}/openai/v1",
    }
