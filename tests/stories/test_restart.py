"""The bridge dies and comes back on the same data: nothing is lost, nothing comes twice, lanes keep their order."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bridge.demo.customers import Customer

from ..conftest import Rig, Rigs


def lines(customer: Customer) -> list[str]:
    return [text for text in customer.heard if text.startswith("Line")]


async def dies_while_sending(
    rig: Rig, channel: str, send: Callable[[], Awaitable[object]], *, accepted: bool, method: str = ""
) -> None:
    """Something is sent, and the bridge dies before it hears an answer; the platform has accepted it, or has not."""
    await rig.quiet()
    port: Any = rig.bridge.workspace if channel == "slack" else rig.bridge.channels[channel]
    method = method or ("post" if channel == "slack" else "send")
    real, stuck = getattr(port, method), asyncio.Event()

    async def never_answered(*arguments: Any) -> str:
        if accepted:
            await real(*arguments)
        stuck.set()
        return await asyncio.get_running_loop().create_future()

    setattr(port, method, never_answered)
    await send()
    await stuck.wait()
    await rig.stop()


async def test_lanes_go_on_where_they_stood(rig: Rig) -> None:
    maria, card = await rig.claimed("telegram")
    await rig.quiet()
    rig.fault("telegram", "sendMessage", "429", seconds=1.0)
    for number in range(3):
        await rig.types("ana", card, f"Line {number}")
    await rig.finds("SELECT 1 FROM outbox WHERE state = 'pending' AND attempts = 1")
    await rig.stop()
    await maria.says("Are you there?")
    after = rig.now
    await rig.start()
    await maria.hears(lambda text: text == "Line 2", "the last line")
    assert lines(maria) == ["Line 0", "Line 1", "Line 2"]
    await rig.team.sees_post(card, "Are you there?", after)


async def test_what_is_typed_while_nobody_listens_is_delivered_afterwards(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.stop()
    stamps = [await rig.types("ana", card, f"Line {number}") for number in range(3)]
    await rig.start()
    for ts in stamps:
        await rig.team.sees_mark(ts, "white_check_mark")
    assert lines(customer) == ["Line 0", "Line 1", "Line 2"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_post_that_may_have_been_accepted_is_looked_for_and_stands_once(rig: Rig, accepted: bool) -> None:
    customer, card = await rig.claimed("telegram")
    await dies_while_sending(rig, "slack", lambda: customer.says("Line 0"), accepted=accepted)
    await customer.says("Line 1")
    await rig.start()
    await rig.team.sees_post(card, "Line 1")
    await rig.quiet()
    posts = "\n".join(entry.text or "" for entry in rig.history("slack", "chat.postMessage"))
    assert (posts.count("Line 0"), posts.count("Line 1")) == (1, 1)
    assert posts.index("Line 0") < posts.index("Line 1")


@pytest.mark.parametrize("accepted", [True, False])
async def test_telegram_is_never_told_twice_and_the_agent_is_asked(rig: Rig, accepted: bool) -> None:
    customer, card = await rig.claimed("telegram")
    await dies_while_sending(rig, "telegram", lambda: rig.types("ana", card, "Line 0"), accepted=accepted)
    await rig.start()
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    await rig.types("ana", card, "Line 1")
    await rig.quiet()
    assert lines(customer) == ["Line 0"] * accepted
    await rig.team.presses("ana", question.id or "", "arrived" if accepted else "resend")
    await customer.hears(lambda text: text == "Line 1", "the line behind it")
    assert lines(customer) == ["Line 0", "Line 1"]


async def test_whatsapp_s_report_settles_what_the_death_left_open(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await dies_while_sending(rig, "whatsapp", lambda: rig.types("ana", card, "Line 0"), accepted=True)
    await rig.start()
    await rig.types("ana", card, "Line 1")
    await customer.hears(lambda text: text == "Line 1", "the line behind it")
    await rig.quiet()
    assert lines(customer) == ["Line 0", "Line 1"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_web_gets_it_once_whatever_the_death_left_open(rig: Rig, accepted: bool) -> None:
    customer, card = await rig.claimed("web", "priya")
    await dies_while_sending(rig, "web", lambda: rig.types("ana", card, "Line 0"), accepted=accepted)
    await rig.start()
    ts = await rig.types("ana", card, "Line 1")
    await customer.hears(lambda text: text == "Line 1", "the line behind it")
    await rig.team.sees_mark(ts, "white_check_mark")
    assert lines(customer) == ["Line 0", "Line 1"]


async def test_a_question_that_was_open_is_still_open(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    ts = await rig.types("ben", card, "Let me help")
    await rig.team.sees_mark(ts, "raised_hand")
    question = await rig.told("ben", "Only Ana's messages")
    await rig.stop()
    await rig.start()
    await rig.team.presses("ben", question.id or "", "held_send")
    await customer.hears(lambda text: text == "Let me help", "the held words")


async def test_what_slack_gave_up_telling_us_is_read_in_the_thread(rig: Rig) -> None:
    customer, card = await rig.claimed("telegram")
    await rig.hears_next(customer, "ana", card)
    await rig.stop()
    rig.sandbox.slack.subscriptions = set()  # nobody listens, and Slack does not try for ever
    for text in ("Line 0", "!note a VIP", "Line 1"):
        await rig.types("ana", card, text)
    held = await rig.types("ben", card, "Line of Ben")
    rig.sandbox.slack.subscriptions = None
    await rig.start()
    await customer.hears(lambda text: text == "Line 1", "the last line")
    await rig.team.sees_mark(held, "raised_hand")
    await rig.quiet()
    assert lines(customer) == ["Line 0", "Line 1"]
    assert "a VIP" not in customer.heard


@pytest.mark.parametrize("heard", [True, False])
async def test_what_was_written_under_a_card_that_we_did_not_know_is_not_lost(rig: Rig, heard: bool) -> None:
    customer, before = rig.customer("telegram"), rig.now
    await dies_while_sending(rig, "slack", lambda: customer.says("a human please"), accepted=True, method="open_thread")
    card = await rig.team.card_of("Maria", before)
    rig.sandbox.slack.subscriptions = None if heard else set()
    await rig.types("ana", card, "Line 0")
    rig.sandbox.slack.subscriptions = None
    rig.fault("slack", "conversations.history", "delay", seconds=0.5)  # what was written comes before we know the card
    await rig.start()
    question = await rig.told("ana", "Nobody has claimed this conversation")
    await rig.team.presses("ana", question.id or "", "held_send")
    await customer.hears(lambda text: text == "Line 0", "the line")
    assert len([it for it in rig.history("slack", "chat.postMessage") if not it.thread]) == 1


async def test_the_bot_is_asked_again_what_it_had_not_answered(rig: Rig) -> None:
    await rig.stop()
    customer = rig.customer("telegram")
    await customer.says("How long does delivery take?")
    await rig.start()
    await customer.hears(lambda text: "working day" in text, "the answer")
    assert len(customer.heard) == 1


async def test_what_platforms_repeat_after_a_restart_is_known(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.fault("whatsapp", "message", "duplicate")
    await customer.says("Line 0")
    await rig.team.sees_post(card, "Line 0")
    await rig.stop()
    await rig.start()
    await customer.says("Line 1")
    await rig.team.sees_post(card, "Line 1")
    await rig.quiet()
    posts = "\n".join(entry.text or "" for entry in rig.history("slack", "chat.postMessage"))
    assert (posts.count("Line 0"), posts.count("Line 1")) == (1, 1)


@pytest.mark.postgres
async def test_the_same_on_postgresql(rigs: Rigs, postgres: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        maria, card = await rig.claimed("telegram")
        await dies_while_sending(rig, "slack", lambda: maria.says("Line 0"), accepted=True)
        await rig.start()
        await maria.says("Line 1")
        await rig.team.sees_post(card, "Line 1")
        await rig.quiet()
        posts = "\n".join(entry.text or "" for entry in rig.history("slack", "chat.postMessage"))
        assert (posts.count("Line 0"), posts.count("Line 1")) == (1, 1)
