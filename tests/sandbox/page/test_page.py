"""What the page draws, on a saved view: nothing a customer writes comes alive, and everybody can use it."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bridge.sandbox.server import PAGE

from .conftest import SAVED_VIEW, OpenPage, StandIn

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "axe.min.js"

# Transitions change colours for a moment; those that never end (the typing dots) do not matter.
SETTLE = """Promise.allSettled(document.getAnimations().map(
  (one) => one.effect.getComputedTiming().iterations === Infinity ? null : one.finished))"""


async def next_act(saved: StandIn) -> dict[str, Any]:
    return await asyncio.wait_for(saved.acts.get(), 20)


def test_the_built_page_is_that_of_the_sources():
    sources = PAGE.parent / "src"
    files = sorted(path.relative_to(sources).as_posix() for path in sources.rglob("*.*"))
    built = hashlib.sha256(b"".join((sources / name).read_bytes() for name in files)).hexdigest()
    assert (PAGE / "sources.sha256").read_text().strip() == built, "run `npm run build` in bridge/sandbox/page"


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


CHAT = """<!doctype html><title>Chat</title><p>Hello</p>
<style>p { color: rgb(1, 1, 1) } @media (prefers-color-scheme: dark) { p { color: rgb(9, 9, 9) } }</style>"""


async def test_the_web_chat_takes_the_colours_that_the_visitor_chose(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    await page.route("**/chat", lambda route: route.fulfill(body=CHAT, content_type="text/html"))
    await page.get_by_role("tab", name="Web chat").click()
    words = page.frame_locator("iframe").get_by_text("Hello")
    await expect(words).to_have_css("color", "rgb(1, 1, 1)")
    await page.get_by_role("button", name="Colours: as the system").click()
    await page.get_by_role("button", name="Colours: light").click()
    await expect(words).to_have_css("color", "rgb(9, 9, 9)")
    await page.get_by_role("button", name="Colours: dark").click()
    await expect(words).to_have_css("color", "rgb(1, 1, 1)")


# Whatever overlaps another step, or is cut off, or needs a scrollbar across.
CROWDED = """[
  ...[...document.querySelectorAll(".rows, .popover")]
    .filter((box) => box.scrollWidth > box.clientWidth && box.clientWidth).map((box) => box.className),
  ...[...document.querySelectorAll(".phone-tab")].filter((tab) => tab.scrollWidth > tab.clientWidth
    || tab.getBoundingClientRect().height > 36).map((tab) => tab.innerText),
  ...[...document.querySelectorAll(".guide button, .top-tools")].filter((box, at, all) => at
    && box.getBoundingClientRect().left < all[at - 1].getBoundingClientRect().right).map((box) => box.innerText),
]"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1360, 800), (1440, 900), (1800, 1000)])
async def test_nothing_is_crowded_once_all_steps_are_done(saved: StandIn, open_page: OpenPage, width: int, height: int):
    page = await open_page(saved.url, width=width, height=height)
    await expect(page.locator(".guide li.done")).to_have_count(5)
    await page.get_by_role("button", name="8 replies").click()
    await page.get_by_role("button", name="More to try").click()
    await expect(page.locator(".tips")).to_be_visible()
    assert await page.evaluate(CROWDED) == []


async def test_an_app_without_a_home_has_no_place_for_it(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    await page.get_by_role("button", name="App home").click()
    await expect(page.get_by_role("heading", name="Good morning, Ana")).to_be_visible()
    view = json.loads(SAVED_VIEW.read_text())
    view["slack"]["homes"] = {}
    await page.route("**/_sandbox/view", lambda route: route.fulfill(json=view))
    await page.reload()
    await expect(page.get_by_role("region", name="Channel support-queue")).to_be_visible()
    await expect(page.get_by_role("button", name="App home")).to_have_count(0)


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
