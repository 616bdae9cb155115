"""Real requests to spoil: the sandbox's own, recorded while people act there."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from chaos.bridges import free_port
from chaos.far_end import HOST, FarEnd
from chaos.fuzz.garbage import WORDS

BOT = "bot4242424242:sandbox-sandbox-sandbox"
CHAT = "42"
BUTTONS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "0:Yes"}]]}
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Card"}},
    {"type": "actions", "elements": [
        {"type": "button", "action_id": "claim", "value": "1", "text": {"type": "plain_text", "text": "Claim"}}
    ]},
]  # fmt: skip
DUE = {"slack": 5, "telegram": 5, "whatsapp": 5}  # requests that the acts below lead to, at least
PATIENCE = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Shape:
    """One body as a platform sends it."""

    body: bytes
    kind: str  # its Content-Type


Shapes = Mapping[str, list[Shape]]


async def recorded(far: FarEnd) -> Shapes:
    """At least five of each platform."""
    async with _recorder() as (url, found, came):
        await far.connect(
            slack={"events_url": f"{url}/slack", "signing_secret": "s"},
            telegram={"webhook_url": f"{url}/telegram"},
            whatsapp={"webhook_url": f"{url}/whatsapp", "app_secret": "s"},
        )
        await _on_slack(far)
        await _on_telegram(far)
        await _on_whatsapp(far)
        async with asyncio.timeout(PATIENCE):
            while any(len(found[platform]) < due for platform, due in DUE.items()):
                await came.wait()
                came.clear()
        await far.connect(slack={"events_url": ""}, telegram={}, whatsapp={})
    return {
        platform: sorted(shapes, key=lambda shape: (len(shape.body), shape.body)) for platform, shapes in found.items()
    }


@asynccontextmanager
async def _recorder() -> AsyncGenerator[tuple[str, Mapping[str, list[Shape]], asyncio.Event]]:
    """A server that takes everything and keeps it, by the first part of its path."""
    found: dict[str, list[Shape]] = defaultdict(list)
    came = asyncio.Event()

    async def take(request: web.Request) -> web.Response:
        found[request.path.strip("/")].append(Shape(await request.read(), request.content_type))
        came.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, HOST, port).start()
    try:
        yield f"http://{HOST}:{port}", found, came
    finally:
        await runner.cleanup()


async def _on_slack(far: FarEnd) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    call = {"channel": "C0SUPPORT", "text": "Card", "blocks": BLOCKS}
    url = f"{far.url}/slack/api/chat.postMessage"
    async with far.session.post(url, json=call, headers=headers) as response:
        card = f"C0SUPPORT:{(await response.json())['ts']}"
    typed = await far.act("slack", "ana", "type", card, f"Hello {WORDS}")
    await far.act("slack", "ana", "edit", f"C0SUPPORT:{typed}", f"Hallo {WORDS}")
    await far.act("slack", "ana", "delete", f"C0SUPPORT:{typed}")
    await far.act("slack", "ana", "click", card, action_id="claim")
    await far.act("slack", "ana", "command", "C0SUPPORT", f"/handback {WORDS}")


async def _on_telegram(far: FarEnd) -> None:
    written = await far.act("telegram", CHAT, "write", text=f"Hello {WORDS}")
    await far.act("telegram", CHAT, "edit", written, f"Hallo {WORDS}")
    url = f"{far.url}/telegram/{BOT}/sendMessage"
    call: dict[str, Any] = {"chat_id": CHAT, "text": "Well?", "reply_markup": BUTTONS}
    async with far.session.post(url, json=call) as response:
        sent = (await response.json())["result"]["message_id"]
    await far.act("telegram", CHAT, "press", str(sent), data="0:Yes")
    await far.act("telegram", CHAT, "block")
    await far.act("telegram", CHAT, "unblock")


async def _on_whatsapp(far: FarEnd) -> None:
    await far.act("whatsapp", "351911222333", "write", text=f"Hello {WORDS}")
    await far.act("whatsapp", "@jonas", "write", text=f"Hello {WORDS}")
    call = {"messaging_product": "whatsapp", "to": "351911222333", "text": {"body": "Well?"}}
    url, headers = f"{far.url}/whatsapp/v26.0/100200300/messages", {"Authorization": "Bearer sandbox"}
    async with far.session.post(url, json=call | {"biz_opaque_callback_data": "k1"}, headers=headers) as response:
        await response.read()
    await far.act("whatsapp", "351911222333", "read")
