"""Slack's quota of events: warned of in time, once an hour."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bridge.team_workspace import quota as module
from bridge.team_workspace.gaps import Gaps
from bridge.team_workspace.quota import Quota

EVENT = {"type": "event_callback", "event": {"type": "message"}}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(module, "ENOUGH", 100)
    return Clock()


def told(clock: Clock, quota: Quota, minutes: int, each: int) -> int:
    """So many events in each minute; how many warnings came of it."""
    with capture_logs() as logs:
        for _ in range(minutes):
            clock.now += timedelta(minutes=1)
            for _ in range(each):
                assert not quota.exceeded(EVENT)
    return len([entry for entry in logs if entry["event"] == "slack_events_near_limit"])


def test_four_fifths_of_the_quota_are_warned_of_once_an_hour(clock: Clock) -> None:
    quota = Quota(Gaps(1.0), clock)
    assert told(clock, quota, 49, 2) == 0
    assert told(clock, quota, 11, 2) == 1
    assert told(clock, quota, 60, 2) == 1


def test_what_is_older_than_an_hour_does_not_count(clock: Clock) -> None:
    assert told(clock, Quota(Gaps(1.0), clock), 200, 1) == 0


def test_a_clock_that_is_set_back_forgets_what_was_in_the_future(clock: Clock) -> None:
    quota = Quota(Gaps(1.0), clock)
    assert told(clock, quota, 1, 99) == 0
    clock.now -= timedelta(days=1)
    assert told(clock, quota, 2, 2) == 0
