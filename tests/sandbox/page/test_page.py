"""What the page draws, on a saved view: nothing a customer writes comes alive, and everybody can use it."""

import asyncio
import hashlib
import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

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


# What stands out of the screen to the right. Strips that scroll by themselves, and what is there only to be read aloud,
# may; so may what they hold.
TOO_WIDE = """[
  ...(document.documentElement.scrollWidth > innerWidth ? ["the page itself"] : []),
  ...[...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && !one.closest(".places, .people-list, .chips, .unseen")
      && one.getBoundingClientRect().right > innerWidth + 0.5)
    .map((one) => one.outerHTML.slice(0, 80)),
]"""


@pytest.mark.parametrize("width", [360, 420, 640])
async def test_on_a_phone_nothing_is_wider_than_the_screen(saved: StandIn, open_page: OpenPage, width: int):
    page = await open_page(saved.url, width=width, height=800)
    await page.get_by_role("button", name="More to try").click()
    assert await page.evaluate(TOO_WIDE) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="8 replies").click()
    await expect(page.get_by_label("Reply in the thread")).to_be_in_viewport()
    await expect(page.locator(".thread .mention").get_by_text("#general")).to_be_visible()
    await files_of(page.locator(".thread")).set_input_files([LONG])
    await expect(page.get_by_role("button", name=f"Remove {LONG['name']}")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(TOO_WIDE) == []
    await page.get_by_role("button", name="Close the thread").click()
    await page.get_by_role("button", name="Clea Martin").click()
    window = page.get_by_role("dialog", name="Desk settings")
    await expect(window.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(TOO_WIDE) == []
    await page.reload()  # the stand-in shows the window for ever
    await page.get_by_role("dialog").evaluate("(dialog) => dialog.close()")
    await page.get_by_role("button", name="Customers").click()
    await expect(page.get_by_label("Message from Maria Santos")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(TOO_WIDE) == []


async def test_times_are_in_the_language_of_who_is_acted_as_and_on_phones_in_that_of_the_browser(
    saved: StandIn, open_page: OpenPage
):
    view = json.loads(SAVED_VIEW.read_text())
    ana, card = view["slack"]["users"][1], view["slack"]["messages"]["C0SUPPORT"][0]
    ana["locale"] = "de-DE"
    dated = "<!date^1795255820^{date_long} {time}|some day>"
    view["slack"]["messages"]["C0SUPPORT"] += [{"ts": "1795255820.000100", "user": "U0BEN", "text": dated}]
    page = await open_page(saved.url, locale="es-ES")
    await page.route("**/_sandbox/view", lambda route: route.fulfill(json=view))
    await page.reload()
    time, day = page.locator(f"[data-ts='{card['ts']}'] time").first, page.locator(".channel .day").first
    last = page.locator("[data-ts='1795255820.000100'] .row-text")
    await expect(day).to_have_text("Samstag, 21. November")
    await expect(time).to_have_text("11:01")
    await expect(time).to_have_attribute("title", re.compile(r"^21\.11\.2026, 11:01"))
    await expect(last).to_have_text("Samstag, 21. November 2026 11:10")
    await page.get_by_role("button", name="Clea Martin").click()
    await page.get_by_role("dialog").evaluate("(dialog) => dialog.close()")
    await expect(day).to_have_text("Saturday, November 21")
    await expect(time).to_have_text(re.compile(r"^11:01\sAM$"))
    await expect(last).to_have_text(re.compile(r"^Saturday, November 21, 2026 11:10\sAM$"))
    on_the_phone = page.locator("#phone-telegram .bubble time").first
    await expect(on_the_phone).to_have_attribute("title", re.compile(r"^21 nov 2026, "))


PICTURE: FilePayload = {"name": "parcel.png", "mimeType": "image/png", "buffer": bytes(range(256)) * 10}
LONG: FilePayload = {"name": f"{'a very long name ' * 6}.txt", "mimeType": "text/plain", "buffer": b"hello"}


def files_of(place: Locator) -> Locator:
    return place.locator("input[type=file]")


async def test_a_chosen_file_waits_until_the_message_is_sent(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    channel = page.get_by_role("region", name="Channel support-queue")
    field, waiting = channel.get_by_label("Message #support-queue"), channel.get_by_role("list", name="Files to send")
    await expect(channel.get_by_role("button", name="Send")).to_be_disabled()
    await files_of(channel).set_input_files([PICTURE, LONG])
    await expect(waiting.get_by_role("listitem").first).to_contain_text("parcel.png")
    await expect(waiting.get_by_role("listitem").first).to_contain_text("3 kB")
    await expect(field).to_be_focused()
    await channel.get_by_role("button", name=f"Remove {LONG['name']}").click()
    await expect(waiting.get_by_role("listitem")).to_have_count(1)
    await expect(field).to_be_focused()
    await field.fill("/queue")
    await field.press("Escape")
    await field.press("Enter")
    await expect(field).to_have_value("")
    assert (await next_act(saved))["action"] == "command", "nothing was sent before, and a command takes no files"
    await field.fill("here it is")
    await channel.get_by_role("button", name="Send").click()
    act = await next_act(saved)
    assert (act["action"], act["target"], act["text"]) == ("upload", "C0SUPPORT", "here it is")
    [file] = act["files"]
    assert (file["filename"], b64decode(file["content_base64"])) == ("parcel.png", PICTURE["buffer"])
    await expect(waiting).to_have_count(0)
    assert saved.acts.empty()


async def test_on_a_phone_a_chosen_file_waits_too(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    phone = page.locator("#phone-telegram")
    await files_of(phone).set_input_files(PICTURE)
    await phone.get_by_role("button", name="Remove parcel.png").click()
    await expect(phone.get_by_role("list", name="Files to send")).to_have_count(0)
    await files_of(phone).set_input_files(PICTURE)
    await expect(phone.get_by_role("list", name="Files to send")).to_contain_text("3 kB")
    assert saved.acts.empty()
    await phone.get_by_label("Message from Maria Santos").fill("look")
    await phone.get_by_role("button", name="Send message").click()
    act = await next_act(saved)
    assert (act["action"], act["text"], act["filename"]) == ("send_file", "look", "parcel.png")
    await expect(phone.get_by_role("list", name="Files to send")).to_have_count(0)


async def test_a_message_that_is_refused_comes_back_with_its_file(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    await page.route("**/_sandbox/act", lambda route: route.fulfill(json={"ok": False, "error": "not_in_channel"}))
    for place, label in ((page.locator(".channel"), "Message #"), (page.locator("#phone-telegram"), "Message from")):
        await files_of(place).set_input_files(PICTURE)
        await place.get_by_label(label).fill("look")
        await place.get_by_label(label).press("Enter")
        await expect(page.get_by_role("status").get_by_text("not a member").last).to_be_visible()
        await expect(place.get_by_role("button", name="Remove parcel.png")).to_be_visible()
        await expect(place.get_by_label(label)).to_have_value("look")
        await page.get_by_role("button", name="Dismiss").last.click()


async def test_the_keyboard_goes_on_where_it_was(saved: StandIn, open_page: OpenPage):
    page = await open_page(saved.url)
    replies = page.get_by_role("button", name="8 replies")
    await replies.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Reply in the thread")).to_be_focused()
    mine = page.locator(".thread .row", has_text="Your parcel is at the depot").last
    await mine.get_by_role("button", name="More message actions").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Edit message").press("Enter")
    await expect(page.get_by_label("Edit message")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(mine.get_by_role("button", name="More message actions")).to_be_focused()
    await page.get_by_role("button", name="Close the thread").press("Enter")
    await expect(replies).to_be_focused()
    await page.get_by_role("button", name="Clea Martin").click()
    await expect(page.get_by_role("dialog").get_by_label("While waiting")).to_be_focused()


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
    await page.locator("[data-action=more]").last.click()
    await expect(page.get_by_role("button", name="Open transcript")).to_be_visible()
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


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_axe_finds_nothing_serious_on_a_phone(saved: StandIn, open_page: OpenPage, colours: str):
    page = await open_page(saved.url, width=420, height=800, colours=colours)
    await page.evaluate(AXE.read_text())
    await files_of(page.locator(".channel")).set_input_files([PICTURE])
    assert await violations(page) == []
    await page.locator("[data-action=more]").last.click()
    await expect(page.get_by_role("button", name="Open transcript")).to_be_in_viewport(ratio=1)
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="8 replies").click()
    assert await violations(page) == []
    await page.get_by_role("button", name="Customers").click()
    await files_of(page.locator("#phone-telegram")).set_input_files([PICTURE])
    assert await violations(page) == []
    await page.get_by_role("button", name="Agents").click()
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
