"""The page used by hand, on the real sandbox with a real Bolt app behind it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.server import Sandbox

from .conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
async def app(url: str) -> AsyncIterator[AsyncApp]:
    """A Bolt app on the sandbox's Socket Mode; listeners may be added at any time."""
    app = AsyncApp(client=AsyncWebClient(token="xoxb-test", base_url=f"{url}/slack/api/"))
    handler = AsyncSocketModeHandler(app, "xapp-test")
    await handler.connect_async()
    yield app
    await handler.close_async()


def button(action_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action_id,
        "value": "1042",
        "text": {"type": "plain_text", "text": text},
        **more,
    }


def card(*buttons: dict[str, Any], text: str = "card") -> dict[str, Any]:
    header = {"type": "header", "text": {"type": "plain_text", "text": "#1042 Delivery"}}
    return {"channel": "C0SUPPORT", "text": text, "blocks": [header, {"type": "actions", "elements": list(buttons)}]}


MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Hand back"},
    "submit": {"type": "plain_text", "text": "Give back"},
    "callback_id": "brief",
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}


async def test_a_click_reaches_the_app_and_its_answer_is_drawn(url: str, app: AsyncApp, open_page: OpenPage):
    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        told = f"{body['user']['username']} has {body['actions'][0]['value']}"
        await client.chat_update(ts=body["message"]["ts"], **card(button("handback", told)))

    page = await open_page(url)
    await app.client.chat_postMessage(**card(button("claim", "Claim", style="primary")))
    await expect(page.get_by_role("heading", name="#1042 Delivery")).to_be_visible()
    await page.get_by_role("button", name="Ben Okafor").click()
    await page.get_by_role("button", name="Claim", exact=True).last.click()
    await expect(page.get_by_role("button", name="ben has 1042")).to_be_visible()
    await expect(page.locator(".guide li.done")).to_have_count(3)


