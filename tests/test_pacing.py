"""How fast we may call, on a clock that only moves when everybody waits: nothing here takes real time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from bridge.pacing import Bucket, Pacing, order_of
from bridge.ports import Limit, Rate, WorkspaceLimits

T = TypeVar("T")
START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ONE = Rate(1, 1)
SLACK = WorkspaceLimits(posts=Rate(1, 2), redraws=Rate(2, 1), marks=ONE, whispers=ONE, reads=ONE)


class Impatient(selectors.SelectSelector):
    """Does not wait, but says how long it should have."""

    slept: Callable[[float], None] = lambda _: None

    def select(self, timeout: float | None = None) -> Any:
        if timeout:
            self.slept(timeout)
        return super().select(0)


class Dream(asyncio.SelectorEventLoop):
    """A loop in which a minute passes at once."""

    def __init__(self) -> None:
        self.clock = 0.0
        selector = Impatient()
        super().__init__(selector)
        selector.slept = self.passes

    def time(self) -> float:
        return self.clock

    def passes(self, seconds: float) -> None:
        self.clock += seconds


def dream(work: Callable[[Callable[[], float]], Coroutine[Any, Any, T]]) -> T:
    """Run with a clock."""
    with asyncio.Runner(loop_factory=Dream) as runner:
        return runner.run(work(runner.get_loop().time))


async def times(now: Callable[[], float], bucket: Bucket, count: int) -> list[float]:
    found: list[float] = []
    for _ in range(count):
        await bucket.take()
        found.append(now())
    return found


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    async def work(now: Callable[[], float]) -> list[float]:
        return await times(now, Bucket(Rate(2, 3), now), 6)

    assert dream(work) == pytest.approx([0, 0, 0, 0.5, 1, 1.5], abs=0.01)


def test_after_a_quiet_time_there_is_a_burst_again_but_no_more() -> None:
    async def work(now: Callable[[], float]) -> list[float]:
        bucket = Bucket(Rate(1, 2), now)
        await times(now, bucket, 2)
        await asyncio.sleep(100)
        return await times(now, bucket, 4)

    assert dream(work) == pytest.approx([100, 100, 101, 102], abs=0.01)


def test_whoever_waits_in_front_goes_first() -> None:
    async def work(now: Callable[[], float]) -> list[str]:
        bucket, served = Bucket(Rate(1, 1), now), list[str]()
        await bucket.take()

        async def one(name: str, order: float) -> None:
            await bucket.take(order)
            served.append(name)

        await asyncio.gather(one("late", 30), one("early", 10), one("middle", 20), one("early too", 10))
        return served

    assert dream(work) == ["early", "early too", "middle", "late"]


def test_nobody_overtakes_those_who_wait_by_coming_at_the_right_moment() -> None:
    async def work(now: Callable[[], float]) -> list[str]:
        bucket, served = Bucket(Rate(1, 1), now), list[str]()
        await bucket.take()

        async def one(name: str, order: float, after: float) -> None:
            await asyncio.sleep(after)
            await bucket.take(order)
            served.append(name)

        await asyncio.gather(one("first", 1, 0), one("second", 2, 0.1), one("third", 3, 1.0))
        return served

    assert dream(work) == ["first", "second", "third"]


def test_whoever_gave_up_takes_no_token() -> None:
    async def work(now: Callable[[], float]) -> float:
        bucket = Bucket(Rate(1, 1), now)
        await bucket.take()
        waiting = asyncio.create_task(bucket.take(1))
        await asyncio.sleep(0)
        waiting.cancel()
        await bucket.take(2)
        return now()

    assert dream(work) == pytest.approx(1, abs=0.01)


def test_a_pause_is_kept_by_everybody_and_then_the_rate_holds() -> None:
    async def work(now: Callable[[], float]) -> list[float]:
        bucket = Bucket(Rate(2, 5), now)
        waiting = asyncio.create_task(times(now, bucket, 8))
        await asyncio.sleep(0)
        bucket.pause(30)
        return await waiting

    found = dream(work)
    assert found[:5] == [0] * 5
    assert found[5] >= 30
    assert found[7] - found[5] == pytest.approx(1, abs=0.01)


def test_no_second_is_fuller_than_the_limit_whatever_the_order() -> None:
    async def work(now: Callable[[], float]) -> list[float]:
        bucket, found = Bucket(Rate(5, 2), now), list[float]()

        async def one(number: int) -> None:
            await asyncio.sleep(number % 7 * 0.13)
            await bucket.take(number % 3)
            found.append(now())

        await asyncio.gather(*(one(number) for number in range(60)))
        return found

    found = dream(work)
    for start in found:
        assert len([at for at in found if start <= at < start + 1 - 0.01]) <= 5 + 2


# ------------------------------------------------------------------------------------------------------- all buckets


def test_a_customer_s_chat_and_the_whole_channel_are_both_paced() -> None:
    limit = Limit(4096, per_second=2, burst=2, per_chat_second=1, per_chat_burst=1)

    async def work(now: Callable[[], float]) -> dict[str, list[float]]:
        pacing, found = Pacing(1, now), dict[str, list[float]]()

        async def chat(name: str) -> None:
            for _ in range(3):
                await pacing.customer("telegram", name, limit, 0)
                found.setdefault(name, []).append(now())

        await asyncio.gather(*(chat(name) for name in ("a", "b", "c", "d")))
        return found

    found = dream(work)
    for stamps in found.values():
        assert all(after - before >= 0.99 for before, after in pairwise(stamps))
    everything = sorted(at for stamps in found.values() for at in stamps)
    assert everything[-1] >= (12 - 2) / 2 - 0.01


def test_a_pause_holds_only_what_it_names() -> None:
    limit = Limit(4096, per_chat_second=1, per_chat_burst=1)

    async def work(now: Callable[[], float]) -> tuple[float, float]:
        pacing = Pacing(1, now)
        for chat in ("a", "b"):
            await pacing.customer("telegram", chat, limit, 0)
        pacing.pause("telegram", "a", 30)
        await pacing.customer("telegram", "b", limit, 0)
        other = now()
        await pacing.customer("telegram", "a", limit, 0)
        return other, now()

    other, paused = dream(work)
    assert other == pytest.approx(1, abs=0.01)
    assert paused >= 30


def test_kinds_of_calls_to_the_workspace_do_not_wait_for_each_other() -> None:
    async def work(now: Callable[[], float]) -> float:
        pacing = Pacing(1, now)
        for _ in range(4):
            await pacing.workspace("posts", "", SLACK, 0)
        before = now()
        await pacing.workspace("redraws", "", SLACK, 0)
        return now() - before

    assert dream(work) == 0


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 8), (4.0, 2), (0.0, 0)])
def test_a_faster_clock_and_none(speed: float, seconds: float) -> None:
    async def work(now: Callable[[], float]) -> float:
        pacing = Pacing(speed, now)
        for _ in range(10):
            await pacing.workspace("posts", "", SLACK, 0)
        return now()

    assert dream(work) == pytest.approx(seconds, abs=0.05)


def test_who_talks_to_an_agent_goes_a_minute_ahead() -> None:
    assert order_of(START, True) == order_of(START - timedelta(minutes=1), False)
    assert order_of(START, True) < order_of(START - timedelta(seconds=59), False)
    assert order_of(START, False) < order_of(START + timedelta(seconds=1), False)
