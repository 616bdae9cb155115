"""A running sandbox, a way to act in it, and a server that takes its webhooks."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bridge.sandbox.server import Sandbox, serve

Act = Callable[..., Awaitable[Any]]
History = Callable[..., Awaitable[list[dict[str, Any]]]]


class Receiver:
    """Takes webhooks; answers with the statuses that were asked for, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: deque[int] = deque()
        self.verify_token = ""
        self._got: asyncio.Queue[tuple[web.Request, bytes]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        if request.method == "GET":
            right = request.query["hub.verify_token"] == self.verify_token
            return web.Response(status=200 if right else 403, text=request.query["hub.challenge"])
        await self._got.put((request, await request.read()))
        return web.Response(status=self.statuses.popleft() if self.statuses else 200)

    async def next(self) -> tuple[web.Request, bytes]:
        return await asyncio.wait_for(self._got.get(), 20)

    async def next_json(self) -> Any:
        return json.loads((await self.next())[1])

    def empty(self) -> bool:
        return self._got.empty()


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def url(sandbox: Sandbox) -> AsyncIterator[str]:
    async with serve(sandbox=sandbox) as base_url:
        yield base_url


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=url) as session:
        yield session


@pytest.fixture
def act(http: aiohttp.ClientSession) -> Act:
    async def do(platform: str, actor: str, action: str, target: Any = "", text: str = "", **more: Any) -> Any:
        body = {"platform": platform, "actor": actor, "action": action, "target": str(target), "text": text, **more}
        async with http.post("/_sandbox/act", json=body) as response:
            assert response.status == 200
            return await response.json()

    return do


@pytest.fixture
def history(http: aiohttp.ClientSession) -> History:
    async def read(platform: str, after: int = 0) -> list[dict[str, Any]]:
        async with http.get("/_sandbox/history", params={"platform": platform, "after": after}) as response:
            return [json.loads(line) for line in (await response.text()).splitlines()]

    return read


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()
