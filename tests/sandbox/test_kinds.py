"""What customers share beside text and files, and groups: as the platforms tell it, and refused where they would."""

from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden

from bridge.sandbox.server import Sandbox

from .test_telegram import bot, connected, maria, the_update, time_deltas
from .test_whatsapp import hook, joe, next_message, send, value

__all__ = ["bot", "connected", "hook", "joe", "maria", "send", "time_deltas"]  # the fixtures
HERE = {"latitude": 38.7, "longitude": -9.1}


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ({"kind": "location", **HERE}, {"location": HERE}),
        ({"kind": "location", "live_period": 60, **HERE}, {"location": {**HERE, "live_period": 60}}),
        (
            {"kind": "venue", "title": "Moss", "address": "Main street", **HERE},
            {"venue": {"location": HERE, "title": "Moss", "address": "Main street"}, "location": HERE},
        ),
        (
            {"kind": "contact", "first_name": "Bo", "phone_number": "+46"},
            {"contact": {"first_name": "Bo", "phone_number": "+46"}},
        ),
        ({"kind": "dice", "emoji": "🎰", "value": 64}, {"dice": {"emoji": "🎰", "value": 64}}),
    ],
)
async def test_what_is_shared_on_telegram(act: Any, bot: Any, shared: dict[str, Any], told: dict[str, Any]) -> None:
    await act("telegram", "maria", "share", **shared)
    message = (await the_update(bot)).to_dict()["message"]
    assert {name: message[name] for name in told} == told


async def test_a_poll_has_its_options(act: Any, bot: Any) -> None:
    await act("telegram", "maria", "share", kind="poll", question="Tea?", options=["Yes", "No"])
    message = (await the_update(bot)).message
    assert message
    assert message.poll
    assert [option.text for option in message.poll.options] == ["Yes", "No"]


@pytest.mark.parametrize(
    ("shared", "error"),
    [
        ({"kind": "location"}, "no_location"),
        ({"kind": "location", "latitude": 91, "longitude": 0}, "no_such_place"),
        ({"kind": "venue", **HERE}, "no_venue"),
        ({"kind": "contact", "first_name": "Bo"}, "no_contact"),
        ({"kind": "poll", "question": "Tea?", "options": ["Yes"]}, "no_poll"),
        ({"kind": "poll", "question": "Tea?", "options": ["Yes", ""]}, "no_poll"),
        ({"kind": "dice", "value": 7}, "no_dice"),
    ],
)
async def test_what_telegrams_apps_do_not_send(act: Any, shared: dict[str, Any], error: str) -> None:
    assert (await act("telegram", "maria", "share", **shared))["error"] == error


async def test_a_quote_is_a_part_of_what_is_answered(act: Any, bot: Any, maria: int) -> None:
    sent = await bot.send_message(maria, "one two")
    wrong = await act("telegram", "maria", "write", text="Which?", reply_to=str(sent.message_id), quote="three")
    assert wrong["error"] == "quote_not_in_message"
    await act("telegram", "maria", "write", text="Which?", reply_to=str(sent.message_id), quote="two")
    message = (await the_update(bot)).message
    assert message
    assert message.quote
    assert (message.quote.text, message.quote.position) == ("two", 4)


async def test_a_live_location_moves_as_an_edit_and_another_one_does_not(act: Any, bot: Any, maria: int) -> None:
    still = await act("telegram", "maria", "share", kind="location", **HERE)
    assert (await act("telegram", "maria", "move", still["id"], latitude=1, longitude=1))["ok"] is False
    live = await act("telegram", "maria", "share", kind="location", live_period=60, **HERE)
    await act("telegram", "maria", "move", live["id"], latitude=1, longitude=1)
    *_, moved = await bot.get_updates(timeout=10)
    assert moved.edited_message
    assert moved.edited_message.location
    assert moved.edited_message.location.latitude == 1


