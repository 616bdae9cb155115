"""Where a handoff's thread is to be, is and was; on both databases."""

import alembic.command
import alembic.config

from bridge.conversation import Why, escalate
from bridge.ports import Place
from bridge.store import conversations, inbox, lanes, migrate, outbox, threads
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import MINUTE, NOW, put, texts
from .test_migrations import engine, rows

CARD, LATER_CARD = Place("C0BILLING", "1.000100"), Place("C0SUPPORT", "2.000100")


def opened(tx: Tx, number: int = 1001, chat: str = "42") -> int:
    conversation, _ = conversations.of_chat(tx, "telegram", chat, "Maria", "es", NOW)
    after = escalate(conversation, Why("Asked for a person."), number, NOW).conversation
    conversations.open_handoff(tx, after, Why("Asked for a person."), NOW)
    conversations.save(tx, conversation, after)
    return number


def with_card(tx: Tx, number: int = 1001, chat: str = "42", card: Place = CARD) -> int:
    opened(tx, number, chat)
    threads.set_route(tx, number, "billing")
    threads.send_to(tx, number, card.channel)
    conversations.set_thread(tx, number, card)
    return number


async def test_a_handoff_has_no_channel_until_its_card_is_sent(store: Store) -> None:
    number = await store.write(opened)
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("", "")
    await store.write(lambda tx: threads.set_route(tx, number, "billing"))
    await store.write(lambda tx: threads.send_to(tx, number, "C0BILLING"))
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("billing", "C0BILLING")


async def test_a_card_that_was_not_posted_goes_elsewhere(store: Store) -> None:
    number = await store.write(opened)
    await store.write(lambda tx: threads.set_route(tx, number, "billing"))
    await store.write(lambda tx: threads.send_to(tx, number, "C0BILLING"))
    await store.write(lambda tx: threads.reroute(tx, number, "C0OTHER"))
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("billing", "C0BILLING")
    await store.write(lambda tx: threads.reroute(tx, number, "C0BILLING"))
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("", "")


async def test_a_card_that_was_posted_is_not_rerouted(store: Store) -> None:
    number = await store.write(with_card)
    await store.write(lambda tx: threads.reroute(tx, number, "C0BILLING"))
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("billing", "C0BILLING")


async def test_a_thread_is_left_once(store: Store) -> None:
    number = await store.write(with_card)
    left = [await store.write(lambda tx: threads.leave(tx, number, CARD, stays=False)) for _ in range(2)]
    assert left == [True, False]
    assert await store.read(lambda tx: conversations.thread_of(tx, number)[0]) is None
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("", "")
    assert await store.read(lambda tx: threads.formerly(tx, CARD)) == number
    assert await store.read(lambda tx: threads.formerly(tx, LATER_CARD)) is None


async def test_only_the_thread_that_it_has_is_left(store: Store) -> None:
    number = await store.write(with_card)
    assert not await store.write(lambda tx: threads.leave(tx, number, LATER_CARD, stays=True))
    assert await store.read(lambda tx: conversations.thread_of(tx, number)[0]) == CARD
    assert await store.read(lambda tx: threads.formerly(tx, LATER_CARD)) is None


async def test_who_stays_keeps_channel_and_route(store: Store) -> None:
    number = await store.write(with_card)
    assert await store.write(lambda tx: threads.leave(tx, number, CARD, stays=True))
    assert await store.read(lambda tx: threads.queue_of(tx, number)) == ("billing", "C0BILLING")


async def test_a_handoff_that_is_over_stays_where_it_was(store: Store) -> None:
    number = await store.write(with_card)
    await store.write(lambda tx: tx.run("UPDATE handoff SET state = 'handed_back'"))
    assert not await store.write(lambda tx: threads.leave(tx, number, CARD, stays=True))
    assert await store.read(lambda tx: threads.live_in(tx, "C0BILLING")) == []
    assert await store.read(threads.channels_in_use) == []


async def test_the_live_ones_in_a_channel_are_found(store: Store) -> None:
    def some(tx: Tx) -> None:
        with_card(tx, 1001, "41")
        with_card(tx, 1002, "42", LATER_CARD)
        with_card(tx, 1003, "43", Place("C0BILLING", "3.000100"))
        opened(tx, 1004, "44")
        threads.send_to(tx, opened(tx, 1005, "45"), "C0VIP")

    await store.write(some)
    found = await store.read(lambda tx: threads.live_in(tx, "C0BILLING"))
    assert found == [(1001, CARD), (1003, Place("C0BILLING", "3.000100"))]
    assert sorted(await store.read(threads.channels_in_use)) == ["C0BILLING", "C0SUPPORT", "C0VIP"]


def test_the_threads_of_an_older_database_are_in_the_channels_where_they_are(empty: str) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    with engine(empty).begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0003")
        connection.exec_driver_sql(
            """INSERT INTO handoff (number, conversation_id, state, reason, quote, since, opened, summary, note, upto,
               thread_channel, thread_ts) VALUES (1001, 1, 'queued', '', '', 1, 1, '', '', 0, 'C0OLD', '1.000100'),
               (1002, 2, 'queued', '', '', 1, 1, '', '', 0, NULL, NULL)"""
        )
    connection.engine.dispose()
    migrate.migrate(empty)
    found = rows(empty, "SELECT number, route, queue_channel FROM handoff ORDER BY number")
    assert found == [(1001, "", "C0OLD"), (1002, "", "")]


# ------------------------------------------------------------------------------------------------------- what it needs


async def test_a_lane_is_cleared_also_of_what_is_being_sent(store: Store) -> None:
    def clear(tx: Tx) -> list[str]:
        put(tx, "thread:1", "a", "b")
        put(tx, "thread:2", "c")
        (lane, *_) = lanes.due(tx, ["thread"], NOW + MINUTE, 1)
        lanes.take(tx, [lane.name], "w", 1)
        there = texts(outbox.clear(tx, "thread:1"))
        lanes.finish(tx, lane.taken_by("w", 1), 0)
        return there

    assert await store.write(clear) == ["a", "b"]
    assert await store.read(lambda tx: tx.all("SELECT name, pending FROM lane")) == [("thread:2", 1)]
    assert [letter.lane for letter in await store.read(lambda tx: outbox.letters(tx, "thread:2"))] == ["thread:2"]


async def test_the_card_of_a_lane_is_found_wherever_it_stands(store: Store) -> None:
    def put_some(tx: Tx) -> None:
        for kind in ("line", "open", "transcript"):
            outbox.put(tx, "thread:1", kind, {}, kind, NOW)

    await store.write(put_some)
    assert [it.kind for it in await store.read(lambda tx: outbox.card_of_lane(tx, "thread:1"))] == ["open"]
    assert await store.read(lambda tx: outbox.card_of_lane(tx, "thread:2")) == []


async def test_something_is_said_once_in_a_period(store: Store) -> None:
    asked = [0, 59, 60, 61, 119, 121]
    told = [
        await store.write(lambda tx, at=at: inbox.once_in(tx, "told", NOW + at * MINUTE, 60 * MINUTE)) for at in asked
    ]
    assert told == [True, False, True, False, False, True]
