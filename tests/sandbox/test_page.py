"""The sandbox's page in a real browser: on the real sandbox with a Bolt app, and on a saved view with a bit of all."""

import asyncio
import hashlib
import json
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
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.server import PAGE, Sandbox

pytestmark = pytest.mark.browser

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SAVED_VIEW = Path(__file__).with_name("page_view.json")
AXE = Path(__file__).parents[1] / "axe.min.js"

# Transitions change colours for a moment; those that never end (the typing dots) do not matter.
SETTLE = """Promise.allSettled(document.getAnimations().map(
  (one) => one.effect.getComputedTiming().iterations === Infinity ? null : one.finished))"""

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        missing = f"NO BROWSER at {CHROMIUM}: the sandbox's page was NOT tested. Set CHROMIUM to a Chromium."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        (sys.__stderr__ or sys.stderr).write(f"\n{missing}\n")
        pytest.skip(missing)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens the page of a server. It may ask only that server, and must not fail."""
    asked, allowed, failures = set[str](), {""}, list[str]()

    async def opened(address: str, *, width: int = 1440, height: int = 900, colours: Any = "light") -> Page:
        page = await browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
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


async def next_act(saved: StandIn) -> dict[str, Any]:
    return await asyncio.wait_for(saved.acts.get(), 20)


@pytest.fixture
async def app(url: str) -> AsyncIterator[AsyncApp]:
    """A Bolt app on the sandbox's Socket Mode; listeners may be added at any time."""
    app = AsyncApp(client=AsyncWebClient(token="xoxb-test", base_url=f"{url}/slack/api/"))
    handler = AsyncSocketModeHandler(app, "xapp-test")
    await handler.connect_async()
    yield app
    await handler.close_async()


def button(action_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action_id,
        "value": "1042",
        "text": {"type": "plain_text", "text": text},
        **more,
    }


def card(*buttons: dict[str, Any]) -> dict[str, Any]:
    header = {"type": "header", "text": {"type": "plain_text", "text": "#1042 Delivery"}}
    return {"channel": "C0SUPPORT", "text": "card", "blocks": [header, {"type": "actions", "elements": list(buttons)}]}


MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Hand back"},
    "submit": {"type": "plain_text", "text": "Give back"},
    "callback_id": "brief",
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


def test_the_built_page_is_that_of_the_sources():
    sources = PAGE.parent / "src"
    files = sorted(path.relative_to(sources).as_posix() for path in sources.rglob("*.*"))
    built = hashlib.sha256(b"".join((sources / name).read_bytes() for name in files)).hexdigest()
    assert (PAGE / "sources.sha256").read_text().strip() == built, "run `npm run build` in bridge/sandbox/page"


async def test_a_click_reaches_the_app_and_its_answer_is_drawn(url: str, app: AsyncApp, open_page: OpenPage):
    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        told = f"{body['user']['username']} has {body['actions'][0]['value']}"
        await client.chat_update(ts=body["message"]["ts"], **card(button("handback", told)))

    page = await open_page(url)
    await app.client.chat_postMessage(**card(button("claim", "Claim", style="primary")))
    await expect(page.get_by_role("heading", name="#1042 Delivery")).to_be_visible()
    await page.get_by_role("button", name="Ben Okafor").click()
    await page.get_by_role("button", name="Claim", exact=True).last.click()
    await expect(page.get_by_role("button", name="ben has 1042")).to_be_visible()
    await expect(page.locator(".guide li.done")).to_have_count(3)


async def test_a_form_shows_its_errors_and_then_goes_through(url: str, app: AsyncApp, open_page: OpenPage):
    got: asyncio.Queue[str] = asyncio.Queue()

    @app.action("handback")
    async def handback(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("brief")
    async def brief(ack: Any, view: dict[str, Any]) -> None:
        note = view["state"]["values"]["note"]["text"]["value"]
        if "Saturday" not in note:
            await ack(response_action="errors", errors={"note": "Say what was promised."})
            return
        await ack()
        await got.put(note)

    page = await open_page(url)
    await app.client.chat_postMessage(**card(button("handback", "Hand back")))
    await page.locator("[data-action=handback]").click()
    dialog = page.get_by_role("dialog", name="Hand back")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please fill this in.")
    await dialog.get_by_label("Note").fill("done")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Say what was promised.")
    await dialog.get_by_label("Note").fill("Saturday")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog).to_have_count(0)
    assert await asyncio.wait_for(got.get(), 20) == "Saturday"


