"""Since when customers wait for a person, and who waits too long, on both databases."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

from bridge.content import Author
from bridge.conversation import Conversation, State, Why, escalate
from bridge.filters import Filter
from bridge.ports import Agent
from bridge.store import conversations, messages, queue, waits
from bridge.store.moments import moment
from bridge.store.store import Store
from bridge.store.tx import Row, Tx
from bridge.store.waits import Late

from .conftest import MINUTE, NOW

ANA = Agent("U0ANA", "Ana")
MARIA, AGENT = Author("customer", "Maria"), Author("agent", "Ana")


def queued(tx: Tx, chat: str = "42", minutes: float = 0) -> Conversation:
    before, at = conversations.of_chat(tx, "web", chat, "Maria", "", NOW)[0], NOW + minutes * MINUTE
    after = escalate(before, Why("Asked."), conversations.next_number(tx), at).conversation
    conversations.open_handoff(tx, after, Why("Asked."), at)
    conversations.save(tx, before, after)
    return after


def becomes(tx: Tx, before: Conversation, state: State, minutes: float, owner: Agent | None = None) -> Conversation:
    since = NOW + minutes * MINUTE
    after = replace(before, state=state, owner=owner, since=since, epoch=before.epoch + 1)
    conversations.save(tx, before, after)
    return after


def claimed(tx: Tx, chat: str = "42", minutes: float = 0) -> Conversation:
    return becomes(tx, queued(tx, chat, minutes), State.CLAIMED, minutes + 1, ANA)


def writes(tx: Tx, of: Conversation, minutes: float) -> None:
    messages.add(tx, of.id, of.handoff, MARIA, "words", "received", NOW + minutes * MINUTE)
    waits.wrote(tx, of.handoff, NOW + minutes * MINUTE)


def answers(tx: Tx, of: Conversation, minutes: float) -> int:
    waits.answered(tx, of.handoff)
    return messages.add(tx, of.id, of.handoff, AGENT, "words", "pending", NOW + minutes * MINUTE)


def since(tx: Tx, of: Conversation) -> float | None:
    row = tx.one("SELECT waits FROM handoff WHERE number = ?", of.handoff)
    assert row is not None
    return None if row[0] is None else (moment(row[0]) - NOW) / MINUTE


async def test_from_the_queue_through_the_claim_to_the_answer(store: Store) -> None:
    def work(tx: Tx) -> None:
        maria = queued(tx)
        assert since(tx, maria) == 0
        writes(tx, maria, 1)
        maria = becomes(tx, maria, State.CLAIMED, 2, ANA)
        assert since(tx, maria) == 0, "to claim is not to answer"
        answers(tx, maria, 3)
        assert since(tx, maria) is None
        writes(tx, maria, 4)
        writes(tx, maria, 5)
        assert since(tx, maria) == 4, "from the first words that nobody has answered"
        maria = becomes(tx, maria, State.CLAIMED, 6, Agent("U0BEN", "Ben"))
        assert since(tx, maria) == 4, "another owner is no answer"
        maria = becomes(tx, maria, State.QUEUED, 7)
        assert since(tx, maria) == 4
        maria = becomes(tx, maria, State.BOT, 8)
        assert since(tx, maria) is None

    await store.write(work)


async def test_who_was_answered_waits_in_the_queue_only(store: Store) -> None:
    def work(tx: Tx) -> None:
        maria = claimed(tx)
        answers(tx, maria, 2)
        maria = becomes(tx, maria, State.QUEUED, 3)
        assert since(tx, maria) == 3
        maria = becomes(tx, maria, State.CLAIMED, 4, ANA)
        assert since(tx, maria) is None, "the agents spoke last"

    await store.write(work)


async def test_an_answer_that_does_not_arrive_is_none(store: Store) -> None:
    def work(tx: Tx) -> None:
        messages.add(tx, 1, None, MARIA, "long before", "received", NOW - 9 * MINUTE)
        maria = claimed(tx)
        first = answers(tx, maria, 2)
        messages.set_state(tx, first, "failed")
        waits.not_answered(tx, first)
        assert since(tx, maria) == 0, "not from before they wanted a person"
        answers(tx, maria, 3)
        writes(tx, maria, 4)
        writes(tx, maria, 5)
        second = answers(tx, maria, 6)
        messages.set_state(tx, second, "suppressed")
        waits.not_answered(tx, second)
        assert since(tx, maria) == 4
        third = answers(tx, maria, 7)
        becomes(tx, maria, State.ENDED, 8)
        messages.set_state(tx, third, "failed")
        waits.not_answered(tx, third)
        assert since(tx, maria) is None, "it is over"

    await store.write(work)


async def test_who_waits_too_long_is_counted_and_stands_first(store: Store) -> None:
    def work(tx: Tx) -> None:
        one, two, three, four = (claimed(tx, str(chat), chat) for chat in range(4))
        queued(tx, "9", 9)
        for answered in (one, two, four):
            answers(tx, answered, 20)
        writes(tx, four, 30)
        writes(tx, two, 40)
        assert waits.late(tx, NOW + 30 * MINUTE) == Late(3, round((NOW + 30 * MINUTE).timestamp() * 1e6))
        assert waits.late(tx, NOW + 8 * MINUTE).count == 1
        assert waits.late(tx, None) == Late()
        assert [it.number for it in queue.claimed(tx, 9, NOW + 30 * MINUTE)[0]] == [1003, 1004, 1001, 1002]
        assert [it.number for it in queue.claimed(tx, 1, NOW + 30 * MINUTE)[0]] == [1003]
        assert [it.number for it in queue.claimed(tx, 9, None)[0]] == [1001, 1002, 1003, 1004]
        late = queue.handoffs(tx, Filter("late"), 9, NOW + 30 * MINUTE)
        assert ([it.number for it in late[0]], late[1]) == ([1003, 1005, 1004], 3)
        assert queue.handoffs(tx, Filter("late"), 9, None) == ([], 0)
        assert [it.number for it in queue.handoffs(tx, Filter("open"), 3)[0]] == [1001, 1002, 1003]
        assert queue.handoffs(tx, Filter("open"), 3)[1] == 5
        assert three.handoff == 1003

    await store.write(work)


class Explained(Tx):
    """Says how the database goes about what it is asked."""

    plans: tuple[str, ...] = ()

    def all(self, sql: str, *params: Any) -> list[Row]:
        self.plans += tuple(row[3] for row in super().all(f"EXPLAIN QUERY PLAN {sql}", *params))
        return super().all(sql, *params)

    def one(self, sql: str, *params: Any) -> Row | None:
        rows = self.all(sql, *params)
        return rows[0] if rows else None


def test_lists_and_counts_are_read_in_the_order_of_an_index(sqlite: str) -> None:
    """Else a desk with a hundred thousand of them would be sorted whenever somebody looks."""
    with closing(sqlite3.connect(sqlite.removeprefix("sqlite:///"))) as connection:
        tx = Explained(connection)
        queued(tx)
        tx.plans = tuple[str, ...]()
        for state in ("open", "queued", "claimed", "late"):
            queue.handoffs(tx, Filter(state), 1, NOW)
        queue.claimed(tx, 1, NOW)
        waits.late(tx, NOW)
    assert len(tx.plans) > 10
    scans = [["SCAN", table] for table in ("h", "c", "handoff")]
    assert not [plan for plan in tx.plans if "TEMP B-TREE" in plan or plan.split()[:2] in scans]
