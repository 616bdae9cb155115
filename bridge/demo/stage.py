"""Puts the bridge and the sandbox on one port, in one process, and gives both until the context ends."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bridge import manifest
from bridge.app import Bridge, built
from bridge.sandbox.server import Sandbox
from bridge.server import listening, serving_on
from bridge.settings import load

SHOP = Path(__file__).parent / "shop" / "bridge.toml"
APP_SECRET, VERIFY_TOKEN = "sandbox-app-secret", "sandbox-verify"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the play happens."""

    sandbox: Sandbox
    bridge: Bridge
    url: str
    working: asyncio.Task[None]  # ends only when the bridge cannot go on


@asynccontextmanager
async def staged(
    port: int = 0, *, more: Mapping[str, str] | None = None, sandbox: Sandbox | None = None
) -> AsyncGenerator[Stage]:
    """Run both. `more` are further variables; they win."""
    listener = listening(HOST, port)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="bridge-demo-", ignore_cleanup_errors=True) as folder:
        settings = load({**environment(url, Path(folder)), **(more or {})})
        sandbox = sandbox or Sandbox()
        async with built(settings) as bridge, _open(bridge, sandbox, listener, url) as working:
            yield Stage(sandbox, bridge, url, working)


def environment(url: str, data_dir: Path, bridge_url: str = "") -> dict[str, str]:
    """The variables with which a bridge uses the sandbox at `url`."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_QUEUE_CHANNEL": "support-queue",
        "SLACK_API_URL": f"{url}/slack/api/",
        "TELEGRAM_BOT_TOKEN": "4242424242:sandbox-sandbox-sandbox-sandbox-1",
        "TELEGRAM_API_URL": f"{url}/telegram",
        "WHATSAPP_TOKEN": "sandbox",
        "WHATSAPP_PHONE_NUMBER_ID": "100200300",
        "WHATSAPP_APP_SECRET": APP_SECRET,
        "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "WHATSAPP_BUSINESS_ID": "100200301",
        "WHATSAPP_API_URL": f"{url}/whatsapp",
        "BRIDGE_CONFIG": str(SHOP),
        "BRIDGE_DATA_DIR": str(data_dir),
        "PUBLIC_URL": bridge_url or url,
        "WEB_TITLE": "Moss & Kettle",
    }


@asynccontextmanager
async def _open(
    bridge: Bridge, sandbox: Sandbox, listener: socket.socket, url: str
) -> AsyncGenerator[asyncio.Task[None]]:
    routes: list[web.AbstractRouteDef] = [*bridge.routes(), *sandbox.routes(), web.get("/", _home)]
    async with serving_on(routes, listener, bridge.leave):
        await sandbox.start(url)
        sandbox.slack.connect({"manifest": manifest.content()})
        sandbox.whatsapp.connect({"webhook_url": f"{url}/whatsapp/webhook", "app_secret": APP_SECRET})
        working = asyncio.create_task(bridge.run())
        try:
            yield working
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
            await sandbox.close()


async def _home(_: web.Request) -> web.Response:
    raise web.HTTPFound("/sandbox")
