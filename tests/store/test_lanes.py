"""Lanes are taken by one worker at a time and given back, and no letter is lost, whoever comes first."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bridge.store import lanes, outbox, workers
from bridge.store.lanes import Fenced, Lane
from bridge.store.migrate import SCHEMA
from bridge.store.store import Store, open_sqlite
from bridge.store.tx import Tx
from bridge.store.writer import Work

from .conftest import MINUTE, NOW, WAYS, pending_and_letters, put, sent, take, texts
from .test_buckets import waits_for_a_lock

T = TypeVar("T")


async def row(store: Store, lane: str) -> tuple[Any, ...] | None:
    """How many letters a lane counts, when it is due (in micros), and who has it."""
    found = await store.read(lambda tx: tx.one("SELECT pending, due, worker FROM lane WHERE name = ?", lane))
    return tuple(found) if found else None


async def test_a_lane_that_is_taken_is_not_due_until_it_is_given_back(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    [lane] = await store.write(lambda tx: take(tx, "w", 7))
    assert (lane.name, lane.way, lane.of, lane.worker, lane.claim) == ("customer:1", "customer", "1", "w", 7)
    assert await store.write(take) == []
    assert await store.read(lambda tx: lanes.next_due(tx, NOW - MINUTE)) is None
    assert await store.write(lambda tx: sent(tx, lane)) == ["a"]
    assert [it.name for it in await store.write(take)] == ["customer:1"]


async def test_a_way_that_is_not_asked_for_stays_where_it_is(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    await store.write(lambda tx: put(tx, "card:1", "b"))
    for ways, found in ((("card",), ["card:1"]), (("thread",), []), (WAYS, ["customer:1", "card:1"])):
        due = await store.write(lambda tx, it=ways: lanes.due(tx, it, NOW, 9))
        assert sorted(lane.name for lane in due) == sorted(found)


async def test_a_new_lane_is_due_when_it_is_said_and_an_old_one_when_it_was(store: Store) -> None:
    def later(tx: Tx, lane: str, minutes: float) -> None:
        outbox.put(tx, lane, "mark", {}, "k", NOW, way="card", due=NOW + minutes * MINUTE)

    await store.write(lambda tx: later(tx, "marks:1", 2))
    await store.write(lambda tx: later(tx, "marks:1", 9))
    assert await store.write(lambda tx: lanes.due(tx, WAYS, NOW + MINUTE, 9)) == []
    assert await store.read(lambda tx: lanes.next_due(tx, NOW)) == NOW + 2 * MINUTE
    assert len(await store.write(lambda tx: lanes.due(tx, WAYS, NOW + 2 * MINUTE, 9))) == 1


async def test_what_is_taken_in_a_unit_that_fails_is_free(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))

    def work(tx: Tx) -> None:
        [lane] = take(tx)
        outbox.mark_sending(tx, [letter.id for letter in outbox.letters(tx, lane.name)])
        raise Fenced(lane.name)

    with pytest.raises(Fenced):
        await store.write(work)
    assert await row(store, "customer:1") == (1, 0, None)
    assert (await store.read(lambda tx: outbox.letters(tx, "customer:1")))[0].state == "pending"


async def test_when_the_clock_was_set_what_waits_follows_and_the_rest_does_not(store: Store) -> None:
    for lane in ("customer:now", "customer:later", "customer:person"):
        await store.write(lambda tx, it=lane: put(tx, it, "a"))
    await store.write(lambda tx: lanes.rest(tx, "customer:later", NOW + MINUTE))
    person = next(lane for lane in await store.write(take) if lane.name == "customer:person")
    await store.write(lambda tx: lanes.put_off(tx, person, None))
    await store.write(lambda tx: workers.leave(tx, "w"))
    await store.write(lambda tx: lanes.shift(tx, timedelta(days=-1)))
    found = await store.write(lambda tx: lanes.due(tx, WAYS, NOW - timedelta(days=1) + MINUTE, 9))
    assert sorted(lane.name for lane in found) == ["customer:later", "customer:now"]
    assert await store.read(lambda tx: lanes.waits_for_a_person(tx, "customer:person"))


# ------------------------------------------------------------------------- what comes while a lane is taken is not lost


@pytest.mark.parametrize("outcome", ["sent", "put off"])
async def test_a_letter_that_comes_while_its_lane_is_taken_waits_in_it(store: Store, outcome: str) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    [lane] = await store.write(take)
    await store.write(lambda tx: put(tx, "customer:1", "b"))
    if outcome == "sent":
        assert await store.write(lambda tx: sent(tx, lane)) == ["a"]
    else:
        await store.write(lambda tx: lanes.put_off(tx, lane, NOW))
    [lane] = await store.write(take)
    left = texts(await store.read(lambda tx: outbox.letters(tx, lane.name)))
    assert left == (["b"] if outcome == "sent" else ["a", "b"])
    assert await store.read(pending_and_letters) == [("customer:1", len(left), len(left))]


async def test_a_letter_settled_while_its_lane_is_taken_is_counted_once(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    [lane] = await store.write(take)
    [a, _] = await store.read(lambda tx: outbox.letters(tx, "customer:1"))
    await store.write(lambda tx: outbox.settle(tx, a))  # a report was faster than the answer
    await store.write(lambda tx: lanes.finish(tx, lane, outbox.drop(tx, [a.id])))
    assert await row(store, "customer:1") == (1, 0, None)
    [lane] = await store.write(take)
    assert await store.write(lambda tx: sent(tx, lane)) == ["b"]
    assert await store.read(pending_and_letters) == []


async def test_the_last_letter_settled_while_its_lane_is_taken_leaves_nothing(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a"))
    [lane] = await store.write(take)
    [a] = await store.read(lambda tx: outbox.letters(tx, "customer:1"))
    await store.write(lambda tx: outbox.settle(tx, a))
    assert await row(store, "customer:1") == (0, 0, "w")
    await store.write(lambda tx: lanes.finish(tx, lane, outbox.drop(tx, [a.id])))
    assert await row(store, "customer:1") is None


async def test_a_letter_settled_in_a_free_lane_lets_the_next_go(store: Store) -> None:
    await store.write(lambda tx: put(tx, "customer:1", "a", "b"))
    [lane] = await store.write(take)
    await store.write(lambda tx: lanes.put_off(tx, lane, None))
    [a, b] = await store.read(lambda tx: outbox.letters(tx, "customer:1"))
    await store.write(lambda tx: outbox.settle(tx, a))
    assert await row(store, "customer:1") == (1, 0, None)
    await store.write(lambda tx: outbox.settle(tx, b))
    assert await row(store, "customer:1") is None


# ---------------------------------------------------------------------------------------------- two processes at once


@pytest.fixture
async def two(postgres: str) -> AsyncIterator[tuple[Store, Store]]:
    """Two processes on one PostgreSQL."""
    first, second = Store(postgres), Store(postgres)
    yield first, second
    first.close()
    second.close()


class Held:
    """Makes a unit of work stop after it is done and before its commit, until it is let go."""

    def __init__(self) -> None:
        self.done, self._go = threading.Event(), threading.Event()

    def after(self, work: Work[T]) -> Work[T]:
        def held(tx: Tx) -> T:
            found = work(tx)
            self.done.set()
            self._go.wait(20)
            return found

        return held

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.done.wait, 20)

    def go(self) -> None:
        self._go.set()


@pytest.mark.postgres
@pytest.mark.parametrize("first_is", ["put", "finish"])
async def test_a_letter_put_by_one_process_while_another_finishes_the_lane_is_sent(
    two: tuple[Store, Store], postgres: str, first_is: str
) -> None:
    putter, sender = two
    await putter.write(lambda tx: put(tx, "customer:1", "a"))
    [lane] = await sender.write(take)
    steps = {"put": (putter, lambda tx: put(tx, "customer:1", "b")), "finish": (sender, lambda tx: sent(tx, lane))}
    store, work = steps.pop(first_is)
    [(other_store, other_work)] = steps.values()
    held = Held()
    one = asyncio.create_task(store.write(held.after(work)))
    await held.reached()
    other = asyncio.create_task(other_store.write(other_work))
    await waits_for_a_lock(postgres)
    held.go()
    await asyncio.gather(one, other)
    assert await sender.read(pending_and_letters) == [("customer:1", 1, 1)]
    [lane] = await sender.write(take)
    assert await sender.write(lambda tx: sent(tx, lane)) == ["b"]


@pytest.mark.postgres
async def test_a_lane_that_one_process_is_just_taking_is_passed_over_by_the_other(two: tuple[Store, Store]) -> None:
    first, second = two
    await first.write(lambda tx: [put(tx, f"customer:{number}", "a", minutes=number) for number in range(4)])
    held = Held()
    one = asyncio.create_task(first.write(held.after(lambda tx: take(tx, "one", minutes=9, most=2))))
    await held.reached()
    others = await second.write(lambda tx: take(tx, "two", minutes=9))  # does not wait for the first
    held.go()
    assert [lane.name for lane in await one] == ["customer:0", "customer:1"]
    assert [lane.name for lane in others] == ["customer:2", "customer:3"]


@pytest.mark.postgres
async def test_a_letter_is_settled_once_when_a_report_and_the_answer_come_to_two_processes(
    two: tuple[Store, Store], postgres: str
) -> None:
    first, second = two
    await first.write(lambda tx: put(tx, "customer:1", "a", "b"))
    [lane] = await first.write(take)
    [a, _] = await first.read(lambda tx: outbox.letters(tx, "customer:1"))
    held = Held()
    report = asyncio.create_task(second.write(held.after(lambda tx: outbox.settle(tx, a))))
    await held.reached()
    answer = asyncio.create_task(first.write(lambda tx: lanes.finish(tx, lane, outbox.drop(tx, [a.id]))))
    await waits_for_a_lock(postgres)
    held.go()
    await asyncio.gather(report, answer)
    assert await first.read(pending_and_letters) == [("customer:1", 1, 1)]
    assert await row(first, "customer:1") == (1, 0, None)


@pytest.mark.postgres
async def test_what_changes_while_another_process_draws_the_card_is_drawn_again(
    two: tuple[Store, Store], postgres: str
) -> None:
    first, second = two

    def draw(tx: Tx, key: str) -> None:
        outbox.put_once(tx, "card:1", "card", {}, key, NOW)

    def drawing(tx: Tx) -> list[int]:
        [lane] = take(tx)
        ids = [letter.id for letter in outbox.letters(tx, lane.name)]
        outbox.mark_sending(tx, ids)
        return ids

    await first.write(lambda tx: draw(tx, "one"))
    held = Held()
    one = asyncio.create_task(first.write(held.after(drawing)))  # the card is drawn as it is now
    await held.reached()
    other = asyncio.create_task(second.write(lambda tx: draw(tx, "two")))  # and this process has just changed it
    await waits_for_a_lock(postgres)
    held.go()
    await asyncio.gather(one, other)
    assert [it.key for it in await first.read(lambda tx: outbox.letters(tx, "card:1"))] == ["one", "two"]


@pytest.mark.postgres
@pytest.mark.parametrize("processes", [2, 4])
async def test_in_a_race_every_lane_is_taken_once_and_keeps_its_order(postgres: str, processes: int) -> None:
    many, deep = 2000, 2
    stores = [Store(postgres) for _ in range(processes)]
    heard: dict[str, list[str]] = {}

    def fill(tx: Tx, number: int) -> None:
        put(tx, f"customer:{number}", *(f"{number}-{it}" for it in range(deep)))

    await asyncio.gather(*(stores[it % processes].write(lambda tx, it=it: fill(tx, it)) for it in range(many)))

    async def run(worker: int, store: Store) -> int:
        taken = empty = 0
        while empty < 3:
            found = await store.write(lambda tx, claim=taken: take(tx, f"w{worker}", claim, most=16))
            empty = 0 if found else empty + 1
            taken += len(found)
            for lane, words in zip(found, await asyncio.gather(*(deliver(store, it) for it in found)), strict=True):
                heard.setdefault(lane.name, []).extend(words)
        return taken

    async def deliver(store: Store, lane: Lane) -> list[str]:
        return await store.write(lambda tx: sent(tx, lane))

    counts = await asyncio.gather(*(run(number, store) for number, store in enumerate(stores)))
    assert heard == {f"customer:{it}": [f"{it}-{deep}" for deep in range(deep)] for it in range(many)}
    assert sum(counts) == many * deep
    assert all(counts)
    assert await stores[0].read(pending_and_letters) == []
    for store in stores:
        store.close()


# ----------------------------------------------------------------------------------------- whatever happens, in a model


class Post(RuleBasedStateMachine):
    """Random events at a few lanes, against plain lists."""

    NAMES = ("customer:1", "customer:2", "thread:1")

    def __init__(self) -> None:
        super().__init__()
        self.connection = open_sqlite(":memory:")  # type: ignore[arg-type]
        self.connection.executescript(SCHEMA.read_text())
        self.tx = Tx(self.connection)
        self.waiting: dict[str, list[str]] = {name: [] for name in self.NAMES}
        self.taken: dict[str, Lane] = {}
        self.lost: list[Lane] = []  # claims that count no more
        self.asks: set[str] = set()  # lanes that wait for a person
        self.later: dict[str, int] = {}  # minutes until which a lane was put off
        self.number = self.minute = 0

    @initialize()
    def begins(self) -> None:
        workers.only(self.tx, "w", NOW)

    @rule(name=st.sampled_from(NAMES), count=st.integers(1, 3), priority=st.integers(0, 1))
    def puts(self, name: str, count: int, priority: int) -> None:
        for _ in range(count):
            self.number += 1
            put(self.tx, name, f"{self.number}", priority=priority)
            self.waiting[name].append(f"{self.number}")

    @rule(most=st.integers(1, 3), minutes=st.integers(0, 2))
    def takes(self, most: int, minutes: int) -> None:
        self.minute += minutes
        there = {name for name, _, _ in pending_and_letters(self.tx)}
        rests = {name for name, minute in self.later.items() if minute > self.minute}
        due = there - set(self.taken) - self.asks - rests
        self.number += 1
        found = take(self.tx, "w", self.number, minutes=self.minute, most=most)
        assert {lane.name for lane in found} <= due
        assert len(found) == min(most, len(due))
        for lane in found:
            self.later.pop(lane.name, None)
            first = outbox.letters(self.tx, lane.name, 1)
            outbox.mark_sending(self.tx, [letter.id for letter in first])
            if first:
                self.taken[lane.name] = lane
            else:  # all was settled meanwhile
                lanes.finish(self.tx, lane, 0)

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), most=st.integers(1, 3))
    def sends(self, data: st.DataObject, most: int) -> None:
        lane = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        heard = sent(self.tx, lane, most)
        assert heard == self.waiting[lane.name][:most]
        del self.waiting[lane.name][:most]
        self.lost.append(lane)

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), minutes=st.none() | st.integers(0, 3))
    def puts_off(self, data: st.DataObject, minutes: int | None) -> None:
        lane = self.taken.pop(data.draw(st.sampled_from(sorted(self.taken))))
        if not self.waiting[lane.name]:  # then nobody is asked
            minutes = minutes or 0
        until = None if minutes is None else NOW + (self.minute + minutes) * MINUTE
        lanes.put_off(self.tx, lane, until)
        self.lost.append(lane)
        if minutes is None:
            self.asks.add(lane.name)
        else:
            self.later[lane.name] = self.minute + minutes

    @precondition(lambda self: any(self.waiting.values()))
    @rule(data=st.data())
    def is_settled(self, data: st.DataObject) -> None:
        """A report, or a person, decides about the first letter."""
        name = data.draw(st.sampled_from(sorted(name for name, words in self.waiting.items() if words)))
        outbox.settle(self.tx, outbox.letters(self.tx, name, 1)[0])
        del self.waiting[name][0]
        self.asks.discard(name)
        self.later.pop(name, None)

    @precondition(lambda self: self.asks)
    @rule(data=st.data())
    def somebody_decides(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.asks)))
        lanes.wake(self.tx, name)
        self.asks.discard(name)

    @rule()
    def the_process_dies(self) -> None:
        workers.leave(self.tx, "w")
        workers.beat(self.tx, "w", NOW)
        self.lost += self.taken.values()
        self.taken.clear()

    @precondition(lambda self: self.lost)
    @rule(data=st.data(), finish=st.booleans())
    def an_old_claim_is_fenced(self, data: st.DataObject, finish: bool) -> None:
        lane = data.draw(st.sampled_from(self.lost))
        with pytest.raises(Fenced):
            lanes.finish(self.tx, lane, 1) if finish else lanes.put_off(self.tx, lane, None)

    @invariant()
    def no_letter_is_lost_and_order_is_kept(self) -> None:
        for name, words in self.waiting.items():
            assert texts(outbox.letters(self.tx, name, 200)) == words

    @invariant()
    def lanes_count_their_letters(self) -> None:
        for name, pending, letters in pending_and_letters(self.tx):
            assert pending == letters, name

    def teardown(self) -> None:
        self.connection.close()


Post.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestWhateverHappens = Post.TestCase
