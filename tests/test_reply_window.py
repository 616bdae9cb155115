"""The arithmetic of a reply window: open, its last hour, shut, and when a card is to be drawn again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.reply_window import last_call, moves_on, reply_window, shut

DAY, HOUR, SECOND = timedelta(hours=24), timedelta(hours=1), timedelta(seconds=1)
WROTE = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "stage"),
    [
        (-HOUR, "open"),  # the platform's clock is ahead of ours
        (timedelta(), "open"),
        (23 * HOUR - SECOND, "open"),
        (23 * HOUR, "closing"),
        (DAY - SECOND, "closing"),
        (DAY, "shut"),
        (30 * DAY, "shut"),
    ],
)
def test_a_window_is_open_then_closing_then_shut(after: timedelta, stage: str) -> None:
    window = reply_window(DAY, WROTE, WROTE + after)
    assert (window.hours, window.stage, window.until) == (24, stage, WROTE + DAY)


def test_where_the_customer_never_wrote_it_is_shut() -> None:
    assert reply_window(DAY, None, WROTE).stage == "shut"


def test_it_lasts_as_long_on_a_day_on_which_the_clocks_are_changed() -> None:
    before = datetime(2026, 10, 24, 20, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    until = reply_window(DAY, before, before).until
    assert until - before == DAY
    assert until.astimezone(ZoneInfo("Europe/Berlin")).hour == 19  # the hour between two and three came twice


def test_what_was_shown_is_another_thing_at_each_turn_and_in_each_window() -> None:
    def turned(wrote: datetime, now: datetime) -> str:
        return reply_window(DAY, wrote, now).turned

    last_hour, over = WROTE + DAY - HOUR / 2, WROTE + DAY
    assert turned(WROTE, WROTE) == ""
    assert turned(WROTE, last_hour) == turned(WROTE, last_hour + SECOND) != ""
    assert len({turned(WROTE, last_hour), turned(WROTE, over), turned(WROTE + SECOND, last_hour + SECOND)}) == 3


@pytest.mark.parametrize(
    ("before", "wrote", "again"),
    [
        ("14:03", "14:03", False),
        ("14:03", "14:14", False),
        ("14:03", "14:15", True),
        ("14:14", "14:15", True),
        ("14:03", "14:01", False),  # the platform keeps no order
        ("14:03", "13:01", False),
        ("", "14:03", True),
    ],
)
def test_a_busy_customer_moves_the_card_once_in_a_quarter_of_an_hour(before: str, wrote: str, again: bool) -> None:
    def at(time: str) -> datetime:
        return datetime.fromisoformat(f"2026-11-21T{time}:00+00:00")

    assert moves_on(at(before) if before else None, at(wrote)) is again


def test_the_words_name_the_hours_the_channel_and_the_moment() -> None:
    window = reply_window(DAY, WROTE, WROTE + DAY - HOUR)
    said = last_call(window, "WhatsApp")
    assert "WhatsApp takes replies until <time 1795356180>, 24 hours after it" in said
    assert shut(window, "WhatsApp") is None
    over = shut(reply_window(DAY, WROTE, WROTE + DAY), "WhatsApp")
    assert over
    assert over.why.startswith("The customer has not written for 24 hours, so this was not sent: WhatsApp")
    assert "!template" not in over.why
    over = shut(reply_window(DAY, WROTE, WROTE + DAY), "WhatsApp", templates=True)
    assert over
    assert over.why.endswith("Until then a template reaches them: `!template`.")
