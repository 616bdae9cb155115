"""WhatsApp takes replies for a day: agents see until when, hear of it in time, and are told when it is over.

Time goes by at once: what was said moves into the past, in the database and on the customer's phone.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bridge.courier import reply_windows
from bridge.demo.customers import Customer
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs
from .test_windows import acts, opened

HOUR = timedelta(hours=1)
LATE = 25 * HOUR
LAST_CALL = "What the customer wrote last is not answered yet."
NOT_SENT = "The customer has not written for 24 hours, so this was not sent: WhatsApp takes replies again"
OVER = "⚠ The 24 hours are over: WhatsApp takes replies again when the customer writes"


async def passes(rig: Rig, time: timedelta, whose: Customer | None = None) -> None:
    """So much time goes by, for everybody or one customer; everything that was to be sent is sent before."""
    await rig.quiet()
    by, name = time // timedelta(microseconds=1), whose.name if whose else "%"
    which = "SELECT id FROM conversation WHERE customer LIKE ?"
    await rig.bridge.store.write(
        lambda tx: tx.run(f"UPDATE message SET at = at - ? WHERE conversation_id IN ({which})", by, name)
    )
    for customer in rig.sandbox.whatsapp.customers.all:
        if whose is None or customer.chat == whose.chat:
            customer.window_until -= time.total_seconds()


async def looks(rig: Rig) -> None:
    """The bridge looks at the clock, and sends what follows."""
    await reply_windows.look(rig.bridge.desk)
    await rig.quiet()


def drawn(rig: Rig, card: Entry, after: int = 0) -> list[str]:
    """The card's line about the window, each time that it was drawn."""
    entries = [it for it in rig.history("slack", "chat.update", after=after) if it.id == card.id]
    return [next((line for line in (it.text or "").split("\n") if _about_window(line)), "") for it in entries]


def _about_window(line: str) -> bool:
    return "Can be answered until" in line or "hours are over" in line


def last_calls(rig: Rig, card: Entry) -> list[Entry]:
    posts = rig.history("slack", "chat.postMessage")
    return [it for it in posts if it.thread == card.id and LAST_CALL in (it.text or "")]


def questions(rig: Rig, after: int) -> list[str]:
    words = rig.history("slack", "chat.postEphemeral", "response_url", after=after)
    return [it.text or "" for it in words if NOT_SENT in (it.text or "")]


async def test_the_card_says_until_when_and_follows_the_clock(rig: Rig) -> None:
    _, card = await rig.waiting("whatsapp")
    assert "\nCan be answered until " in (card.text or "")
    dates = [it for block in card.raw["blocks"] if block["type"] == "rich_text" for it in _dates(block)]
    assert len(dates) == 2  # since when, until when: each reads it in their own time zone
    after = rig.now
    await looks(rig)
    assert drawn(rig, card, after) == []
    await passes(rig, 23 * HOUR)
    await looks(rig)
    await looks(rig)
    [closing] = drawn(rig, card, after)
    assert closing.startswith("⚠ Can be answered until ")
    await passes(rig, HOUR)
    await looks(rig)
    await looks(rig)
    assert drawn(rig, card, after) == [closing, OVER]


def _dates(node: object) -> list[dict[str, object]]:
    if isinstance(node, list):
        return [it for each in node for it in _dates(each)]
    if not isinstance(node, dict):
        return []
    return [node] if node.get("type") == "date" else [it for each in node.values() for it in _dates(each)]


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_where_a_channel_takes_replies_always_nothing_is_said(rig: Rig, channel: str) -> None:
    customer, card = await rig.claimed(channel)
    await passes(rig, 30 * HOUR)
    after = rig.now
    await looks(rig)
    assert await rig.hears_next(customer, "ana", card)
    assert (drawn(rig, card, after), last_calls(rig, card), questions(rig, after)) == ([], [], [])
    assert not _about_window(card.text or "")


