"""An hour passes in seconds, the model is the one that the page describes, and the shipped scheduler meets it."""

import asyncio
import itertools
import threading
import time
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import virtual
from bench.crowd import Crowd
from bench.limit import Limit
from bench.load import quantile
from bench.optimum import simulate
from bench.scheduler import hour


def test_an_hour_is_over_at_once_and_in_order() -> None:
    async def hours() -> list[float]:
        loop, woken = asyncio.get_running_loop(), list[float]()
        for wait in (3600.0, 60.0, 0.5):
            loop.call_later(wait, lambda: woken.append(loop.time()))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(7200):
                await asyncio.Event().wait()
        return [*woken, loop.time()]

    assert virtual.run(hours(), lambda: False) == pytest.approx([0.5, 60.0, 3600.0, 7200.0])


def test_time_stands_still_while_a_thread_works() -> None:
    working, waited_for = threading.Event(), threading.Event()

    async def slow() -> float:
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def work() -> None:
            waited_for.wait()
            time.sleep(0.01)
            loop.call_soon_threadsafe(done.set_result, None)

        threading.Thread(target=work).start()
        working.set()
        loop.call_soon(waited_for.set)
        async with asyncio.timeout(5.0):
            await done
        working.clear()
        return loop.time()

    assert virtual.run(slow(), working.is_set) == 0.0


def test_a_wait_that_nothing_can_end_is_an_error() -> None:
    async def forever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="nothing will ever happen"):
        virtual.run(forever(), lambda: False)


def test_customers_write_as_often_as_the_model_says_and_in_bursts() -> None:
    crowd = Crowd(conversations=200)
    said = crowd.says(1)
    assert said == sorted(said)
    assert len(said) / crowd.seconds == pytest.approx(crowd.offered, rel=0.05)
    assert crowd.offered / 200 == pytest.approx(0.037, rel=0.02)
    assert said == crowd.says(1) != crowd.says(2)
    by_customer = [[at for at, who in said if who == customer] for customer in range(200)]
    gaps = [later - at for moments in by_customer for at, later in itertools.pairwise(moments)]
    assert mean(gaps) == pytest.approx(48.2 / 1.8, rel=0.05)
    assert len(crowd.with_agent) == 60


def test_a_thread_gets_everything_that_waits_in_one_post() -> None:
    lags, posts = simulate([(0.0, 1), (0.1, 2), (0.2, 2), (0.3, 3)], with_agent=())
    assert posts == 3
    assert lags == [(1, 0.0), (2, pytest.approx(0.9)), (2, pytest.approx(0.8)), (3, pytest.approx(1.7))]


def test_those_with_an_agent_go_a_minute_ahead_and_no_more() -> None:
    said = [(0.0, 9), (0.1, 1), (59.0, 2), (59.9, 8)]
    crowded = [(0.0, 0), *said]
    order = [customer for customer, _ in simulate(crowded, with_agent={8}, rate=0.01)[0]]
    assert order == [0, 8, 9, 1, 2]
    order = [customer for customer, _ in simulate(crowded, with_agent={8}, rate=0.01, ahead=50.0)[0]]
    assert order == [0, 9, 1, 8, 2]


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(0, 5)), max_size=40))
def test_no_message_is_forgotten_and_no_second_has_two_posts(said: list[tuple[float, int]]) -> None:
    lags, posts = simulate(sorted(said), with_agent={0, 1})
    assert len(lags) == len(said)
    assert posts <= len(said)
    assert all(lag >= 0 for _, lag in lags)


def test_the_limit_takes_one_a_second_and_a_few_at_once() -> None:
    now = 100.0
    limit = Limit(lambda: now)
    assert [limit.wait() for _ in range(4)] == [0.0, 0.0, 0.0, pytest.approx(1.0)]
    now = 101.0
    assert limit.wait() == 0.0
    assert limit.wait() > 0
    assert limit.refused == 2


@pytest.mark.slow
def test_the_shipped_scheduler_does_what_the_best_possible_does() -> None:
    crowd = Crowd(seconds=900)
    outcome = hour(crowd)
    said = crowd.says(1)
    lags, posts = simulate(said, crowd.with_agent, rate=0.97, burst=2)
    best = sorted(lag for _, lag in lags)
    claimed = sorted(lag for customer, lag in lags if customer in crowd.with_agent)
    assert (outcome.lost, outcome.twice, outcome.refused) == (0, 0, 0)
    assert len(outcome.everybody) == len(said)
    assert outcome.posts == pytest.approx(min(posts, 0.97 * 900), rel=0.02)
    assert quantile(sorted(outcome.with_agent), 0.95) <= 1.15 * quantile(claimed, 0.95)
    assert quantile(sorted(outcome.everybody), 0.99) <= 1.1 * quantile(best, 0.99)
    assert max(outcome.to_customers) < 1.0
