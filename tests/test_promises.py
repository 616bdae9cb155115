"""Attacks on what is promised: nothing lost, nothing twice, and nobody is told what is not so."""

import asyncio
from dataclasses import replace
from typing import Literal

import pytest

from bridge.ports import Answer, Receipt, Received, Turn
from bridge.sandbox.slack import limits
from bridge.store import lanes
from bridge.team_workspace import quota, socket
from bridge.verbs import number_and_note

from .conftest import Rig, Rigs, number_of

LONG = "Every tea has its own story. " * 200  # two messages on Telegram and WhatsApp


# ------------------------------------------------------------------------------- what people type while nobody hears it


async def lost(rig: Rig, ts: str) -> None:
    """Until Slack has given up telling us of that message."""
    rig.sandbox.world.set_speed(2000)
    await rig.until(lambda: [it for it in rig.history("slack", "event_lost") if it.id == ts] or None, "giving up")
    rig.sandbox.world.set_speed(1)


async def test_what_was_missed_is_read_although_somebody_has_written_since(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    await rig.stop()
    await lost(rig, await rig.types("ana", card, "While you were away"))
    rig.fault("slack", "conversations.replies", "500", times=1000)
    await rig.start()
    await rig.hears_next(customer, "ana", card, "After it")
    rig.sandbox.world.faults.clear()
    await customer.hears(lambda text: text == "While you were away", "what was missed")
    assert customer.heard.count("After it") == 1


async def test_what_was_typed_while_the_sockets_were_down_is_read_when_they_are_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("FIRST_PAUSE", 0.05), ("LONGEST_PAUSE", 0.1)):
        monkeypatch.setattr(socket, name, seconds)
    customer, card = await rig.claimed()
    rig.fault("slack", "apps.connections.open", "500", times=1000)
    await rig.sandbox.slack.sockets.disconnect()
    await lost(rig, await rig.types("ana", card, "Can you hear me?"))
    rig.sandbox.world.faults.clear()
    await customer.hears(lambda text: text == "Can you hear me?", "what was missed")


async def test_what_slack_leaves_out_beyond_its_quota_of_events_is_read(
    rigs: Rigs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "AFTER", 0.1)
    async with rigs(strict=True) as rig:
        customer, card = await rig.claimed()
        await rig.quiet()
        monkeypatch.setattr(limits, "EVENTS_PER_HOUR", 1)
        rig.sandbox.slack.limits.forget()
        await rig.types("ana", card, "The last that Slack tells")
        await rig.types("ana", card, "More than Slack tells")
        await customer.hears(lambda text: text == "More than Slack tells", "what was left out")
    assert "The last that Slack tells" in customer.heard


# ------------------------------------------------------------- started, and Slack has not yet told who and where we are


