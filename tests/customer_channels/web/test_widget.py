"""The widget as people meet it: in Chromium, on somebody's shop and on its own page."""

import base64
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bridge.content import Author, Part, Presence
from bridge.files import Loaded
from bridge.marks import joined, linked, quoted, styled
from bridge.ports import Said

from .conftest import ANA, BOT, OpenSite, Site, sites

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
NOT_LOADED = re.compile("Failed to load resource").match
AXE = Path(__file__).parents[2] / "axe.min.js"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not CHROMIUM and os.environ.get("REQUIRE_BROWSER") != "1", reason="Chromium is not installed"),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests here; each has a context of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM or None, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_site() -> AsyncIterator[OpenSite]:
    """Sites on the browser's event loop."""
    async with sites() as opens:
        yield opens


@pytest_asyncio.fixture(loop_scope="module")
async def site(open_site: OpenSite) -> Site:
    """A site with nothing special about it."""
    return await open_site()


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One person's browser."""
    async with await browser.new_context(locale="en-GB", reduced_motion="reduce") as context:
        yield context


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """One tab. A page must neither fail, nor complain, nor open a dialog. (Chromium itself says what does not load.)"""
    page = await context.new_page()
    page.set_default_timeout(10_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda it: troubles.append(it.text) if it.type == "error" and not NOT_LOADED(it.text) else None)
    page.on("dialog", lambda dialog: troubles.append(dialog.message))
    yield page
    assert troubles == []


async def chat_page(page: Page, site: Site) -> Page:
    """The chat as a page, ready to write."""
    await page.goto(f"{site.url}/chat?name=Maria")
    await expect(page.get_by_role("textbox")).to_be_focused()
    return page


async def write(page: Page, text: str) -> None:
    """Type and press Enter, and see it sent."""
    await page.get_by_role("textbox").fill(text)
    await page.get_by_role("textbox").press("Enter")
    await expect(messages(page).last).to_contain_text(text)
    await expect(messages(page).last).to_contain_text("Sent")


def messages(page: Page) -> Any:
    """Everything said, marks left out."""
    return page.locator(".message")


def texts(page: Page) -> Any:
    """The bubbles."""
    return page.locator(".message .bubble")


def only_chat(site: Site) -> str:
    """The chat of the one visitor."""
    [visitor] = site.journal.visitors.values()
    return visitor.chat


# -------------------------------------------------------------------------------------------------------- conversation


