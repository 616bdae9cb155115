"""To threads: the card first, lines joined, everything exactly once, also when Slack's answers get lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.sandbox.world import Entry
from bridge.store import lanes
from bridge.team_workspace import posting
from bridge.team_workspace.echoes import metadata

from ..conftest import Rig, Rigs, number_of


def posts(rig: Rig, card: Entry | None = None, after: int = 0) -> list[str]:
    """What stands in a card's thread, or the cards themselves."""
    entries = rig.history("slack", "chat.postMessage", after=after)
    return [entry.text or "" for entry in entries if entry.thread == (card.id if card else None)]


async def misses(rig: Rig) -> tuple[Entry, int]:
    """A line was posted, and nobody knows whether it came. Other tries are far apart."""
    bag = rig.bridge.courier._kitbag
    rig.bridge.courier._kitbag = replace(bag, pacing=replace(bag.pacing, apart=timedelta(minutes=1)))
    customer, card = await rig.claimed()
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.postMessage", "disconnect")
    await customer.says("Line 0")
    await rig.finds("SELECT 1 FROM outbox WHERE state = 'missed'")
    return card, after


def keys(rig: Rig, after: int = 0) -> list[str]:
    entries = rig.history("slack", "chat.postMessage", after=after)
    return [entry.raw["metadata"]["event_payload"]["key"] for entry in entries]


async def test_the_card_comes_first_then_the_conversation_so_far_then_what_follows(rig: Rig) -> None:
    customer = rig.customer("telegram")
    await customer.says("How long does delivery take?")
    await customer.hears(lambda text: "working day" in text, "the bot's answer")
    await customer.says("I want to talk to a human")
    await customer.says("It is urgent")
    card = await rig.team.card_of("Maria")
    await rig.team.sees_post(card, "It is urgent")
    await rig.quiet()
    transcript, line = posts(rig, card)
    assert "How long does delivery take?" in transcript
    assert "I want to talk to a human" in transcript
    assert "It is urgent" not in transcript
    assert line == "Maria · Telegram\nIt is urgent"


async def test_lines_that_wait_are_joined_in_their_order(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.postMessage", "429", seconds=1.0)
    await customer.says("Line 0")
    await rig.until(lambda: rig.history("slack", "rejected", after=after) or None, "Slack's wish for quiet")
    for number in range(1, 6):
        await customer.says(f"Line {number}")
    await rig.team.sees_post(card, "Line 5", after)
    assert posts(rig, card, after) == ["Maria · Telegram\n" + "\n".join(f"Line {number}" for number in range(6))]
    [refused] = rig.history("slack", "rejected", after=after)
    [posted] = rig.history("slack", "chat.postMessage", after=after)
    assert posted.at - refused.at >= 1.0


@pytest.mark.parametrize("fault", ["500", "drop_after_accept", "disconnect", "garbage"])
async def test_whatever_becomes_of_an_answer_a_line_appears_exactly_once(rig: Rig, fault: str) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.postMessage", fault)
    for number in range(3):
        await customer.says(f"Line {number}")
    await rig.team.sees_post(card, "Line 2", after)
    await rig.quiet()
    said = [line for post in posts(rig, card, after) for line in post.splitlines() if line.startswith("Line")]
    assert said == ["Line 0", "Line 1", "Line 2"]
    assert len(set(keys(rig))) == len(keys(rig))


@pytest.mark.parametrize("look_up", ["429", "500", "disconnect"])
async def test_a_line_in_doubt_is_not_posted_again_while_it_cannot_be_looked_up(rig: Rig, look_up: str) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.postMessage", "drop_after_accept")
    rig.fault("slack", "conversations.replies", look_up, times=2, seconds=0.2)
    await customer.says("Line 0")
    await customer.says("Line 1")
    await rig.team.sees_post(card, "Line 1", after)
    await rig.quiet()
    said = [line for post in posts(rig, card, after) for line in post.splitlines() if line.startswith("Line")]
    assert said == ["Line 0", "Line 1"]


@pytest.mark.parametrize("late", [True, False])
async def test_what_is_on_its_way_for_long_is_not_overtaken_by_another_try(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    monkeypatch.setattr(posting, "ECHO", 0.0)
    card, after = await misses(rig)
    assert posts(rig, card, after) == []
    if late:
        [(key,)] = await rig.bridge.store.read(lambda tx: tx.all("SELECT key FROM outbox WHERE state = 'missed'"))
        await arrives(rig, card, key)
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, f"thread:{number_of(card)}"))
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'line'", none=True)
    assert posts(rig, card, after) == ["Maria · Telegram\nLine 0"]


