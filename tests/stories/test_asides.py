"""What customers do beside writing: each is a line in the thread, in words, and no bot takes it for a message."""

from base64 import b64encode
from typing import Any

import pytest

from bridge.sandbox.world import Entry

from ..conftest import Desk, Rig, Rigs
from ..courier.test_bot_turns import Thinking, employ
from .test_files import JPEG, sees, thread_of
from .test_transcript import has_talked

HERE: dict[str, Any] = {"latitude": 38.7223, "longitude": -9.1393}
MAP = "https://www.google.com/maps/search/?api=1&amp;query=38.72230,-9.13930"
PLACE = f"Location: 38.72230, -9.13930\n{MAP}"


async def does(rig: Rig, channel: str, action: str, target: str = "", text: str = "", **more: Any) -> str:
    """Something that Maria does on her phone; gives the message's id."""
    done = await rig.sandbox.act(channel, "maria", action, target, text, **more)
    assert done["ok"], done
    return done["id"] or ""


async def answered(rig: Rig, card: Entry, channel: str, text: str = "It comes on Monday.") -> str:
    """Ana answers; gives the message's id on Maria's phone."""
    await rig.types("ana", card, text)
    kind = "sendMessage" if channel == "telegram" else "messages"
    found = await rig.until(lambda: [it for it in rig.history(channel, kind) if it.text == text] or None, text)
    await rig.quiet()
    return found[-1].id or ""


async def now_says(rig: Rig, post: Entry, text: str) -> None:
    """What stands in a thread reads so in the end."""

    def reads() -> bool | None:
        return rig.sandbox.slack.workspace.channels[post.chat or ""].messages[post.id or ""]["text"] == text or None

    await rig.until(reads, text)


# ------------------------------------------------------------------------------------------------ what is not a message


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_reaction_is_told_with_what_it_is_about_and_so_is_taking_it_back(rig: Rig, channel: str) -> None:
    _, card = await rig.claimed(channel)
    reply = await answered(rig, card, channel)
    await does(rig, channel, "react", reply, emoji="👍")
    line = await rig.team.sees_post(card, "The customer reacted with 👍 to:\nIt comes on Monday.")
    await does(rig, channel, "react", reply, remove=True)
    await now_says(rig, line, "The customer took back their reaction to:\nIt comes on Monday.")


async def test_who_cannot_decide_fills_no_thread_with_it(rig: Rig) -> None:
    maria, card = await rig.claimed()
    reply, after = await answered(rig, card, "telegram"), rig.now
    for emoji in ("👍", "🔥", "👍", "🎉"):
        await does(rig, "telegram", "react", reply, emoji=emoji)
        await rig.finds("SELECT 1 FROM message WHERE author = 'system' AND text LIKE ?", f"%{emoji}%")
    await rig.quiet()
    [line] = [it for it in rig.history("slack", "chat.postMessage", after=after) if "reacted" in (it.text or "")]
    await now_says(rig, line, "The customer reacted with 🎉 to:\nIt comes on Monday.")
    await maria.says("Thank you!")
    await rig.team.sees_post(card, "Thank you!")
    await does(rig, "telegram", "react", reply, remove=True)
    await rig.team.sees_post(card, "The customer took back their reaction to:\nIt comes on Monday.", after)
    other = await answered(rig, card, "telegram", "On Tuesday, I mean.")
    for each in (other, reply):
        await does(rig, "telegram", "react", each, emoji="👍")
    await rig.team.sees_post(card, "The customer reacted with 👍 to:\nOn Tuesday, I mean.")
    await rig.team.sees_post(card, "The customer reacted with 👍 to:\nIt comes on Monday.")


async def test_what_waits_to_be_told_is_told_as_it_is_in_the_end(rig: Rig) -> None:
    _, card = await rig.claimed()
    reply, after = await answered(rig, card, "telegram"), rig.now
    rig.fault("slack", "chat.postMessage", "429", seconds=1.0)
    for emoji in ("👍", "🔥", "🎉"):
        await does(rig, "telegram", "react", reply, emoji=emoji)
        await rig.finds("SELECT 1 FROM message WHERE author = 'system' AND text LIKE ?", f"%{emoji}%")
    await rig.team.sees_post(card, "The customer reacted with 🎉 to:", after)
    await rig.quiet()
    posts = [it.text or "" for it in rig.history("slack", "chat.postMessage", "chat.update", after=after)]
    assert not [text for text in posts if "🔥" in text]


