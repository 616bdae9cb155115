"""The Telegram look-alike, spoken to by the real python-telegram-bot."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Fault

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"
EVERYTHING = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]


@pytest.fixture(autouse=True)
def time_deltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library give waits as it will in future; the old way is a warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def connected(url: str, token: str = TOKEN) -> Bot:
    return Bot(token, base_url=f"{url}/telegram/bot", base_file_url=f"{url}/telegram/file/bot")


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    async with connected(url) as bot:
        yield bot


@pytest.fixture
async def maria(act: Any, bot: Bot) -> int:
    """A customer who has written, so that the bot may answer; her updates are confirmed."""
    await act("telegram", "maria", "write", text="/start")
    update = (await bot.get_updates())[0]
    await bot.get_updates(offset=update.update_id + 1)
    assert update.effective_chat
    return update.effective_chat.id


async def the_update(bot: Bot, **how: Any) -> Update:
    (update,) = await bot.get_updates(timeout=10, **how)
    return update


async def test_a_bot_learns_who_it_is(bot: Bot) -> None:
    assert bot.id == 123456
    assert bot.username == "sandbox_bot"


async def test_what_a_customer_writes_is_polled(act: Any, bot: Bot) -> None:
    answer = await act("telegram", "maria", "write", text="Hello 😀")
    message = (await the_update(bot)).message
    assert message
    assert (message.text, message.message_id) == ("Hello 😀", int(answer["id"]))
    assert message.from_user
    assert message.from_user.username == "maria"


async def test_a_command_is_marked_as_one(act: Any, bot: Bot) -> None:
    await act("telegram", "maria", "write", text="/start abc")
    message = (await the_update(bot)).message
    assert message
    assert list(message.parse_entities().values()) == ["/start"]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(act: Any, bot: Bot) -> None:
    await act("telegram", "maria", "write", text="one")
    first = (await bot.get_updates())[0]
    assert (await bot.get_updates())[0].update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()
    assert await bot.get_updates() == ()


async def test_a_poll_gives_at_most_its_limit_and_never_more_than_a_hundred(act: Any, bot: Bot) -> None:
    for number in range(102):
        await act("telegram", "maria", "write", text=str(number))
    assert len(await bot.get_updates(limit=2)) == 2
    updates = await bot.get_updates()
    assert len(updates) == 100
    assert [u.message.text for u in updates if u.message] == [str(n) for n in range(100)]


async def test_a_negative_offset_forgets_all_but_the_last(act: Any, bot: Bot) -> None:
    for number in range(3):
        await act("telegram", "maria", "write", text=str(number))
    (update,) = await bot.get_updates(offset=-1)
    assert update.message
    assert update.message.text == "2"
    assert len(await bot.get_updates()) == 1


async def test_a_waiting_poll_wakes_when_something_is_written(act: Any, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await bot.get_me()
    await act("telegram", "maria", "write", text="now")
    assert len(await asyncio.wait_for(poll, 10)) == 1


async def test_a_second_poller_ends_the_first_one(bot: Bot, url: str) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    async with connected(url) as other:
        while not first.done():
            await other.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot, receiver: Any) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_updates_are_kept_for_a_day(sandbox: Sandbox, act: Any, bot: Bot) -> None:
    await act("telegram", "maria", "write", text="old")
    sandbox.world.set_speed(1_000_000)
    await sandbox.world.sleep(25 * 3600)
    assert await bot.get_updates() == ()


async def test_reactions_come_only_to_a_bot_that_asked_for_them(act: Any, bot: Bot, maria: int) -> None:
    sent = await bot.send_message(maria, "react to this")
    await act("telegram", "maria", "react", sent.message_id, emoji="👍")
    assert await bot.get_updates(allowed_updates=EVERYTHING) == ()
    await act("telegram", "maria", "react", sent.message_id, emoji="❤")
    reaction = (await the_update(bot)).message_reaction
    assert reaction
    assert [r.to_dict()["emoji"] for r in reaction.new_reaction] == ["❤"]
    assert [r.to_dict()["emoji"] for r in reaction.old_reaction] == ["👍"]


async def test_an_edit_is_told_with_the_same_message_id(act: Any, bot: Bot) -> None:
    written = await act("telegram", "maria", "write", text="helo")
    await act("telegram", "maria", "edit", written["id"], "hello")
    edited = (await bot.get_updates())[1].edited_message
    assert edited
    assert (str(edited.message_id), edited.text) == (written["id"], "hello")
    assert edited.edit_date


async def test_a_deletion_is_never_told(act: Any, bot: Bot, maria: int, history: Any) -> None:
    written = await act("telegram", "maria", "write", text="oops")
    update = await the_update(bot)
    await act("telegram", "maria", "delete", written["id"])
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    assert (await history("telegram"))[-1]["kind"] == "deleted_message"


async def test_markup_becomes_text_and_entities(bot: Bot, maria: int) -> None:
    sent = await bot.send_message(
        maria, '😀 <b>bold <i>both</i></b> <a href="https://x.org">l</a> &lt;', parse_mode="HTML"
    )
    assert sent.text == "😀 bold both l <"
    assert list(sent.parse_entities().values()) == ["bold both", "both", "l"]


async def test_what_is_marked_is_kept_and_told(act: Any, bot: Bot, maria: int) -> None:
    sent = await bot.send_message(maria, " 👋 tea", entities=[MessageEntity("bold", 4, 3)])
    assert list(sent.parse_entities().values()) == ["tea"]
    await act("telegram", "maria", "write", text="👋 tea", entities=[{"type": "code", "offset": 3, "length": 3}])
    message = (await the_update(bot)).message
    assert message
    assert [(it.type, text) for it, text in message.parse_entities().items()] == [("code", "tea")]


@pytest.mark.parametrize("place", [(-1, 2), (0, 0), (0, 99), (1, 2), (4, 2)])
async def test_an_entity_is_refused_where_there_is_nothing_whole_to_mark(
    bot: Bot, maria: int, place: tuple[int, int]
) -> None:
    with pytest.raises(BadRequest, match="incorrect offset"):
        await bot.send_message(maria, "👋 te", entities=[MessageEntity("bold", *place)])


@pytest.mark.parametrize(
    ("source", "trouble"),
    [
        ("<b>x", "can't find end tag"),
        ("a < b", "unsupported start tag"),
        ("<script>x</script>", "unsupported start tag"),
        ("x</b>", "unexpected end tag"),
        ("<b><i>x</b></i>", "unmatched end tag"),
        ("<span>x</span>", "tg-spoiler"),
    ],
)
async def test_broken_markup_is_refused(bot: Bot, maria: int, source: str, trouble: str) -> None:
    with pytest.raises(BadRequest, match=f"Can't parse entities: .*{trouble}"):
        await bot.send_message(maria, source, parse_mode="HTML")


@pytest.mark.parametrize(("text", "fits"), [("x" * 4096, True), ("x" * 4097, False), ("😀" * 2049, False)])
async def test_a_text_has_at_most_4096_units(bot: Bot, maria: int, text: str, fits: bool) -> None:
    if fits:
        assert (await bot.send_message(maria, text)).text == text
        return
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(maria, text)


async def test_tags_do_not_count_towards_the_length(bot: Bot, maria: int) -> None:
    assert await bot.send_message(maria, f"<b>{'x' * 4096}</b>", parse_mode="HTML")


@pytest.mark.parametrize("text", ["", "  \n", "<b> </b>"])
async def test_an_empty_text_is_refused(bot: Bot, maria: int, text: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)empty"):
        await bot.send_message(maria, text, parse_mode="HTML")


async def test_a_stranger_cannot_be_written_to(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(42, "hello")


async def test_a_customer_who_blocked_the_bot_cannot_be_written_to(act: Any, bot: Bot, maria: int) -> None:
    await act("telegram", "maria", "block")
    update = (await the_update(bot)).my_chat_member
    assert update
    assert update.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(maria, "hello")
    await act("telegram", "maria", "unblock")
    assert await bot.send_message(maria, "hello")


async def test_a_press_becomes_a_query_that_can_be_answered(act: Any, bot: Bot, maria: int) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])
    sent = await bot.send_message(maria, "Sure?", reply_markup=keyboard)
    assert (await act("telegram", "maria", "press", sent.message_id, data="n"))["error"] == "no_such_button"
    await act("telegram", "maria", "press", sent.message_id, data="y")
    query = (await the_update(bot)).callback_query
    assert query
    assert query.data == "y"
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    assert await bot.answer_callback_query(query.id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("1")


async def test_button_data_has_at_most_64_bytes(bot: Bot, maria: int) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="ä" * 33)]])
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(maria, "Sure?", reply_markup=keyboard)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, maria: int) -> None:
    sent = await bot.send_message(maria, "one")
    edited = await bot.edit_message_text("two", maria, sent.message_id)
    assert isinstance(edited, Message)
    assert edited.text == "two"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("two", maria, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("two", maria, 999)


async def test_a_message_is_deleted_once_and_within_two_days(sandbox: Sandbox, bot: Bot, maria: int) -> None:
    sent, old = await bot.send_message(maria, "one"), await bot.send_message(maria, "two")
    assert await bot.delete_message(maria, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(maria, sent.message_id)
    sandbox.world.set_speed(1_000_000)
    await sandbox.world.sleep(49 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(maria, old.message_id)


async def test_a_reply_needs_a_message_unless_it_may_go_without(bot: Bot, maria: int) -> None:
    first = await bot.send_message(maria, "first")
    answer = await bot.send_message(maria, "second", reply_parameters=ReplyParameters(first.message_id))
    assert answer.reply_to_message
    assert answer.reply_to_message.text == "first"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(maria, "third", reply_parameters=ReplyParameters(999))
    lenient = ReplyParameters(999, allow_sending_without_reply=True)
    assert await bot.send_message(maria, "third", reply_parameters=lenient)


async def test_a_bot_reacts_with_one_emoji_of_the_list(bot: Bot, maria: int) -> None:
    sent = await bot.send_message(maria, "x")
    assert await bot.set_message_reaction(maria, sent.message_id, "👍")
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(maria, sent.message_id, "🧀")


async def test_typing_is_shown_until_a_message_comes(sandbox: Sandbox, bot: Bot, maria: int) -> None:
    await bot.send_chat_action(maria, "typing")
    assert sandbox.telegram.view()["chats"][0]["typing"]
    await bot.send_message(maria, "x")
    assert not sandbox.telegram.view()["chats"][0]["typing"]


async def test_files_go_both_ways(act: Any, bot: Bot, maria: int) -> None:
    sent = await bot.send_document(maria, b"from the bot", filename="a.txt", caption="<i>see</i>", parse_mode="HTML")
    assert sent.document
    assert (sent.document.file_name, sent.caption) == ("a.txt", "see")
    photo = await bot.send_photo(maria, b"\xff\xd8\xff", caption="a photo")
    assert photo.photo
    await act("telegram", "maria", "send_file", filename="b.txt", content="from maria", text="here")
    message = (await the_update(bot)).message
    assert message
    assert message.document
    file = await message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"from maria"


async def test_an_album_is_sent_whole_and_its_caption_can_be_changed(bot: Bot, maria: int) -> None:
    photos = [InputMediaPhoto(b"\xff\xd8\xff%d" % number, caption="Both" * (not number)) for number in range(2)]
    first, second = await bot.send_media_group(maria, photos)
    assert first.media_group_id
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("Both", None)
    edited = await bot.edit_message_caption(maria, first.message_id, caption="The two of them")
    assert isinstance(edited, Message)
    assert edited.caption == "The two of them"
    words = await bot.send_message(maria, "Only words")
    with pytest.raises(BadRequest, match="no caption"):
        await bot.edit_message_caption(maria, words.message_id, caption="A caption")


@pytest.mark.parametrize(
    ("media", "why"),
    [
        ([InputMediaPhoto(b"\xff\xd8\xff"), InputMediaDocument(b"words", filename="a.txt")], "mixed"),
        ([InputMediaPhoto(b"\xff\xd8\xff")], "wrong number"),
        ([InputMediaPhoto(b"\xff\xd8\xff"), InputMediaPhoto(b"words")], "IMAGE_PROCESS_FAILED"),
        (
            [InputMediaPhoto(b"\xff\xd8\xff"), InputMediaPhoto(b"\xff\xd8\xff", caption="x" * 1025)],
            "caption is too long",
        ),
    ],
)
async def test_of_an_album_that_is_refused_nothing_is_sent(
    sandbox: Sandbox, bot: Bot, maria: int, media: Any, why: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_media_group(maria, media)
    assert not any(it.by_bot for it in sandbox.telegram.chats.by_id[maria].messages.values())


async def test_one_chat_takes_a_burst_and_then_one_message_a_second(sandbox: Sandbox, bot: Bot, maria: int) -> None:
    sandbox.world.set_speed(0.001)  # so that the bucket does not fill again while we send
    for number in range(5):
        await bot.send_message(maria, str(number))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(maria, "one too many")
    assert refused.value.retry_after == timedelta(seconds=1)
    sandbox.world.set_speed(1000)
    await sandbox.world.sleep(1)
    assert await bot.send_message(maria, "a second later")


async def test_all_chats_together_take_thirty_messages_a_second(sandbox: Sandbox, act: Any, bot: Bot) -> None:
    sandbox.world.set_speed(0.001)  # so that the bucket does not fill again while we send
    for number in range(8):
        await act("telegram", str(1000 + number), "write", text="hi")
    for number in range(30):
        await bot.send_message(1000 + number % 8, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(1007, "one too many")


async def test_with_limits_off_nothing_is_refused(sandbox: Sandbox, bot: Bot, maria: int) -> None:
    sandbox.world.strict = False
    for number in range(40):
        await bot.send_message(maria, str(number))


async def test_a_malformed_token_and_an_unknown_method_are_refused(url: str, http: aiohttp.ClientSession) -> None:
    with pytest.raises(InvalidToken):
        async with connected(url, "123:x"):
            pass
    async with http.get(f"/telegram/bot{TOKEN}/sendNonsense") as response:
        assert response.status == 404


async def test_a_webhook_gets_updates_in_order_with_the_secret_and_again_after_an_error(
    sandbox: Sandbox, act: Any, bot: Bot, receiver: Any
) -> None:
    sandbox.world.set_speed(100)
    receiver.statuses.extend([500, 500])
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    await act("telegram", "maria", "write", text="one")
    await act("telegram", "maria", "write", text="two")
    texts = list[str]()
    for _ in range(4):
        request, body = await receiver.next()
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        texts.append(json.loads(body)["message"]["text"])
    assert texts == ["one", "one", "one", "two"]


async def test_what_the_webhook_did_not_take_can_be_polled(act: Any, bot: Bot, receiver: Any) -> None:
    receiver.statuses.append(503)
    await bot.set_webhook(receiver.url)
    await act("telegram", "maria", "write", text="one")
    await receiver.next()
    while not (info := await bot.get_webhook_info()).last_error_message:
        pass
    assert (info.pending_update_count, info.last_error_message[:19]) == (1, "Wrong response from")
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1


async def test_a_webhook_needs_a_proper_address_and_secret(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="invalid webhook url"):
        await bot.set_webhook("ftp://x")
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://x.org/", secret_token="a b")


async def test_the_history_tells_what_was_accepted_and_what_was_not(
    act: Any, bot: Bot, maria: int, history: Any
) -> None:
    sent = await bot.send_message(maria, "<b>hi</b>", parse_mode="HTML")
    with pytest.raises(BadRequest):
        await bot.send_message(maria, "<b>", parse_mode="HTML")
    written, accepted, rejected = await history("telegram")
    assert (written["kind"], written["direction"], written["author"]) == ("message", "in", "maria")
    assert (accepted["kind"], accepted["text"], accepted["id"]) == ("sendMessage", "hi", str(sent.message_id))
    assert (accepted["chat"], accepted["raw"]["text"]) == (str(maria), "<b>hi</b>")
    assert (rejected["kind"], rejected["raw"]["method"]) == ("rejected", "sendMessage")


@pytest.mark.parametrize("fault", ["429", "500", "disconnect", "garbage", "drop_after_accept"])
async def test_a_call_fails_as_it_was_told_to(sandbox: Sandbox, bot: Bot, maria: int, history: Any, fault: str) -> None:
    sandbox.world.faults.append(Fault("telegram", "sendMessage", fault, times=1))
    raised: dict[str, type[TelegramError]] = {"429": RetryAfter}
    with pytest.raises(raised.get(fault, NetworkError if fault != "garbage" else TelegramError)):
        await bot.send_message(maria, "x")
    accepted = [e for e in await history("telegram") if e["kind"] == "sendMessage"]
    assert bool(accepted) == (fault in ("garbage", "drop_after_accept"))
    assert await bot.send_message(maria, "x")


async def test_a_duplicated_update_comes_again_after_it_was_confirmed(sandbox: Sandbox, act: Any, bot: Bot) -> None:
    sandbox.world.faults.append(Fault("telegram", "message", "duplicate", times=1))
    await act("telegram", "maria", "write", text="one")
    first = await the_update(bot)
    again = await the_update(bot, offset=first.update_id + 1)
    assert again.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1) == ()


async def test_reordered_updates_come_the_wrong_way_round(sandbox: Sandbox, act: Any, bot: Bot) -> None:
    sandbox.world.faults.append(Fault("telegram", "events", "reorder", times=1))
    await act("telegram", "maria", "write", text="one")
    await act("telegram", "maria", "write", text="two")
    two, one = await bot.get_updates()
    assert two.message
    assert one.message
    assert (two.message.text, one.message.text) == ("two", "one")
    assert [u.update_id for u in await bot.get_updates(offset=two.update_id + 1)] == [one.update_id], "one is unread"


async def test_a_delayed_update_is_not_lost_though_later_ones_were_confirmed(
    sandbox: Sandbox, act: Any, bot: Bot
) -> None:
    sandbox.world.faults.append(Fault("telegram", "events", "delay", times=1, seconds=0.5))
    await act("telegram", "maria", "write", text="late")
    await act("telegram", "maria", "write", text="early")
    early = await the_update(bot)
    assert await bot.get_updates(offset=early.update_id + 1) == ()
    while not (await bot.get_webhook_info()).pending_update_count:
        pass
    late = await the_update(bot, offset=early.update_id + 1)
    assert late.message
    assert late.message.text == "late"


async def test_the_page_sees_the_chat_with_its_markup_made_safe(sandbox: Sandbox, bot: Bot, maria: int) -> None:
    await bot.send_message(maria, '<b>x</b> &lt;script&gt; <a href="javascript:alert(1)">l</a>', parse_mode="HTML")
    (chat,) = sandbox.telegram.view()["chats"]
    assert (chat["chat"], chat["name"], chat["blocked"]) == (str(maria), "Maria", False)
    assert chat["messages"][-1]["html"] == "<b>x</b> &lt;script&gt; l"
