"""What the widget asks: who a stranger is, and how it was with a person; and what it tells while one writes."""

import json
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bridge.content import Presence
from bridge.customer_channels.web.asks import Asks
from bridge.ports import Introduced, Rated, Writing

from .conftest import ANA, BOT, OpenSite, Site
from .test_identity import SECRET, priya, signed
from .test_widget import (
    browser,
    chat_page,
    context,
    messages,
    only_chat,
    open_site,
    page,
    pytestmark,
    site,
    texts,
    violations,
    write,
)

__all__ = ["browser", "context", "open_site", "page", "pytestmark", "site"]


def told(site: Site) -> list[Introduced | Rated | Writing]:
    return list(site.told.values())


# --------------------------------------------------------------------------------------------------------- how it was


async def asked(page: Page, site: Site) -> str:
    """The visitor is asked; the question's id."""
    await chat_page(page, site)
    await write(page, "Hello")
    key = site.key()
    await site.channel.ask_rating(only_chat(site), "Ana", key)
    await expect(page.get_by_role("group", name="How was it with Ana?")).to_be_visible()
    return key


async def test_they_say_how_it_was_and_add_a_few_words(page: Page, site: Site) -> None:
    key = await asked(page, site)
    await page.get_by_role("button", name="Not good").click()
    await page.get_by_role("textbox", name="What would you like to add?").fill("Too slow")
    assert told(site) == [Rated(only_chat(site), key, False)], "it is kept before the words"
    await page.locator(".rating").get_by_role("button", name="Send").click()
    await expect(page.locator(".rating")).to_have_text("Thank you for telling us.")
    assert told(site)[1:] == [Rated(only_chat(site), key, False, "Too slow")]
    await page.reload()
    await expect(page.locator(".rating")).to_have_text("Thank you for telling us.")


async def test_they_need_not_say_more_and_do_it_without_a_mouse(page: Page, site: Site) -> None:
    key = await asked(page, site)
    await page.get_by_role("button", name="Good", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="What would you like to add?")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".rating")).to_have_text("Thank you for telling us.")
    assert told(site) == [Rated(only_chat(site), key, True)]


async def test_enter_sends_their_words_as_everywhere_in_the_chat(page: Page, site: Site) -> None:
    key = await asked(page, site)
    await page.get_by_role("button", name="Good", exact=True).click()
    await page.get_by_role("textbox", name="What would you like to add?").fill("Quick")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("and kind")
    await page.keyboard.press("Enter")
    await expect(page.locator(".rating")).to_have_text("Thank you for telling us.")
    assert told(site) == [Rated(only_chat(site), key, True), Rated(only_chat(site), key, True, "Quick\nand kind")]


