"""Telegram Business: the bot answers in the chats of a person's own account, as far as that person lets it."""

from typing import Any

import pytest

from bridge.sandbox.telegram.business import Connection
from bridge.sandbox.world import Entry

from ..conftest import Rig
from .test_files import JPEG, PDF, sees, uploads

HUMAN = "I want to talk to a human"
CHANGED = "SELECT 1 FROM inbox WHERE raw LIKE '%business_connection\":%' LIMIT 1 OFFSET ?"


async def does(rig: Rig, who: str, action: str, target: str = "", text: str = "", **more: Any) -> str:
    done = await rig.sandbox.act("telegram", who, action, target, text, **more)
    assert done["ok"], done
    return str(done["id"])


def account(rig: Rig) -> Connection:
    return next(iter(rig.sandbox.telegram.business.connections.values()))


def got(rig: Rig) -> list[str]:
    """What the bot has said in Olga's chat with Jonas, as it reads now."""
    chats = account(rig).chats.values()
    return [it.text for chat in chats for it in chat.messages.values() if it.by_bot]


async def gets(rig: Rig, text: str) -> None:
    await rig.until(lambda: text in got(rig) or None, text)


@pytest.fixture
async def card(rig: Rig) -> Entry:
    """Jonas wrote to Olga's account, to which the bot is connected, and Ana has it."""
    await does(rig, "olga", "connect_account")
    after = rig.now
    await does(rig, "jonas", "write_to_account", "olga", HUMAN)
    card = await rig.team.card_of("Jonas", after)
    await rig.team.sees_post(card, HUMAN, after)
    await rig.team.clicks("ana", card, "claim")
    await gets(rig, "You are now talking to Ana.")
    return card


async def test_replies_go_through_the_account_and_to_nobody_else(rig: Rig, card: Entry) -> None:
    await rig.types("ana", card, "Hello Jonas")
    await gets(rig, "Hello Jonas")
    [sent] = [it for it in rig.history("telegram", "sendMessage") if it.text == "Hello Jonas"]
    assert sent.raw["business_connection_id"] == account(rig).id
    assert not any(it.by_bot for chat in rig.sandbox.telegram.chats.by_id.values() for it in chat.messages.values())


async def test_the_same_person_who_writes_to_the_bot_itself_is_another_conversation(rig: Rig, card: Entry) -> None:
    def told() -> list[str]:
        return [it.text for it in rig.sandbox.telegram.chats.of("jonas").messages.values() if it.by_bot]

    await does(rig, "jonas", "write", "", "Do you deliver to Norway?")
    await rig.until(lambda: told() or None, "an answer of the bot")
    await rig.types("ana", card, "In this chat only")
    await gets(rig, "In this chat only")
    assert "In this chat only" not in told()


async def test_files_edits_and_deletions_are_carried_there_too(rig: Rig, card: Entry) -> None:
    ts = await uploads(rig, "ana", card, ("1.jpg", JPEG), ("2.jpg", JPEG + b"2"), text="Two ketles")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "edit", f"{card.chat}:{ts}", "Two kettles")
    await gets(rig, "Two kettles")
    await rig.sandbox.act("slack", "ana", "delete", f"{card.chat}:{ts}")
    await rig.until(lambda: "Two kettles" not in got(rig) or None, "that it is gone")
    await does(
        rig, "jonas", "write_to_account", "olga", "Here", filename="order.pdf", content=PDF.decode(), kind="document"
    )
    await rig.team.sees_post(card, "Here")
    await sees(rig, card)


async def test_what_the_owner_writes_on_the_phone_is_in_the_thread_and_the_bot_keeps_quiet(
    rig: Rig, card: Entry
) -> None:
    before = got(rig)
    named = await does(rig, "olga", "write_as_owner", "jonas", "Olga here, I have it")
    post = await rig.team.sees_post(card, "Olga here, I have it")
    assert "Telegram app" in (post.text or "")
    await does(rig, "olga", "edit_in_account", named, "Olga here, I do not have it", of="olga")
    await rig.team.sees_post(card, "changed a message in Telegram's app: Olga here, I do not have it")
    await rig.quiet()
    assert got(rig) == before


async def test_what_the_bot_was_about_to_say_is_not_said_once_the_owner_has_answered(rig: Rig) -> None:
    await does(rig, "olga", "connect_account")
    rig.fault("telegram", "sendMessage", "429", seconds=2.0)
    await does(rig, "jonas", "write_to_account", "olga", "Do you deliver to Norway?")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part' AND attempts = 1 AND state = 'pending'")
    await does(rig, "olga", "write_as_owner", "jonas", "Yes, we do")
    await rig.finds("SELECT 1 FROM message WHERE text = 'Yes, we do'")
    await rig.quiet()
    assert got(rig) == []


async def test_customers_edits_and_deletions_are_seen(rig: Rig, card: Entry) -> None:
    named = await does(rig, "jonas", "write_to_account", "olga", "A ketle")
    await rig.team.sees_post(card, "A ketle")
    await does(rig, "jonas", "edit_in_account", named, "A kettle", of="olga")
    await rig.team.sees_post(card, "A kettle")
    await does(rig, "jonas", "delete_in_account", named, of="olga")
    post = await rig.team.sees_post(card, "The customer deleted this message:")
    assert "A kettle" in (post.text or "")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ended": True}, "not connected to this Telegram account any more"),
        ({"rights": []}, "does not let the bot reply"),
    ],
)
async def test_a_reply_that_may_not_be_sent_is_said_to_have_failed(
    rig: Rig, card: Entry, change: dict[str, Any], why: str
) -> None:
    before = got(rig)
    await does(rig, "olga", "connect_account", **change)
    await rig.finds(CHANGED, 1)
    ts = await rig.types("ana", card, "Are you there?")
    post = await rig.team.sees_post(card, "This did not reach the customer: ")
    assert why in (post.text or "")
    await rig.team.sees_mark(ts, "warning")
    assert got(rig) == before
    assert not [it for it in rig.history("telegram", "sendMessage") if it.text == "Are you there?"]


async def test_a_right_that_is_given_back_counts_at_once(rig: Rig, card: Entry) -> None:
    await does(rig, "olga", "connect_account", rights=[])
    await rig.finds(CHANGED, 1)
    await rig.types("ana", card, "Are you there?")
    post = await rig.team.sees_post(card, "does not let the bot reply")
    await does(rig, "olga", "connect_account", rights=["can_reply"])
    await rig.team.clicks("ana", post, "again")
    await gets(rig, "Are you there?")


async def test_a_chat_that_was_silent_for_a_day_cannot_be_answered_and_that_is_said(rig: Rig, card: Entry) -> None:
    connection = account(rig)
    connection.active = {chat: at - 25 * 3600 for chat, at in connection.active.items()}
    await rig.types("ana", card, "Are you there?")
    await rig.team.sees_post(card, "only within 24 hours of the last message")
