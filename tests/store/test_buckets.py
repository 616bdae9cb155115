"""Token buckets in the database: kept over restarts, and nobody takes from one at the same time as another."""

import asyncio
import threading
from datetime import timedelta

import pytest

from bridge.store import buckets
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import NOW

SECOND = timedelta(seconds=1)


async def test_a_bucket_that_nobody_took_from_is_full(store: Store) -> None:
    full = await store.write(lambda tx: buckets.full_at(tx, "thread"))
    assert full is None or full <= NOW


async def test_it_is_remembered_when_it_is_full_again_also_by_the_next_process(address: str) -> None:
    for second in (1, 2):
        store = Store(address)
        await store.write(lambda tx, it=second: buckets.set_full_at(tx, "thread", NOW + it * SECOND))
        store.close()
    store = Store(address)
    assert await store.write(lambda tx: buckets.full_at(tx, "thread")) == NOW + 2 * SECOND
    store.close()


async def test_those_that_are_full_are_forgotten(store: Store) -> None:
    for name, second in (("past", -1), ("future", 1)):
        await store.write(lambda tx, it=name, at=NOW + second * SECOND: buckets.set_full_at(tx, it, at))
    await store.write(lambda tx: buckets.forget(tx, NOW))
    assert await store.read(lambda tx: tx.all("SELECT name FROM bucket")) == [("future",)]


async def test_when_the_clock_was_set_all_of_them_follow(store: Store) -> None:
    await store.write(lambda tx: buckets.set_full_at(tx, "thread", NOW + SECOND))
    await store.write(lambda tx: buckets.shift(tx, timedelta(days=-1)))
    assert await store.write(lambda tx: buckets.full_at(tx, "thread")) == NOW + SECOND - timedelta(days=1)


@pytest.mark.postgres
@pytest.mark.parametrize("known", [True, False], ids=["known before", "new"])
async def test_two_processes_that_take_at_the_same_time_take_one_after_the_other(postgres: str, known: bool) -> None:
    first, second = Store(postgres), Store(postgres)
    if known:
        await first.write(lambda tx: buckets.set_full_at(tx, "thread", NOW))
    looked, go = threading.Event(), threading.Event()

    def taking(tx: Tx) -> None:
        full = buckets.full_at(tx, "thread")
        looked.set()
        go.wait(20)
        buckets.set_full_at(tx, "thread", max(full or NOW, NOW) + SECOND)

    one = asyncio.create_task(first.write(taking))
    await asyncio.to_thread(looked.wait, 20)
    other = asyncio.create_task(second.write(taking))
    await waits_for_a_lock(postgres)
    go.set()
    await asyncio.gather(one, other)
    assert await first.write(lambda tx: buckets.full_at(tx, "thread")) == NOW + 2 * SECOND
    first.close()
    second.close()


async def waits_for_a_lock(address: str) -> None:
    """Until somebody waits for what another has locked."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as look:
        async with asyncio.timeout(10):
            while not look.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchall():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
