"""Lanes: what is in one leaves in its order, waits when it must, and goes ahead where people are talking."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bridge.errors import Refused
from bridge.store import inbox, lanes, outbox
from bridge.store.outbox import Letter
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import MINUTE, NOW, WAYS, put, sent, take, texts


async def due(store: Store, minutes: float = 0, *, most: int = 10) -> list[str]:
    found = await store.write(lambda tx: lanes.due(tx, WAYS, NOW + minutes * MINUTE, most))
    return [lane.name for lane in found]


async def deliver(store: Store, minutes: float = 0) -> list[str]:
    """Take the first lane that is due, and deliver its first letter."""
    [lane] = await store.write(lambda tx: take(tx, minutes=minutes, most=1))
    return await store.write(lambda tx: sent(tx, lane))


async def put_off(store: Store, until: datetime | None) -> None:
    [lane] = await store.write(take)
    await store.write(lambda tx: lanes.put_off(tx, lane, until))


async def letters(store: Store, lane: str, most: int = 50) -> list[Letter]:
    return await store.read(lambda tx: outbox.letters(tx, lane, most))


async def test_a_lane_keeps_its_order(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    await store.write(lambda tx: put(tx, "customer:2", "x"))
    await store.write(lambda tx: put(tx, "customer:1", "c"))
    assert texts(await letters(store, "customer:1")) == ["a", "b", "c"]
    assert texts(await letters(store, "customer:1", most=2)) == ["a", "b"]


async def test_lanes_written_at_the_same_time_keep_theirs(store: Store) -> None:
    numbers = [f"{number:03}" for number in range(60)]
    await asyncio.gather(*(store.write(lambda tx, it=it: put(tx, f"customer:{int(it) % 3}", it)) for it in numbers))
    for lane in range(3):
        assert texts(await letters(store, f"customer:{lane}")) == numbers[lane::3]


async def test_what_is_done_leaves_and_an_empty_lane_goes_with_it(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    assert await deliver(store) == ["a"]
    assert texts(await letters(store, "customer:1")) == ["b"]
    assert await due(store) == ["customer:1"]
    assert await deliver(store) == ["b"]
    assert await letters(store, "customer:1") == []
    assert await store.read(lambda tx: tx.all("SELECT name FROM lane")) == []


async def test_done_twice_does_not_lose_a_letter_that_came_between(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    [lane] = await store.write(take)
    await store.write(lambda tx: sent(tx, lane))
    await store.write(lambda tx: put(tx, "customer:1", "b"))
    with pytest.raises(lanes.Fenced):
        await store.write(lambda tx: sent(tx, lane))
    assert texts(await letters(store, "customer:1")) == ["b"]
    assert await due(store) == ["customer:1"]


async def test_before_the_first_byte_a_letter_is_in_doubt(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    first, _ = await letters(store, "customer:1")
    assert (first.in_doubt, first.attempts) == (False, 0)
    await store.write(lambda tx: outbox.mark_sending(tx, [first.id]))
    first, second = await letters(store, "customer:1")
    assert (first.state, first.in_doubt, first.attempts) == ("sending", True, 1)
    assert not second.in_doubt
    await store.write(lambda tx: outbox.mark_uncertain(tx, first.id))
    assert (await letters(store, "customer:1"))[0].in_doubt
    await store.write(lambda tx: outbox.mark_pending(tx, [first.id]))
    first, _ = await letters(store, "customer:1")
    assert (first.state, first.in_doubt, first.attempts) == ("pending", False, 1)


async def test_a_lane_that_waits_is_left_alone_until_then_whatever_is_added(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    await put_off(store, NOW + 5 * MINUTE)
    await store.write(lambda tx: put(tx, "customer:1", "b", minutes=1))
    assert await due(store, 4) == []
    assert await due(store, 5) == ["customer:1"]
    assert await store.read(lambda tx: lanes.next_due(tx, NOW)) == NOW + 5 * MINUTE


async def test_a_lane_that_waits_for_a_person_waits_for_ever_and_keeps_its_letters(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    assert not await store.read(lambda tx: lanes.waits_for_a_person(tx, "customer:1"))
    await put_off(store, None)
    await store.write(lambda tx: put(tx, "customer:1", "b"))
    assert await store.read(lambda tx: lanes.waits_for_a_person(tx, "customer:1"))
    assert await due(store, 60 * 24 * 365) == []
    assert await store.read(lambda tx: lanes.next_due(tx, NOW)) is None
    await store.write(lambda tx: lanes.wake(tx, "customer:1"))
    assert await due(store) == ["customer:1"]
    assert texts(await letters(store, "customer:1")) == ["a", "b"]


async def test_waking_an_empty_lane_is_nothing(store: Store) -> None:
    await store.write(lambda tx: lanes.wake(tx, "customer:9"))
    assert await due(store, 1) == []


async def test_those_who_wait_longest_go_first(store: Store) -> None:
    for minutes in (3, 1, 2):
        await store.write(lambda tx, it=minutes: put(tx, f"thread:{it}", f"{it}", minutes=it))
    assert await due(store, 9) == ["thread:1", "thread:2", "thread:3"]
    assert await due(store, 9, most=2) == ["thread:1", "thread:2"]


async def test_claimed_conversations_go_a_minute_ahead_but_not_for_ever(store: Store) -> None:
    await store.write(lambda tx: put(tx, "thread:old", "a", minutes=0))
    await store.write(lambda tx: put(tx, "thread:young", "b", minutes=2.5))
    await store.write(lambda tx: put(tx, "thread:claimed", "c", priority=1, minutes=3))
    assert await due(store, 9) == ["thread:old", "thread:claimed", "thread:young"]
    await store.write(lambda tx: lanes.prefer(tx, ["thread:young", "thread:claimed"], 0))
    assert await due(store, 9) == ["thread:old", "thread:young", "thread:claimed"]
    await store.write(lambda tx: lanes.prefer(tx, ["thread:young", "thread:gone"], 1))
    assert await due(store, 9) == ["thread:old", "thread:young", "thread:claimed"]


async def test_a_lane_that_is_served_again_lines_up_by_its_next_letter(store: Store) -> None:
    await store.write(lambda tx: put(tx, "thread:busy", "a"))
    await store.write(lambda tx: put(tx, "thread:busy", "b", minutes=2))
    await store.write(lambda tx: put(tx, "thread:other", "x", minutes=1))
    assert await due(store, 9) == ["thread:busy", "thread:other"]
    assert await deliver(store, 9) == ["a"]
    assert await due(store, 9) == ["thread:other", "thread:busy"]


async def test_lanes_in_work_are_left_out_without_crowding_out_others(store: Store) -> None:
    for number in range(5):
        await store.write(lambda tx, it=number: put(tx, f"thread:{it}", f"{it}", minutes=it))
    busy = await store.write(lambda tx: take(tx, minutes=9, most=3))
    assert [lane.name for lane in busy] == ["thread:0", "thread:1", "thread:2"]
    assert await due(store, 9, most=2) == ["thread:3", "thread:4"]


async def test_what_is_drawn_from_the_state_is_put_only_once(store: Store) -> None:
    def draw(tx: Tx, key: str) -> None:
        outbox.put_once(tx, "card:1", "card", {}, key, NOW)

    for key in ("one", "two"):
        await store.write(lambda tx, it=key: draw(tx, it))
    [only] = await letters(store, "card:1")
    assert only.key == "one"


async def test_a_drawing_that_has_begun_is_followed_by_another(store: Store) -> None:
    def draw(tx: Tx, key: str) -> None:
        outbox.put_once(tx, "card:1", "card", {}, key, NOW)

    await store.write(lambda tx: draw(tx, "one"))
    [first] = await letters(store, "card:1")
    await store.write(lambda tx: outbox.mark_sending(tx, [first.id]))
    await store.write(lambda tx: draw(tx, "two"))
    assert [letter.key for letter in await letters(store, "card:1")] == ["one", "two"]


async def test_a_message_is_recalled_whole_or_not_at_all(store: Store) -> None:
    def waits(tx: Tx) -> None:
        for part in (1, 2):
            payload = {"message": 7, "part": part, "until": 0.0}
            outbox.put(tx, "customer:1", "part", payload, f"key-{part}", NOW, 0)

    await store.write(waits)
    found = await store.write(lambda tx: outbox.unsent(tx, "customer:1", 7))
    assert [letter.key for letter in found] == ["key-1", "key-2"]
    assert await store.write(lambda tx: outbox.unsent(tx, "customer:1", 8)) == []
    await store.write(lambda tx: outbox.mark_sending(tx, [found[1].id]))
    assert await store.write(lambda tx: outbox.unsent(tx, "customer:1", 7)) == []
    await store.write(lambda tx: outbox.mark_pending(tx, [found[1].id]))
    await store.write(lambda tx: outbox.drop(tx, [found[0].id]))
    assert await store.write(lambda tx: outbox.unsent(tx, "customer:1", 7)) == []


async def test_a_letter_is_found_by_its_key(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    found = await store.read(lambda tx: outbox.find(tx, "key-a"))
    assert found
    assert (found.lane, found.payload, found.at) == ("customer:1", {"text": "a"}, NOW)
    assert await store.read(lambda tx: outbox.find(tx, "key-b")) is None


async def test_a_refused_unit_puts_nothing(store: Store) -> None:
    def work(tx: Tx) -> None:
        put(tx, "customer:1", "a")
        raise Refused("No.")

    with pytest.raises(Refused):
        await store.write(work)
    assert await due(store, 1) == []


# ------------------------------------------------------------------------------------------------------------ the inbox


async def test_an_event_with_a_known_key_is_a_repeat(store: Store) -> None:
    assert await store.write(lambda tx: inbox.take(tx, "slack", ["event:1", "message:1"], "{}", NOW))
    assert await store.write(lambda tx: inbox.take(tx, "slack", ["event:2", "message:1"], "{}", NOW)) is False
    assert await store.write(lambda tx: inbox.take(tx, "slack", ["event:2"], "{}", NOW)) is False


async def test_a_repeat_is_not_kept_and_an_event_with_two_like_keys_is_none(store: Store) -> None:
    for keys in (["event:1", "event:1"], ["event:1"]):
        await store.write(lambda tx, it=keys: inbox.take(tx, "slack", it, "{}", NOW))
    assert await store.read(lambda tx: tx.one("SELECT COUNT(*) FROM inbox")) == (1,)


async def test_what_is_said_once_is_said_once(store: Store) -> None:
    assert [await store.write(lambda tx: inbox.once(tx, "guest:1", NOW)) for _ in range(3)] == [True, False, False]


async def test_old_events_are_forgotten_with_their_keys_but_failed_ones_stay(store: Store) -> None:
    def take_in(tx: Tx, key: str, days: int, failed: str = "") -> None:
        assert inbox.take(tx, "slack", [key], f'"{key}"', NOW - timedelta(days=days), failed)

    await store.write(lambda tx: take_in(tx, "old", 9))
    await store.write(lambda tx: take_in(tx, "young", 7))
    await store.write(lambda tx: take_in(tx, "failed", 9, "KeyError"))
    while await store.write(lambda tx: inbox.forget(tx, NOW, most=1)):
        pass
    assert await store.read(lambda tx: tx.all("SELECT raw, failed FROM inbox ORDER BY id")) == [
        ('"young"', ""), ('"failed"', "KeyError"),
    ]  # fmt: skip
    assert await store.read(lambda tx: tx.all("SELECT key FROM inbox_key")) == [("young",)]