async def test_of_a_group_the_bot_sees_only_what_is_for_it_until_it_leaves(act: Any, bot: Any) -> None:
    await act("telegram", "maria", "take_into_group", "Friends")
    membership = (await the_update(bot)).my_chat_member
    assert membership
    assert (membership.chat.type, membership.new_chat_member.status) == ("supergroup", "member")
    await act("telegram", "maria", "write_in_group", "Friends", "Hello all")
    await act("telegram", "maria", "write_in_group", "Friends", "Hello @sandbox_bot")
    await bot.send_message(membership.chat.id, "Hello")
    assert await bot.leave_chat(membership.chat.id)
    spoken, left = (await bot.get_updates(timeout=10))[-2:]
    assert spoken.message.text == "Hello @sandbox_bot"
    assert left.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(membership.chat.id, "Hello?")
    with pytest.raises(BadRequest):
        await bot.leave_chat(-5)


@pytest.mark.parametrize(
    ("shared", "kind", "content"),
    [
        ({"kind": "location", "name": "Moss", **HERE}, "location", {**HERE, "name": "Moss"}),
        (
            {"kind": "contact", "name_of": "Bo Lind", "phone": "+46"},
            "contacts",
            [
                {
                    "name": {"first_name": "Bo", "formatted_name": "Bo Lind"},
                    "phones": [{"phone": "+46", "wa_id": "46", "type": "CELL"}],
                }
            ],
        ),
        ({"kind": "poll_creation"}, "unsupported", {"type": "poll_creation"}),
    ],
)
async def test_what_is_shared_on_whatsapp(act: Any, hook: Any, shared: dict[str, Any], kind: str, content: Any) -> None:
    await act("whatsapp", "joe", "share", **shared)
    message = await next_message(hook)
    assert (message["type"], message[kind]) == (kind, content)
    assert ("errors" in message) == (kind == "unsupported")


@pytest.mark.parametrize(
    ("shared", "error"),
    [
        ({"kind": "location"}, "no_location"),
        ({"kind": "location", "latitude": 0, "longitude": 181}, "no_such_place"),
        ({"kind": "contact"}, "no_contact"),
        ({"kind": "order", "items": []}, "no_order"),
        ({"kind": "form"}, "no_form"),
    ],
)
async def test_what_whatsapps_app_does_not_send(act: Any, shared: dict[str, Any], error: str) -> None:
    assert (await act("whatsapp", "joe", "share", **shared))["error"] == error


async def test_who_changes_the_number_is_told_of_from_the_old_one(act: Any, hook: Any, sandbox: Sandbox) -> None:
    await act("whatsapp", "joe", "write", text="Hi")
    old = (await next_message(hook))["from"]
    assert (await act("whatsapp", "joe", "change_number", "no digits"))["ok"] is False
    await act("whatsapp", "joe", "change_number", "4670")
    told = await next_message(hook)
    assert (told["from"], told["type"], told["system"]["wa_id"]) == (old, "system", "4670")
    await act("whatsapp", "joe", "write", text="It is me")
    assert (await next_message(hook))["from"] == "4670"


async def test_what_the_business_writes_in_the_app_comes_as_an_echo_and_opens_no_window(
    act: Any, hook: Any, sandbox: Sandbox
) -> None:
    await act("whatsapp", "joe", "answered_in_app", text="It left today.")
    payload = await hook.next_json()
    assert payload["entry"][0]["changes"][0]["field"] == "smb_message_echoes"
    [echo] = value(payload)["message_echoes"]
    customer = sandbox.whatsapp.customers.of("joe")
    assert (echo["to"], echo["from"], echo["text"]["body"]) == (customer.wa_id, "15550001111", "It left today.")
    assert customer.window_until == 0.0


async def test_a_complaint_about_the_account_belongs_to_no_message(act: Any, hook: Any) -> None:
    await act("whatsapp", "joe", "trouble", "131031", "Account locked")
    told = value(await hook.next_json())
    assert told["errors"][0]["code"] == 131031
    assert "messages" not in told


async def test_a_mark_marks_all_before_it(act: Any, send: Any, hook: Any, sandbox: Sandbox) -> None:
    first, second, third = [(await act("whatsapp", "joe", "write", text=text))["id"] for text in "abc"]
    assert (await send({"status": "read", "message_id": second}))[0] == 200
    messages = sandbox.whatsapp.customers.of("joe").messages
    assert [messages[named].read for named in (first, second, third)] == [True, True, False]