async def test_a_form_shows_its_errors_and_then_goes_through(url: str, app: AsyncApp, open_page: OpenPage):
    got: asyncio.Queue[str] = asyncio.Queue()

    @app.action("handback")
    async def handback(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("brief")
    async def brief(ack: Any, view: dict[str, Any]) -> None:
        note = view["state"]["values"]["note"]["text"]["value"]
        if "Saturday" not in note:
            await ack(response_action="errors", errors={"note": "Say what was promised."})
            return
        await ack()
        await got.put(note)

    page = await open_page(url)
    await app.client.chat_postMessage(**card(button("handback", "Hand back")))
    await page.locator("[data-action=handback]").click()
    dialog = page.get_by_role("dialog", name="Hand back")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please fill this in.")
    await dialog.get_by_label("Note").fill("done")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Say what was promised.")
    await dialog.get_by_label("Note").fill("Saturday")
    await dialog.get_by_role("button", name="Give back").click()
    await expect(dialog).to_have_count(0)
    assert await asyncio.wait_for(got.get(), 20) == "Saturday"


def menu(*options: tuple[str, str], **more: Any) -> dict[str, Any]:
    chosen = [{"text": {"type": "plain_text", "text": text}, "value": value} for text, value in options]
    return {"type": "overflow", "action_id": "more", "options": chosen, **more}


async def test_a_menu_is_used_with_the_keyboard_alone(url: str, app: AsyncApp, open_page: OpenPage):
    got: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    @app.action("more")
    async def more(ack: Any, action: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await got.put((action["type"], action["selected_option"]["value"]))
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    page = await open_page(url, width=420, height=800)
    choices = menu(("Hand back with a note …", "handback_form:1042"), ("Transcript", "transcript:1042"))
    await app.client.chat_postMessage(**card(button("end", "End"), choices))
    face = page.locator("[data-action=more]")
    first, rest = (page.get_by_role("button", name=name) for name in ("Hand back with a note …", "Transcript"))
    await page.locator("[data-action=end]").focus()
    await page.keyboard.press("Tab")
    await expect(face).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(first).to_be_focused()
    await expect(rest).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Escape")
    await expect(face).to_be_focused()
    await expect(rest).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(rest).to_be_focused()
    await page.keyboard.press("Enter")
    assert await asyncio.wait_for(got.get(), 20) == ("overflow", "transcript:1042")
    await expect(page.get_by_role("dialog", name="Hand back").get_by_label("Note")).to_be_focused()
    await expect(rest).to_have_count(0)


async def test_a_menu_that_is_opened_right_after_it_was_closed_takes_the_focus(
    url: str, app: AsyncApp, open_page: OpenPage
):
    page = await open_page(url)
    await app.client.chat_postMessage(**card(menu(("Forget", "forget:1042"))))
    face, forget = page.locator("[data-action=more]"), page.get_by_role("button", name="Forget")
    await face.press("Enter")
    await expect(forget).to_be_focused()
    await face.evaluate("face => { face.popoverTargetElement.hidePopover(); face.focus(); face.click() }")
    await expect(forget).to_be_focused()


async def test_a_menu_asks_first_where_it_is_to(url: str, sandbox: Sandbox, app: AsyncApp, open_page: OpenPage):
    got: asyncio.Queue[str] = asyncio.Queue()

    @app.action("more")
    async def more(ack: Any, action: dict[str, Any]) -> None:
        await ack()
        await got.put(action["selected_option"]["value"])

    page = await open_page(url)
    words = {"title": "Sure?", "text": "It is for good.", "confirm": "Yes, do", "deny": "No"}
    sure = {name: {"type": "plain_text", "text": text} for name, text in words.items()}
    await app.client.chat_postMessage(**card(menu(("Forget", "forget:1042"), confirm=sure)))
    for answer in ("No", "Yes, do"):
        await page.locator("[data-action=more]").click()
        await page.get_by_role("button", name="Forget").click()
        assert not [entry for entry in sandbox.world.history if entry.kind == "block_actions"]
        await page.get_by_role("dialog", name="Sure?").get_by_role("button", name=answer).click()
    assert await asyncio.wait_for(got.get(), 20) == "forget:1042"


async def test_a_message_is_written_edited_and_deleted_by_hand(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    field = page.get_by_label("Message #support-queue")
    await field.fill("who has <1042>, @be")
    await page.get_by_role("option", name="Ben Okafor").click()
    await field.press("Enter")
    message = page.locator(".row", has_text="who has <1042>, @Ben Okafor")
    await message.hover()
    await message.get_by_role("button", name="React with eyes").click()
    await expect(message.get_by_role("button", name="eyes, 1")).to_have_attribute("aria-pressed", "true")
    await message.get_by_role("button", name="More message actions").click()
    await page.get_by_role("button", name="Edit message").click()
    editor = page.get_by_label("Edit message")
    await expect(editor).to_have_value("who has <1042>, @ben")
    await editor.fill("mine")
    await editor.press("Enter")
    edited = page.locator(".row", has_text="mine")
    await expect(edited).to_contain_text("(edited)")
    await edited.hover()
    await edited.get_by_role("button", name="More message actions").click()
    await page.get_by_role("button", name="Delete message").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(edited).to_have_count(0)
    kinds = [entry.kind for entry in sandbox.world.history if entry.direction == "in"]
    assert kinds == ["message", "reaction_added", "message_changed", "message_deleted"]


async def test_a_command_is_completed_and_run_with_the_keyboard_alone(
    url: str, sandbox: Sandbox, app: AsyncApp, open_page: OpenPage
):
    @app.command("/handback")
    async def handback(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"gave back {command['text']}")

    page = await open_page(url)
    await page.get_by_label("Message #support-queue").focus()
    await page.keyboard.type("/ha")
    await expect(page.get_by_role("option", name="/handback")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.type("#1042")
    await page.keyboard.press("Enter")
    notice = page.locator(".row.ephemeral")
    await expect(notice).to_contain_text("gave back #1042")
    await expect(notice).to_contain_text("Only visible to you")
    await page.get_by_role("button", name="Clea Martin").click()
    await expect(notice).to_have_count(0)


async def test_a_private_message_is_replaced_and_then_taken_away_by_the_app(
    url: str, app: AsyncApp, open_page: OpenPage
):
    @app.action("keep")
    async def keep(ack: Any, respond: Any) -> None:
        await ack()
        gone = {"type": "actions", "elements": [button("away", "Clear")]}
        words = {"type": "section", "text": {"type": "plain_text", "text": "Kept as a note."}}
        await respond(text="kept", blocks=[words, gone], replace_original=True)

    @app.action("away")
    async def away(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    page = await open_page(url)
    question = {"type": "actions", "elements": [button("keep", "Keep as note")]}
    await app.client.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="Send this?", blocks=[question])
    private = page.locator(".row.ephemeral")
    await private.get_by_role("button", name="Keep as note").click()
    await expect(private).to_contain_text("Kept as a note.")
    await expect(private.get_by_role("button", name="Keep as note")).to_have_count(0)
    await private.get_by_role("button", name="Clear").click()
    await expect(private).to_have_count(0)


async def test_the_last_step_is_done_when_the_bot_has_the_conversation_and_not_when_it_ends(
    url: str, app: AsyncApp, open_page: OpenPage
):
    page = await open_page(url)
    done = page.locator(".guide li.done")
    posted = await app.client.chat_postMessage(**card(button("handback", "Hand back")))
    ts = str(posted["ts"])
    await expect(done).to_have_count(3)
    await app.client.chat_postMessage(channel="C0SUPPORT", thread_ts=ts, text="the transcript")
    await page.get_by_role("button", name="1 reply").click()
    await page.locator("#thread-composer").fill("Hello")
    await page.keyboard.press("Enter")
    await expect(done).to_have_count(4)
    await app.client.chat_update(ts=ts, **card(button("again", "Again"), text="Ended\nBack with the bot?"))
    await expect(page.get_by_role("button", name="Again", exact=True).first).to_be_visible()
    await expect(done).to_have_count(4)
    await app.client.chat_update(ts=ts, **card(button("more", "More"), text="Back with the bot\n#1042"))
    await expect(done).to_have_count(5)


async def test_the_first_steps_bring_the_visitor_to_the_field_of_the_phone(url: str, open_page: OpenPage):
    page = await open_page(url)
    await page.get_by_role("button", name="Ask the bot something").click()
    await expect(page.get_by_label("Message from Maria")).to_be_focused()
    await page.get_by_role("tab", name="WhatsApp").click()
    await page.get_by_role("navigation", name="five steps").get_by_role("button", name="Ask for a person").click()
    await expect(page.get_by_label("Message from Jonas")).to_be_focused()
    await expect(page.locator("#phone-whatsapp").get_by_role("button", name="I want to talk")).to_be_in_viewport()


async def test_customers_write_from_their_phones(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    await page.locator("#phone-telegram").get_by_role("button", name="Where is my order 48213?").click()
    await expect(page.locator("#phone-telegram .bubble-row.own")).to_contain_text("Where is my order 48213?")
    await page.get_by_role("tab", name="WhatsApp").click()
    phone = page.locator("#phone-whatsapp")
    await phone.get_by_role("button", name="Add a customer").click()
    await page.get_by_label("Name of the new customer").fill("Zoë Kim")
    await page.keyboard.press("Enter")
    await phone.get_by_label("Message from Zoë Kim").fill("hello")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".bubble-row.own")).to_contain_text("hello")
    said = [(entry.platform, entry.author, entry.text) for entry in sandbox.world.history if entry.direction == "in"]
    assert said == [("telegram", "maria", "Where is my order 48213?"), ("whatsapp", "zoe_kim", "hello")]


async def test_a_refused_act_is_said_aloud(url: str, open_page: OpenPage):
    page = await open_page(url)
    await page.get_by_role("button", name="Eve External").click()
    await page.get_by_label("Message #support-queue").fill("/handback")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").get_by_text("eve could not command")).to_be_visible()


async def test_limits_are_lifted_and_trouble_is_made_by_hand(url: str, sandbox: Sandbox, open_page: OpenPage):
    page = await open_page(url)
    await page.get_by_role("button", name="Clock 1×, strict limits").click()
    await page.get_by_role("button", name="Strict rate limits").click()
    await page.get_by_role("button", name="Telegram fails three times").click()
    await expect(page.get_by_role("status").get_by_text("Telegram fails three times.")).to_be_visible()
    assert not sandbox.world.strict
    assert [(fault.method, fault.fault, fault.times) for fault in sandbox.world.faults] == [("sendMessage", "500", 3)]
