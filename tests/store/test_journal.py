"""The journal of web chats: every event once, numbered from 1 in each chat."""

import asyncio
import json
from datetime import timedelta

import pytest

from bridge.ports import Visitor
from bridge.store import journal
from bridge.store.journal import StoredJournal
from bridge.store.store import Store

from .conftest import NOW

HOUR = timedelta(hours=1)


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
    odd = 'a"b\\c_!%'  # as it stands in the event
    written = {name: json.dumps({"text": "hello", "id": name}) for name in ("m1", "m2", odd)}
    for number, name in enumerate(written):
        await kept.append("a", str(number), written[name])
    await kept.append("b", "1", written["m1"])
    for name in ("m1", odd, "_2", "m%"):
        await kept.change("a", name, lambda event: event.replace("hello", ""))
    assert [json.loads(event)["text"] for _, event in await kept.after("a", 0)] == ["", "hello", ""]
    assert await kept.after("b", 0) == [(1, written["m1"])]


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


async def test_the_newest_of_many_chats_is_found_at_once(kept: StoredJournal) -> None:
    for chat in ("a", "b", "c", "quiet"):
        await kept.admit(Visitor(chat, "Priya"), chat, NOW)
    for chat, key in (("a", "1"), ("a", "2"), ("b", "1"), ("c", "1")):
        await kept.append(chat, key, "{}")
    assert await kept.newest(["a", "b", "quiet", "nobody"]) == {"a": 2, "b": 1}


async def test_a_visitor_is_known_by_the_hash_of_a_token_until_it_is_over(kept: StoredJournal) -> None:
    priya = Visitor("a", "Priya")
    assert await kept.admit(priya, "hash", NOW + HOUR) == priya
    assert await kept.visitor("hash", NOW) == (priya, NOW + HOUR)
    assert await kept.visitor("other", NOW) is None
    assert await kept.visitor("hash", NOW + HOUR) is None
    await kept.renew("hash", NOW + 2 * HOUR)
    await kept.renew("hash", NOW)
    assert await kept.visitor("hash", NOW + HOUR) == (priya, NOW + 2 * HOUR)


async def test_an_identity_leads_to_the_same_chat_and_says_who_they_are_now(kept: StoredJournal) -> None:
    await kept.admit(Visitor("stranger", "Priya"), "t0", NOW + HOUR)
    await kept.admit(Visitor("a", "Priya", "p@example.com"), "t1", NOW + HOUR, "user 7")
    again = await kept.admit(Visitor("b", "Priya R", "priya@example.com"), "t2", NOW + HOUR, "user 7")
    assert again == Visitor("a", "Priya R", "priya@example.com")
    assert [await kept.visitor(token, NOW) for token in ("t1", "t2")] == [(again, NOW + HOUR)] * 2
    other = await kept.admit(Visitor("c", "Priya"), "t3", NOW + HOUR, "user 8")
    assert other.chat == "c"


async def test_what_was_seen_stays_seen(kept: StoredJournal) -> None:
    await kept.admit(Visitor("a", "Priya"), "hash", NOW + HOUR)
    await kept.saw("a", 7)
    await kept.saw("a", 3)
    assert await kept.visitor("hash", NOW) == (Visitor("a", "Priya", seen=7), NOW + HOUR)


async def test_tokens_that_are_over_are_forgotten(store: Store, kept: StoredJournal) -> None:
    for number, until in enumerate((NOW - HOUR, NOW - HOUR, NOW + HOUR)):
        await kept.admit(Visitor(str(number), "Priya"), str(number), until)
    assert [await store.write(lambda tx: journal.forget(tx, NOW)) for _ in range(2)] == [2, 0]
    assert await store.read(lambda tx: tx.all("SELECT token_hash FROM visitor_token")) == [("2",)]


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