async def test_the_owner_is_called_an_hour_before_once(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await passes(rig, 23 * HOUR - timedelta(minutes=2))
    await looks(rig)
    assert last_calls(rig, card) == []
    await passes(rig, timedelta(minutes=2))
    await asyncio.gather(*(reply_windows.look(rig.bridge.desk) for _ in range(3)))
    await looks(rig)
    [call] = last_calls(rig, card)
    assert "WhatsApp takes replies until " in (call.text or "")
    assert "U0ANA" in str(call.raw["blocks"])
    await rig.stop()
    await rig.start()
    await looks(rig)
    assert last_calls(rig, card) == [call]


async def test_where_nobody_has_claimed_nobody_is_called(rig: Rig) -> None:
    _, card = await rig.waiting("whatsapp")
    await passes(rig, 23 * HOUR)
    await looks(rig)
    [call] = last_calls(rig, card)
    assert "'user_id'" not in str(call.raw["blocks"])


async def test_whoever_has_answered_is_not_called(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await rig.hears_next(customer, "ana", card)
    await passes(rig, 23 * HOUR)
    await looks(rig)
    assert last_calls(rig, card) == []


async def test_what_came_due_while_the_bridge_was_down_is_said_when_it_is_back(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await passes(rig, 23 * HOUR + HOUR / 2)
    await rig.stop()
    await rig.start()  # it looks by itself
    await rig.until(lambda: last_calls(rig, card) or None, "the last call")


async def test_a_clock_that_was_wrong_calls_once_and_the_card_is_right_again(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await rig.quiet()
    desk, clock = rig.bridge.desk, rig.bridge.desk.house.clock
    right, after = desk.house, rig.now
    for _ in range(2):
        desk.house = replace(right, clock=lambda: clock() + 23 * HOUR)
        await looks(rig)
        desk.house = right
        await looks(rig)
    assert len(last_calls(rig, card)) == 1
    assert drawn(rig, card, after)[-1].startswith("Can be answered until ")


async def test_a_customer_who_writes_opens_it_again_and_then_all_begins_anew(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    await looks(rig)
    after = rig.now
    await customer.says("Are you there?")
    await rig.team.sees_card(card, "\nCan be answered until ", after)
    await looks(rig)
    assert await rig.hears_next(customer, "ana", card, "Yes, I am.")
    await customer.says("Good.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'Good.'")
    await passes(rig, 23 * HOUR)
    await looks(rig)
    assert len(last_calls(rig, card)) == 1


async def test_a_customer_who_writes_much_has_the_card_drawn_once_in_a_quarter_of_an_hour(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, HOUR)
    after = rig.now
    quarters = set[int]()
    for number in range(8):
        await customer.says(f"Line {number}")
        await rig.finds("SELECT 1 FROM message WHERE text = ?", f"Line {number}")
        await rig.quiet()
        newest = await rig.read(lambda tx: tx.one("SELECT MAX(at) FROM message WHERE author = 'customer'"))
        assert newest
        quarters.add(newest[0] // (HOUR // 4 // timedelta(microseconds=1)))
    assert len(drawn(rig, card, after)) == len(quarters) <= 2


async def test_what_is_written_too_late_is_held_and_asked_about_when_the_customer_writes(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    before = rig.now
    ts = await rig.types("ana", card, "I have found your parcel.")
    asked = await rig.told("ana", NOT_SENT, before)
    assert offers(asked) == ["held_template", "held_note"]
    await rig.team.sees_mark(ts, "raised_hand", before)
    await rig.quiet()
    assert "I have found your parcel." not in customer.heard
    after = rig.now
    await customer.says("Hello?")
    again = await rig.told("ana", "The customer has written, so this can be sent now.", after)
    assert offers(again) == ["held_send", "held_note"]
    heard = len(customer.heard)
    await rig.team.presses("ana", again.id or "", "held_send")
    await customer.hears(lambda text: text == "I have found your parcel.", "the reply at last", heard)
    await rig.quiet()
    assert len(questions(rig, before)) == 1
    assert not rig.history("whatsapp", "rejected")


def offers(asked: Entry) -> list[str]:
    """The buttons under a question."""
    blocks = asked.raw.get("blocks", ())
    return [it["action_id"] for block in blocks if block["type"] == "actions" for it in block["elements"]]


async def test_a_platform_that_refuses_what_we_thought_it_takes_has_a_template_offered(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await rig.quiet()
    for each in rig.sandbox.whatsapp.customers.all:  # our clock is wrong, or theirs
        each.window_until -= 25 * HOUR.total_seconds()
    before = rig.now
    ts = await rig.types("ana", card, "I have found your parcel.")
    failed = await rig.team.sees_post(card, "This did not reach the customer: More than 24 hours", before)
    assert "WhatsApp takes replies again when they write: send it again then" in (failed.text or "")
    assert offers(failed) == ["again", "template"]
    await rig.team.sees_mark(ts, "warning", before)
    await customer.says("Hello?")
    await rig.finds("SELECT 1 FROM message WHERE text = 'Hello?'")
    heard = len(customer.heard)
    await rig.team.presses("ana", failed.id or "", "again")
    await customer.hears(lambda text: text == "I have found your parcel.", "the reply at last", heard)


async def test_what_failed_is_not_sent_again_while_it_would_fail_again(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await rig.quiet()
    for each in rig.sandbox.whatsapp.customers.all:
        each.window_until -= 25 * HOUR.total_seconds()
    await rig.types("ana", card, "I have found your parcel.")
    failed = await rig.team.sees_post(card, "This did not reach the customer: More than 24 hours")
    await passes(rig, LATE)
    before = rig.now
    await rig.team.presses("ana", failed.id or "", "again")
    await rig.told("ana", NOT_SENT, before)
    await rig.quiet()
    assert len(rig.history("whatsapp", "rejected")) == 1


async def test_a_note_is_a_note_at_any_time(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    before = rig.now
    await rig.types("ana", card, "!note She may call.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'She may call.' AND state = 'note'")
    await rig.quiet()
    assert questions(rig, before) == []


async def test_what_was_held_for_another_reason_stays_held_when_it_is_too_late(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    before = rig.now
    await rig.types("ana", card, "@ben It is here.")
    asked = await rig.told("ana", "so it was not sent", before)
    await rig.team.presses("ana", asked.id or "", "held_send")
    await rig.told("ana", NOT_SENT, before)
    await rig.quiet()
    assert not [text for text in customer.heard if "It is here." in text]
    await rig.finds("SELECT 1 FROM message WHERE text LIKE '%It is here.' AND state = 'held'")
    after = rig.now
    await rig.types("ana", card, "!held")
    await rig.told("ana", NOT_SENT, after)


async def test_who_claims_and_sends_too_late_claims_and_is_asked_anew(rig: Rig) -> None:
    customer, card = await rig.waiting("whatsapp")
    await passes(rig, LATE)
    before = rig.now
    await rig.types("ana", card, "I am here.")
    asked = await rig.told("ana", "Nobody has claimed this conversation", before)
    await rig.team.presses("ana", asked.id or "", "held_send")
    await rig.told("ana", NOT_SENT, before)
    await rig.team.sees_card(card, "Ana has this", before)
    await rig.quiet()
    assert "I am here." not in customer.heard


async def test_a_suggestion_that_cannot_be_sent_stays_in_its_window(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    after = rig.now
    await rig.team.clicks("ana", card, "draft")
    window = await opened(rig, "Reply in #", after)
    await opened(rig, "Reply in #", after, "views.update")
    said = {"text": {"text": "It comes on Monday."}}
    done = await rig.sandbox.act("slack", "ana", "submit", window.id or "", values=said)
    assert NOT_SENT in done["error"]
    assert rig.sandbox.slack.views.open_views[window.id or ""].view["callback_id"] == "draft"
    await rig.quiet()
    assert "It comes on Monday." not in customer.heard


async def test_a_colleagues_note_cannot_be_said_too_late(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    ts = await rig.types("ben", card, "!note It is at the depot.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'It is at the depot.'")
    before = rig.now
    await acts(rig, "ana", "shortcut", f"{card.chat}:{ts}", callback_id="send_message")
    await rig.told("ana", NOT_SENT, before)
    await rig.quiet()
    assert "It is at the depot." not in customer.heard


async def test_over_is_over_and_nobody_is_called(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    before = rig.now
    await rig.team.clicks("ana", card, "end")
    ended = await rig.team.sees_card(card, "Ended", before)
    assert not any(map(_about_window, (ended.text or "").split("\n")))
    await passes(rig, 23 * HOUR)
    after = rig.now
    await looks(rig)
    assert (drawn(rig, card, after), last_calls(rig, card)) == ([], [])


@pytest.mark.postgres
async def test_two_bridges_on_one_postgresql_call_once(rigs: Rigs, postgres: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        _, card = await rig.claimed("whatsapp")
        await passes(rig, 23 * HOUR)
        show = partial(reply_windows._show, conversation=1)
        await asyncio.gather(*(rig.bridge.desk.within(show) for _ in range(6)))
        await rig.quiet()
        assert len(last_calls(rig, card)) == 1
