"""The mark on an agent's own message: one at a time, and the newest."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bridge import to_agents
from bridge.content import Author
from bridge.courier import agents
from bridge.courier.trip import Trip
from bridge.ports import Place
from bridge.session import House, Session
from bridge.store import conversations, messages
from bridge.store.lanes import Lane
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.to_agents import MARKS_WAIT, show_fate

from ..conftest import Rig

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARKS = Lane("marks:1001", "marks", NOW, claimed=True)


def drawn(rig: Rig, ts: str) -> list[str]:
    """What was put on a message and taken away, in order."""
    done = rig.history("slack", "reactions.add", "reactions.remove")
    return [f"{'+' if it.kind == 'reactions.add' else '-'}{it.text}" for it in done if it.id == ts]


async def test_a_reply_that_is_on_its_way_for_long_shows_an_hourglass_until_it_arrives(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (to_agents, agents):
        monkeypatch.setattr(module, "SLOW", to_agents.MARKS_WAIT)
    _, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "429", seconds=3)
    ts = await rig.types("ana", card, "It takes a while")
    await rig.team.sees_mark(ts, "hourglass_flowing_sand")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.until(lambda: len(drawn(rig, ts)) == 3 or None, "the hourglass taken away")
    assert drawn(rig, ts) == ["+hourglass_flowing_sand", "+white_check_mark", "-hourglass_flowing_sand"]


async def test_what_arrives_in_time_shows_none(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ana", card, "At once")
    await customer.hears(lambda text: text == "At once", "the reply")
    await rig.finds("SELECT 1 FROM lane", none=True)
    assert drawn(rig, ts) == ["+white_check_mark"]


async def test_what_the_customer_has_read_has_eyes_instead_of_a_tick(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    ts = await rig.types("ana", card, "Read me")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("whatsapp", "jonas", "read")
    await rig.team.sees_mark(ts, "eyes")
    await rig.until(lambda: len(drawn(rig, ts)) == 3 or None, "the tick taken away")
    assert drawn(rig, ts) == ["+white_check_mark", "+eyes", "-white_check_mark"]
    assert "Read me" in customer.heard


async def test_a_mark_of_which_no_answer_came_leaves_no_second_one(rig: Rig) -> None:
    _, card = await rig.claimed()
    rig.fault("slack", "reactions.add", "drop_after_accept")
    ts = await rig.types("ben", card, "Shall I?")
    await rig.team.sees_mark(ts, "raised_hand")
    question = await rig.told("ben", "")
    await rig.team.presses("ben", question.id or "", "held_note")
    await rig.until(lambda: drawn(rig, ts)[-1] == "-raised_hand" or None, "the mark taken away")


def arrived(tx: Tx, *names: str) -> list[int]:
    """Replies that the customer just got."""
    conversation, _ = conversations.of_chat(tx, "telegram", "42", "Maria", "en", NOW)
    ids = [
        messages.add(tx, conversation.id, 1001, Author("agent", "Ana"), name, "sent", NOW, source=Place("C1", name))
        for name in names
    ]
    for reply in ids:
        messages.delivered(tx, f"key-{reply}", reply, "", "delivered")
        show_fate(tx, 1001, reply, f"mark-{reply}", NOW, good=True)
    return ids


async def packed(store: Store, now: datetime) -> Trip:
    """What is drawn next at that moment; nothing of it is kept."""

    def work(tx: Tx) -> Trip:
        found.append(agents.pack_mark(Session(tx, cast(House, None), now), MARKS))
        raise KeyError

    found: list[Any] = []
    with pytest.raises(KeyError):
        await store.write(work)
    return found[-1]


async def test_good_news_waits_for_more_and_the_newest_speaks_for_much(store: Store) -> None:
    *_, newest = await store.write(lambda tx: arrived(tx, "a", "b", "c", "d", "e", "f"))
    early = await packed(store, NOW + MARKS_WAIT / 2)
    assert (early.letters, early.dropped, early.again) == ((), 0, NOW + MARKS_WAIT)
    drawn = await packed(store, NOW + MARKS_WAIT)
    assert ([it.payload["message"] for it in drawn.letters], drawn.dropped, drawn.again) == ([newest], 5, None)


async def test_good_news_does_not_wait_for_a_clock_that_was_set_back(store: Store) -> None:
    await store.write(lambda tx: arrived(tx, "a"))
    assert (await packed(store, NOW - timedelta(hours=1))).letters


async def test_bad_news_waits_for_nothing(store: Store) -> None:
    def also_failed(tx: Tx) -> None:
        _, bad = arrived(tx, "a", "b")
        messages.set_state(tx, bad, "failed")
        show_fate(tx, 1001, bad, "mark", NOW)

    await store.write(also_failed)
    assert (await packed(store, NOW)).letters