async def test_a_rating_that_does_not_arrive_can_be_given_again(page: Page, site: Site) -> None:
    await asked(page, site)
    await page.route("**/web/ratings", lambda route: route.abort(), times=1)
    await page.get_by_role("button", name="Good", exact=True).click()
    await expect(page.get_by_role("button", name="Good", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Good", exact=True).click()
    await expect(page.get_by_role("button", name="Skip")).to_be_visible()
    assert len(told(site)) == 1


# ------------------------------------------------------------------------------------------------------- who they are


async def test_a_stranger_is_asked_who_they_are_before_they_write(page: Page, open_site: OpenSite) -> None:
    site = await open_site(asks=Asks("optional", "required", "optional"))
    await page.goto(f"{site.url}/shop?open=1")
    await expect(page.get_by_role("textbox", name="Your name (optional)")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_hidden()
    await expect(page.get_by_role("button", name="Skip")).to_have_count(0)
    await page.get_by_role("textbox", name="Your name").fill("Maria")
    for wrong in ("", "no address"):
        await page.get_by_role("textbox", name="Your e-mail address").fill(wrong)
        await page.get_by_role("button", name="Start chat").click()
        assert site.journal.visitors == {}
    await page.get_by_role("textbox", name="Your e-mail address").fill("maria@example.com")
    await page.get_by_role("textbox", name="How can we help?").fill("Where is my order?")
    await page.get_by_role("button", name="Start chat").click()
    await expect(texts(page)).to_have_text(["Where is my order?"])
    await expect(messages(page).last).to_contain_text("Sent")
    [visitor] = site.journal.visitors.values()
    assert (visitor.name, visitor.verified) == ("Maria", "")
    assert told(site) == [Introduced(visitor.chat, "Maria", "maria@example.com", "en")]
    await page.reload()
    await expect(texts(page)).to_have_text(["Where is my order?"])


async def test_where_nothing_is_required_all_of_it_can_be_skipped(page: Page, open_site: OpenSite) -> None:
    site = await open_site(asks=Asks(email="optional"))
    await page.goto(f"{site.url}/chat")
    await page.get_by_role("button", name="Skip").click()
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
    await write(page, "Hello")
    assert told(site) == []


async def test_what_the_server_does_not_take_is_said_and_stays(page: Page, open_site: OpenSite) -> None:
    site = await open_site(asks=Asks(name="required"))
    await page.route("**/web/session", lambda route: route.abort(), times=1)
    await page.goto(f"{site.url}/chat")
    await page.get_by_role("textbox", name="Your name").fill("Maria")
    await page.get_by_role("button", name="Start chat").click()
    await expect(page.get_by_role("alert")).to_have_text("Could not be sent")
    await page.get_by_role("button", name="Start chat").click()
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
    assert only_chat(site)


async def test_whom_the_site_knows_is_not_asked(page: Page, open_site: OpenSite) -> None:
    site = await open_site(secret=SECRET, asks=Asks("required", "required"))
    await page.goto(f"{site.url}/shop?open=1&identity={signed(priya(site))}")
    await write(page, "Hello")


# -------------------------------------------------------------------------------------------------- while they write


async def test_that_they_write_is_told_now_and_then_and_only_to_a_person(page: Page, site: Site) -> None:
    posts: list[str] = []
    page.on("request", lambda it: posts.append(it.url) if it.url.endswith("/web/typing") else None)
    await chat_page(page, site)
    await page.keyboard.type("Hello, ")
    await write(page, "Hello")
    await page.keyboard.type("nobody is there")
    assert posts == []
    await site.channel.send(only_chat(site), Presence(ANA, "joined"), site.key())
    await expect(page.get_by_role("heading")).to_have_text("Ana")
    async with page.expect_response("**/web/typing"):
        await page.keyboard.type("now I write a good deal of text")
    assert len(posts) == 1
    assert told(site) == [Writing(only_chat(site))]


# ------------------------------------------------------------------------------------------------------- how it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing_in_what_is_asked(
    browser: Browser, open_site: OpenSite, scheme: Any, language: str
) -> None:
    site = await open_site(asks=Asks("required", "optional", "optional"))
    size: Any = {"width": 320, "height": 700}
    settings: dict[str, Any] = {"color_scheme": scheme, "viewport": size, "locale": language, "bypass_csp": True}
    async with await browser.new_context(reduced_motion="reduce", **settings) as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/chat")
        await expect(page.locator(".introduction input").first).to_be_focused()
        await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await page.locator(".introduction input").first.fill("Maria")
        await page.locator(".introduction textarea").fill("Hello")
        await page.locator(".choice").click()
        await expect(page.locator(".message.sent")).to_have_count(1)
        await site.channel.ask_rating(only_chat(site), "Ana", site.key())
        await page.locator(".rating button").first.wait_for()
        await violations(page)
        await page.locator(".rating button").first.click()
        await page.locator(".rating textarea").wait_for()
        await violations(page)


@pytest.mark.parametrize(("wanted", "paper"), [("dark", "rgb(24, 33, 31)"), ("light", "rgb(255, 255, 255)")])
async def test_a_site_says_whether_it_is_dark(browser: Browser, site: Site, wanted: str, paper: str) -> None:
    other: Any = "light" if wanted == "dark" else "dark"
    async with await browser.new_context(color_scheme=other) as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/shop?open=1&theme={wanted}")
        form = page.locator("form")
        await expect(form).to_have_css("background-color", paper)
        await page.goto(f"{site.url}/shop?open=1")
        await expect(form).not_to_have_css("background-color", paper)


async def test_without_motion_nothing_moves(browser: Browser, site: Site) -> None:
    async with await browser.new_context(reduced_motion="reduce") as context:
        page = await context.new_page()
        await page.goto(f"{site.url}/chat")
        await write(page, "Hello")
        await site.answers(only_chat(site), "Hi", BOT)
        await site.channel.typing(only_chat(site))
        await expect(page.locator(".typing")).to_be_visible()
        moving = "document.querySelector('bridge-chat').shadowRoot.getAnimations().length"
        assert await page.evaluate(moving) == 0


# ---------------------------------------------------------------------------------------------------- in what language

LANGUAGES = ["de", "es", "fr", "it", "pt", "nl", "ar"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_all_that_it_says_is_there_in_every_language(site: Site, language: str) -> None:
    async with site.http.get("/widget/de.json") as response:
        keys = json.loads(await response.read()).keys()
    async with site.http.get(f"/widget/{language}.json") as response:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        words: dict[str, str] = json.loads(await response.read())
    assert words.keys() == keys
    assert all(words.values())
    assert [key for key in words if "{name}" in words[key]] == ["joined", "left", "rate"]


async def test_a_language_that_does_not_come_is_english(browser: Browser, site: Site) -> None:
    async with await browser.new_context(locale="de", reduced_motion="reduce") as context:
        page = await context.new_page()
        await page.route("**/widget/*.json", lambda route: route.abort())
        await page.goto(f"{site.url}/chat")
        await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
        await expect(page.locator("bridge-chat")).to_have_attribute("lang", "en")
