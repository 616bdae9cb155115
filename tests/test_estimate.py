"""How long a customer will probably wait: honest, rounded up, and only where it can be known."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.estimate import FEWEST, LONGEST, estimate, in_words, same_time_of_day
from bridge.i18n import speaking

NOW = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
waits = st.lists(st.timedeltas(timedelta(), LONGEST), min_size=FEWEST)


@given(waits)
def test_at_least_half_of_the_others_did_not_wait_longer(waited: list[timedelta]) -> None:
    said = estimate(waited)
    assert said is not None
    assert sum(each <= said for each in waited) * 2 >= len(waited)
    assert sum(each >= said / 5 - timedelta(minutes=5) for each in waited) * 2 >= len(waited), "nor does it exaggerate"


@given(st.lists(st.timedeltas(timedelta(), LONGEST), max_size=FEWEST - 1))
def test_from_few_nothing_can_be_told(waited: list[timedelta]) -> None:
    assert estimate(waited) is None
    assert in_words(estimate(waited)) == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "about a minute"), (0.5, "about a minute"), (1.1, "about 2 minutes"), (10, "about 10 minutes"),
     (10.1, "about 15 minutes"), (46, "about 50 minutes"), (58, "about an hour"), (61, "about 2 hours"), (721, "")],
)  # fmt: skip
def test_it_is_rounded_as_people_would(minutes: float, words: str) -> None:
    assert in_words(estimate([timedelta(minutes=minutes)] * FEWEST)) == words


def test_it_is_said_in_the_customer_s_language() -> None:
    with speaking("es-MX"):
        assert in_words(timedelta(minutes=5)) == "unos 5 minutos"


@pytest.mark.parametrize(
    ("hours", "alike"), [(0, True), (-24, True), (-25, True), (-26, False), (-23, True), (-12, False)]
)
def test_only_the_same_time_of_day_counts(hours: int, alike: bool) -> None:
    assert same_time_of_day(NOW + timedelta(hours=hours), NOW, UTC) == alike


def test_the_desk_s_clocks_say_what_time_of_day_it_is() -> None:
    summer, winter = datetime(2026, 10, 20, 6, tzinfo=UTC), datetime(2026, 10, 27, 8, tzinfo=UTC)
    assert same_time_of_day(summer, winter, ZoneInfo("Europe/Madrid"))  # 08:00 and 09:00 there
    assert not same_time_of_day(summer, winter, UTC)
