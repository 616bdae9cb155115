"""The port against the sandbox's Slack: real Bolt, real slack_sdk, real HTTP and websockets."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bridge.ports import Card, Received, Stored
from bridge.sandbox.server import Sandbox, serve
from bridge.sandbox.world import Fault
from bridge.team_workspace import posting
from bridge.team_workspace.people import Roles
from bridge.team_workspace.slack import Slack, from_settings

PATIENCE = 10.0
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CARD = Card(1042, "queued", "Maria", "Telegram", "Asked for a person", "let me talk to a human", datetime.now(UTC))


class Clock:
    """Stands still until somebody moves it."""

    now = datetime(2026, 11, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """Takes what the port hands on, as the desk would: stores it, or cannot."""

    stored: list[Received] = field(default_factory=list[Received])
    broken: bool = False
    seen: asyncio.Queue[Received] = field(default_factory=asyncio.Queue[Received])

    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def receive(self, events: Sequence[Received]) -> list[Stored]:
        await self.open.wait()
        if self.broken:
            self.broken = False
            raise OSError("disk full")
        self.stored += events
        for event in events:
            self.seen.put_nowait(event)
        return [Stored(new=True) for _ in events]

    async def next(self, kind: type | None = None) -> Any:
        """The next event, or the next of one kind."""
        async with asyncio.timeout(PATIENCE):
            while True:
                event = (await self.seen.get()).event
                if kind is None or isinstance(event, kind):
                    return event


@dataclass
class Rig:
    """One sandbox, one port."""

    sandbox: Sandbox
    url: str
    slack: Slack
    desk: Desk
    events_url: str = ""

    async def act(self, actor: str, action: str, target: str = "", text: str = "", **more: Any) -> Any:
        done = await self.sandbox.act("slack", actor, action, target, text, **more)
        assert done["ok"], done
        return done["id"]

    def history(self, kind: str) -> list[Any]:
        return [entry for entry in self.sandbox.world.history if entry.platform == "slack" and entry.kind == kind]

    async def until(self, happened: Callable[[], Any]) -> Any:
        """Wait until the sandbox has seen something."""
        found = None
        async with asyncio.timeout(PATIENCE):
            async for _ in self.sandbox.world.changes():
                if found := happened():
                    break
        return found

    def fault(self, method: str, kind: str, **more: Any) -> None:
        self.sandbox.world.faults.append(Fault("slack", method, kind, **{"times": 1, **more}))


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def rig_with(session: aiohttp.ClientSession, **env: str) -> AsyncGenerator[Rig]:
    sandbox = Sandbox()
    async with serve(sandbox=sandbox) as url:
        settings = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_QUEUE_CHANNEL": "support-queue"}
        settings |= {"SLACK_API_URL": f"{url}/slack/api/", **env}
        slack = from_settings(settings, Roles(), session, lambda: datetime.now(UTC))
        await slack.start()
        yield Rig(sandbox, url, slack, Desk())
        await slack.close()


@pytest.fixture
async def rig(session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Rig]:
    """The port without any way in: for what goes out. Nothing comes back to it."""
    monkeypatch.setattr(posting, "ECHO", 0.0)
    async with rig_with(session, SLACK_SIGNING_SECRET=SECRET) as rig:
        yield rig


@pytest.fixture
async def over_sockets(session: aiohttp.ClientSession) -> AsyncGenerator[Rig]:
    """Events come over Socket Mode."""
    async with rig_with(session, SLACK_APP_TOKEN="xapp-1") as rig:
        running = asyncio.create_task(rig.slack.run(rig.desk.receive))
        await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 2)
        yield rig
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def over_http(session: aiohttp.ClientSession) -> AsyncGenerator[Rig]:
    """Events come as signed requests."""
    async with rig_with(session, SLACK_SIGNING_SECRET=SECRET) as rig:
        app = web.Application()
        app.add_routes(rig.slack.routes(rig.desk.receive))  # pyright: ignore[reportArgumentType]
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        rig.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        rig.sandbox.slack.connect({"events_url": rig.events_url, "signing_secret": SECRET})
        yield rig
        await runner.cleanup()


@pytest.fixture(params=["over_sockets", "over_http"])
def both_ways(request: pytest.FixtureRequest) -> Rig:
    """Every test runs over sockets and over HTTP."""
    return request.getfixturevalue(request.param)


async def just_over(task: "asyncio.Task[Any]") -> None:
    """Return in the very turn of the loop in which it ended, before anybody else hears of it."""
    while not task.done():  # noqa: ASYNC110  an Event would come a turn later
        await asyncio.sleep(0)


@pytest.fixture
def wakes() -> Iterator[None]:
    """Ends a test whose loop goes round for ever: no timeout of the loop's own would."""

    def over(_signal: int, _frame: object) -> None:
        raise AssertionError("It goes round for ever.")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
