"""Whoever plays an agent chooses the agent's language on the page, as in Slack's preferences."""

import re

import pytest
from playwright.async_api import expect

from ...conftest import Rigs
from .conftest import OpenPage

pytestmark = pytest.mark.browser


async def test_the_bridge_speaks_the_language_that_was_chosen_and_to_others_their_own(rigs: Rigs, open_page: OpenPage):
    async with rigs() as rig:
        page = await open_page(rig.sandbox_url)
        field, private = page.get_by_label("Message #support-queue"), page.locator(".row.ephemeral").last

        async def hands_back_nothing() -> None:
            await field.fill("/handback ")
            await field.press("Enter")

        await hands_back_nothing()
        await expect(private).to_contain_text("You have no claimed conversation")
        await expect(private.locator("time")).to_have_text(re.compile(r"\s[AP]M$"))

        await page.get_by_label("Language of Ana Ruiz").select_option(label="Deutsch (Deutschland)")
        await expect(page.locator(".language")).to_have_text(re.compile("^de", re.IGNORECASE))
        await hands_back_nothing()
        await expect(private).to_contain_text("Du hast")
        await expect(private.locator("time")).to_have_text(re.compile(r"^\d\d:\d\d$"))

        await page.get_by_role("button", name="Ben Okafor").click()
        await expect(page.get_by_label("Language of Ben Okafor")).to_have_value("en-GB")
        await expect(page.get_by_label("Language of Ana Ruiz")).to_have_count(0)
        await hands_back_nothing()
        await expect(private).to_contain_text("You have no claimed conversation")
