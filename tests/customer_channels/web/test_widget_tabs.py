"""Several tabs and windows of one browser: one of them hears the server and tells the others. In Chromium."""

import asyncio

from playwright.async_api import BrowserContext, Page, expect

from .conftest import BOT, Site
from .test_widget import browser, chat_page, context, only_chat, open_site, page, pytestmark, site, texts, write

__all__ = ["browser", "context", "open_site", "page", "pytestmark", "site"]

CUTS = """
const real = window.fetch;
window.fetch = async (...asked) => {
  const answer = await real(...asked);
  if (!String(asked[0]).includes("/web/events") || window.cut) return answer;
  window.cut = true;
  const reader = answer.body.getReader();
  const body = new ReadableStream({ async pull(out) {
    const { value } = await reader.read();
    if (!value) return out.close();
    const text = new TextDecoder().decode(value);
    if (!text.includes("Cut me")) return out.enqueue(value);
    out.enqueue(value.slice(0, text.indexOf("Cut me") + 3));
    await reader.cancel();
    out.close();
  } });
  return new Response(body, answer);
};
"""


async def tabs(context: BrowserContext, site: Site, number: int) -> list[Page]:
    """So many, of one visitor who has said Hello in the first."""
    first = await chat_page(await context.new_page(), site)
    await write(first, "Hello")
    more = [await chat_page(await context.new_page(), site) for _ in range(number - 1)]
    for tab in more:
        await expect(texts(tab)).to_have_text(["Hello"])
    return [first, *more]


def streams(site: Site) -> int:
    """How many are open at the server."""
    return len(site.channel._streams._all())


async def test_all_windows_hear_all_of_it_through_one_stream(context: BrowserContext, site: Site) -> None:
    all_tabs = await tabs(context, site, 4)
    await site.answers(only_chat(site), "Hi", BOT)
    for tab in all_tabs:  # each is visible to its page: Playwright's tabs are windows
        await expect(texts(tab)).to_have_text(["Hello", "Hi"])
    assert streams(site) == 1
    await write(all_tabs[2], "From the third")
    await site.channel.typing(only_chat(site))
    for tab in all_tabs:
        await expect(texts(tab)).to_have_text(["Hello", "Hi", "From the third"])
        await expect(tab.locator(".typing")).to_be_visible()
    assert streams(site) == 1


async def test_when_the_tab_that_hears_closes_another_takes_over_without_a_gap(
    context: BrowserContext, site: Site
) -> None:
    first, second, third = await tabs(context, site, 3)
    chat, said = only_chat(site), ["Hello"]
    for leader in (first, second):
        for number in range(20):
            said.append(f"{len(said)}")
            await site.answers(chat, said[-1], BOT)
            if number == 10:
                await leader.close()
        await expect(texts(third)).to_have_text(said)
    async with asyncio.timeout(10):
        while streams(site) > 1:  # the server learns of a closed tab when it next writes to it
            said.append(f"{len(said)}")
            await site.answers(chat, said[-1], BOT)
            await expect(texts(third)).to_have_text(said)


async def test_a_tab_that_sleeps_does_not_keep_the_others_from_hearing(context: BrowserContext, site: Site) -> None:
    first, second = await tabs(context, site, 2)
    session = await context.new_cdp_session(first)
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")  # as a phone does to what nobody looks at: nothing runs there any more
    await second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await site.answers(only_chat(site), "Are you there?", BOT)
    await expect(texts(second)).to_have_text(["Hello", "Are you there?"])
    await session.send("Debugger.disable")
    await expect(texts(first)).to_have_text(["Hello", "Are you there?"])
    await site.answers(only_chat(site), "Both?", BOT)
    for tab in (first, second):
        await expect(texts(tab)).to_have_text(["Hello", "Are you there?", "Both?"])


async def test_who_lost_the_lead_asleep_has_it_again_when_nobody_else_is_there(
    context: BrowserContext, site: Site
) -> None:
    await context.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away ?? false})")
    first, second = await tabs(context, site, 2)
    await first.evaluate("window.away = true")  # nobody looks at it: it takes nothing away from others
    session = await context.new_cdp_session(first)
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    await second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await site.answers(only_chat(site), "Are you there?", BOT)
    await expect(texts(second)).to_have_text(["Hello", "Are you there?"])
    await session.send("Debugger.disable")
    await expect(texts(first)).to_have_text(["Hello", "Are you there?"])
    await second.close()
    await site.answers(only_chat(site), "And now?", BOT)
    await expect(texts(first)).to_have_text(["Hello", "Are you there?", "And now?"])


async def test_a_browser_that_forbids_locks_as_it_does_storage_hears_and_speaks(page: Page, site: Site) -> None:
    await page.add_init_script("""
        const no = () => { throw new DOMException("no", "SecurityError") };
        Object.defineProperty(window, "localStorage", { get: no });
        navigator.locks.request = async () => no();
    """)
    await chat_page(page, site)
    await write(page, "Hello")
    await site.answers(only_chat(site), "Hi", BOT)
    await expect(texts(page)).to_have_text(["Hello", "Hi"])


async def test_a_connection_that_breaks_in_mid_message_loses_and_doubles_nothing(page: Page, site: Site) -> None:
    await page.add_init_script(CUTS)
    await chat_page(page, site)
    await write(page, "Hello")
    for text in ("One", "Cut me in two", "Three"):
        await site.answers(only_chat(site), text, BOT)
    await expect(texts(page)).to_have_text(["Hello", "One", "Cut me in two", "Three"])
    assert await page.evaluate("window.cut")


async def test_a_browser_without_locks_hears_in_every_tab(context: BrowserContext, site: Site) -> None:
    await context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    all_tabs = await tabs(context, site, 2)
    await site.answers(only_chat(site), "Hi", BOT)
    for tab in all_tabs:
        await expect(texts(tab)).to_have_text(["Hello", "Hi"])
    assert streams(site) == 2