async def test_a_message_is_written_edited_and_deleted_by_hand(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    field = page.get_by_label("Message #support-queue")
    await field.fill("who has <1042>, @be")
    await page.get_by_role("option", name="Ben Okafor").click()
    await field.press("Enter")
    message = page.locator(".row", has_text="who has <1042>, @Ben Okafor")
    await message.hover()
    await message.get_by_role("button", name="React with eyes").click()
    await expect(message.get_by_role("button", name="eyes, 1")).to_have_attribute("aria-pressed", "true")
    await message.get_by_role("button", name="More message actions").click()
    await page.get_by_role("button", name="Edit message").click()
    editor = page.get_by_label("Edit message")
    await expect(editor).to_have_value("who has <1042>, @ben")
    await editor.fill("mine")
    await editor.press("Enter")
    edited = page.locator(".row", has_text="mine")
    await expect(edited).to_contain_text("(edited)")
    await edited.hover()
    await edited.get_by_role("button", name="More message actions").click()
    await page.get_by_role("button", name="Delete message").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(edited).to_have_count(0)
    kinds = [entry.kind for entry in sandbox.world.history if entry.direction == "in"]
    assert kinds == ["message", "reaction_added", "message_changed", "message_deleted"]


async def test_a_command_is_completed_and_run_with_the_keyboard_alone(
    url: str, sandbox: Sandbox, app: AsyncApp, open_page: OpenPage
):
    @app.command("/handback")
    async def handback(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"gave back {command['text']}")

    page = await open_page(url)
    await page.get_by_label("Message #support-queue").focus()
    await page.keyboard.type("/ha")
    await expect(page.get_by_role("option", name="/handback")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.type("#1042")
    await page.keyboard.press("Enter")
    notice = page.locator(".row.ephemeral")
    await expect(notice).to_contain_text("gave back #1042")
    await expect(notice).to_contain_text("Only visible to you")
    await page.get_by_role("button", name="Clea Martin").click()
    await expect(notice).to_have_count(0)


async def test_customers_write_from_their_phones(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    await page.locator("#phone-telegram").get_by_role("button", name="Where is my order 48213?").click()
    await expect(page.locator("#phone-telegram .bubble-row.own")).to_contain_text("Where is my order 48213?")
    await page.get_by_role("tab", name="WhatsApp").click()
    phone = page.locator("#phone-whatsapp")
    await phone.get_by_role("button", name="Add a customer").click()
    await page.get_by_label("Name of the new customer").fill("Zoë Kim")
    await page.keyboard.press("Enter")
    await phone.get_by_label("Message from Zoë Kim").fill("hello")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".bubble-row.own")).to_contain_text("hello")
    said = [(entry.platform, entry.author, entry.text) for entry in sandbox.world.history if entry.direction == "in"]
    assert said == [("telegram", "maria", "Where is my order 48213?"), ("whatsapp", "zoe_kim", "hello")]


async def test_a_refused_act_is_said_aloud(url: str, open_page: OpenPage):
    page = await open_page(url)
    await page.get_by_role("button", name="Eve External").click()
    await page.get_by_label("Message #support-queue").fill("/handback")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").get_by_text("eve could not command")).to_be_visible()


async def test_limits_are_lifted_and_trouble_is_made_by_hand(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    await page.get_by_role("button", name="Clock 1×, strict limits").click()
    await page.get_by_role("button", name="Strict rate limits").click()
    await page.get_by_role("button", name="Telegram fails three times").click()
    await expect(page.get_by_role("status").get_by_text("Telegram fails three times.")).to_be_visible()
    assert not sandbox.world.strict
    assert [(fault.method, fault.fault, fault.times) for fault in sandbox.world.faults] == [("sendMessage", "500", 3)]


async def test_a_dangerous_button_asks_first(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    await page.locator("[data-action=end]").last.click()
    await page.get_by_role("dialog", name="End conversation").get_by_role("button", name="Cancel").click()
    await page.locator("[data-action=end]").last.click()
    await page.get_by_role("dialog", name="End conversation").get_by_role("button", name="End").click()
    act = await next_act(saved)
    assert (act["actor"], act["action"], act["action_id"], act["value"]) == ("ana", "click", "end", "1042")
    assert saved.acts.empty()


async def test_what_customers_write_stays_text(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    await page.get_by_role("button", name="Tom <b>Bold</b>").click()
    bubble = page.locator("#phone-telegram .bubble-row.own")
    await expect(bubble).to_contain_text("<img src=x onerror=alert(1)>")
    assert await bubble.locator("img, script, a").count() == 0
    quote = page.locator(".row blockquote").last
    await expect(quote).to_contain_text("<!channel> <https://evil.example|click> & <b>hi</b>")
    assert await quote.locator("a, b, strong, .mention").count() == 0
    assert await page.title() == "Bridge sandbox"


async def test_a_narrow_window_shows_one_side_at_a_time(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url, width=900)
    customers = page.get_by_role("region", name="Customers")
    await expect(customers).to_be_hidden()
    await page.get_by_role("button", name="Customers").click()
    await expect(customers).to_be_visible()
    await expect(page.get_by_role("region", name="Agents' workspace")).to_be_hidden()


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_axe_finds_nothing_serious(saved: StandIn, open_page: OpenPage, colours: str):
    page = await open_page(saved.url, colours=colours)
    await page.evaluate(AXE.read_text())
    await page.get_by_role("button", name="More to try").click()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Ben Okafor").click()
    await page.get_by_role("button", name="8 replies").click()
    await page.get_by_role("tab", name="WhatsApp").click()
    assert await violations(page) == []
    await page.get_by_role("button", name="general").click()
    await page.get_by_role("tab", name="Web chat").click()
    await page.get_by_label("Message #general").fill("/")
    assert await violations(page) == []
    await page.get_by_role("button", name="Clea Martin").click()
    await expect(page.get_by_role("dialog", name="Desk settings")).to_be_visible()
    assert await violations(page) == []


async def violations(page: Page) -> list[str]:
    """What axe calls serious or critical, once nothing moves any more."""
    await page.evaluate(SETTLE)
    found = json.loads(await page.evaluate("axe.run().then((result) => JSON.stringify(result.violations))"))
    return [
        f"{each['id']}: {node['html'][:150]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
