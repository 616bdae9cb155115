"""To customers, on every platform when it misbehaves: once, in order, and what is not known is said."""

import asyncio

import pytest

from bridge.content import Part, Presence
from bridge.demo.customers import Customer, WebCustomer
from bridge.errors import Uncertain
from bridge.sandbox.world import Entry
from bridge.store import lanes

from ..conftest import Rig

SENDS = {"telegram": "sendMessage", "whatsapp": "messages"}
PHONES = list(SENDS)


def lines(customer: Customer) -> list[str]:
    return [text for text in customer.heard if text.startswith("Line")]


async def say_lines(rig: Rig, customer: Customer, card: Entry, count: int = 3) -> list[str]:
    """Ana says some lines; they arrive. Gives the timestamps of what she typed."""
    stamps = [await rig.types("ana", card, f"Line {number}") for number in range(count)]
    await customer.hears(lambda text: text == f"Line {count - 1}", "the last line")
    return stamps


def notices(rig: Rig, card: Entry, piece: str) -> list[Entry]:
    posts = rig.history("slack", "chat.postMessage")
    return [entry for entry in posts if entry.thread == card.id and piece in (entry.text or "")]


# ------------------------------------------------------------------------------------------ certainly not accepted


@pytest.mark.parametrize("channel", PHONES)
async def test_when_the_platform_asks_for_quiet_the_lines_wait_and_keep_their_order(rig: Rig, channel: str) -> None:
    customer, card = await rig.claimed(channel)
    rig.fault(channel, SENDS[channel], "429", seconds=1.0)
    after = rig.now
    await rig.team.sees_mark((await say_lines(rig, customer, card))[-1], "white_check_mark")
    assert lines(customer) == ["Line 0", "Line 1", "Line 2"]
    [refused] = [entry for entry in rig.history(channel, "rejected", after=after) if entry.raw["error"] == "429"]
    first = next(entry for entry in rig.history(channel, SENDS[channel], after=after) if entry.text == "Line 0")
    if channel == "telegram":  # WhatsApp does not say how long
        assert first.at - refused.at >= 1.0


@pytest.mark.parametrize("channel", PHONES)
async def test_after_a_server_error_the_lines_keep_their_order(rig: Rig, channel: str) -> None:
    customer, card = await rig.claimed(channel)
    rig.fault(channel, SENDS[channel], "500", times=2)
    await say_lines(rig, customer, card)
    assert lines(customer) == ["Line 0", "Line 1", "Line 2"]


async def test_one_customer_s_trouble_does_not_hold_up_another(rig: Rig) -> None:
    maria, card = await rig.claimed("telegram")
    jonas, other = await rig.claimed("whatsapp", "jonas")
    rig.fault("telegram", "sendMessage", "429", seconds=30.0)
    await rig.types("ana", card, "Line 0")
    await rig.until(lambda: rig.history("telegram", "rejected") or None, "the refusal")
    assert "And so on." in await rig.hears_next(jonas, "ana", other)
    assert lines(maria) == []


async def presses_twice(rig: Rig, who: str, message: Entry, *actions: str) -> None:
    """Two clicks before the first has been answered; after the answer the buttons are gone."""
    first, *second = actions
    await asyncio.gather(*(rig.team.presses(who, message.id or "", action) for action in (first, *(second or [first]))))


# --------------------------------------------------------------------------------------------------- certainly never


