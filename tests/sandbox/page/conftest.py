"""A real browser for the sandbox's page, and a stand-in for the sandbox that shows a saved view with a bit of all."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright, expect

from bridge.sandbox.server import PAGE

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SAVED_VIEW = Path(__file__).with_name("saved_view.json")

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser(capfd: pytest.CaptureFixture[str]) -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        missing = f"NO BROWSER at {CHROMIUM}: the sandbox's page was NOT tested. Set CHROMIUM to a Chromium."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        with capfd.disabled():
            sys.stderr.write(f"\n{missing}\n")
        pytest.skip(missing)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens the page of a server. It may ask only that server, and must not fail."""
    asked, allowed, failures = set[str](), {""}, list[str]()

    async def opened(
        address: str, *, width: int = 1440, height: int = 900, colours: Any = "light", locale: str = "en-US"
    ) -> Page:
        page = await browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme=colours,
            locale=locale,
            timezone_id="Europe/Madrid",
        )
        page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda line: failures.append(line.text) if "Security Policy" in line.text else None)
        allowed.add(urlsplit(address).netloc)
        await page.goto(f"{address}/sandbox")
        await expect(page.get_by_text("live", exact=True)).to_be_visible()
        return page

    yield opened
    assert asked <= allowed
    assert not failures


class StandIn:
    """Answers as the sandbox does, always with the saved view, and keeps the acts."""

    def __init__(self) -> None:
        self.url = ""
        self.acts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closing = asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/_sandbox/view", self.view)
        app.router.add_get("/_sandbox/stream", self.stream)
        app.router.add_post("/_sandbox/act", self.act)
        app.router.add_get("/sandbox", self.page)
        app.router.add_get("/sandbox/{path:.+}", self.page)
        return app

    async def view(self, request: web.Request) -> web.Response:
        return web.Response(text=SAVED_VIEW.read_text(), content_type="application/json")

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b'data: {"seq": 1}\n\n')
        await self.closing.wait()
        return response

    async def act(self, request: web.Request) -> web.Response:
        await self.acts.put(await request.json())
        return web.json_response({"ok": True, "id": "1", "error": None})

    async def page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / (request.match_info.get("path") or "index.html"))


@pytest.fixture
async def saved() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    server = TestServer(stand_in.app())
    await server.start_server()
    stand_in.url = str(server.make_url("")).rstrip("/")
    yield stand_in
    stand_in.closing.set()
    await server.close()