async def test_a_customer_writes_and_reads_the_answer(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Where is my order?")
    await site.answers(only_chat(site), "On its way.", BOT)
    answer = messages(page).last
    await expect(answer).to_contain_text("On its way.")
    await expect(answer).to_contain_text("Shop assistant")
    await expect(answer.locator(".tag")).to_have_text("Bot")
    [visitor] = site.journal.visitors.values()
    assert visitor.name == "Maria"


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def picks(page: Page, name: str, mime: str, content: bytes) -> None:
    """Choose a file as the button lets one."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach a file").click()
    await (await chooser.value).set_files([{"name": name, "mimeType": mime, "buffer": content}])


async def test_a_customer_sends_a_picture_and_sees_it(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await picks(page, "kettle.png", "image/png", PNG)
    picture = messages(page).last.get_by_role("img", name="kettle.png")
    await expect(picture).to_be_visible()
    await expect(messages(page).last).to_contain_text("Sent")
    assert await picture.evaluate("async it => (await it.decode(), it.naturalWidth)") == 1
    [said] = [it.event for it in site.received]
    assert isinstance(said, Said)
    assert [(file.name, file.mime) for file in said.files] == [("kettle.png", "image/png")]
    await expect(page.locator(".upload")).to_have_count(0)


async def test_what_cannot_be_uploaded_says_so_and_can_be_tried_again(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await page.route("**/web/files?*", lambda route: route.abort(), times=1)
    await picks(page, "kettle.png", "image/png", PNG)
    await expect(page.get_by_role("alert")).to_have_text("Could not be sent")
    await page.get_by_role("button", name="Try again").click()
    await expect(messages(page).last.get_by_role("img", name="kettle.png")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_an_agents_file_is_offered_and_never_run(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "The invoice, please")

    async def content() -> AsyncIterator[bytes]:
        yield b"<svg onload='alert(1)'>"

    evil = '"><img src=x onerror=alert(1)>.svg'
    file = Loaded("file", evil, "image/svg+xml", 23, content)
    await site.channel.send(only_chat(site), Part(ANA, "Here", file=file), "k" * 32)
    link = messages(page).last.get_by_role("link", name=evil)
    await expect(link).to_be_visible()
    await expect(messages(page).last.locator("img")).to_have_count(0)
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename.endswith(".svg")


async def test_nobody_is_admitted_before_they_write(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await expect(page.get_by_text("Hello! How can we help?")).to_be_visible()
    assert site.journal.visitors == {}


async def test_it_shows_who_joined_who_left_and_who_is_here(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "A person, please")
    chat = only_chat(site)
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    await expect(page.get_by_role("log")).to_contain_text("Ana joined")
    await expect(page.get_by_role("heading")).to_have_text("Ana")
    await site.answers(chat, "Hi, Ana here.", ANA)
    await expect(messages(page).last).to_contain_text("Ana")
    await expect(messages(page).last.locator(".tag")).to_have_count(0)
    await site.channel.send(chat, Presence(ANA, "left"), site.key())
    await expect(page.get_by_role("log")).to_contain_text("Ana left")
    await expect(page.get_by_role("heading")).to_have_text("Acme Support")


async def test_an_edit_changes_the_message_and_says_so(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "When?")
    chat = only_chat(site)
    key = await site.answers(chat, "On Monday.", ANA)
    await expect(texts(page).last).to_have_text("On Monday.")
    await site.channel.edit(chat, key, Part(ANA, "On Tuesday."), site.key())
    await expect(texts(page).last).to_have_text("On Tuesday.")
    await expect(messages(page).last).to_contain_text("edited")
    await expect(messages(page)).to_have_count(2)


async def test_of_a_deleted_message_only_its_place_is_left_in_every_tab(context: BrowserContext, site: Site) -> None:
    one, two = await chat_page(await context.new_page(), site), await chat_page(await context.new_page(), site)
    await write(one, "When?")
    chat = only_chat(site)
    key = await site.answers(chat, "On Monday.", ANA, ("Fine", "Never"))
    for page in (one, two):
        await page.bring_to_front()
        await expect(texts(page).last).to_have_text("On Monday.")
    await expect(two.get_by_role("button", name="Never")).to_be_visible()
    await site.channel.edit(chat, key, Part(ANA, "On Tuesday."), site.key())
    await site.channel.delete(chat, key, site.key())
    await site.channel.edit(chat, key, Part(ANA, "On Wednesday."), site.key())
    for page in (one, two, one):
        await page.bring_to_front()
        await expect(texts(page)).to_have_text(["When?", "Message deleted"])
        await expect(page.get_by_role("button", name="Never")).to_be_hidden()
        assert "edited" not in await messages(page).last.inner_text()
        await page.reload()


async def test_typing_shows_dots_until_the_answer_comes(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello?")
    chat = only_chat(site)
    await expect(page.get_by_role("status")).to_have_text("We answer right here")
    await site.channel.typing(chat)
    await expect(page.locator(".typing")).to_be_visible()
    await site.answers(chat, "Yes?", BOT)
    await expect(page.locator(".typing")).to_be_hidden()


async def test_a_suggested_answer_is_sent_with_a_click_and_then_gone(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    await site.answers(only_chat(site), "What is it about?", BOT, ("An order", "A return"))
    await page.get_by_role("group", name="Suggested answers").get_by_role("button", name="A return").click()
    await expect(texts(page).last).to_have_text("A return")
    await expect(page.get_by_role("group", name="Suggested answers")).to_be_hidden()
    await expect(page.get_by_role("textbox")).to_be_focused()
    await expect(messages(page).last).to_contain_text("Sent")


async def test_enter_sends_and_shift_enter_does_not(page: Page, site: Site) -> None:
    await chat_page(page, site)
    box = page.get_by_role("textbox")
    await box.press("Enter")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await box.press("Enter")
    await expect(texts(page)).to_have_text(["one\ntwo"], use_inner_text=True)
    await expect(box).to_have_value("")
    await expect(messages(page).last).to_contain_text("Sent")
    assert [received.raw.count(b"\\n") for received in site.received] == [1]


# --------------------------------------------------------------------------------------------------- nothing gets lost


async def test_a_reload_resumes_the_conversation(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    await site.answers(only_chat(site), "Hi!", BOT)
    await expect(messages(page)).to_have_count(2)
    await page.reload()
    await expect(texts(page)).to_have_text(["Hello", "Hi!"])
    await write(page, "Still me")
    assert len(site.journal.visitors) == 1


async def test_what_is_written_offline_is_sent_once_and_in_order_when_back(
    page: Page, context: BrowserContext, site: Site
) -> None:
    await chat_page(page, site)
    await write(page, "zero")
    await context.set_offline(True)
    for text in ("one", "two", "three"):
        await page.get_by_role("textbox").fill(text)
        await page.get_by_role("textbox").press("Enter")
    await expect(messages(page).last).to_contain_text("Not sent yet")
    await expect(page.get_by_role("status")).to_have_text("Connecting…")
    await context.set_offline(False)
    await expect(messages(page).last).to_contain_text("Sent")
    await expect(texts(page)).to_have_text(["zero", "one", "two", "three"])
    sent = [received.event for received in site.received]
    assert [getattr(event, "text", "") for event in sent] == ["zero", "one", "two", "three"]


async def test_the_unsent_survive_a_reload(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await page.route("**/web/**", lambda route: route.abort())
    await page.get_by_role("textbox").fill("Do not lose me")
    await page.get_by_role("textbox").press("Enter")
    await expect(messages(page).last).to_contain_text("Not sent yet")
    await page.unroute("**/web/**")
    await page.reload()
    await expect(messages(page)).to_have_count(1)
    await expect(messages(page).last).to_contain_text("Sent")
    assert len(site.received) == 1


async def test_an_answer_that_got_lost_does_not_make_a_message_twice(page: Page, site: Site) -> None:
    await chat_page(page, site)
    lost: list[str] = []

    async def loses(route: Any) -> None:
        await route.fetch()
        lost.append(route.request.url)
        await route.abort()

    await page.route("**/web/messages", loses, times=2)
    await write(page, "Once")
    await expect(texts(page)).to_have_text(["Once"])
    assert len(lost) >= 1
    assert len(site.received) == 1


async def test_a_server_in_trouble_is_asked_again(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "one")
    site.journal.broken = True
    await page.get_by_role("textbox").fill("two")
    await page.get_by_role("textbox").press("Enter")
    await expect(messages(page).last).to_contain_text("Not sent yet")
    site.journal.broken = False
    await expect(messages(page).last).to_contain_text("Sent")
    await expect(texts(page)).to_have_text(["one", "two"])


async def test_a_refused_message_can_be_removed(page: Page, site: Site) -> None:
    await chat_page(page, site)
    refusal: Any = {"status": 400, "json": {"error": {"code": "blank", "message": "no"}}}
    await page.route("**/web/messages", lambda route: route.fulfill(**refusal), times=2)
    await page.get_by_role("textbox").fill("\u2800")
    await page.get_by_role("textbox").press("Enter")
    await expect(messages(page).last).to_contain_text("Could not be sent")
    await page.get_by_role("button", name="Try again").click()
    await expect(messages(page).last).to_contain_text("Could not be sent")
    await page.get_by_role("button", name="Remove").click()
    await expect(messages(page)).to_have_count(0)


async def test_a_lost_database_begins_a_new_chat_without_losing_words(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "old")
    site.journal.lose()
    await page.get_by_role("textbox").fill("new")
    await page.get_by_role("textbox").press("Enter")
    await expect(texts(page)).to_have_text(["new"])
    await expect(messages(page).last).to_contain_text("Sent")
    assert len(site.journal.visitors) == 1


async def test_a_restored_backup_is_told_from_its_beginning(page: Page, site: Site) -> None:
    await chat_page(page, site)
    for text in ("one", "two", "three"):
        await write(page, text)
    chat = only_chat(site)
    del site.journal.events[chat][1:]
    await site.channel.close()
    site.channel._streams.closed = False
    await expect(texts(page)).to_have_text(["one"])
    await site.answers(chat, "Again?", BOT)
    await expect(texts(page)).to_have_text(["one", "Again?"])


async def test_two_tabs_are_one_conversation(context: BrowserContext, site: Site) -> None:
    one, two = await chat_page(await context.new_page(), site), await chat_page(await context.new_page(), site)
    await one.bring_to_front()
    await write(one, "from one")
    await two.bring_to_front()
    await expect(texts(two)).to_have_text(["from one"])
    await write(two, "from two")
    await one.bring_to_front()
    await site.answers(only_chat(site), "to both", BOT)
    for page in (one, two):
        await page.bring_to_front()
        await expect(texts(page)).to_have_text(["from one", "from two", "to both"])


async def test_after_a_lost_database_two_tabs_still_are_one_visitor(context: BrowserContext, site: Site) -> None:
    one, two = await chat_page(await context.new_page(), site), await chat_page(await context.new_page(), site)
    await write(one, "old")
    await expect(texts(two)).to_have_text(["old"])
    site.journal.lose()
    for tab, text in ((one, "new"), (two, "newer")):
        await tab.bring_to_front()
        await write(tab, text)
    for tab in (one, two):
        await tab.bring_to_front()
        await expect(texts(tab)).to_have_text(["new", "newer"])
    assert len(site.journal.visitors) == 1


async def test_tabs_that_speak_first_at_the_same_moment_are_one_visitor(context: BrowserContext, site: Site) -> None:
    tabs = [await chat_page(await context.new_page(), site) for _ in range(3)]
    for number, tab in enumerate(tabs):
        await tab.get_by_role("textbox").fill(f"from {number}")
    for tab in tabs:
        await tab.evaluate("document.querySelector('bridge-chat').shadowRoot.querySelector('form').requestSubmit()")
    for tab in tabs:
        await tab.bring_to_front()
        await expect(tab.locator(".message.sent")).to_have_count(3)
    assert len(site.journal.visitors) == 1
    assert len(site.received) == 3


# ------------------------------------------------------------------------------------------------------- nobody's HTML

ATTACKS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</div><svg onload=alert(1)>",
    'https://a.example/"onmouseover="alert(1)',
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "data:text/html,<script>alert(1)</script>",
]


@pytest.mark.parametrize("where", ["/chat", "/shop?open=1"])
async def test_whatever_is_written_is_shown_and_never_run(page: Page, site: Site, where: str) -> None:
    await page.goto(site.url + where)
    await write(page, ATTACKS[0])
    chat = only_chat(site)
    for attack in ATTACKS:
        await site.answers(chat, attack, Author("agent", attack), (attack,))
    await site.channel.send(chat, Presence(Author("agent", ATTACKS[0]), "joined"), site.key())
    await expect(page.get_by_role("heading").last).to_have_text(ATTACKS[0])
    await expect(texts(page)).to_have_text([ATTACKS[0], *ATTACKS])
    inside = "document.querySelector('bridge-chat').shadowRoot"
    assert await page.evaluate(f"{inside}.querySelectorAll('img, script, iframe, [onerror], [onload]').length") == 0
    links = await page.evaluate(f"[...{inside}.querySelectorAll('a')].map(link => link.href)")
    assert links == ["https://a.example/"]


async def test_addresses_become_links_that_give_nothing_away(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    text = "See (https://shop.example/a_(b)?x=1&y=2#z), or HTTP://Shop.example. Not ftp://x or www.x."
    await site.answers(only_chat(site), text, BOT)
    await expect(texts(page).last).to_have_text(text)
    links = page.locator(".bubble a")
    await expect(links).to_have_text(["https://shop.example/a_(b)?x=1&y=2#z", "HTTP://Shop.example"])
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer nofollow ugc")
    await expect(links.first).to_have_attribute("target", "_blank")


async def test_the_token_is_never_part_of_an_address(page: Page, site: Site) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    await chat_page(page, site)
    await write(page, "Hello")
    await site.answers(only_chat(site), "Hi", BOT)
    await expect(messages(page)).to_have_count(2)
    assert any("/web/events" in address for address in addresses)
    assert not any("token" in address for address in addresses)


# ----------------------------------------------------------------------------------------------------- on a shop's page


async def test_the_launcher_opens_and_escape_closes_and_focus_goes_along(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop")
    launcher = page.locator(".launcher")
    await expect(launcher).to_have_accessible_name("Open chat")
    await expect(launcher).to_have_attribute("aria-expanded", "false")
    await expect(page.get_by_role("textbox")).to_be_hidden()
    await launcher.press("Enter")
    await expect(page.get_by_role("textbox")).to_be_focused()
    await expect(launcher).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Escape")
    await expect(launcher).to_be_focused()
    await expect(page.get_by_role("textbox")).to_be_hidden()


async def test_unread_answers_are_counted_until_somebody_looks(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop?name=Maria")
    await page.locator(".launcher").click()
    await write(page, "Hello")
    await page.keyboard.press("Escape")
    chat = only_chat(site)
    await site.answers(chat, "One", BOT)
    await site.answers(chat, "Two", BOT)
    await expect(page.locator(".badge")).to_have_text("2")
    await expect(page.locator(".launcher")).to_have_accessible_name("Open chat, 2 unread")
    await site.channel.delete(chat, await site.answers(chat, "Three", BOT), site.key())
    await page.reload()
    await expect(page.locator(".badge")).to_have_text("2")
    await page.locator(".launcher").click()
    await expect(page.locator(".badge")).to_be_hidden()
    await page.reload()
    await expect(texts(page)).to_have_text(["Hello", "One", "Two", "Message deleted"])
    await expect(page.locator(".badge")).to_be_hidden()


async def test_a_site_may_open_it_from_its_own_link_and_load_it_twice(page: Page, site: Site) -> None:
    await page.goto(f"{site.url}/shop")
    await expect(page.locator(".launcher")).to_be_visible()
    await page.evaluate("bridgeChat.open()")
    await expect(page.get_by_role("textbox")).to_be_focused()
    await page.evaluate("bridgeChat.close()")
    await expect(page.get_by_role("textbox")).to_be_hidden()
    await page.add_script_tag(url="/widget.js")
    await expect(page.locator("bridge-chat")).to_have_count(1)


async def test_it_works_from_another_site(page: Page, open_site: OpenSite) -> None:
    ours = await open_site()
    theirs = await open_site()
    shop = theirs.url.replace("127.0.0.1", "localhost")
    await page.goto(f"{shop}/shop?open=1&from={ours.url}")
    await write(page, "From afar")
    await ours.answers(only_chat(ours), "Welcome", BOT)
    await expect(texts(page)).to_have_text(["From afar", "Welcome"])


async def test_reading_old_messages_is_not_disturbed_by_new_ones(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    chat = only_chat(site)
    for number in range(40):
        await site.answers(chat, f"line {number}", BOT)
    await expect(texts(page).last).to_be_in_viewport()
    scroller = page.locator(".scroller")
    await scroller.evaluate("scroller => { scroller.scrollTop = 0 }")
    await site.answers(chat, "the newest", BOT)
    await page.get_by_role("button", name="New messages").click()
    await expect(texts(page).last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages")).to_be_hidden()


# ---------------------------------------------------------------------------------------------------------- everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1000])
async def test_axe_finds_nothing(browser: Browser, site: Site, scheme: Any, width: int) -> None:
    size: Any = {"width": width, "height": 700}
    context = await browser.new_context(color_scheme=scheme, viewport=size, reduced_motion="reduce", bypass_csp=True)
    page = await context.new_page()
    await page.goto(f"{site.url}/shop")
    await page.locator(".launcher").click()
    await violations(page)
    await write(page, "Hello https://shop.example")
    chat = only_chat(site)
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    key = await site.answers(chat, "See https://shop.example", ANA, ("Yes", "No"))
    await site.channel.edit(chat, key, Part(ANA, "Look at https://shop.example", ("Yes", "No")), site.key())
    gone = await site.answers(chat, "Not for you", ANA)
    await site.channel.delete(chat, gone, site.key())
    await expect(texts(page).last).to_have_text("Message deleted")
    await violations(page)
    key = await site.answers(chat, "Or this", ANA, ("Yes", "No"))
    await site.channel.typing(chat)
    await expect(page.locator(".typing")).to_be_visible()
    await violations(page)
    await context.set_offline(True)
    await page.get_by_role("button", name="Yes").click()
    await expect(messages(page).last).to_contain_text("Not sent yet")
    await violations(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.set_offline(False)
    await page.goto(f"{site.url}/chat")
    await expect(messages(page).last).to_contain_text("Sent")
    await violations(page)


async def violations(page: Page) -> None:
    """Ask axe, shadow roots included."""
    await page.add_script_tag(path=AXE)
    found = await page.evaluate(
        "axe.run().then(result => result.violations.map(one => [one.id, one.nodes.map(n => n.html)]))"
    )
    assert found == []


async def test_a_screen_reader_hears_answers_but_not_the_history(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    log = page.get_by_role("log")
    await expect(log).to_have_accessible_name("Conversation")
    await expect(log).to_have_attribute("aria-live", "polite")
    await page.reload()
    await expect(texts(page)).to_have_text(["Hello"])
    await expect(log).to_have_attribute("aria-live", "polite")


async def test_text_from_right_to_left_runs_that_way(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "مرحبا")
    await expect(texts(page).last).to_have_css("direction", "rtl")
    await site.answers(only_chat(site), "Hello", BOT)
    await expect(texts(page).last).to_have_css("direction", "ltr")


@pytest.mark.parametrize(("language", "words", "direction"), [("de", "Wie können wir", "ltr"), ("ar", "مرحبًا", "rtl")])
async def test_it_speaks_the_readers_language(
    browser: Browser, site: Site, language: str, words: str, direction: str
) -> None:
    async with await browser.new_context(locale=language, reduced_motion="reduce") as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/chat")
        await expect(page.locator(".welcome")).to_contain_text(words)
        await expect(page.locator(".panel")).to_have_css("direction", direction)
        await expect(page.locator("bridge-chat")).to_have_attribute("lang", language)


async def test_the_next_agent_stays_when_the_last_one_leaves(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "Hello")
    chat = only_chat(site)
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    await site.channel.send(chat, Presence(Author("agent", "Bo"), "joined"), site.key())
    await site.channel.send(chat, Presence(ANA, "left"), site.key())
    await expect(page.get_by_role("log")).to_contain_text("Ana left")
    await expect(page.get_by_role("heading")).to_have_text("Bo")


async def test_a_browser_without_storage_can_still_chat(page: Page, site: Site) -> None:
    await page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    await chat_page(page, site)
    await write(page, "Hello")
    await site.answers(only_chat(site), "Hi", BOT)
    await expect(texts(page)).to_have_text(["Hello", "Hi"])


MARKED = [
    "He said\n",
    quoted(joined(["no ", styled("tea", "bold")])),
    "\n",
    linked("the form", "https://tea.example/a"),
    ": 👋 ",
    styled("<i>so</i>", "italic", "strike"),
    " ",
    styled("a*b", "code"),
    "\n",
    styled("x = 1\ny = 2", "block"),
]


async def test_what_is_marked_is_drawn_and_nothing_else_is(page: Page, site: Site) -> None:
    await chat_page(page, site)
    await write(page, "When?")
    chat = only_chat(site)
    key = await site.answers(chat, joined(MARKED), ANA)
    said = texts(page).last
    await expect(said.locator("blockquote")).to_have_text("no tea")
    await expect(said.locator("blockquote strong")).to_have_text("tea")
    await expect(said.locator(":is(em s, s em)")).to_have_text("<i>so</i>")
    await expect(said.locator("code")).to_have_text("a*b")
    assert await said.locator("pre").text_content() == "x = 1\ny = 2"
    await expect(said.get_by_role("link", name="the form", exact=True)).to_have_attribute(
        "href", "https://tea.example/a"
    )
    await expect(said.get_by_role("link")).to_have_count(2)
    assert await said.locator("i").count() == 0
    await site.channel.edit(chat, key, Part(ANA, joined(["On ", styled("Tuesday", "bold")])), site.key())
    await expect(said).to_have_text("On Tuesday")
    await expect(said.locator("strong")).to_have_text("Tuesday")
    await expect(said.locator("blockquote")).to_have_count(0)
