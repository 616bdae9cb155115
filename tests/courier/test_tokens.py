"""Which lanes may go out: in their order, as many as there are tokens and room for, whoever else takes of them."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.courier.tokens import Tokens
from bridge.pacing import SLACK, Pace, Pacing, quiet_until
from bridge.ports import Rate
from bridge.store import buckets, lanes, workers
from bridge.store.migrate import SCHEMA
from bridge.store.store import Store, open_sqlite
from bridge.store.tx import Tx

from ..store.conftest import MINUTE, NOW, put

SECOND = timedelta(seconds=1)
ROOM = 1000


def take(
    tx: Tx, tokens: Tokens, now: datetime, room: int = ROOM, ways: tuple[str, ...] = ("thread", "card")
) -> list[str]:
    """What a courier takes at this moment, by name."""
    left = Counter({way: room for way in ways if tokens.may(way, now)})
    if not left:
        return []
    chosen = tokens.choose(tx, lanes.due(tx, list(left), now, ROOM), left, now)
    lanes.take(tx, [lane.name for lane in chosen], "w", 1)
    return [lane.name for lane in chosen]


def back(tx: Tx) -> None:
    """All lanes are given back, with what is in them."""
    workers.leave(tx, "w")


def paced(whole: Rate | None = None, chat: Rate | None = None, way: str = "thread") -> Tokens:
    return Tokens(Pacing({way: Pace(whole, chat)}))


async def fill(store: Store, way: str, count: int) -> None:
    await store.write(lambda tx: [put(tx, f"{way}:{it}", "a", minutes=it / 1000 - 9) for it in range(count)])


async def test_those_who_wait_longest_get_the_tokens(store: Store) -> None:
    await fill(store, "thread", 5)
    tokens = paced(Rate(1, 2))
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:0", "thread:1"]
    assert not tokens.may("thread", NOW)
    assert tokens.sooner(None, NOW) == NOW + SECOND
    for second in (1, 2, 3):
        at = NOW + second * SECOND
        assert await store.write(lambda tx, at=at: take(tx, tokens, at)) == [f"thread:{second + 1}"]


async def test_a_token_that_is_given_back_is_good_for_the_next(store: Store) -> None:
    await fill(store, "thread", 3)
    tokens = paced(Rate(1, 1), Rate(1, 1))

    def first_is_turned_away(tx: Tx) -> list[str]:
        left = Counter({"thread": ROOM})
        (first,) = tokens.choose(tx, lanes.due(tx, ["thread"], NOW, ROOM), left, NOW)
        lanes.rest(tx, first.name, NOW + SECOND)
        tokens.give_back(tx, first, NOW)
        return take(tx, tokens, NOW)

    assert await store.write(first_is_turned_away) == ["thread:1"]
    assert not tokens.may("thread", NOW)
    assert await store.write(lambda tx: take(tx, tokens, NOW + SECOND)) == ["thread:0"]


async def test_who_talks_to_an_agent_goes_a_minute_ahead_but_not_for_ever(store: Store) -> None:
    def line_up(tx: Tx) -> None:
        put(tx, "thread:old", "a", minutes=-5)
        put(tx, "thread:young", "a", minutes=-3.5)
        put(tx, "thread:claimed", "a", priority=1, minutes=-3)

    await store.write(line_up)
    tokens = paced(Rate(1, 1))
    served = [await store.write(lambda tx, it=it: take(tx, tokens, NOW + it * SECOND)) for it in range(3)]
    assert served == [["thread:old"], ["thread:claimed"], ["thread:young"]]


async def test_a_way_without_tokens_holds_up_no_other(store: Store) -> None:
    await fill(store, "thread", 3)
    await fill(store, "card", 3)
    tokens = paced(Rate(1, 1))
    assert sorted(await store.write(lambda tx: take(tx, tokens, NOW))) == ["card:0", "card:1", "card:2", "thread:0"]


async def test_a_wish_for_quiet_holds_only_what_it_names(store: Store) -> None:
    await fill(store, "thread", 2)
    await fill(store, "card", 2)
    rate = Rate(1, 5)
    tokens = Tokens(Pacing({"thread": Pace(rate), "card": Pace(rate)}))
    await store.write(lambda tx: buckets.set_full_at(tx, "thread", quiet_until(NOW + 30 * SECOND, rate)))
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["card:0", "card:1"]
    assert tokens.sooner(None, NOW) == NOW + 30 * SECOND
    assert await store.write(lambda tx: take(tx, tokens, NOW + 29.9 * SECOND)) == []
    assert await store.write(lambda tx: take(tx, tokens, NOW + 30 * SECOND)) == ["thread:0"]


async def test_no_more_than_there_is_room_for(store: Store) -> None:
    await fill(store, "thread", 5)
    tokens = paced(Rate(1, 4))
    assert await store.write(lambda tx: take(tx, tokens, NOW, room=3)) == ["thread:0", "thread:1", "thread:2"]
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:3"]  # no token went for want of room
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == []


async def test_each_chat_has_its_own_tokens_and_rests_alone(store: Store) -> None:
    await fill(store, "thread", 2)
    tokens = paced(chat=Rate(1, 2))
    for _ in range(2):
        assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:0", "thread:1"]
        await store.write(back)
    await fill(store, "thread", 3)
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:2"]
    assert await store.read(lambda tx: lanes.next_due(tx, NOW)) == NOW + SECOND
    assert await store.write(lambda tx: take(tx, tokens, NOW + SECOND)) == ["thread:0", "thread:1"]


async def test_a_chat_that_must_wait_takes_no_token_of_the_whole_way(store: Store) -> None:
    await fill(store, "thread", 1)
    tokens = paced(Rate(1, 3), Rate(0.1, 1))
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:0"]
    await store.write(back)
    await fill(store, "thread", 5)
    assert await store.write(lambda tx: take(tx, tokens, NOW)) == ["thread:1", "thread:2"]


async def test_tokens_that_were_taken_in_a_unit_that_failed_are_there_again(store: Store) -> None:
    await fill(store, "thread", 2)

    class Fails(Exception):
        pass

    def work(tx: Tx) -> None:
        assert take(tx, paced(Rate(1, 1)), NOW) == ["thread:0"]
        raise Fails

    for _ in range(2):
        with pytest.raises(Fails):
            await store.write(work)


async def test_a_restart_does_not_forget_what_was_taken(address: str) -> None:
    store = Store(address)
    await fill(store, "thread", 4)
    assert len(await store.write(lambda tx: take(tx, paced(Rate(0.01, 3)), NOW))) == 3
    store.close()
    store = Store(address)
    assert await store.write(lambda tx: take(tx, paced(Rate(0.01, 3)), NOW + MINUTE)) == []
    store.close()


@given(
    st.sampled_from([Rate(0.8, 1), Rate(1, 3), Rate(3, 1), Rate(30, 10)]),
    st.lists(
        st.tuples(st.timedeltas(timedelta(), timedelta(seconds=3)), st.booleans(), st.integers(1, 9)), max_size=30
    ),
)
@settings(max_examples=60, deadline=None)
def test_two_that_take_at_any_time_never_exceed_the_rate_together(
    rate: Rate, asked: list[tuple[timedelta, bool, int]]
) -> None:
    connection = open_sqlite(":memory:")  # type: ignore[arg-type]
    connection.executescript(SCHEMA.read_text())
    tx, both = Tx(connection), (paced(rate), paced(rate))
    for number in range(9):
        put(tx, f"thread:{number}", "a", minutes=-9)
    now, made = NOW, list[datetime]()
    for gap, first, room in asked:
        now += gap
        made += [now] * len(take(tx, both[first], now, room))
        back(tx)
    connection.close()
    for first, begin in enumerate(made):
        for last, end in enumerate(made[first:], start=first):
            slack = SLACK + len(made) * timedelta(microseconds=1)
            assert last - first + 1 <= rate.burst + (end - begin + slack) / SECOND * rate.per_second + 1e-6


@pytest.mark.postgres
@pytest.mark.parametrize("rate", [Rate(1, 10), Rate(5, 10)])
async def test_processes_that_take_at_the_same_time_get_no_more_than_the_tokens(postgres: str, rate: Rate) -> None:
    stores = [Store(postgres) for _ in range(3)]
    await fill(stores[0], "thread", 200)
    taken: list[str] = []
    for second in range(4):
        tokens = [paced(rate) for _ in stores]
        asked = [
            store.write(lambda tx, it=it, at=NOW + second * SECOND: take(tx, it, at, room=3))
            for store, it in zip(stores, tokens, strict=True)
            for _ in range(5)
        ]
        for names in await asyncio.gather(*asked):
            taken += names
        assert len(taken) == rate.burst + second * rate.per_second
    assert len(set(taken)) == len(taken)
    for store in stores:
        store.close()
