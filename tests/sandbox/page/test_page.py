"""What the page draws, on a saved view: nothing a customer writes comes alive, and everybody can use it."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bridge.sandbox.server import PAGE

from .conftest import OpenPage, StandIn

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
