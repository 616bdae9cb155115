"""The table [hours] as values: when people are there."""

from collections.abc import Mapping
from datetime import date, tzinfo

from bridge.desk_file.lines import Here
from bridge.hours import ALL_WEEK, DAYS, Hours, Span, overlap, read_span, week_of


def read_hours(here: Here, table: Mapping[str, list[str]], zone: tzinfo) -> Hours:
    """Check it. A day that is not named is free; where none is, every day is open but those that are closed."""
    if not table:
        return Hours(zone=zone)
    here = here.table("hours")
    spans = {day: [_span(here, day, text) for text in table[day]] for day in DAYS if day in table}
    for day, found in spans.items():
        if overlap(found):
            raise here.wrong(day, f"the hours of {day} overlap")
    if spans and not any(spans.values()):
        raise here.wrong("hours", 'with these hours nobody would ever be there: write monday = ["09:00-17:30"]')
    closed = frozenset(_date(here, text) for text in table.get("closed", ()))
    return Hours(week_of(spans) if spans else ALL_WEEK, closed, zone)


def _span(here: Here, day: str, text: str) -> Span:
    if span := read_span(text):
        return span
    what = f'{text!r} are no hours: write "09:00-17:30"; what goes on after midnight belongs to the next day'
    raise here.wrong(day, what)


def _date(here: Here, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise here.wrong("closed", f'{text!r} is no day: write it as "2026-12-24"') from None
