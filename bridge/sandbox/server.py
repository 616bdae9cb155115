"""One sandbox: the four look-alikes, their controls and their page, to mount into a server or to serve alone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bridge.sandbox.control import Control
from bridge.sandbox.guard import guarded
from bridge.sandbox.openai import OpenAI
from bridge.sandbox.slack import Slack
from bridge.sandbox.telegram import Telegram
from bridge.sandbox.whatsapp import WhatsApp
from bridge.sandbox.world import World

PAGE = Path(__file__).parent / "page" / "dist"
LARGEST_BODY = 64 * 1024 * 1024  # Telegram takes documents of 50 MB


class Sandbox:
    """Look-alikes of all platforms that share one clock and one history."""

    def __init__(self, seed: int = 0, speed: float = 1.0) -> None:
        self.world = World(seed=seed, speed=speed)
        self.slack, self.telegram = Slack(self.world), Telegram(self.world)
        self.whatsapp, self.openai = WhatsApp(self.world), OpenAI(self.world)
        self._platforms = {
            "slack": self.slack,
            "telegram": self.telegram,
            "whatsapp": self.whatsapp,
            "openai": self.openai,
        }
        self._control = Control(self.world, self._platforms)

    def routes(self) -> list[web.RouteDef]:
        """Everything, to be mounted beside other routes."""
        unguarded = [route for platform in self._platforms.values() for route in platform.routes()]
        platforms = [web.RouteDef(it.method, it.path, guarded(it.handler), it.kwargs) for it in unguarded]
        page = [web.get("/sandbox", guarded(_page)), web.get("/sandbox/{path:.*}", guarded(_page))]
        return [*platforms, *self._control.routes(), *page]

    async def start(self, base_url: str) -> None:
        """Begin to post webhooks; `base_url` is where this sandbox is reached."""
        for platform in self._platforms.values():
            await platform.start(base_url.rstrip("/"))

    async def close(self) -> None:
        """Let everybody go who waits, and stop."""
        self._control.close()
        for platform in self._platforms.values():
            await platform.close()

    async def act(self, platform: str, actor: str, action: str, target: str = "", text: str = "", **more: Any) -> Any:
        """One person's action, without HTTP."""
        return await self._platforms[platform].act(actor, action, target, text, **more)


@asynccontextmanager
async def serve(host: str = "127.0.0.1", port: int = 0, *, sandbox: Sandbox | None = None) -> AsyncGenerator[str]:
    """Run a sandbox on its own server; yields its base URL."""
    sandbox = sandbox or Sandbox()
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(sandbox.routes())
    app.router.add_get("/", _home)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
        url = f"http://{host}:{runner.addresses[0][1]}"
        await sandbox.start(url)
        yield url
    finally:
        await sandbox.close()
        await runner.cleanup()


async def _home(request: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox")


async def _page(request: web.Request) -> web.StreamResponse:
    """The page, or one of its assets."""
    file = _asset(request.match_info.get("path") or "index.html")
    if file is None:
        return web.Response(status=404, text="The sandbox's page is not built.")
    return web.FileResponse(file, headers={"Cache-Control": "no-cache"})


def _asset(path: str) -> Path | None:
    try:
        file = (PAGE / path).resolve()
        return file if file.is_relative_to(PAGE) and file.is_file() else None
    except (OSError, ValueError):  # no name that a file can have
        return None