async def test_a_reaction_to_what_nobody_knows_any_more_is_told_too(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    reply = await answered(rig, card, "telegram")
    await rig.bridge.store.write(lambda tx: tx.run("DELETE FROM delivery"))
    await does(rig, "telegram", "react", reply, emoji="🔥")
    line = await rig.team.sees_post(card, "The customer reacted with 🔥 to an earlier message.")
    await does(rig, "telegram", "react", reply, remove=True)
    await now_says(rig, line, "The customer took back their reaction to an earlier message.")


async def test_a_reaction_answers_nothing_and_leaves_nobody_waiting(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    reply = await answered(rig, card, "telegram")
    await does(rig, "telegram", "react", reply, emoji="👍")
    await rig.team.sees_post(card, "reacted with 👍")
    assert await rig.read(lambda tx: tx.all("SELECT waits FROM handoff")) == [(None,)]


async def test_no_bot_is_asked_about_a_reaction_and_whoever_comes_later_reads_of_it(rig: Rig) -> None:
    maria = await has_talked(rig)
    heard, reply = len(maria.heard), rig.history("telegram", "sendMessage")[-1]
    await does(rig, "telegram", "react", reply.id or "", emoji="👎")
    await rig.finds("SELECT 1 FROM message WHERE author = 'system'")
    await rig.quiet()
    assert len(maria.heard) == heard
    await maria.says("I want to talk to a human")
    card = await rig.team.card_of(maria.name)
    await rig.team.sees_post(card, "ℹ️ Desk: The customer reacted with 👎 to: ")


async def test_who_changes_the_number_and_who_opens_the_chat_is_told(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await does(rig, "whatsapp", "change_number", "4670123456")
    await rig.team.sees_post(card, "The customer now writes from another number: 4670123456.")
    await rig.quiet()
    after = rig.now
    await rig.sandbox.act("whatsapp", "jonas", "open")
    await rig.finds("SELECT 1 FROM conversation WHERE customer = 'Jonas' AND state = 'bot'")
    await rig.quiet()
    assert not rig.history("whatsapp", "messages", after=after)


async def test_what_the_team_writes_in_whatsapps_app_is_the_teams_answer(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    await maria.says("And my tea?")
    await rig.team.sees_post(card, "And my tea?")
    await does(rig, "whatsapp", "answered_in_app", text="It left today.")
    await rig.team.sees_post(card, "👤 WhatsApp app\nIt left today.")
    assert await rig.read(lambda tx: tx.all("SELECT waits FROM handoff")) == [(None,)]


async def test_a_reaction_of_the_team_in_whatsapps_app_answers_nobody_and_renames_nobody(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    await maria.says("And my tea?")
    await rig.team.sees_post(card, "And my tea?")
    whatsapp = rig.sandbox.whatsapp
    chat = whatsapp.customers.of("maria").chat
    told = {"from": "15550001", "to": chat, "timestamp": "1763700000"}
    for kind, content in (("reaction", {"message_id": "wamid.none", "emoji": "👍"}), ("text", {"body": "It left."})):
        echo = {**told, "id": f"wamid.echo.{kind}", "type": kind, kind: content}
        whatsapp.webhooks._tell("echo", chat, {"message_echoes": [echo]}, "smb_message_echoes")  # with no contacts
        if kind == "reaction":
            await rig.team.sees_post(card, "The team reacted to a message in WhatsApp's app.")
            assert await rig.read(lambda tx: tx.all("SELECT waits IS NULL FROM handoff")) == [(0,)]
    await rig.team.sees_post(card, "It left.")
    assert await rig.read(lambda tx: tx.all("SELECT customer FROM conversation")) == [("Maria",)]


async def test_what_the_team_writes_in_whatsapps_app_is_no_question_to_the_bot(rig: Rig) -> None:
    maria = await has_talked(rig, channel="whatsapp")
    heard = len(maria.heard)
    await does(rig, "whatsapp", "answered_in_app", text="I want to talk to a human")
    await rig.finds("SELECT 1 FROM message WHERE author = 'agent'")
    await rig.quiet()
    assert len(maria.heard) == heard
    assert await rig.read(lambda tx: tx.all("SELECT state FROM conversation")) == [("bot",)]


async def at_once(rig: Rig) -> None:
    """What is tried again later is tried again now."""
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE lane SET due = 1 WHERE due IS NOT NULL"))


def admins_heard(rig: Rig, piece: str) -> list[Entry]:
    return [it for it in rig.history("slack", "chat.postMessage") if it.chat == "D0CLEA" and piece in (it.text or "")]


@pytest.fixture
def config(desk_with: Desk) -> str:
    return desk_with({"[bots.shop]": '[roles]\nadmins = ["U0CLEA"]\n\n[bots.shop]'})


async def test_a_complaint_of_whatsapps_about_the_account_reaches_the_admins(rigs: Rigs, config: str) -> None:
    async with rigs(BRIDGE_CONFIG=config) as rig:
        await does(rig, "whatsapp", "trouble", "131031", "Account locked")
        told = "WhatsApp reports a problem with our account: WhatsApp has restricted or locked the business account."
        await rig.until(lambda: admins_heard(rig, told) or None, told)


async def test_admins_hear_once_that_the_token_is_refused_and_what_waited_goes_out(rigs: Rigs, config: str) -> None:
    async with rigs(BRIDGE_CONFIG=config) as rig:
        maria, card = await rig.claimed("telegram")
        bot_api = rig.bridge.channels["telegram"]._api  # type: ignore[attr-defined]
        address, bot_api._address = bot_api._address, f"{rig.sandbox_url}/telegram/bot1:no/"
        await rig.types("ana", card, "Line 0")
        told = "Nothing reaches customers on Telegram: Telegram refuses TELEGRAM_BOT_TOKEN."
        await rig.until(lambda: admins_heard(rig, told) or None, told)
        for tries in (2, 3):
            await at_once(rig)
            await rig.finds("SELECT 1 FROM outbox WHERE attempts = ? AND state = 'pending'", tries)
        bot_api._address = address
        await at_once(rig)
        await maria.hears(lambda text: text == "Line 0", "what had waited")
        await rig.quiet()
        assert len(admins_heard(rig, told)) == 1


# ------------------------------------------------------------------------------------------- what comes beside words


@pytest.mark.parametrize(
    ("channel", "shared", "line"),
    [
        ("telegram", {"kind": "location", **HERE}, PLACE),
        (
            "telegram",
            {"kind": "venue", "title": "Moss", "address": "1 Main street", **HERE},
            f"Location: Moss, 1 Main street (38.72230, -9.13930)\n{MAP}",
        ),
        ("telegram", {"kind": "contact", "first_name": "Bo", "phone_number": "+4670"}, "Contact: Bo, +4670"),
        ("telegram", {"kind": "poll", "question": "Tea?", "options": ["Yes", "No"]}, "Poll: Tea?\n- Yes\n- No"),
        ("telegram", {"kind": "dice", "emoji": "🎯", "value": 6}, "Threw 🎯: 6"),
        ("telegram", {"kind": "hologram"}, "[unsupported: hologram]"),
        ("whatsapp", {"kind": "location", "name": "Moss", **HERE}, "Location: Moss (38.72230, -9.13930)"),
        ("whatsapp", {"kind": "contact", "name_of": "Bo Lind", "phone": "+4670"}, "Contact: Bo Lind, +4670"),
        (
            "whatsapp",
            {"kind": "order", "items": [["tea-5", 2, 9.5, "EUR"]], "words": "Quickly"},
            "Order:\n- 2 × tea-5 · 9.5 EUR\nQuickly",
        ),
        ("whatsapp", {"kind": "form", "fields": {"city": "Lisbon"}}, "Form: flow\n- city: Lisbon"),
        ("whatsapp", {"kind": "poll_creation"}, "[unsupported: poll creation]"),
    ],
)
async def test_what_is_neither_text_nor_a_file_is_lines_in_the_thread(
    rig: Rig, channel: str, shared: dict[str, Any], line: str
) -> None:
    _, card = await rig.claimed(channel)
    await does(rig, channel, "share", **shared)
    await rig.team.sees_post(card, line)


async def test_the_bot_is_told_what_came_where_there_are_no_words(rig: Rig) -> None:
    await does(rig, "telegram", "share", kind="location", **HERE)
    await rig.finds("SELECT 1 FROM message WHERE author = 'bot'")
    assert await rig.read(lambda tx: tx.all("SELECT text FROM message WHERE author = 'customer'")) == [
        (PLACE.replace("&amp;", "&"),)
    ]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_a_reply_says_what_it_answers(rig: Rig, channel: str) -> None:
    _, card = await rig.claimed(channel)
    reply = await answered(rig, card, channel)
    own = await does(rig, channel, "write", text="Thank you!", reply_to=reply)
    await rig.team.sees_post(card, "In answer to: It comes on Monday.\nThank you!")
    await does(rig, channel, "write", text="Really!", reply_to=own)
    await rig.team.sees_post(card, "Really!")


async def test_a_reply_to_what_nobody_knows_any_more_says_so(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await does(rig, "whatsapp", "write", text="That one", reply_to="wamid.LONGAGO")
    await rig.team.sees_post(card, "In answer to an earlier message\nThat one")


async def test_a_part_of_a_message_that_was_quoted_is_what_stands_there(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    reply = await answered(rig, card, "telegram", "On Monday or on Friday.")
    await does(rig, "telegram", "write", text="Which?", reply_to=reply, quote="on Friday")
    await rig.team.sees_post(card, "In answer to: on Friday\nWhich?")


async def test_what_was_forwarded_says_from_whom(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    await does(rig, "telegram", "write", text="Your parcel is lost", forwarded_from="Parcel Service")
    await rig.team.sees_post(card, "Forwarded from Parcel Service\nYour parcel is lost")
    _, other = await rig.claimed("whatsapp", "jonas")
    await rig.sandbox.act("whatsapp", "jonas", "write", "", "Win a kettle!", forwarded=True, frequently_forwarded=True)
    await rig.team.sees_post(other, "Forwarded many times\nWin a kettle!")


async def test_the_advertisement_and_the_product_are_told(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await does(rig, "whatsapp", "write", text="Hello", advertisement="Spring teas")
    await rig.team.sees_post(card, "Came by an advertisement: Spring teas\nhttps://fb.me/3cr4Wqqkv\nHello")
    await does(rig, "whatsapp", "write", text="This one?", product="tea-5")
    await rig.team.sees_post(card, "About the product tea-5\nThis one?")


async def test_a_bot_that_waits_for_a_word_gets_that_word_alone(rig: Rig) -> None:
    maria, bot = await has_talked(rig), Thinking()
    bot.may_answer.set()
    employ(rig, bot)
    reply = rig.history("telegram", "sendMessage")[-1]
    await does(rig, "telegram", "write", text="Yes", reply_to=reply.id)
    await does(rig, "telegram", "write", text="/start spring-2026")
    await does(rig, "telegram", "share", kind="dice", value=3)
    await maria.hears(lambda text: "Threw" in text, "the last answer")
    assert [turn.text for turn in bot.turns] == ["Yes", "/start", "Threw 🎲: 3"]


# ------------------------------------------------------------------------------------------------------------- changes


async def test_an_edit_that_changes_nothing_is_not_told(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    reply = await answered(rig, card, "telegram")
    said = await does(rig, "telegram", "write", text="Thank you!", reply_to=reply)
    await rig.team.sees_post(card, "Thank you!")
    await does(rig, "telegram", "edit", said, "Thank you!")
    await does(rig, "telegram", "edit", said, "Thanks!")
    await rig.team.sees_post(card, "In answer to: It comes on Monday.\nThanks! (edited)")
    assert sum("(edited)" in post for post in thread_of(rig, card)) == 1


async def test_a_caption_that_was_taken_away_and_a_photo_that_was_exchanged(rig: Rig) -> None:
    maria, card = await rig.claimed("telegram")
    await maria.sends("kettle.jpg", JPEG, "My kettle")
    await sees(rig, card)
    [photo] = [it.id or "" for it in rig.history("telegram", "message") if it.text == "My kettle"]
    await does(rig, "telegram", "edit", photo, "")
    await rig.team.sees_post(card, "[photo] (edited)")
    await does(rig, "telegram", "edit", photo, "", filename="other.jpg", content_base64=b64encode(JPEG * 2).decode())
    assert len(await sees(rig, card, 2)) == 2


async def test_a_location_that_moves_does_not_fill_the_thread(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    place = await does(rig, "telegram", "share", kind="location", live_period=900, **HERE)
    await rig.team.sees_post(card, f"{PLACE}\nIt moves; only where it began is shown here.")
    await does(rig, "telegram", "move", place, latitude=1.0, longitude=1.0)
    await does(rig, "telegram", "write", text="On my way")
    await rig.team.sees_post(card, "On my way")
    assert sum("Location" in post for post in thread_of(rig, card)) == 1


# ------------------------------------------------------------------------------------------------------------ the card


async def test_the_card_says_by_which_link_they_came_and_the_bot_does_not_read_it_as_words(rig: Rig) -> None:
    maria = await has_talked(rig)
    await does(rig, "telegram", "write", text="/start spring-2026")
    await rig.finds("SELECT 1 FROM timeline WHERE event = 'came_by' AND note = 'spring-2026'")
    await maria.says("I want to talk to a human")
    card = await rig.team.card_of(maria.name)
    assert "Came by link: spring-2026" in (card.text or "")
    await rig.team.sees_post(card, "Came by link: spring-2026\n/start")


async def test_the_card_says_that_they_cannot_be_reached_until_they_are_back(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    await does(rig, "telegram", "block")
    await rig.team.sees_card(card, "cannot be reached: they have blocked us")
    after = rig.now
    await does(rig, "telegram", "unblock")
    redrawn = await rig.team.sees_card(card, "has this", after)
    assert "cannot be reached" not in (redrawn.text or "")


async def test_a_send_that_is_refused_shows_that_they_are_gone_and_a_word_from_them_that_they_are_back(
    rig: Rig,
) -> None:
    maria, card = await rig.claimed("telegram")
    phone = rig.sandbox.telegram.chats.of("maria")
    phone.blocked = True  # and Telegram told nobody
    await rig.types("ana", card, "Line 0")
    await rig.team.sees_card(card, "cannot be reached: they have blocked us")
    phone.blocked, after = False, rig.now
    await maria.says("Hello?")
    redrawn = await rig.team.sees_card(card, "has this", after)
    assert "cannot be reached" not in (redrawn.text or "")


# ----------------------------------------------------------------------------------------------------------- read marks


def marks(rig: Rig) -> list[str]:
    """What was marked as read without typing."""
    return [it.id or "" for it in rig.history("whatsapp", "mark")]


async def test_what_waits_for_a_person_is_read_once_somebody_answers(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    said = await does(rig, "whatsapp", "write", text="Is anybody there?")
    await rig.team.sees_post(card, "Is anybody there?")
    await rig.quiet()
    assert marks(rig) == []
    await rig.stop()  # it is known after a restart, too
    await rig.start()
    await answered(rig, card, "whatsapp", "Yes, I am.")
    await rig.until(lambda: marks(rig) or None, "the mark")
    await answered(rig, card, "whatsapp", "How can I help?")
    assert marks(rig) == [said]


async def test_who_hides_the_number_later_is_still_the_same_and_is_answered_by_the_user_id(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    phone = rig.sandbox.whatsapp.customers.of("maria")
    number, phone.wa_id = phone.wa_id, ""
    await maria.says("It is me")
    await rig.team.sees_post(card, "It is me")
    await rig.hears_next(maria, "ana", card)
    assert rig.history("whatsapp", "messages")[-1].raw.get("recipient") == phone.user_id
    await does(rig, "whatsapp", "react", next(it.id for it in phone.messages.values() if it.by_business), emoji="👍")
    await rig.team.sees_post(card, "reacted with 👍")
    phone.wa_id = number
    await maria.says("And once more")
    await rig.team.sees_post(card, "And once more")
    await rig.hears_next(maria, "ana", card, "Yes?")
    assert rig.history("whatsapp", "messages")[-1].raw.get("to") == number
    assert await rig.read(lambda tx: tx.all("SELECT COUNT(*) FROM conversation")) == [(1,)]


async def test_who_shows_the_number_later_is_the_same_too(rig: Rig) -> None:
    phone = rig.sandbox.whatsapp.customers.of("maria")
    number, phone.wa_id = phone.wa_id, ""
    maria, card = await rig.claimed("whatsapp")
    await rig.hears_next(maria, "ana", card)
    phone.wa_id = number
    await maria.says("It is me")
    await rig.team.sees_post(card, "It is me")
    await rig.hears_next(maria, "ana", card, "Yes?")
    assert rig.history("whatsapp", "messages")[-1].raw.get("to") == number
    assert await rig.read(lambda tx: tx.all("SELECT COUNT(*) FROM conversation")) == [(1,)]
