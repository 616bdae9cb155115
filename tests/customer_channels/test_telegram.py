"""Telegram against the sandbox's Bot API, and against a server that answers as told."""

import asyncio
import json
import traceback
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.content import Author, Part, Presence
from bridge.customer_channels.telegram import Telegram, from_settings
from bridge.customer_channels.telegram.bot_api import BotApi
from bridge.customer_channels.telegram.updates import is_update, read
from bridge.errors import TryLater, Uncertain, Undeliverable, WrongSetting
from bridge.files import File
from bridge.ports import Corrected, Ignored, Kit, Reachable, Reacted, Received, Said
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Fault

if TYPE_CHECKING:
    from conftest import Inbox, Stand

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA = Author("agent", "Ana")
TOKEN = "7000000001:sandbox-token"
MARIA = {"id": 42, "is_bot": False, "first_name": "Maria", "last_name": "Silva", "language_code": "pt"}
CHAT = {"id": 42, "type": "private", "first_name": "Maria"}
HERE = {"latitude": 38.7223, "longitude": -9.1393}
MAP = "https://www.google.com/maps/search/?api=1&query="
GROUP = {"id": -100500, "type": "supergroup", "title": "Friends"}


def channel(kit: Kit, url: str, **env: str) -> Telegram:
    made = from_settings({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, **env}, kit)
    assert made
    made.reader.first_pause = 0.01
    return made


def part(text: str, *choices: str) -> Part:
    return Part(ANA, text, choices)


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_763_700_000, "chat": CHAT, "from": MARIA, **fields}


def update(kind: str, content: dict[str, Any], number: int = 100) -> dict[str, Any]:
    return {"update_id": number, kind: content}


def only(raw: dict[str, Any], bot: str = "7") -> Received:
    [received] = read(raw, bot, NOW)
    return received


def event(kind: str, content: dict[str, Any]) -> Any:
    return only(update(kind, content)).event


def pressed(data: str, number: int = 100, query: str = "q1", **fields: Any) -> dict[str, Any]:
    buttons = [[{"text": "Where is my order?", "callback_data": "0:Where is"}]]
    asked = message(text="How can I help?", reply_markup={"inline_keyboard": buttons}, **fields)
    return update("callback_query", {"id": query, "from": MARIA, "message": asked, "data": data}, number)


# ---------------------------------------------------------------------------------------------------- reading updates


def test_a_message_tells_who_said_what_and_when() -> None:
    said = event("message", message(text="Hello"))
    assert said == Said("42", "Maria Silva", "5", "Hello", datetime.fromtimestamp(1_763_700_000, UTC), "pt")


@pytest.mark.parametrize(
    ("shared", "around", "number"),
    [
        ({"user_id": 42, "phone_number": "+34 600 111222"}, {}, "+34600111222"),
        ({"user_id": 42, "phone_number": "34600111222"}, {}, "+34600111222"),
        ({"user_id": 43, "phone_number": "+34600111222"}, {}, ""),
        ({"phone_number": "+34600111222"}, {}, ""),
        ({"user_id": 42, "phone_number": 5}, {}, ""),
        ({"user_id": 42, "phone_number": "+34600111222"}, {"forward_origin": {"type": "hidden_user"}}, ""),
    ],
)
def test_whose_number_it_is_counts_where_somebody_shares_their_own(
    shared: dict[str, Any], around: dict[str, Any], number: str
) -> None:
    said = event("message", message(contact={"first_name": "Maria", **shared}, **around))
    assert said.verified == number


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [{"file_id": 7}]}, "photo"),
        ({"animation": {}, "document": {}}, "animation"),
        ({"venue": {}, "location": {}}, "venue"),
        ({"video_note": {}}, "video note"),
        ({"story": {}}, "story"),
        ({"hologram": {}}, "hologram"),
        ({}, "message of an unknown kind"),
    ],
)
def test_what_cannot_be_shown_is_named_beside_its_caption(content: dict[str, Any], kind: str) -> None:
    said = event("message", message(caption="It is broken", **content))
    assert (said.text, said.unsupported) == ("It is broken", kind)


SIZES = [{"file_id": "s", "file_size": 9}, {"file_id": "l", "file_size": 90}]
THUMB = {"file_id": "t", "file_size": 3}


@pytest.mark.parametrize(
    ("content", "file"),
    [
        ({"photo": SIZES}, File("photo", "", "image/jpeg", 90, "l")),
        (
            {"document": {"file_id": "d", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 5}},
            File("file", "a.pdf", "application/pdf", 5, "d"),
        ),
        ({"animation": {"file_id": "g"}, "document": {"file_id": "g"}}, File("video", "", "video/mp4", 0, "g")),
        ({"voice": {"file_id": "v", "file_size": -1}}, File("voice", "", "audio/ogg", 0, "v")),
        ({"video_note": {"file_id": "n"}}, File("video", "", "video/mp4", 0, "n")),
        ({"sticker": {"file_id": "k", "emoji": "🫖"}}, File("sticker", "", "image/webp", 0, "k")),
        (
            {"sticker": {"file_id": "k", "is_animated": True, "thumbnail": THUMB}},
            File("sticker", "", "image/webp", 3, "t"),
        ),
    ],
)
def test_a_file_is_told_with_how_to_fetch_it(content: dict[str, Any], file: File) -> None:
    said = event("message", message(caption="It is broken", **content))
    assert (said.text, said.files, said.unsupported) == ("It is broken", (file,), "")


