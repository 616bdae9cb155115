"""The journal of web chats: every event once, numbered from 1 in each chat."""

import asyncio

import pytest

from bridge.ports import Visitor
from bridge.store import journal
from bridge.store.journal import StoredJournal
from bridge.store.store import Store


@pytest.fixture
def kept(store: Store) -> StoredJournal:
    return StoredJournal(store)


async def test_events_are_numbered_in_each_chat(kept: StoredJournal) -> None:
    seqs = [await kept.append(chat, key, "{}") for chat, key in (("a", "1"), ("a", "2"), ("b", "1"), ("a", "3"))]
    assert seqs == [1, 2, 1, 3]


async def test_the_same_key_adds_nothing_and_gives_the_same_number(kept: StoredJournal) -> None:
    assert [await kept.append("a", key, text) for key, text in (("1", "x"), ("2", "y"), ("1", "z"))] == [1, 2, 1]
    assert await kept.after("a", 0) == [(1, "x"), (2, "y")]


async def test_what_comes_at_the_same_time_is_added_exactly_once(kept: StoredJournal) -> None:
    keys = [str(number % 10) for number in range(40)]
    seqs = await asyncio.gather(*(kept.append("a", key, f"event {key}") for key in keys))
    found = await kept.after("a", 0)
    assert [seq for seq, _ in found] == list(range(1, 11))
    assert {key: text for key, (_, text) in zip(keys[:10], found, strict=True)} == {
        key: f"event {key}" for key in keys[:10]
    }
    assert len({(key, seq) for key, seq in zip(keys, seqs, strict=True)}) == 10


async def test_what_was_kept_can_be_kept_differently(kept: StoredJournal) -> None:
    for chat, key, text in (("a", "1", "hello m1"), ("a", "2", "bye 100%"), ("b", "1", "hello m1")):
        await kept.append(chat, key, text)
    await kept.change("a", "m1", lambda event: event.replace("hello", ""))
    await kept.change("a", "100%", str.upper)
    assert await kept.after("a", 0) == [(1, " m1"), (2, "BYE 100%")]
    assert await kept.after("b", 0) == [(1, "hello m1")]


async def test_reading_goes_on_after_a_number(kept: StoredJournal) -> None:
    for number in range(5):
        await kept.append("a", str(number), f"event {number}")
    assert await kept.after("a", 2, most=2) == [(3, "event 2"), (4, "event 3")]
    assert await kept.after("a", 5) == []
    assert await kept.after("nobody", 0) == []


async def test_a_repeat_finds_its_number(store: Store, kept: StoredJournal) -> None:
    await kept.append("a", "1", "{}")
    assert await store.read(lambda tx: journal.seq_of(tx, "a", "1")) == 1
    assert await store.read(lambda tx: journal.seq_of(tx, "a", "2")) is None


async def test_a_visitor_is_known_by_the_hash_of_a_token(kept: StoredJournal) -> None:
    await kept.admit(Visitor("a", "Priya"), "hash")
    assert await kept.visitor("hash") == Visitor("a", "Priya")
    assert await kept.visitor("other") is None


@pytest.mark.postgres
async def test_two_processes_that_add_to_one_chat_at_once_both_get_a_number(postgres: str) -> None:
    stores = [Store(postgres), Store(postgres)]
    kept = [StoredJournal(store) for store in stores]
    keys = [f"{who} {number}" for number in range(50) for who in (0, 1)]
    seqs = await asyncio.gather(*(kept[int(key[0])].append("a", key, key) for key in keys))
    assert sorted(seqs) == list(range(1, 101))
    assert [seq for seq, _ in await kept[0].after("a", 0)] == list(range(1, 101))
    for store in stores:
        store.close()
