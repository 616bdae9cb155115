"""The widget with people who are known to the site, what it tells of them, and how it calls them. In Chromium."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bridge.content import Presence
from bridge.ports import Corrected, Withdrawn

from .conftest import ANA, BOT, OpenSite, Site
from .test_identity import SECRET, priya, signed
from .test_widget import browser, context, messages, open_site, page, pytestmark, site, texts, violations, write

__all__ = ["browser", "context", "open_site", "page", "pytestmark", "site"]

HIDE = """
Object.defineProperty(document, "visibilityState", {get: () => window.away ? "hidden" : "visible"});
Object.defineProperty(document, "hidden", {get: () => !!window.away});
"""


async def goes(page: Page, away: bool) -> None:
    """Look at something else, or come back."""
    await page.evaluate(f"window.away = {str(away).lower()}; document.dispatchEvent(new Event('visibilitychange'))")


async def test_who_is_logged_in_has_one_conversation_on_every_device(browser: Browser, open_site: OpenSite) -> None:
    site = await open_site(secret=SECRET)
    who = signed(priya(site))
    async with await browser.new_context() as phone, await browser.new_context() as laptop:
        one, two = await phone.new_page(), await laptop.new_page()
        await one.goto(f"{site.url}/shop?open=1&identity={who}")
        await write(one, "From my phone")
        await two.goto(f"{site.url}/chat#identity={who}")
        await expect(texts(two)).to_have_text(["From my phone"])
        [visitor] = site.journal.visitors.values()
        assert (visitor.name, visitor.verified) == ("Priya", "priya@example.com")
        await one.goto(f"{site.url}/shop?open=1")  # they have logged out
        await write(one, "Somebody else")
        await expect(texts(one)).to_have_text(["Somebody else"])
        await one.goto(f"{site.url}/shop?open=1&identity={who}")
        await expect(texts(one)).to_have_text(["From my phone"])
        assert len(site.journal.visitors) == 2


async def test_whom_the_site_does_not_know_does_not_become_a_stranger(page: Page, open_site: OpenSite) -> None:
    site = await open_site(secret=SECRET)
    for who in (signed(priya(site), "forged"), "nonsense"):
        async with page.expect_response("**/web/session") as answer:
            await page.goto(f"{site.url}/shop?open=1&identity={who}")
            await page.get_by_role("textbox").fill("Let me in")
            await page.get_by_role("textbox").press("Enter")
        assert not (await answer.value).ok
        await expect(messages(page).last).to_contain_text("Not sent yet")
    assert site.journal.visitors == {}


async def test_the_server_hears_what_was_seen_and_only_that(page: Page, site: Site) -> None:
    await page.add_init_script(HIDE)
    await page.goto(f"{site.url}/shop?open=1")
    await write(page, "Hello")
    chat = next(iter(site.journal.visitors))
    async with page.expect_response("**/web/seen"):
        first = await site.answers(chat, "In front of you", ANA)
    assert [it.key for it in site.receipts] == [first]
    await goes(page, True)
    second = await site.answers(chat, "In another tab", ANA)
    await expect(texts(page).last).to_have_text("In another tab")
    await page.keyboard.press("Escape")
    await goes(page, False)
    third = await site.answers(chat, "In a closed chat", ANA)
    await expect(page.locator(".badge")).to_have_text("2")
    assert len(site.receipts) == 1
    async with page.expect_response("**/web/seen"):
        await page.locator(".launcher").click()
    assert [it.key for it in site.receipts] == [first, second, third]


async def test_the_title_counts_what_waits_while_the_tab_is_not_in_front(page: Page, site: Site) -> None:
    await page.add_init_script(HIDE)
    await page.goto(f"{site.url}/shop?open=1")
    await write(page, "Hello")
    chat = next(iter(site.journal.visitors))
    await goes(page, True)
    await site.answers(chat, "One", BOT)
    await expect(page).to_have_title("(1) Shop")
    await page.evaluate("document.title = 'Basket'")
    await site.answers(chat, "Two", BOT)
    await expect(page).to_have_title("(2) Basket")
    await goes(page, False)
    await expect(page).to_have_title("Basket")


@pytest.mark.parametrize(("wanted", "heard"), [("", 0), ("&sound=1", 1)])
async def test_it_makes_a_sound_only_where_the_site_wants_one(page: Page, site: Site, wanted: str, heard: int) -> None:
    await page.add_init_script(
        "window.sounds = 0; const Real = AudioContext;"
        "window.AudioContext = class extends Real { constructor() { super(); window.sounds++ } }"
    )
    await page.goto(f"{site.url}/shop?open=1{wanted}")
    await write(page, "Hello")
    await page.keyboard.press("Escape")
    await page.wait_for_function("document.querySelector('bridge-chat').shadowRoot.querySelector('[aria-live=polite]')")
    await site.answers(next(iter(site.journal.visitors)), "One", BOT)
    await expect(page.locator(".badge")).to_have_text("1")
    await page.wait_for_function(f"window.sounds === {heard}")


READABLE = """element => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const luminance = color => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(it => it / 255)
      .map(it => it <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const style = getComputedStyle(element);
  const [dark, light] = [style.color, style.backgroundColor].map(luminance).sort((one, other) => one - other);
  return (light + .05) / (dark + .05);
}"""


@pytest.mark.parametrize("color", ["ffd400", "fff", "111", "0d6b5a", "777", "767676", "e5484d", "3e63dd", "00ff00"])
async def test_what_is_written_on_any_colour_can_be_read(page: Page, site: Site, color: str) -> None:
    await page.goto(f"{site.url}/shop?open=1&color=%23{color}")
    await page.get_by_role("textbox").fill("Hello")
    await write(page, "Hello")
    await page.get_by_role("textbox").fill("there")
    for part in (".launcher", ".own .bubble", ".send"):
        assert await page.locator(part).evaluate(READABLE) >= 4.5, part
    ends = "it => { it.style.background = getComputedStyle(it).backgroundImage.match(/color[(].*?[)](?=[)]$)/)[0] }"
    await page.locator("header").evaluate(ends)
    assert await page.locator("header").evaluate(READABLE) >= 4.5, "where its colour ends"
    await violations(page)


async def test_all_of_it_goes_without_a_mouse(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop")
    await expect(page.locator(".launcher")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator(".launcher")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("Hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("world")
    await page.keyboard.press("Enter")
    await expect(texts(page).last).to_have_text("Hello\nworld")
    await expect(messages(page).last).to_contain_text("Sent")
    chat = next(iter(site.journal.visitors))
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    await site.answers(chat, "See https://shop.example", ANA, ("Yes", "No"))
    await expect(page.get_by_role("button", name="No")).to_be_visible()
    order: list[Any] = []
    for _ in range(8):
        await page.keyboard.press("Shift+Tab")
        order.append(await page.evaluate(
            "(it => it.innerText || it.ariaLabel)(document.querySelector('bridge-chat').shadowRoot.activeElement)"
        ))  # fmt: skip
    assert order == [
        *("Attach a file", "No", "Yes", "https://shop.example", "Remove", "Edit"), order[6], "Close chat",
    ]  # fmt: skip
    for _ in range(5):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(texts(page).last).to_have_text("Yes")
    await expect(page.get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".launcher")).to_be_focused()


async def test_what_was_written_last_can_be_written_differently(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop?open=1")
    await write(page, "Hello")
    await write(page, "Where is my ordr?")
    box = page.get_by_role("textbox")
    edit = page.get_by_role("button", name="Edit")
    await expect(edit).to_have_count(1)  # not below what was written before
    await box.fill("A draft")
    await edit.click()
    await expect(box).to_have_value("Where is my ordr?")
    await expect(box).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(box).to_have_value("A draft")
    await edit.click()
    await violations(page)
    await box.fill("Where is my order?")
    await page.keyboard.press("Enter")
    await expect(texts(page)).to_have_text(["Hello", "Where is my order?"])
    await expect(messages(page).last).to_contain_text("edited")
    await expect(box).to_have_value("A draft")
    [change] = site.changes.values()
    assert isinstance(change, Corrected)
    assert change.text == "Where is my order?"


async def test_what_was_written_last_can_be_taken_back(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop?open=1")
    await write(page, "Hello")
    await write(page, "My password is 1234")
    await page.get_by_role("button", name="Remove").click()
    await expect(texts(page)).to_have_text(["Hello", "Message deleted"])
    await page.reload()
    await expect(texts(page)).to_have_text(["Hello", "Message deleted"])
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)
    assert [type(it) for it in site.changes.values()] == [Withdrawn]


async def test_a_change_that_does_not_arrive_stays_to_be_sent_again(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop?open=1")
    await write(page, "Helo")
    await page.get_by_role("button", name="Edit").click()
    await page.route("**/web/changes", lambda route: route.abort())
    await page.get_by_role("textbox").fill("Hello")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    await expect(page.get_by_role("textbox")).to_have_value("Hello")
    await page.unroute("**/web/changes")
    await page.keyboard.press("Enter")
    await expect(texts(page)).to_have_text(["Hello"])
    await expect(messages(page).last).to_contain_text("edited")
