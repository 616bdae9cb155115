"""A sandbox with only Slack in it, on a free loopback port, and the real Slack libraries in front of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack import Slack
from bridge.sandbox.world import Entry, World

CHANNEL = "C0SUPPORT"


T = TypeVar("T")


class Seen(asyncio.Queue[T]):
    """What an app has seen; a test that waits for more than there is fails instead of hanging."""

    async def get(self) -> T:
        async with asyncio.timeout(10):
            return await super().get()


@dataclass
class Sandbox:
    """The look-alike, its address, and short ways to ask it things."""

    slack: Slack
    world: World
    base_url: str
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def client(self, token: str = "xoxb-test") -> Any:
        """A real client; typed loosely because its answers are."""
        return AsyncWebClient(token=token, base_url=f"{self.base_url}/slack/api/", retry_handlers=[])

    async def act(self, actor: str, action: str, target: str = "", text: str = "", **more: Any) -> str:
        done = await self.slack.act(actor, action, target, text, **more)
        assert done["ok"], done
        return done["id"]

    def history(self, kind: str) -> list[Entry]:
        return [entry for entry in self.world.history if entry.kind == kind]

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until something is so."""
        async with asyncio.timeout(10):
            async for _ in self.world.changes():
                if found := true():
                    return found
        raise AssertionError("the world stopped changing")

    async def settled(self) -> None:
        """Wait until everything that the sandbox had to tell is acknowledged."""
        async with asyncio.timeout(10):
            await asyncio.gather(*self.slack._tasks)

    async def bolt(self, app: AsyncApp) -> AsyncSocketModeHandler:
        """Connect a Bolt app over Socket Mode."""
        handler = AsyncSocketModeHandler(app, "xapp-test")
        self.stack.push_async_callback(handler.close_async)
        before = len(self.slack.sockets.open)
        await handler.connect_async()
        await self.until(lambda: len(self.slack.sockets.open) > before)
        return handler


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    world = World()
    slack = Slack(world)
    app = web.Application()
    app.add_routes(slack.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await slack.start(base_url)
    async with AsyncExitStack() as stack:
        yield Sandbox(slack, world, base_url, stack)
    await slack.close()
    await runner.cleanup()


@pytest.fixture
def client(sandbox: Sandbox) -> Any:
    return sandbox.client()


async def refusal(call: Awaitable[Any]) -> Any:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def error(call: Awaitable[Any]) -> str:
    return (await refusal(call))["error"]
