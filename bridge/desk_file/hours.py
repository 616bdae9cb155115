"""The table [hours] as values: when people are there, and in which time zone the desk lives."""

from collections.abc import Mapping
from datetime import UTC, date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

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


def read_zone(here: Here, desk: Mapping[str, Any]) -> tzinfo:
    """The desk's. UTC needs no files, which small images do not have."""
    name: str = desk.get("timezone", "UTC")
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # such as none, a folder of zones, a path that leads elsewhere
        what = f'there is no time zone {name!r}; write one such as "Europe/Madrid", or "UTC"'
        raise here.wrong("timezone", what) from None


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