async def test_a_line_whose_earlier_try_arrives_after_it_was_repeated_is_taken_away(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ECHO", 0.0)
    card, after = await misses(rig)
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, f"thread:{number_of(card)}"))
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'twice'")
    [key] = keys(rig, after)
    await arrives(rig, card, key)
    [_, late] = rig.history("slack", "chat.postMessage", after=after)
    rig.fault("slack", "chat.delete", "drop_after_accept")
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, f"twice:{key}"))
    await rig.finds("SELECT 1 FROM outbox", none=True)
    assert {it.id for it in rig.history("slack", "chat.delete", after=after)} == {late.id}


async def test_a_card_whose_earlier_try_arrives_after_it_was_repeated_is_taken_away(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ECHO", 0.0)
    bag = rig.bridge.courier._kitbag
    rig.bridge.courier._kitbag = replace(bag, pacing=replace(bag.pacing, apart=timedelta(minutes=1)))
    rig.fault("slack", "chat.postMessage", "disconnect")
    customer = rig.customer("telegram")
    await customer.says("I want to talk to a human")
    await rig.finds("SELECT 1 FROM outbox WHERE state = 'missed'")
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, "thread:1001"))
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'twice'")
    card = await rig.team.card_of("Maria")
    [key, *_] = keys(rig)
    await arrives(rig, replace(card, id=None), key)
    late = rig.history("slack", "chat.postMessage")[-1]
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, f"twice:{key}"))
    await rig.finds("SELECT 1 FROM outbox", none=True)
    assert [it.id for it in rig.history("slack", "chat.delete")] == [late.id]
    await rig.team.clicks("ana", card, "claim")
    assert "And so on." in await rig.hears_next(customer, "ana", card)


async def arrives(rig: Rig, card: Entry, key: str) -> None:
    """The post of a try that got no answer."""
    post = {"channel": card.chat, "thread_ts": card.id, "text": "Maria · Telegram\nLine 0", "metadata": metadata(key)}
    url, bearer = f"{rig.sandbox_url}/slack/api/chat.postMessage", {"Authorization": "Bearer xoxb-sandbox"}
    async with rig.session.post(url, json=post, headers=bearer) as response:
        assert (await response.json())["ok"]


@pytest.mark.parametrize("fault", ["500", "drop_after_accept", "disconnect"])
async def test_a_card_appears_exactly_once_and_its_button_works(rig: Rig, fault: str) -> None:
    rig.fault("slack", "chat.postMessage", fault)
    customer, card = await rig.waiting()
    await rig.quiet()
    assert len(posts(rig)) == 1
    await rig.team.clicks("ana", card, "claim")
    assert "And so on." in await rig.hears_next(customer, "ana", card)


async def test_a_redraw_whose_answer_is_lost_is_drawn_again(rig: Rig) -> None:
    customer, card = await rig.waiting()
    await rig.quiet()
    rig.fault("slack", "chat.update", "500", times=2)
    await rig.team.clicks("ana", card, "claim")
    await rig.team.sees_card(card, "Ana has this")
    assert "And so on." in await rig.hears_next(customer, "ana", card)


