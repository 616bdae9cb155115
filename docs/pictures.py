"""Makes the pictures in docs/images: plays a story in the demo and photographs it.

Run: .venv/bin/python docs/pictures.py, or with the word `chat` for those of the web chat only.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bridge.demo.customers import PhoneCustomer
from bridge.demo.stage import Stage, staged
from bridge.demo.team import Team
from bridge.demo.watch import Watch

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDE = {"width": 1800, "height": 1000}


async def main() -> None:
    """Play and photograph."""
    async with staged() as stage, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if "chat" not in sys.argv:
            await play(stage)
            await photograph(stage, browser)
        await photograph_chat(stage, browser)
        await photograph_asked(browser)
        await browser.close()


async def play(stage: Stage) -> None:
    """Two customers, two agents: one conversation claimed and answered, one waiting."""
    watch = Watch(stage.sandbox.world)
    team = Team(stage.sandbox, watch)
    maria = PhoneCustomer(stage.sandbox, watch, "telegram", "maria")
    jonas = PhoneCustomer(stage.sandbox, watch, "whatsapp", "jonas")
    await maria.says("Hi! How long does delivery take? My order is MK-20417.")
    await maria.hears(lambda text: "days" in text, "the bot's answer")
    await maria.says("It has been nine days. I want to talk to a human please.")
    card = await team.card_of("Maria")
    await team.sees_post(card, "Conversation so far")
    await team.clicks("ana", card, "claim")
    await team.sees_card(card, "has this")
    await maria.hears(lambda text: "talking to" in text, "the handover text")
    text = "Hello Maria, this is Ana. I have found your parcel: it arrives tomorrow. :package:"
    reply = await team.types("ana", card, text)
    await maria.hears(lambda text: "found your parcel" in text, "the reply")
    await team.sees_mark(reply, "white_check_mark")
    await maria.says("Oh, that is good to hear. Thank you!")
    await team.sees_post(card, "good to hear")
    held = await team.types("ben", card, "The depot says it is on the van already.")
    await team.is_told("ben", "reach the customer", 0)
    await team.sees_mark(held, "raised_hand")
    await jonas.says("The teapot came broken. Can somebody help me?")
    await jonas.hears(lambda text: bool(text), "an answer")
    await jonas.says("I would like to speak with a person")
    await team.sees_post(await team.card_of("Jonas"), "Conversation so far")


async def photograph(stage: Stage, browser: Browser) -> None:
    """The whole page, light and dark, the phones, and the web chat."""
    for scheme, name in (("light", "demo.png"), ("dark", "demo-dark.png")):
        page = await browser.new_page(viewport=WIDE, color_scheme=scheme, reduced_motion="reduce")
        await page.goto(f"{stage.url}/sandbox")
        await open_thread(page)
        await page.screenshot(path=IMAGES / name)
        if scheme == "light":
            await page.get_by_role("region", name="Customers").screenshot(path=IMAGES / "phones.png")
        await page.close()
    page = await browser.new_page(viewport={"width": 1300, "height": 1640}, reduced_motion="reduce")
    await page.goto(f"{stage.url}/sandbox")
    await open_thread(page)
    await page.get_by_role("complementary", name="Thread").screenshot(path=IMAGES / "thread.png")
    await page.close()


LOOKS: dict[str, dict[str, Any]] = {
    "widget.png": {"viewport": {"width": 420, "height": 640}},
    "widget-dark.png": {"viewport": {"width": 420, "height": 640}, "color_scheme": "dark"},
    "widget-rtl.png": {"viewport": {"width": 420, "height": 640}, "locale": "ar"},
    "widget-mobile.png": {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True},
}


async def photograph_chat(stage: Stage, browser: Browser) -> None:
    """The web chat: light, dark, from right to left, on a small phone."""
    for name, look in LOOKS.items():
        context = await browser.new_context(reduced_motion="reduce", **look)
        page = await context.new_page()
        await page.goto(f"{stage.url}/chat?name=Priya")
        await page.get_by_role("textbox").fill("How do I brew green tea?")
        await page.keyboard.press("Enter")
        await page.get_by_text("°").first.wait_for()
        await page.screenshot(path=IMAGES / name)
        await context.close()


async def photograph_asked(browser: Browser) -> None:
    """What the web chat asks: who a stranger is, and how it was."""
    asking = {"WEB_ASK_NAME": "optional", "WEB_ASK_EMAIL": "required", "WEB_ASK_QUESTION": "optional"}
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as desk:
        shop = (ROOT / "bridge.toml").read_text("utf-8").replace("ask_rating = false", "ask_rating = true")
        desk.write(shop.replace('folder = "knowledge"', f'folder = "{ROOT / "knowledge"}"'))
        desk.flush()
        async with staged(more={**asking, "BRIDGE_CONFIG": desk.name}) as stage:
            team = Team(stage.sandbox, Watch(stage.sandbox.world))
            page = await browser.new_page(**LOOKS["widget.png"], reduced_motion="reduce")
            await page.goto(f"{stage.url}/chat")
            await page.get_by_role("textbox", name="Your name").fill("Priya")
            await page.get_by_role("textbox", name="e-mail").fill("priya@example.com")
            await page.get_by_role("textbox", name="How can we help").fill("I want to talk to a human")
            await page.screenshot(path=IMAGES / "widget-asks.png")
            await page.get_by_role("button", name="Start chat").click()
            card = await team.card_of("Priya")
            await team.sees_post(card, "Conversation so far")
            await team.clicks("ana", card, "claim")
            await page.get_by_text("Ana joined").wait_for()
            await team.types("ana", card, "Hello Priya! A new teapot is on its way to you.")
            await page.get_by_text("new teapot").wait_for()
            await team.clicks("ana", card, "handback")
            await page.get_by_text("How was it with Ana?").wait_for()
            await page.screenshot(path=IMAGES / "widget-rating.png")
            await page.close()


async def open_thread(page: Page) -> None:
    """Open Maria's thread as Ana."""
    await page.get_by_text("replies").first.click()
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_text("on the van already").wait_for()
    await page.evaluate("document.fonts.ready")


if __name__ == "__main__":
    asyncio.run(main())
