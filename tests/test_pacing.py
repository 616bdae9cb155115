"""How fast we may call: arithmetic over one moment, tried by a caller who asks at any time and takes what there is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.pacing import SLACK, Pace, next_token, pacing, quiet_until, taken, tokens
from bridge.ports import Limit, Rate, WorkspaceLimits

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WORKSPACE = WorkspaceLimits(
    posts=Rate(1, 2),
    redraws=Rate(2, 1),
    writing=Rate(8, 1),
    marks=Rate(3, 1),
    whispers=Rate(4, 1),
    reads=Rate(5, 1),
    pages=Rate(6, 1),
    boards=Rate(7, 1),
)
rates = st.builds(
    Rate,
    st.one_of(st.sampled_from([0.05, 0.8, 1.0, 3.0, 7.0, 30.0, 80.0]), st.floats(0.01, 200)),
    st.integers(1, 50),
)
gaps = st.lists(st.timedeltas(timedelta(), timedelta(seconds=20)), max_size=60)


def at(seconds: float) -> datetime:
    return START + seconds * SECOND


def calls(rate: Rate, count: int, start: datetime = START, full: datetime | None = None) -> list[float]:
    """When an eager caller makes so many calls, in seconds: as soon as each is allowed."""
    now, found = start, list[float]()
    for _ in range(count):
        if not tokens(full, now, rate):
            assert full
            now = next_token(full, rate)
        full = taken(full, now, rate, 1)
        found.append((now - START) / SECOND)
    return found


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    assert calls(Rate(2, 3), 6) == pytest.approx([0, 0, 0, 0.5, 1, 1.5], abs=0.01)


def test_after_a_quiet_time_there_is_a_burst_again_but_no_more() -> None:
    full = taken(None, START, Rate(1, 2), 2)
    assert calls(Rate(1, 2), 4, at(100), full) == pytest.approx([100, 100, 101, 102], abs=0.01)


def test_half_a_quiet_time_gives_half_a_burst() -> None:
    full = taken(None, START, Rate(1, 4), 4)
    assert [tokens(full, at(seconds), Rate(1, 4)) for seconds in (0, 0.9, 1, 2.5, 4, 99)] == [0, 0, 1, 2, 4, 4]


def test_a_pause_is_kept_and_then_the_rate_holds() -> None:
    rate = Rate(2, 5)
    full = quiet_until(at(30), rate)
    assert tokens(full, at(29.99), rate) == 0
    assert calls(rate, 4, full=full) == pytest.approx([30, 30.5, 31, 31.5], abs=0.01)


@given(rates, st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(seconds=20)), st.integers(1, 9)), max_size=60))
def test_no_stretch_of_time_is_fuller_than_burst_and_rate_allow(rate: Rate, asked: list[tuple[timedelta, int]]) -> None:
    now, full, made = START, None, list[datetime]()
    for gap, wanted in asked:
        now += gap
        count = min(wanted, tokens(full, now, rate))
        full = taken(full, now, rate, count)
        made += [now] * count
    slack = SLACK + len(made) * timedelta(microseconds=1)  # a step is rounded to whole microseconds
    for first, begin in enumerate(made):
        for last, end in enumerate(made[first:], start=first):
            assert last - first + 1 <= rate.burst + (end - begin + slack) / SECOND * rate.per_second + 1e-6


@given(rates, gaps)
def test_nobody_waits_longer_than_is_needed(rate: Rate, asked: list[timedelta]) -> None:
    now, full = START, None
    for gap in asked:
        now += gap
        if tokens(full, now, rate):
            full = taken(full, now, rate, 1)
            continue
        assert full
        soon = next_token(full, rate)
        assert soon > now
        assert tokens(full, soon, rate) >= 1
        assert tokens(full, soon - 2 * SLACK, rate) == 0
        assert soon - now <= SECOND / rate.per_second + SLACK  # never more than one step


@given(rates, st.timedeltas(timedelta(), timedelta(days=1)), st.integers(1, 50))
def test_a_full_bucket_has_a_burst_and_an_emptied_one_nothing(rate: Rate, idle: timedelta, count: int) -> None:
    assert tokens(None, START, rate) == tokens(START - idle, START, rate) == rate.burst
    full = taken(START - idle, START, rate, min(count, rate.burst))
    assert tokens(full, START, rate) == rate.burst - min(count, rate.burst)
    assert full == taken(None, START, rate, min(count, rate.burst))


@given(rates, st.timedeltas(timedelta(milliseconds=1), timedelta(days=1)))
def test_the_first_call_after_a_wish_for_quiet_is_at_that_moment(rate: Rate, quiet: timedelta) -> None:
    until = START + quiet
    full = quiet_until(until, rate)
    assert next_token(full, rate) == until
    assert tokens(full, until, rate) == 1
    assert tokens(full, until - 2 * SLACK, rate) == 0


def test_an_eager_caller_never_goes_faster_than_the_rate() -> None:
    made = calls(Rate(7, 1), 300)
    assert all(after - before >= 1 / 7 - 0.001 for before, after in pairwise(made))
    assert made[-1] == pytest.approx(299 / 7, abs=0.01)


# ------------------------------------------------------------------------------------------------------- all the ways


def test_every_way_out_has_its_own_pace() -> None:
    limits = {
        "telegram": Limit(4096, per_second=30, burst=10, per_chat_second=1, per_chat_burst=3),
        "whatsapp": Limit(4096, per_second=80, burst=80),
        "web": Limit(4000),
    }
    paces = pacing(1, WORKSPACE, limits)
    assert {way: paces.of(way).whole for way in ("thread", "card", "marks", "tell", "missed")} == {
        "thread": WORKSPACE.posts, "card": WORKSPACE.redraws, "marks": WORKSPACE.marks, "tell": WORKSPACE.whispers,
        "missed": WORKSPACE.reads,
    }  # fmt: skip
    assert paces.of("telegram") == Pace(Rate(30, 10), Rate(1, 3))
    assert paces.of("whatsapp") == Pace(Rate(80, 80), None)
    for free in ("web", "bot", "summary", "answer", "unheard of"):
        assert paces.of(free) == Pace()


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 8), (4.0, 2)])
def test_a_faster_clock(speed: float, seconds: float) -> None:
    rate = pacing(speed, WORKSPACE, {}).of("thread").whole
    assert rate
    assert calls(rate, 10)[-1] == pytest.approx(seconds, abs=0.05)


def test_no_pacing_is_no_limit() -> None:
    paces = pacing(0, WORKSPACE, {"telegram": Limit(4096, per_second=30, per_chat_second=1)})
    assert paces.of("thread") == paces.of("telegram") == Pace()
