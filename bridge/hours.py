"""When people are there to answer: a desk's opening hours, in its own time zone. Pure.

Where clocks change, a desk opens when they first show the time at which it opens, and shuts when they last show the
time at which it shuts. What they skip is nobody's time.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from bridge.i18n import joined, t

DAYS: tuple[str, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AHEAD = 400  # days that are looked through for the next opening
DAY = 24 * 60
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-4]):([0-5]\d)")

Span = tuple[int, int]
"""From and to, in minutes after midnight."""
ALL_WEEK: tuple[tuple[Span, ...], ...] = (((0, DAY),),) * len(DAYS)


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of each day from Monday on, and the days on which there are none. No week: always open."""

    week: tuple[tuple[Span, ...], ...] = ()
    closed: frozenset[date] = frozenset()
    zone: tzinfo = field(default=UTC)

    def open_at(self, now: datetime) -> bool:
        """Whether people are there at this moment."""
        return not self.week or any(opens <= now < shuts for opens, shuts in self._spans(now, -1, 2))

    def next_opening(self, now: datetime) -> datetime | None:
        """When they will next begin after this moment; None: not within a year, or they never stop."""
        return next((opens for opens, _ in self._spans(now, 0, AHEAD) if opens > now), None)

    def _spans(self, now: datetime, first: int, last: int) -> Iterator[tuple[datetime, datetime]]:
        """Those of some days around, as moments, in order."""
        today = now.astimezone(self.zone).date()
        for day in (today + timedelta(days) for days in range(first, last)):
            if self.week and day not in self.closed:
                for begin, end in self.week[day.weekday()]:
                    opens, shuts = _moment(self.zone, day, begin, last=False), _moment(self.zone, day, end, last=True)
                    if opens < shuts:
                        yield opens, shuts


def read_span(text: str) -> Span | None:
    """A span as people write it: `09:00-17:30`. None: it cannot be read, or ends before it begins."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    begin, end = begin_hour * 60 + begin_minute, end_hour * 60 + end_minute
    return (begin, end) if begin < end <= DAY else None


def week_of(spans: Mapping[str, Sequence[Span]]) -> tuple[tuple[Span, ...], ...]:
    """The week in which these days have these spans, and the others none."""
    return tuple(tuple(sorted(spans.get(day, ()))) for day in DAYS)


def overlap(spans: Collection[Span]) -> bool:
    """Whether one begins before another ends."""
    ordered = sorted(spans)
    return any(after[0] < before[1] for before, after in pairwise(ordered))


def in_words(opens: datetime | None, now: datetime, zone: tzinfo) -> str:
    """When that is, as people say it in the language that is spoken, by the desk's clocks; blank for None."""
    if opens is None:
        return ""
    there = opens.astimezone(zone)
    clock, days = f"{there:%H:%M}", (there.date() - now.astimezone(zone).date()).days
    if days <= 1:
        return t("tomorrow at {time}", time=clock) if days else t("today at {time}", time=clock)
    if days < len(DAYS):
        return t("on {day} at {time}", day=_days()[there.weekday()], time=clock)
    return t("on {date} at {time}", date=there.date().isoformat(), time=clock)


def listed(hours: Hours) -> str:
    """All of them, for people to read; blank: always."""
    days = [
        t("{day} {hours}", day=day, hours=", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans))
        for day, spans in zip(_days(), hours.week, strict=False)
        if spans
    ]
    closed = ", ".join(day.isoformat() for day in sorted(hours.closed))
    return joined([*days, *([t("closed {days}", days=closed)] if closed else [])], "; ")


def _days() -> tuple[str, ...]:
    return (t("Monday"), t("Tuesday"), t("Wednesday"), t("Thursday"), t("Friday"), t("Saturday"), t("Sunday"))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _moment(zone: tzinfo, day: date, minutes: int, *, last: bool) -> datetime:
    """When the clocks show this time, first or last; where they skip it, when they do."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
    at = shown.replace(tzinfo=zone, fold=int(last)).astimezone(UTC)
    if _shown(at, zone) == shown:
        return at
    before, after = sorted(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    while (gap := (after - before) // timedelta(seconds=1)) > 1:
        middle = before + timedelta(seconds=gap // 2)
        before, after = (middle, after) if _shown(middle, zone) < shown else (before, middle)
    return after


def _shown(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)