async def test_a_customer_who_blocked_the_bot_is_said_to_be_unreachable(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    await rig.sandbox.act("telegram", "maria", "block")
    await rig.team.sees_post(card, "The customer has blocked the bot and cannot be reached.")
    ts = await rig.types("ana", card, "Line 0")
    await rig.team.sees_mark(ts, "warning")
    notice = await rig.team.sees_post(card, "This did not reach the customer: The customer has blocked the bot.")
    assert "Line 0" in (notice.text or "")

    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.team.sees_post(card, "is back and can be reached again")
    await presses_twice(rig, "ana", notice, "again")
    await customer.hears(lambda text: text == "Line 0", "what was sent again")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.told("ana", "This message was sent again already.")
    assert lines(customer) == ["Line 0"]


async def test_what_whatsapp_reports_as_failed_is_marked_and_can_be_sent_again(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.sandbox.act("whatsapp", "jonas", "block")
    ts = await rig.types("ana", card, "Line 0")
    await rig.team.sees_mark(ts, "warning")
    notice = await rig.team.sees_post(card, "This did not reach the customer:")
    await rig.sandbox.act("whatsapp", "jonas", "unblock")
    await rig.team.presses("ana", notice.id or "", "again")
    await rig.team.sees_mark(ts, "white_check_mark")
    assert customer.heard[-1] == "Line 0"


async def test_only_the_owner_or_an_admin_sends_again(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    await rig.sandbox.act("telegram", "maria", "block")
    await rig.types("ana", card, "Line 0")
    notice = await rig.team.sees_post(card, "This did not reach the customer")
    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.team.presses("ben", notice.id or "", "again")
    await rig.told("ben", "Only the owner of this conversation or an admin can decide this.")
    await rig.team.presses("clea", notice.id or "", "again")
    await customer.hears(lambda text: text == "Line 0", "what was sent again")


# ------------------------------------------------------------------------------------ accepted, and no answer: in doubt


async def in_doubt(rig: Rig) -> tuple[Customer, Entry, str, Entry]:
    """Telegram took Ana's line and hung up: the customer, the card, her message, and the question in the thread."""
    customer, card = await rig.claimed("telegram")
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    ts = await rig.types("ana", card, "Line 0")
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    assert "Line 0" in (question.text or "")
    return customer, card, ts, question


async def test_telegram_cannot_be_asked_so_an_agent_is_and_the_lane_waits(rig: Rig) -> None:
    customer, card, _, question = await in_doubt(rig)
    ts = await rig.types("ana", card, "Line 1")
    await rig.quiet()
    assert lines(customer) == ["Line 0"]
    await presses_twice(rig, "ana", question, "arrived", "resend")
    await customer.hears(lambda text: text == "Line 1", "the line behind it")
    await rig.team.sees_mark(ts, "white_check_mark")
    assert lines(customer) == ["Line 0", "Line 1"]
    await rig.told("ana", "This was decided about already.")


async def test_an_agent_may_send_again_what_is_in_doubt(rig: Rig) -> None:
    customer, card, _, question = await in_doubt(rig)
    ts = await rig.types("ana", card, "Line 1")
    await rig.team.presses("ana", question.id or "", "resend")
    await customer.hears(lambda text: text == "Line 1", "the line behind it")
    await rig.team.sees_mark(ts, "white_check_mark")
    assert lines(customer) == ["Line 0", "Line 0", "Line 1"]


async def test_two_presses_of_send_again_send_once(rig: Rig) -> None:
    customer, _, _, question = await in_doubt(rig)
    channel, going = rig.bridge.channels["telegram"], asyncio.Event()
    send, go = channel.send, asyncio.Event()

    async def slowly(chat: str, part: Part | Presence, key: str) -> str:
        going.set()
        await go.wait()
        return await send(chat, part, key)

    channel.send = slowly  # type: ignore[method-assign]
    await presses_twice(rig, "ana", question, "resend")
    await going.wait()
    await rig.told("ana", "This was decided about already.")
    go.set()
    await rig.quiet()
    assert lines(customer) == ["Line 0", "Line 0"]


async def test_who_is_not_the_owner_does_not_decide(rig: Rig) -> None:
    customer, card, _, question = await in_doubt(rig)
    for who, action, sentence in (("ben", "resend", "Only the owner"), ("gus", "arrived", "Only members")):
        await rig.team.presses(who, question.id or "", action)
        await rig.told(who, sentence)
    await rig.team.presses("clea", question.id or "", "arrived")
    assert lines(customer) == ["Line 0"]
    assert "And so on." in await rig.hears_next(customer, "ana", card)


@pytest.mark.parametrize(("button", "text"), [("handback", "assistant is back"), ("end", "has ended")])
async def test_when_the_owner_has_gone_the_lane_waits_for_nobody(rig: Rig, button: str, text: str) -> None:
    customer, card, _, question = await in_doubt(rig)
    await rig.team.clicks("ana", card, button)
    await customer.hears(lambda heard: text in heard, "what follows")
    await rig.team.presses("ana", question.id or "", "resend")
    await rig.told("ana", "This was decided about already.")
    assert lines(customer) == ["Line 0"]


async def test_whatsapp_s_own_report_settles_the_doubt(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    rig.fault("whatsapp", "messages", "drop_after_accept")
    stamps = await say_lines(rig, customer, card)
    await rig.team.sees_mark(stamps[-1], "white_check_mark")
    await rig.quiet()
    assert lines(customer) == ["Line 0", "Line 1", "Line 2"]
    assert notices(rig, card, "may not have reached") == []


async def test_when_whatsapp_reports_nothing_an_agent_is_asked(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.sandbox.whatsapp.webhooks.subscription = None  # its webhooks are lost
    rig.fault("whatsapp", "messages", "drop_after_accept")
    ts = await rig.types("ana", card, "Line 0")
    await customer.hears(lambda text: text == "Line 0", "the line")
    await rig.finds("SELECT 1 FROM outbox WHERE lane LIKE ? AND state = 'uncertain'", "customer:%")
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, "customer:1"))
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    await rig.team.presses("ana", question.id or "", "arrived")
    await rig.team.sees_mark(ts, "white_check_mark")
    assert lines(customer) == ["Line 0"]


async def test_the_web_has_everything_exactly_once_whatever_breaks(rig: Rig) -> None:
    customer, card = await rig.claimed("web", "priya")
    channel = rig.bridge.channels["web"]
    send, breaks = channel.send, iter([True, True, False, True])

    async def breaking(chat: str, part: Part | Presence, key: str) -> str:
        """Accept it, and now and then lose the answer."""
        done = await send(chat, part, key)
        if next(breaks, False):
            raise Uncertain("the answer was lost")
        return done

    channel.send = breaking  # type: ignore[method-assign]
    await say_lines(rig, customer, card)
    await rig.quiet()
    assert lines(customer) == ["Line 0", "Line 1", "Line 2"]
    assert isinstance(customer, WebCustomer)
    seqs = [event["seq"] for event in customer.events]
    assert seqs == list(range(1, len(seqs) + 1))


# ------------------------------------------------------------------------------------------------------------- changes


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_a_change_is_carried_where_the_channel_can(rig: Rig, channel: str) -> None:
    customer, card = await rig.claimed(channel)
    [ts] = await say_lines(rig, customer, card, 1)
    await rig.team.edits("ana", card, ts, "It left this morning")
    await customer.hears(lambda text: text == "It left this morning", "the change")
    assert lines(customer) == []


async def test_whatsapp_gets_a_correction_if_the_agent_wants_one(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    [ts] = await say_lines(rig, customer, card, 1)
    await rig.team.edits("ana", card, ts, "It left this morning")
    told = await rig.told("ana", "Messages on WhatsApp cannot be changed")
    await presses_twice(rig, "ana", told, "correct")
    await customer.hears(lambda text: text == "It left this morning", "the correction")
    await rig.told("ana", "This correction was sent already.")
    assert customer.heard[-2:] == ["Line 0", "It left this morning"]


async def test_a_change_after_the_hand_back_is_refused(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    [ts] = await say_lines(rig, customer, card, 1)
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    await rig.team.edits("ana", card, ts, "It left this morning")
    await rig.told("ana", "this conversation is no longer yours")
    await rig.quiet()
    assert "Line 0" in customer.heard


async def test_a_change_that_telegram_refuses_is_said_in_the_thread(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    [ts] = await say_lines(rig, customer, card, 1)
    await rig.sandbox.act("telegram", "maria", "block")
    await rig.team.edits("ana", card, ts, "It left this morning")
    await rig.team.sees_post(card, "This change did not reach the customer: The customer has blocked the bot.")


async def test_a_long_reply_arrives_in_parts_and_is_marked_when_the_last_is_there(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    words = "Every tea has its own story. " * 200
    before = len(customer.heard)
    ts = await rig.types("ana", card, words)
    await rig.team.sees_mark(ts, "white_check_mark")
    parts = customer.heard[before:]
    assert len(parts) == 2
    assert " ".join(parts) == words.strip()


# ----------------------------------------------------------------------------------------------- what customers change


async def test_a_customer_s_change_shows_in_the_thread(rig: Rig) -> None:
    _, card = await rig.claimed("telegram")
    written = await rig.sandbox.act("telegram", "maria", "write", "", "My order is 1234")
    await rig.team.sees_post(card, "My order is 1234")
    await rig.sandbox.act("telegram", "maria", "edit", written["id"], "My order is 1243")
    await rig.team.sees_post(card, "My order is 1243 (edited)")