def test_a_sticker_says_its_emoji() -> None:
    assert event("message", message(sticker={"file_id": "k", "emoji": "🫖"})).text == "🫖"


@pytest.mark.parametrize("notice", ["pinned_message", "message_auto_delete_timer_changed"])
def test_what_telegram_itself_writes_was_not_said_by_the_customer(notice: str) -> None:
    assert event("message", message(**{notice: {}})) == Ignored("notice")


def test_an_edit_names_the_message_and_its_new_text() -> None:
    *_, edited = read(update("edited_message", message(text="Hallo", edit_date=1)), "7", NOW)
    assert edited.event == Corrected("42", "5", "Hallo")


def test_an_edit_stands_in_for_a_message_that_it_overtook() -> None:
    first = only(update("message", message(text="Hello")))
    stand_in, _ = read(update("edited_message", message(text="Hallo", edit_date=1)), "7", NOW)
    assert stand_in.keys == first.keys
    assert isinstance(stand_in.event, Said)
    assert (stand_in.event.text, stand_in.event.id) == ("Hallo", "5")


def test_an_edit_that_cannot_be_shown_says_so_and_is_never_blank() -> None:
    *_, edited = read(update("edited_message", message(hologram={}, edit_date=1)), "7", NOW)
    assert edited.event == Corrected("42", "5", "", ("[unsupported: hologram]",))
    *_, other = read(update("edited_message", message(invoice={}, edit_date=1)), "7", NOW)
    assert other.keys != edited.keys


def test_a_location_that_moves_is_no_correction() -> None:
    assert event("edited_message", message(location=HERE, edit_date=1)) == Ignored("a live location that moved")


def test_an_edit_that_takes_the_caption_away_or_brings_another_file_is_a_correction() -> None:
    file = File("photo", "", "image/jpeg", 90, "l")
    *_, edited = read(update("edited_message", message(photo=SIZES, edit_date=1)), "7", NOW)
    assert edited.event == Corrected("42", "5", "", (), (file,))
    *_, other = read(update("edited_message", message(photo=SIZES[:1], edit_date=1)), "7", NOW)
    assert other.keys != edited.keys


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ({"location": HERE}, ("Location: 38.72230, -9.13930", f"{MAP}38.72230,-9.13930")),
        (
            {"location": {**HERE, "live_period": 900}},
            ("Location: 38.72230, -9.13930", f"{MAP}38.72230,-9.13930", "It moves; only where it began is shown here."),
        ),
        (
            {"venue": {"location": HERE, "title": "Café Moss", "address": "1 Main\nstreet"}, "location": HERE},
            ("Location: Café Moss, 1 Main street (38.72230, -9.13930)", f"{MAP}38.72230,-9.13930"),
        ),
        (
            {"contact": {"first_name": "Bo", "last_name": "Lind", "phone_number": "+4670"}},
            ("Contact: Bo Lind, +4670",),
        ),
        (
            {"poll": {"question": "Tea?", "options": [{"text": "Yes"}, {"text": "No"}, 5]}},
            ("Poll: Tea?", "- Yes", "- No"),
        ),
        ({"checklist": {"title": "Buy", "tasks": [{"id": 1, "text": "Tea"}]}}, ("Checklist: Buy", "- Tea")),
        ({"dice": {"emoji": "🎯", "value": 6}}, ("Threw 🎯: 6",)),
    ],
)
def test_what_is_neither_text_nor_a_file_is_told_in_lines(content: dict[str, Any], lines: tuple[str, ...]) -> None:
    said = event("message", message(**content))
    assert (said.text, said.about, said.unsupported) == ("", lines, "")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"location": {"latitude": 91, "longitude": 0}}, "location"),
        ({"location": {"latitude": True, "longitude": 0}}, "location"),
        ({"contact": {"first_name": 5}}, "contact"),
        ({"poll": {"options": []}}, "poll"),
        ({"dice": 5}, "dice"),
    ],
)
def test_what_has_not_its_shape_is_named(content: dict[str, Any], kind: str) -> None:
    said = event("message", message(**content))
    assert (said.about, said.unsupported) == ((), kind)


