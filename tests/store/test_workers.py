"""Who is alive: the lanes of the dead are free again, and what the dead still do changes nothing."""

import asyncio
from datetime import timedelta

import pytest

from bridge.store import inbox, lanes, outbox, workers
from bridge.store.lanes import Fenced, Lane
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import NOW, put, sent, take, texts

SECOND = timedelta(seconds=1)


async def names(store: Store) -> list[str]:
    return [row[0] for row in await store.read(lambda tx: tx.all("SELECT name FROM worker ORDER BY name"))]


async def owners(store: Store) -> dict[str, str | None]:
    return {row[0]: row[1] for row in await store.read(lambda tx: tx.all("SELECT name, worker FROM lane"))}


async def shared_out(store: Store) -> list[Lane]:
    """One lane each for `quick` and `late`, and one that is free; `late` has not said for long that it lives."""

    def work(tx: Tx) -> list[Lane]:
        workers.beat(tx, "late", NOW)
        workers.beat(tx, "quick", NOW + 5 * SECOND)
        put(tx, "customer:1", "a")
        mine = take(tx, "late")
        put(tx, "customer:2", "b")
        mine += take(tx, "quick")
        put(tx, "customer:3", "c")
        return mine

    return await store.write(work)


async def test_only_what_the_dead_had_is_free_again(store: Store) -> None:
    await shared_out(store)
    assert await store.write(lambda tx: workers.bury(tx, NOW + 5 * SECOND)) == []
    assert await owners(store) == {"customer:1": "late", "customer:2": "quick", "customer:3": None}
    assert await store.write(lambda tx: workers.bury(tx, NOW + 6 * SECOND)) == ["late"]
    assert await owners(store) == {"customer:1": None, "customer:2": "quick", "customer:3": None}
    assert await names(store) == ["quick"]
    assert await store.write(lambda tx: workers.bury(tx, NOW + 6 * SECOND)) == []


async def test_what_somebody_took_who_had_been_buried_alive_is_free_when_they_are_dead(store: Store) -> None:
    await shared_out(store)
    await store.write(lambda tx: workers.bury(tx, NOW + 6 * SECOND))
    await store.write(lambda tx: take(tx, "late", 1))
    assert (await owners(store))["customer:1"] == "late"
    assert await store.write(lambda tx: workers.bury(tx, NOW + 6 * SECOND)) == []
    assert await owners(store) == {"customer:1": None, "customer:2": "quick", "customer:3": None}


async def test_who_says_it_in_time_is_not_buried(store: Store) -> None:
    for second in range(30):
        await store.write(lambda tx, it=second: workers.beat(tx, "w", NOW + it * SECOND))
        assert await store.write(lambda tx, it=second: workers.bury(tx, NOW + (it + 4) * SECOND)) == []


async def test_who_leaves_leaves_its_lanes(store: Store) -> None:
    await shared_out(store)
    await store.write(lambda tx: workers.leave(tx, "quick"))
    assert await owners(store) == {"customer:1": "late", "customer:2": None, "customer:3": None}
    assert await names(store) == ["late"]


async def test_who_is_alone_at_the_start_frees_everything(store: Store) -> None:
    await shared_out(store)
    await store.write(lambda tx: workers.only(tx, "new", NOW))
    assert set((await owners(store)).values()) == {None}
    assert await names(store) == ["new"]


@pytest.mark.parametrize("buried", [True, False], ids=["free again", "taken by another"])
async def test_who_was_buried_can_record_nothing(store: Store, buried: bool) -> None:
    lane, _ = await shared_out(store)
    await store.write(lambda tx: workers.bury(tx, NOW + 6 * SECOND))
    if not buried:
        await store.write(lambda tx: take(tx, "quick", 2))
    before = await owners(store)

    def finish(tx: Tx) -> None:
        inbox.once(tx, "recorded", NOW)
        sent(tx, lane)

    def put_off(tx: Tx) -> None:
        inbox.once(tx, "recorded", NOW)
        lanes.put_off(tx, lane, NOW + SECOND)

    for late in (finish, put_off):
        with pytest.raises(Fenced):
            await store.write(late)
    assert await owners(store) == before
    assert await store.write(lambda tx: inbox.once(tx, "recorded", NOW))
    assert texts(await store.read(lambda tx: outbox.letters(tx, "customer:1"))) == ["a"]


async def test_an_earlier_claim_of_the_same_worker_counts_no_more(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    [before] = await store.write(lambda tx: take(tx, "w", 1))
    await store.write(lambda tx: workers.leave(tx, "w"))
    [again] = await store.write(lambda tx: take(tx, "w", 2))
    for late in (lambda tx: sent(tx, before), lambda tx: lanes.put_off(tx, before, None)):
        with pytest.raises(Fenced):
            await store.write(late)
    assert await store.write(lambda tx: sent(tx, again)) == ["a"]


async def test_a_fenced_unit_harms_no_other_of_its_commit(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    [mine] = await store.write(take)
    await store.write(lambda tx: sent(tx, mine))

    def late(tx: Tx) -> None:
        inbox.once(tx, "late", NOW)
        lanes.finish(tx, mine, 1)

    def good(tx: Tx) -> None:
        inbox.once(tx, "good", NOW)

    outcomes = await asyncio.gather(store.write(good), store.write(late), return_exceptions=True)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], Fenced)
    kept = await store.read(lambda tx: tx.all("SELECT key FROM inbox_key"))
    assert [row[0] for row in kept] == ["good"]


@pytest.mark.postgres
async def test_who_just_came_may_bury_when_the_others_were_not_kept_from_beating(postgres: str) -> None:
    store = Store(postgres)

    def work(tx: Tx) -> list[bool]:
        now = tx.server_now()
        assert now
        return [workers.could_beat(tx, now + timedelta(days=-400)), workers.could_beat(tx, now + timedelta(days=1))]

    assert await store.write(work) == [False, True]
    store.close()