async def test_the_card_shows_the_newest_state_however_much_has_changed(rig: Rig) -> None:
    _, card = await rig.waiting()
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.update", "429", seconds=1.0)
    await rig.team.clicks("ana", card, "claim")
    await rig.until(lambda: rig.history("slack", "rejected", after=after) or None, "Slack's wish for quiet")
    await rig.types("ana", card, "!handback called her")
    await rig.team.sees_card(card, "Back with the bot", after)
    await rig.quiet()
    drawn = [entry.text or "" for entry in rig.history("slack", "chat.update", after=after)]
    assert not [text for text in drawn if "Ana has this" in text]


async def test_a_mark_that_is_there_already_is_well(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("slack", "reactions.add", "drop_after_accept")
    ts = await rig.types("ana", card, "Line 0")
    await customer.hears(lambda text: text == "Line 0", "the line")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.quiet()
    message = rig.sandbox.slack.workspace.channels[card.chat or ""].messages[ts]
    assert [reaction["name"] for reaction in message["reactions"]] == ["white_check_mark"]


async def test_a_private_word_survives_a_busy_slack(rig: Rig) -> None:
    _, card = await rig.claimed()
    rig.fault("slack", "response_url", "429", seconds=1.0)
    await rig.team.clicks("ben", card, "handback")
    await rig.told("ben", "Only Ana or an admin can hand this conversation back.")


async def test_what_slack_refuses_for_good_is_tried_again_and_not_thrown_away(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.quiet()
    await rig.sandbox.act("slack", "clea", "archive_channel", card.chat or "")
    after = rig.now
    await customer.says("Line 0")
    await rig.until(lambda: rig.history("slack", "rejected", after=after) or None, "a refusal")
    await rig.sandbox.act("slack", "clea", "unarchive_channel", card.chat or "")
    await rig.team.sees_post(card, "Line 0", after)


# ----------------------------------------------------------------------------------------------------- within limits


async def test_conversations_in_which_an_agent_talks_go_first(rigs: Rigs) -> None:
    async with rigs() as rig:
        maria, card = await rig.claimed("telegram", "maria")
        others = [await rig.waiting("telegram", name) for name in ("jonas", "priya")]
        await rig.quiet()
        await rig.stop()
        for customer, _ in others:
            await customer.says("Line of one who waits")
        await maria.says("Line of one who talks")
        after = rig.now
        await rig.start(BRIDGE_PACING="strict")
        await rig.team.sees_post(card, "Line of one who talks", after)
        for _, other in others:
            await rig.team.sees_post(other, "Line of one who waits", after)
        first = rig.history("slack", "chat.postMessage", after=after)[0]
        assert first.thread == card.id


async def test_strict_pacing_never_meets_slack_s_limit(rigs: Rigs) -> None:
    async with rigs(strict=True, BRIDGE_PACING="strict") as rig:
        customer, card = await rig.claimed("web", "priya")
        for number in range(12):
            await customer.says(f"Line {number}")
        await rig.team.sees_post(card, "Line 11")
        assert rig.history("slack", "rejected") == []


async def test_lines_are_joined_only_up_to_a_size(rig: Rig) -> None:
    maria, card = await rig.claimed("telegram", "maria")
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "chat.postMessage", "429", seconds=0.3)
    words = "x" * 900
    for number in range(6):
        await maria.says(f"{number}{words}")
    await rig.team.sees_post(card, f"5{words}", after)
    await rig.quiet()
    shown = [line[0] for post in posts(rig, card, after) for line in post.splitlines() if line.endswith("xxx")]
    assert shown == list("012345")
    assert max(len(post) for post in posts(rig, card, after)) < 2700


async def test_nothing_is_left_in_the_outbox(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.hears_next(customer, "ana", card)
    await rig.team.clicks("ana", card, "end")
    await customer.hears(lambda text: "has ended" in text, "the end")
    await rig.quiet()
    assert await rig.read(lambda tx: tx.all("SELECT lane, kind FROM outbox")) == []
    await rig.finds("SELECT 1 FROM lane", none=True)  # also the one that looks for what is slow