@pytest.mark.parametrize(
    ("context", "line"),
    [
        ({"reply_to_message": message(text="Which\norder?")}, "In answer to: Which order?"),
        ({"reply_to_message": message(text="one two"), "quote": {"text": "two"}}, "In answer to: two"),
        ({"reply_to_message": message(photo=SIZES, caption="This one")}, "In answer to: This one"),
        ({"reply_to_message": message(photo=SIZES)}, "In answer to: photo"),
        ({"reply_to_message": message(text="long " * 50)}, f"In answer to: {'long ' * 14}long…"),
        ({"external_reply": {}}, "In answer to a message of another chat"),
        ({"external_reply": {}, "quote": {"text": "that"}}, "In answer to: that"),
        ({"reply_to_story": {}}, "In answer to a story"),
        ({"forward_origin": {"type": "user", "sender_user": MARIA}}, "Forwarded from Maria Silva"),
        ({"forward_origin": {"type": "hidden_user", "sender_user_name": "Bo"}}, "Forwarded from Bo"),
        ({"forward_origin": {"type": "channel", "chat": {"title": "News"}}}, "Forwarded from News"),
        ({"forward_origin": {"type": "chat", "sender_chat": {"title": "Friends"}}}, "Forwarded from Friends"),
        ({"forward_origin": {"type": "new"}}, "Forwarded"),
    ],
)
def test_what_is_around_a_message_is_told_in_a_line(context: dict[str, Any], line: str) -> None:
    said = event("message", message(text="Yes", **context))
    assert (said.text, said.about) == ("Yes", (line,))


def test_what_stood_in_a_link_to_the_bot_is_not_said_by_the_customer() -> None:
    said = event("message", message(text="/start spring-2026"))
    assert (said.text, said.link, said.about) == ("/start", "spring-2026", ("Came by link: spring-2026",))
    assert event("message", message(text="/start")).link == ""
    assert event("message", message(text="/start two words")).text == "/start two words"


EMOJI = {"type": "emoji", "emoji": "👍"}


@pytest.mark.parametrize(
    ("now", "emoji"),
    [
        ([EMOJI], "👍"),
        ([], ""),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "an emoji of their own"),
        ([{"type": "paid"}, EMOJI], "⭐ 👍"),
        ([{"type": "emoji", "emoji": ""}], "?"),
    ],
)
def test_a_reaction_names_the_message_and_the_emoji(now: list[Any], emoji: str) -> None:
    reaction = {"chat": CHAT, "message_id": 9, "user": MARIA, "date": 1_763_700_000, "old_reaction": []}
    reacted = only(update("message_reaction", {**reaction, "new_reaction": now}))
    assert reacted.event == Reacted("42", "9", emoji, datetime.fromtimestamp(1_763_700_000, UTC))


def test_each_change_of_a_reaction_is_an_event_of_its_own() -> None:
    reaction = {"chat": CHAT, "message_id": 9, "date": 1, "old_reaction": [], "new_reaction": [EMOJI]}
    back = {**reaction, "old_reaction": [EMOJI], "new_reaction": []}
    assert only(update("message_reaction", reaction)).keys != only(update("message_reaction", back)).keys


def test_two_edits_in_one_second_are_two_events() -> None:
    first, second = (
        read(update("edited_message", message(text=text, edit_date=1)), "7", NOW)[-1] for text in ("a b", "a c")
    )
    assert first.keys != second.keys


def test_a_pressed_button_says_what_stood_on_it() -> None:
    said = only(pressed("0:Where is")).event
    assert isinstance(said, Said)
    assert (said.chat, said.text, said.at) == ("42", "Where is my order?", NOW)


def test_a_pressed_button_of_a_message_that_is_gone_says_what_is_left() -> None:
    query = {"id": "q", "from": MARIA, "message": {"message_id": 5, "date": 0, "chat": CHAT}, "data": "0:Where is"}
    assert event("callback_query", query).text == "Where is"


def test_a_press_that_the_app_repeats_under_a_new_number_is_known() -> None:
    assert only(pressed("0:Where is", 100, "q1")).keys == only(pressed("0:Where is", 200, "q2")).keys


def test_a_customer_who_blocks_the_bot_cannot_be_reached_until_coming_back() -> None:
    membership = {"chat": CHAT, "from": MARIA, "date": 1_763_700_000}
    assert event("my_chat_member", {**membership, "new_chat_member": {"status": "kicked"}}) == Reachable(
        "42", yes=False
    )
    assert event("my_chat_member", {**membership, "new_chat_member": {"status": "member"}}) == Reachable("42", yes=True)