async def test_a_card_waits_until_it_is_known_where_it_goes(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    await rig.stop()
    rig.fault("slack", "auth.test", "500", times=1000)
    await rig.start()
    customer = rig.customer("telegram")
    await customer.says("I want to talk to a human")
    await customer.hears(lambda text: "A person from our team" in text, "the waiting text")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'open' AND attempts = 0")
    rig.sandbox.world.faults.clear()
    await rig.team.card_of(customer.name)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_what_may_have_been_posted_is_not_posted_again_before_it_is_known_who_we_are(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    rig.fault("slack", "chat.postMessage", "drop_after_accept")
    rig.fault("slack", "events", "delay", times=1000, seconds=1000)  # it does not come back to us either
    rig.fault("slack", "conversations.replies", "500", times=1000)
    await customer.says("Are you there?")
    await rig.team.sees_post(card, "Are you there?")
    await rig.stop()
    rig.sandbox.world.faults.clear()
    rig.fault("slack", "auth.test", "500", times=1000)
    await rig.start()
    await customer.says("Hello?")
    await rig.finds("SELECT 1 FROM message WHERE text = 'Hello?'")
    rig.sandbox.world.faults.clear()
    await rig.team.sees_post(card, "Hello?")
    posts = [it for it in rig.history("slack", "chat.postMessage") if "Are you there?" in (it.text or "")]
    assert len(posts) == 1


# ---------------------------------------------------------------------- Slack promises no order: the change comes first


async def heard_late(rig: Rig) -> None:
    """Until the message itself, which Slack tells late, is known: only it has its client's id."""
    await rig.finds("SELECT 1 FROM inbox_key WHERE substr(key, 1, 13) = 'slack:client:'")


async def test_a_change_that_is_heard_of_first_is_what_the_customer_gets(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("slack", "message", "delay", seconds=1)
    ts = await rig.types("ana", card, "Your refund is 1000")
    await rig.team.edits("ana", card, ts, "Your refund is 100")
    await customer.hears(lambda text: text == "Your refund is 100", "the newest words")
    await heard_late(rig)
    heard = await rig.hears_next(customer, "ana", card)
    assert [text for text in heard if "refund" in text] == ["Your refund is 100"]
    await rig.finds("SELECT 1 FROM inbox WHERE failed <> ''", none=True)


async def test_what_was_deleted_before_we_heard_of_it_is_not_sent(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("slack", "message", "delay", seconds=0.5)
    ts = await rig.types("ana", card, "Not for you")
    await rig.team.deletes("ana", card, ts)
    await heard_late(rig)
    assert "Not for you" not in await rig.hears_next(customer, "ana", card)
    assert not [it for it in rig.history("telegram", "sendMessage") if it.text == "Not for you"], "nor for a moment"


# -------------------------------------------------------------------------------------- what agents are told of a reply


async def test_of_a_deleted_reply_that_stays_with_the_customer_its_author_learns_it(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    ts = await rig.types("ana", card, "Oh dear")
    await customer.hears(lambda text: text == "Oh dear", "the reply")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "this stays with the customer")


async def test_a_command_made_by_an_edit_does_not_run_and_its_author_learns_it(rig: Rig) -> None:
    _, card = await rig.claimed()
    ts = await rig.types("ana", card, "!hanback")
    await rig.told("ana", "is not a command")
    await rig.team.edits("ana", card, ts, "!handback")
    await rig.told("ana", "An edit runs no command")


async def test_what_failed_cannot_be_changed(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp", "jonas")
    await rig.sandbox.act("whatsapp", "jonas", "block")
    ts = await rig.types("ana", card, "Line 0")
    await rig.team.sees_mark(ts, "warning")
    await rig.team.edits("ana", card, ts, "Line 1")
    await rig.told("ana", "did not reach the customer, and neither did your change")


async def test_a_change_that_was_not_carried_can_be_sent_as_a_correction(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ana", card, "Short")
    await customer.hears(lambda text: text == "Short", "the first words")
    await rig.team.edits("ana", card, ts, LONG)
    notice = await rig.team.sees_post(card, "This change did not reach the customer")
    said = await rig.read(lambda tx: tx.one("SELECT text FROM message WHERE source_ts = ?", ts))
    assert said == ("Short",)  # what the customer has
    before = len(customer.heard)
    await rig.team.presses("ana", notice.id or "", "correct")
    await customer.hears(lambda text: text in LONG, "the correction", before)


async def test_a_change_that_was_carried_is_what_was_said(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ana", card, "One")
    for text in ("One", "Two", "One"):
        await rig.team.edits("ana", card, ts, text)
        await customer.hears(lambda heard, text=text: heard == text, text)
        await rig.quiet()
        said = await rig.read(lambda tx: tx.one("SELECT text, changed FROM message WHERE source_ts = ?", ts))
        assert said == (text, "")


async def test_a_change_taken_back_leaves_no_correction(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    ts = await rig.types("ana", card, "Line 0")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.team.edits("ana", card, ts, "Line 1")
    told = await rig.told("ana", "Messages on WhatsApp cannot be changed")
    await rig.team.edits("ana", card, ts, "Line 0")
    await rig.hears_next(customer, "ana", card)
    await rig.team.presses("ana", told.id or "", "correct")
    await rig.told("ana", "sent already")
    assert "Line 1" not in customer.heard


async def test_only_an_agent_s_message_can_be_sent_again(rig: Rig) -> None:
    _, card = await rig.waiting()
    await rig.sandbox.act("telegram", "maria", "block")
    await rig.team.clicks("ana", card, "claim")
    notice = await rig.team.sees_post(card, "This did not reach the customer")
    assert not [block for block in notice.raw["blocks"] if block["type"] == "actions"]


# --------------------------------------------------------------------------------------------- replies in several parts


async def in_two_parts(rig: Rig) -> tuple[str, list[str]]:
    """A reply of which WhatsApp has accepted both parts and reported nothing: its ts, and the parts' keys."""
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.sandbox.whatsapp.webhooks.subscription = None  # its webhooks are lost
    before, ts = len(customer.heard), await rig.types("ana", card, LONG)
    await rig.until(lambda: len(customer.heard) == before + 2 or None, "both parts")
    await rig.quiet()
    parts = """SELECT d.key FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.source_ts = ? ORDER BY part"""
    return ts, [row[0] for row in await rig.read(lambda tx: tx.all(parts, ts))]


async def reported(rig: Rig, key: str, status: Literal["sent", "delivered", "read", "failed"]) -> None:
    report = Receipt(status, f"wamid.{key}", key, "It was held back.")
    await rig.bridge.desk.customers_did("whatsapp", [Received((f"status:{key}:{status}",), report, b"{}")])


async def marks(rig: Rig, ts: str) -> list[str | None]:
    await rig.quiet()
    return [entry.text for entry in rig.history("slack", "reactions.add") if entry.id == ts]


async def test_a_reply_is_delivered_when_all_its_parts_are(rig: Rig) -> None:
    ts, [first, second] = await in_two_parts(rig)
    await reported(rig, first, "delivered")
    assert await marks(rig, ts) == []
    await reported(rig, second, "read")
    assert await marks(rig, ts) == ["white_check_mark"]


async def test_a_reply_of_which_a_part_failed_is_not_marked_delivered(rig: Rig) -> None:
    ts, [first, second] = await in_two_parts(rig)
    await reported(rig, first, "failed")
    await reported(rig, second, "delivered")
    assert await marks(rig, ts) == ["warning"]


async def test_what_was_delivered_does_not_fail_later(rig: Rig) -> None:
    ts, [first, second] = await in_two_parts(rig)
    await reported(rig, first, "delivered")
    await reported(rig, second, "delivered")
    await reported(rig, second, "failed")
    assert await marks(rig, ts) == ["white_check_mark"]


async def test_only_what_did_not_arrive_is_sent_again(rig: Rig) -> None:
    ts, [first, second] = await in_two_parts(rig)
    after = rig.now
    await reported(rig, first, "delivered")
    await reported(rig, second, "failed")
    notice = await rig.watch.entry("slack", lambda it: "Part of this did not reach" in (it.text or ""), "the notice")
    await rig.team.presses("ana", notice.id or "", "again")
    sent = await rig.until(lambda: rig.history("whatsapp", "messages", after=after) or None, "what is sent again")
    await rig.quiet()
    assert len(sent) == 1
    assert LONG.strip().endswith(sent[0].text or "")
    assert [it.text for it in rig.history("slack", "reactions.remove") if it.id == ts] == ["warning"]


async def test_a_part_in_doubt_leaves_the_whole_in_doubt(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    ts = await rig.types("ana", card, LONG)
    await rig.team.sees_post(card, "This may not have reached the customer")
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    assert await marks(rig, ts) == []
    assert await rig.read(lambda tx: tx.one("SELECT state FROM message WHERE source_ts = ?", ts)) == ("uncertain",)


async def test_a_late_report_settles_what_was_left_in_doubt(rig: Rig) -> None:
    ts, [first, second] = await in_two_parts(rig)
    for table, key in (("delivery", "key = ?"), ("message", "id = (SELECT message_id FROM delivery WHERE key = ?)")):
        sql = f"UPDATE {table} SET state = 'uncertain' WHERE {key}"
        await rig.bridge.store.write(lambda tx, sql=sql: tx.run(sql, first))
    await reported(rig, second, "delivered")
    assert await marks(rig, ts) == []
    await reported(rig, first, "delivered")
    assert await marks(rig, ts) == ["white_check_mark"]


# ------------------------------------------------------------------------------------------------------------ questions


async def test_a_question_is_not_thrown_away_while_slack_takes_nothing(rig: Rig) -> None:
    """The customer's lane waits for the answer: without the question it would wait for ever."""
    customer, card = await rig.claimed()
    await rig.quiet()
    lane, after = f"thread:{number_of(card)}", rig.now
    rig.fault("slack", "chat.postMessage", "429", times=1000, seconds=60)
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.types("ana", card, "Line 0")
    await customer.hears(lambda text: text == "Line 0", "the line")
    await rig.sandbox.act("slack", "clea", "archive_channel", card.chat or "")
    rig.sandbox.world.faults.clear()
    await tried_ten_times(rig, lane)
    await rig.sandbox.act("slack", "clea", "unarchive_channel", card.chat or "")
    await look_at(rig, lane)
    await rig.team.sees_post(card, "This may not have reached the customer", after)


async def tried_ten_times(rig: Rig, lane: str) -> None:
    """Without the pauses; or until it is given up."""
    attempts: int = 0
    async with asyncio.timeout(20):
        while attempts < 10:
            await look_at(rig, lane)
            await asyncio.sleep(0.02)
            row = await rig.read(lambda tx: tx.one("SELECT MAX(attempts) FROM outbox WHERE lane = ?", lane))
            if attempts and row == (None,):
                return
            attempts = row[0] or 0 if row else 0


async def look_at(rig: Rig, lane: str) -> None:
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, lane))


# ----------------------------------------------------------------------------------------------------------------- bots


class Odd:
    """A bot that says what it is told to say."""

    name = "Odd"

    def __init__(self, text: str) -> None:
        self.text = text

    async def answer(self, turn: Turn) -> Answer:
        return Answer(self.text)

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("text", ["", " \n", "\ud83d"])
async def test_a_bot_that_has_nothing_to_say_leaves_nobody_without_an_answer(rig: Rig, text: str) -> None:
    courier = rig.bridge.courier
    courier._kitbag = replace(courier._kitbag, bots={"": Odd(text)})
    customer = rig.customer("telegram")
    await customer.says("Where is my order?")
    await customer.hears(lambda heard: bool(heard.strip()), "an answer")


# -------------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("#1001: called her", 1001, "called her"),
        ("#1001, done", 1001, "done"),
        ("# 1001 done", 1001, "done"),
        ("#1001", 1001, ""),
        ("1001 done", 1001, "done"),
        ("5pm is fine", None, "5pm is fine"),
        ("20% off", None, "20% off"),
    ],
)
def test_whoever_names_a_number_means_that_one(text: str, number: int | None, note: str) -> None:
    assert number_and_note(text) == (number, note)
