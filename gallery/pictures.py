"""Photographs what is made: the sandbox takes each through its own interface, and its page draws it in Chromium.

What belongs together goes onto one sheet.
"""

import base64
import html
import os
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.server import Sandbox, serve

from .made import FOLDER
from .palette import small
from .shop import NOW
from .show import show, slack
from .state import State

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZE: Any = {"width": 806, "height": 1500}
LOOK = """.row-head time, .toolbar { visibility: hidden }
:focus-visible { outline: 0 !important }
.dialog::backdrop { background: #f3f1f5 !important }
.rows .row, .home .blocks { max-height: 560px; overflow: hidden }"""
SHEET = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 18px; background: #f3f1f5; font: 13px system-ui, sans-serif; color: #333; width: 1238px;
 columns: 2; column-gap: 18px }
figure { margin: 0 0 18px; break-inside: avoid } figcaption { padding: 0 0 5px; font-weight: 600 }
img { display: block; max-width: 610px; border-radius: 10px; background: #fff }
</style>"""


@asynccontextmanager
async def browsing() -> AsyncGenerator[Browser]:
    """A Chromium. Raises OSError where there is none."""
    if not Path(CHROMIUM).exists():
        raise OSError(f"There is no Chromium at {CHROMIUM}; the variable CHROMIUM says where it is.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def photograph(states: Sequence[State], sheets: Iterable[str], folder: Path = FOLDER) -> None:
    """Make these sheets."""
    sandbox = Sandbox()
    async with serve(sandbox=sandbox) as url, slack(url) as client, browsing() as browser:
        look: Any = {"viewport": SIZE, "timezone_id": "UTC", "locale": "en-GB", "bypass_csp": True}
        context = await browser.new_context(**look, reduced_motion="reduce")
        page = await context.new_page()
        await page.clock.set_fixed_time(NOW)
        await page.goto(f"{url}/sandbox")
        await page.add_style_tag(content=LOOK)
        for sheet in sheets:
            shots = [(state, await _shot(sandbox, client, page, state)) for state in states if state.sheet == sheet]
            await _sheet(browser, shots, folder / f"{sheet}.png")


async def _shot(sandbox: Sandbox, client: AsyncWebClient, page: Page, state: State) -> bytes:
    sandbox.world.reset()
    sandbox.world.strict = False
    await sandbox.slack.act("ana", "choose_language", "", "", locale="en-GB")  # the page shows times as she reads them
    await expect(page.locator(".row, dialog, .home")).to_have_count(0)
    known = await show(sandbox, client, state.make(), state.kind)
    if state.kind == "home":
        await page.get_by_role("button", name="App home").click()
        return await _photo(page.get_by_role("region", name="Home tab").locator(".blocks").first)
    if state.kind == "window":
        return await _photo(page.get_by_role("dialog"))
    return await _photo(page.locator(f'.row[data-ts="{known}"]'))


async def _photo(what: Locator) -> bytes:
    await what.wait_for()
    return await what.screenshot(animations="disabled")


async def _sheet(browser: Browser, shots: Sequence[tuple[State, bytes]], path: Path) -> None:
    """Each under its caption, in two columns."""
    figures = (
        f"<figure><figcaption>{html.escape(state.says.replace('`', ''))}</figcaption>"
        f'<img src="data:image/png;base64,{base64.b64encode(shot).decode()}"></figure>'
        for state, shot in shots
    )
    page = await browser.new_page(viewport={"width": 1274, "height": 100})
    await page.set_content(SHEET + "".join(figures))
    path.write_bytes(await small(page, await page.screenshot(full_page=True)))
    await page.close()