def test_a_group_is_left_with_a_word_once_and_again_each_time_that_somebody_takes_the_bot_in() -> None:
    def keys(kind: str, content: dict[str, Any]) -> list[str]:
        received = read(update(kind, {**content, "chat": GROUP}), "7", NOW)
        assert {one.event for one in received} == {Ignored("group")}
        return [key for one in received for key in one.keys]

    joined = {"new_chat_member": {"status": "member"}, "date": 5}
    first, again = keys("my_chat_member", joined), keys("my_chat_member", joined | {"date": 9})
    spoken = keys("message", message(text="/help"))
    assert first[0] == again[0] == spoken[0]
    assert len({first[1], again[1], spoken[1]}) == 3
    assert spoken == keys("message", message(text="/start", message_id=6))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("edited_message", message(chat=GROUP, text="Hello all")),
        ("my_chat_member", {"chat": GROUP, "date": 5, "new_chat_member": {"status": "left"}}),
        ("message_reaction", {"chat": GROUP, "date": 5, "message_id": 5}),
    ],
)
def test_what_else_happens_in_a_group_is_left_alone(kind: str, content: dict[str, Any]) -> None:
    assert event(kind, content).routine


def test_nothing_is_said_in_a_channel_that_the_bot_leaves() -> None:
    [received] = read(
        update("my_chat_member", {"chat": {**GROUP, "type": "channel"}, "date": 5, "new_chat_member": {}}), "7", NOW
    )
    assert received.event == Ignored("group")


@pytest.mark.parametrize("content", [{"poll": {"id": "1"}}, {"message": {"text": "no chat"}}, {"message": 5}, {}])
def test_an_update_that_we_do_not_know_is_kept(content: dict[str, Any]) -> None:
    received = only({"update_id": 7, **content})
    assert isinstance(received.event, Ignored)
    assert json.loads(received.raw) == {"update_id": 7, **content}


def test_a_message_is_known_by_its_chat_and_id_and_not_by_the_number_of_the_update() -> None:
    one, again = (only(update("message", message(text="Hello"), number)) for number in (100, 3))
    assert one.keys == again.keys


def test_messages_of_two_bots_are_never_taken_for_each_other() -> None:
    raw = update("message", message(text="Hello"))
    assert only(raw, "7").keys != only(raw, "8").keys


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
kinds = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll"])
fields = st.sampled_from(
    ["message_id", "date", "chat", "from", "text", "caption", "id", "type", "data", "message", "reply_markup"]
)


@given(kind=kinds, content=st.dictionaries(fields, json_values) | json_values, number=st.integers(0, 2**53 - 1))
def test_every_update_with_a_number_can_be_stored(kind: str, content: Any, number: int) -> None:
    raw = {"update_id": number, kind: content}
    assert is_update(raw)
    for received in read(raw, "7", NOW):
        assert received.keys


# ------------------------------------------------------------------------------------------------------------- polling


async def test_messages_are_read_in_order_and_in_one_batch_when_they_wait(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    telegram = channel(kit, f"{sandbox_url}/telegram")
    for number in range(30):
        await sandbox.act("telegram", "maria", "write", text=f"message {number}")
    stand.running(telegram.run(inbox.receive))
    said = await inbox.has(30)
    assert [one.text for one in said] == [f"message {number}" for number in range(30)]
    assert len(inbox.batches[0]) == 30


async def test_what_could_not_be_stored_comes_again(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand", logged: Any
) -> None:
    inbox.failures = 3
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    await sandbox.act("telegram", "maria", "write", text="Hello")
    await sandbox.act("telegram", "maria", "write", text="Are you there?")
    assert [one.text for one in await inbox.has(2)] == ["Hello", "Are you there?"]
    assert [line["event"] for line in logged].count("telegram.not_read") == 1
    assert "full" not in str(logged)


async def test_nothing_is_confirmed_before_it_is_stored(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    inbox.failures = 1_000_000
    await sandbox.act("telegram", "maria", "write", text="Hello")
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    await inbox.until(lambda: inbox.tries >= 3)
    assert sandbox.telegram.updates.pending() == 1


async def test_the_next_poll_is_asked_only_after_the_commit(kit: Kit, stand: "Stand") -> None:
    order: list[str] = []
    asked = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        order.append(f"asked {(await request.json()).get('offset', 0)}")
        if len(order) > 1:
            asked.set()
            await asyncio.sleep(60)
        return web.json_response({"ok": True, "result": [update("message", message(text="Hello"))]})

    async def receive(received: Any) -> Any:
        for _ in range(100):  # turns of the loop, in which a hasty poll would go out
            await asyncio.sleep(0)
        async with kit.session.post(url):  # and a whole call of our own, which would come after it
            order.append("committed")
        return []

    async def aside(request: web.Request) -> web.Response:
        return web.Response()

    url = await stand.answering(aside)
    stand.running(channel(kit, await stand.answering(answer)).run(receive))
    async with asyncio.timeout(10):
        await asked.wait()
    assert order == ["asked 0", "committed", "asked 101"]


async def test_a_backlog_is_drained_in_order_though_the_store_fails_now_and_then(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    for number in range(250):
        await sandbox.act("telegram", "maria", "write", text=str(number))
    inbox.failures = 2
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    assert [said.text for said in await inbox.has(250)] == [*map(str, range(250))]
    assert [len(batch) for batch in inbox.batches] == [100, 100, 50]


async def test_an_edit_that_overtakes_its_message_counts_and_the_message_then_changes_nothing(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    sandbox.world.faults.append(Fault("telegram", "message", "delay", times=1))
    written = await sandbox.act("telegram", "maria", "write", text="Hello")
    await sandbox.act("telegram", "maria", "edit", target=written["id"], text="Goodbye")
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    said, edited = await inbox.has(2)
    await inbox.until(lambda: sum(map(len, inbox.batches)) == 3)
    assert (said.text, edited) == ("Goodbye", Corrected(said.chat, said.id, "Goodbye"))
    assert len(inbox.events) == 2


async def test_numbers_that_start_anew_while_we_run_lose_nothing(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    offsets: list[int] = []
    answers = [[update("message", message(text="old"), 900)], [], [update("message", message(text="new", date=1), 3)]]

    async def answer(request: web.Request) -> web.Response:
        offsets.append((await request.json()).get("offset", 0))
        if not answers:
            await asyncio.sleep(60)
        return web.json_response({"ok": True, "result": answers.pop(0)})

    stand.running(channel(kit, await stand.answering(answer)).run(inbox.receive))
    assert [one.text for one in await inbox.has(2)] == ["old", "new"]
    assert offsets[:3] == [0, 901, 0]


@pytest.mark.parametrize("fault", ["429", "500", "disconnect", "garbage"])
async def test_polling_outlives_a_platform_in_trouble(
    fault: str, kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand", logged: Any
) -> None:
    sandbox.world.set_speed(100)
    sandbox.world.faults.append(Fault("telegram", "getUpdates", fault, times=3, seconds=0.1))
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    await sandbox.act("telegram", "maria", "write", text="Hello")
    assert [one.text for one in await inbox.has(1)] == ["Hello"]
    assert [line["event"] for line in logged] == ["telegram.not_read", "telegram.read_again"]


async def test_a_second_reader_is_said_in_words_and_once(kit: Kit, inbox: "Inbox", stand: "Stand", logged: Any) -> None:
    refused = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal refused
        refused += 1
        if refused <= 3:
            body = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
            return web.json_response(body, status=409)
        return web.json_response({"ok": True, "result": [update("message", message(text=str(refused)))]})

    stand.running(channel(kit, await stand.answering(answer)).run(inbox.receive))
    await inbox.has(1)
    told = [line for line in logged if line["event"] == "telegram.not_read"]
    assert len(told) == 1
    assert "Another program reads this bot's messages" in told[0]["why"]


async def test_an_update_that_we_cannot_read_does_not_hold_up_the_next(
    kit: Kit, inbox: "Inbox", stand: "Stand"
) -> None:
    nameless = pressed("0:Where is", 2)
    del nameless["callback_query"]["id"]
    waiting = [update("message", {"text": "no chat"}, 1), nameless, update("message", message(text="Hello"), 3)]

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/getUpdates"):
            offsets.append((await request.json()).get("offset", 0))
            if offsets[-1]:
                polled.set()
                await asyncio.sleep(60)
        return web.json_response({"ok": True, "result": waiting})

    offsets: list[int] = []
    polled = asyncio.Event()
    stand.running(channel(kit, await stand.answering(answer)).run(inbox.receive))
    unreadable, _, said = await inbox.has(3)
    assert unreadable == Ignored("unreadable")
    assert said.text == "Hello"
    async with asyncio.timeout(10):
        await polled.wait()
    assert offsets == [0, 4]


async def test_a_press_is_answered_after_it_was_stored(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    telegram = channel(kit, f"{sandbox_url}/telegram")
    stand.running(telegram.run(inbox.receive))
    await sandbox.act("telegram", "maria", "write", text="Hello")
    [said] = await inbox.has(1)
    sent = await telegram.send(said.chat, part("How can I help?", "Where is my order?", "Übergröße " * 20), "k1")
    [[_], [long]] = sandbox.telegram.view()["chats"][0]["messages"][-1]["buttons"]
    await sandbox.act("telegram", "maria", "press", target=sent, data=long["data"])
    assert (await inbox.has(2))[1].text == "Übergröße " * 20
    async with asyncio.timeout(10):
        async for _ in sandbox.world.changes():
            if sandbox.world.history[-1].kind == "answerCallbackQuery":
                break


# ------------------------------------------------------------------------------------------------------------- webhook


async def webhook(kit: Kit, inbox: "Inbox", stand: "Stand") -> str:
    telegram = channel(kit, "http://127.0.0.1:9", TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="s3cret")
    return await stand.serve(telegram.routes(inbox.receive)) + "/telegram/webhook"


async def post(kit: Kit, url: str, body: bytes, **headers: str) -> tuple[int, str]:
    async with kit.session.post(url, data=body, headers=headers) as response:
        return response.status, await response.text()


SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}


async def test_the_sandbox_delivers_to_the_webhook_that_we_set(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    env = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "s3cret"}
    url = await stand.serve(channel(kit, sandbox_url, **env).routes(inbox.receive))
    telegram = channel(kit, f"{sandbox_url}/telegram", PUBLIC_URL=url, **env)
    sandbox.world.faults.append(Fault("telegram", "setWebhook", "500", times=1))
    await telegram.run(inbox.receive)
    inbox.failures = 1
    sandbox.world.set_speed(100)
    await sandbox.act("telegram", "maria", "write", text="Hello")
    assert [one.text for one in await inbox.has(1)] == ["Hello"]


@pytest.mark.parametrize("secret", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}])
async def test_a_webhook_without_the_secret_has_no_effect(
    secret: dict[str, str], kit: Kit, inbox: "Inbox", stand: "Stand", logged: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    body = json.dumps(update("message", message(text="Hello"))).encode()
    status, answer = await post(kit, await webhook(kit, inbox, stand), body, **secret)
    assert status == 401
    assert json.loads(answer)["error"]["code"] == "not_authentic"
    assert inbox.tries == 0
    assert [line["event"] for line in logged] == ["webhook.rejected"]
    assert not [
        word for word in ("Hello", "s3cret", "wrong") if word in f"{logged} {caplog.text}".replace("is wrong", "")
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"{}", b'{"update_id": "a"}', b'{"update_id": -1}', b"\xff"])
async def test_a_malformed_webhook_has_no_effect(body: bytes, kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    status, answer = await post(kit, await webhook(kit, inbox, stand), body, **SECRET)
    assert status == 400
    assert json.loads(answer)["error"]["code"] == "malformed"
    assert inbox.tries == 0


async def test_an_oversized_webhook_has_no_effect(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    url = await webhook(kit, inbox, stand)
    async with kit.session.post(url, data=BytesIO(b" " * 1_048_577), headers=SECRET) as response:
        assert response.status == 413

    async def pieces() -> Any:
        for _ in range(20):
            yield b" " * 65_536

    async with kit.session.post(url, data=pieces(), headers=SECRET) as response:
        assert response.status == 413
    assert inbox.tries == 0


async def test_a_webhook_that_cannot_be_stored_is_asked_for_again(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    inbox.failures = 1
    url = await webhook(kit, inbox, stand)
    body = json.dumps(update("message", message(text="Hello"))).encode()
    assert (await post(kit, url, body, **SECRET))[0] == 503
    assert (await post(kit, url, body, **SECRET))[0] == 200
    assert (await post(kit, url, body, **SECRET))[0] == 200
    assert len(inbox.events) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=json_values.map(json.dumps).map(str.encode) | st.binary(max_size=200) | st.builds(
    lambda kind, content: json.dumps({"update_id": 1, kind: content}).encode(), kinds, json_values
))  # fmt: skip
def test_no_webhook_makes_us_fail(body: bytes) -> None:
    asyncio.run(_never_fails(body))


async def _never_fails(body: bytes) -> None:
    from aiohttp import test_utils

    async def receive(received: Any) -> Any:
        return []

    async with ClientSession() as session:
        kit = Kit(session, None, lambda: NOW, None)  # type: ignore[arg-type]
        telegram = channel(kit, "http://127.0.0.1:9", TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET="s3cret")
        app = web.Application()
        app.add_routes(telegram.routes(receive))
        async with test_utils.TestServer(app) as server:
            status, _ = await post(kit, str(server.make_url("/telegram/webhook")), body, **SECRET)
    assert status in (200, 400)


async def test_a_group_is_told_once_that_the_bot_answers_in_private_and_left_each_time(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    stand.running(channel(kit, f"{sandbox_url}/telegram").run(inbox.receive))
    sandbox.world.set_speed(1000.0)  # she does it again in another second of theirs
    friends = sandbox.telegram.groups.of("Friends")

    def left() -> int:
        return sum(entry.kind == "leaveChat" for entry in sandbox.world.history)

    for times in (1, 2):
        await sandbox.act("telegram", "maria", "take_into_group", "Friends")
        async with asyncio.timeout(10):
            async for _ in sandbox.world.changes():
                if left() == times and not friends.has_bot:
                    break
    assert friends.told == ["I answer in private only: open my profile and write to me there."]
    assert {type(event) for event in inbox.events} == {Ignored}


# ------------------------------------------------------------------------------------------------------------- sending


async def answered(status: int, body: Any, kit: Kit, stand: "Stand") -> Telegram:
    async def answer(request: web.Request) -> web.Response:
        if isinstance(body, str):
            return web.Response(text=body, status=status, content_type="text/html")
        return web.json_response(body, status=status)

    return channel(kit, await stand.answering(answer))


def refusal(code: int, description: str, **parameters: int) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return body | ({"parameters": parameters} if parameters else {})


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (
            403,
            refusal(403, "Forbidden: bot was blocked by the user"),
            Undeliverable,
            "The customer has blocked the bot.",
        ),
        (403, refusal(403, "Forbidden: user is deactivated"), Undeliverable, "The customer has deleted"),
        (400, refusal(400, "Bad Request: chat not found"), Undeliverable, "Telegram does not know this chat."),
        (400, refusal(400, "Bad Request: message is too long"), Undeliverable, "The text is too long"),
        (400, refusal(400, "Bad Request: a new rule"), Undeliverable, "Telegram refused it: "),
        (400, refusal(400, "Bad Request: moved", migrate_to_chat_id=-5), Undeliverable, "The chat has become a group"),
        (401, refusal(401, "Unauthorized"), TryLater, "Telegram refuses TELEGRAM_BOT_TOKEN"),
        (429, refusal(429, "Too Many Requests", retry_after=7), TryLater, "Telegram asks us to slow down."),
        (429, refusal(429, "Too Many Requests"), TryLater, "Telegram asks us to"),
        (500, refusal(500, "Internal Server Error"), TryLater, "Telegram has a disturbance."),
        (403, "<html>proxy</html>", TryLater, "Something between us and Telegram"),
        (502, "<html>bad gateway</html>", Uncertain, "Telegram's answer cannot be read"),
        (200, "<html>hello</html>", Uncertain, "Telegram's answer cannot be read"),
        (200, {"ok": True, "result": True}, Uncertain, "Telegram's answer holds no message"),
        (200, {"ok": False}, Uncertain, "Telegram's answer cannot be read"),
        (302, "", Uncertain, "Telegram's answer cannot be read"),
        (404, refusal(404, "Not Found"), TryLater, "Telegram refuses TELEGRAM_BOT_TOKEN"),
        (409, refusal(409, "Conflict: terminated by other getUpdates request"), TryLater, "Another program reads"),
        (429, "<html>proxy</html>", TryLater, "Telegram asks us to"),
        (500, refusal(500, "Internal Server Error: restart"), Uncertain, "Telegram's server restarted"),
        (500, "Internal Server Error", Uncertain, "Telegram's answer cannot be read"),
        (400, {"ok": False, "description": 5}, TryLater, "Something between us and Telegram"),
        (200, {"ok": True, "result": {"message_id": "5"}}, Uncertain, "Telegram's answer holds no message"),
    ],
)
async def test_every_refusal_has_its_class_and_its_words(
    status: int, body: Any, error: type[Exception], words: str, kit: Kit, stand: "Stand"
) -> None:
    telegram = await answered(status, body, kit, stand)
    with pytest.raises(error, match=words.replace(".", r"\.")) as caught:
        await telegram.send("42", part("Hello, customer"), "k1")
    assert "Hello, customer" not in str(caught.value)
    if isinstance(caught.value, TryLater) and "slow down" in words:
        assert caught.value.after == 7


async def test_no_connection_means_later_and_a_lost_answer_means_uncertain(
    kit: Kit, sandbox: Sandbox, sandbox_url: str
) -> None:
    with pytest.raises(TryLater):
        await channel(kit, "http://127.0.0.1:9").send("42", part("Hello"), "k1")
    await sandbox.act("telegram", "42", "write", text="Hello")
    sandbox.world.faults.append(Fault("telegram", "sendMessage", "drop_after_accept", times=1))
    with pytest.raises(Uncertain):
        await channel(kit, f"{sandbox_url}/telegram").send("42", part("Hello"), "k1")
    assert sandbox.world.history[-1].kind == "sendMessage"


async def test_an_answer_that_never_comes_is_uncertain(kit: Kit, stand: "Stand") -> None:
    async def silence(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    api = BotApi(TOKEN, await stand.answering(silence), kit.session)
    with pytest.raises(Uncertain, match="No answer"):
        await api.call("sendMessage", {"chat_id": "42", "text": "Hello"}, patience=0.05)


async def test_an_edit_is_made_and_making_it_twice_is_harmless(kit: Kit, sandbox: Sandbox, sandbox_url: str) -> None:
    telegram = channel(kit, f"{sandbox_url}/telegram")
    await sandbox.act("telegram", "42", "write", text="Hello")
    sent = await telegram.send("42", part("Yes"), "k1")
    sandbox.world.faults.append(Fault("telegram", "editMessageText", "drop_after_accept", times=1))
    with pytest.raises(TryLater):
        await telegram.edit("42", sent, part("No"), "k2")
    await telegram.edit("42", sent, part("No"), "k2")
    assert [entry.text for entry in sandbox.world.history if entry.kind == "editMessageText"] == ["No"]
    with pytest.raises(Undeliverable, match="no longer in the chat"):
        await telegram.edit("42", "999", part("No"), "k3")
    with pytest.raises(Undeliverable, match="which message"):
        await telegram.edit("42", "", part("No"), "k3")


async def test_a_message_is_deleted_and_deleting_it_twice_is_harmless(
    kit: Kit, sandbox: Sandbox, sandbox_url: str
) -> None:
    telegram = channel(kit, f"{sandbox_url}/telegram")
    await sandbox.act("telegram", "42", "write", text="Hello")
    sent, old = await telegram.send("42", part("Yes"), "k1"), await telegram.send("42", part("Old"), "k2")
    for fault in ("drop_after_accept", "500", "429"):
        sandbox.world.faults.append(Fault("telegram", "deleteMessage", fault, times=1))
        with pytest.raises(TryLater):
            await telegram.delete("42", sent, "k3")
    await telegram.delete("42", sent, "k3")
    assert [entry.id for entry in sandbox.world.history if entry.kind == "deleteMessage"] == [sent]
    sandbox.telegram.chats.by_id[42].messages[int(old)].at -= 49 * 3600
    with pytest.raises(Undeliverable, match="older than two days"):
        await telegram.delete("42", old, "k4")
    with pytest.raises(Undeliverable, match="which message"):
        await telegram.delete("42", "", "k5")


async def test_text_goes_out_as_it_is_and_shows_no_preview(kit: Kit, sandbox: Sandbox, sandbox_url: str) -> None:
    await sandbox.act("telegram", "42", "write", text="Hello")
    text = "<b>1 < 2</b> & *this* _is_ [plain](https://example.com)"
    await channel(kit, f"{sandbox_url}/telegram").send("42", part(text), "k1")
    sent = sandbox.world.history[-1]
    assert sent.text == text
    assert sent.raw["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in sent.raw


async def test_typing_is_shown_and_never_raises(kit: Kit, sandbox: Sandbox, sandbox_url: str) -> None:
    await sandbox.act("telegram", "42", "write", text="Hello")
    await channel(kit, f"{sandbox_url}/telegram").typing("42")
    assert sandbox.world.history[-1].kind == "sendChatAction"
    await channel(kit, f"{sandbox_url}/telegram").typing("43")
    await channel(kit, "http://127.0.0.1:9").typing("42")


async def test_who_joins_is_not_shown(kit: Kit) -> None:
    with pytest.raises(Undeliverable):
        await channel(kit, "http://127.0.0.1:9").send("42", Presence(ANA, "joined"), "k1")


@pytest.mark.parametrize("fault", ["429", "500", "disconnect", "garbage", "drop_after_accept"])
async def test_the_token_is_in_no_log_and_no_error_at_any_level(
    fault: str,
    kit: Kit,
    sandbox: Sandbox,
    sandbox_url: str,
    inbox: "Inbox",
    stand: "Stand",
    logged: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    asyncio.get_running_loop().set_debug(True)
    telegram = channel(kit, f"{sandbox_url}/telegram")
    for method in ("getUpdates", "sendMessage"):
        sandbox.world.faults.append(Fault("telegram", method, fault, times=2, seconds=0.01))
    await sandbox.act("telegram", "42", "write", text="Hello")
    for _ in range(2):
        with pytest.raises((TryLater, Uncertain)) as caught:
            await telegram.send("42", part("Hello"), "k1")
        told = "".join(traceback.format_exception(caught.value))
        assert "sandbox-token" not in told
    stand.running(telegram.run(inbox.receive))
    await inbox.has(1)
    assert "sandbox-token" not in f"{logged} {caplog.text}"
    assert "Hello" not in f"{logged} {caplog.text}"


# ------------------------------------------------------------------------------------------------------------ settings


def test_without_a_token_the_channel_is_off(kit: Kit) -> None:
    assert from_settings({"TELEGRAM_API_URL": "http://127.0.0.1:9"}, kit) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"TELEGRAM_BOT_TOKEN": "hello"},
        {"TELEGRAM_API_URL": "api.telegram.org"},
        {"TELEGRAM_API_URL": "http://127.0.0.1:99999999"},
        {"TELEGRAM_MODE": "push"},
        {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": ""},
        {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "ä"},
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(wrong: dict[str, str], kit: Kit) -> None:
    with pytest.raises(WrongSetting, match=rf"^{[*wrong][-1]} .+: .+\.$"):
        from_settings({"TELEGRAM_BOT_TOKEN": TOKEN, **wrong}, kit)


async def test_the_doctor_learns_who_we_are_or_what_to_mend(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, stand: "Stand"
) -> None:
    telegram = channel(kit, f"{sandbox_url}/telegram")
    assert await telegram.check() == "@sandbox_bot reachable"
    sandbox.telegram.connect({"webhook_url": "http://127.0.0.1:9/"})
    with pytest.raises(WrongSetting, match="TELEGRAM_MODE is polling"):
        await telegram.check()
    with pytest.raises(WrongSetting, match="TELEGRAM_BOT_TOKEN is refused"):
        await (await answered(401, refusal(401, "Unauthorized"), kit, stand)).check()
    with pytest.raises(WrongSetting, match="TELEGRAM_API_URL does not answer"):
        await channel(kit, "http://127.0.0.1:9").check()
