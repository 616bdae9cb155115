"""When people are there, in every time zone, also on the days on which its clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import WrongSetting
from bridge.hours import ALL_WEEK, DAY, DAYS, Hours, in_words, listed, overlap, read_span, week_of
from bridge.i18n import speaking
from bridge.settings import load

ZONES = (
    *("UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"),
    *("Pacific/Apia", "Africa/Casablanca", "Asia/Beirut", "America/Santiago", "Pacific/Kiritimati"),
)  # of which some change their clocks at midnight, by half an hour, or once skipped a whole day
MINUTE, DAYLONG = timedelta(minutes=1), timedelta(days=1)
OFFICE = week_of({day: [(9 * 60, 17 * 60)] for day in DAYS[:5]})

spans = st.lists(st.integers(0, DAY), max_size=6, unique=True).map(
    lambda ends: list(zip(*[iter(sorted(ends))] * 2, strict=False))
)
weeks = st.fixed_dictionaries(dict.fromkeys(DAYS, spans)).map(week_of)
# Around days on which some of these clocks change, for chance alone would seldom meet one.
CHANGES = [date(2011, 12, 30), date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1)]
moments = st.one_of(
    st.integers(1_300_000_000, 2_050_000_000).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.builds(
        lambda day, by: datetime.combine(day, time(), UTC) + by,
        st.sampled_from(CHANGES), st.timedeltas(-3 * DAYLONG, 3 * DAYLONG),
    ),
).map(lambda at: at.replace(microsecond=0))  # fmt: skip
some_closed = st.frozensets(st.sampled_from(CHANGES), max_size=2)
hours = st.builds(Hours, weeks, some_closed, st.sampled_from(ZONES).map(ZoneInfo))


@given(hours, moments)
def test_clocks_that_show_a_time_once_say_whether_it_is_within_the_hours(desk: Hours, now: datetime) -> None:
    there = now.astimezone(desk.zone)
    if len({(now + by).astimezone(desk.zone).utcoffset() for by in (-2 * DAYLONG, DAYLONG * 0, 2 * DAYLONG)}) > 1:
        return
    minutes = there.hour * 60 + there.minute
    within = any(begin <= minutes < end for begin, end in desk.week[there.weekday()])
    assert desk.open_at(now) == (within and there.date() not in desk.closed)


@given(hours, moments)
def test_the_next_opening_is_the_first_moment_at_which_people_are_there_again(desk: Hours, now: datetime) -> None:
    opens = desk.next_opening(now)
    if desk.open_at(now):
        return
    assert opens is None or desk.open_at(opens)
    until = min(opens or now + 3 * DAYLONG, now + 3 * DAYLONG)
    steps = int((until - now) / (15 * MINUTE))
    assert not any(desk.open_at(now + step * 15 * MINUTE) for step in range(steps)), "nobody was there before"
    assert not desk.open_at(until - timedelta(seconds=1))


@given(st.sampled_from(ZONES).map(ZoneInfo), moments)
def test_who_never_shuts_is_always_there(zone: ZoneInfo, now: datetime) -> None:
    assert Hours(zone=zone).open_at(now)
    assert Hours(ALL_WEEK, zone=zone).open_at(now)
    assert Hours(zone=zone).next_opening(now) is None


@pytest.mark.parametrize(
    ("span", "opens", "shuts"),
    [
        ((150, 600), "2026-03-29T01:00", "2026-03-29T08:00"),  # 02:30 is skipped: at 03:00
        ((60, 150), "2026-03-29T00:00", "2026-03-29T01:00"),
        ((150, 600), "2026-10-25T00:30", "2026-10-25T09:00"),  # 02:30 comes twice: the first time
        ((60, 150), "2026-10-24T23:00", "2026-10-25T01:30"),  # ... and is over the second time
    ],
)
def test_on_the_day_on_which_the_clocks_change(span: tuple[int, int], opens: str, shuts: str) -> None:
    desk = Hours(week_of({"sunday": [span]}), zone=ZoneInfo("Europe/Madrid"))
    begin, end = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (opens, shuts))
    assert desk.next_opening(begin - DAYLONG) == begin
    assert [desk.open_at(at) for at in (begin - MINUTE, begin, end - MINUTE, end)] == [False, True, True, False]


def test_a_day_that_the_clocks_skip_has_no_hours() -> None:
    desk = Hours(OFFICE, zone=ZoneInfo("Pacific/Apia"))
    thursday_evening = datetime(2011, 12, 30, 5, tzinfo=UTC)  # 19:00; Friday the 30th did not exist there
    assert desk.next_opening(thursday_evening) == datetime(2012, 1, 1, 19, tzinfo=UTC)  # Monday at 09:00


def test_closed_days_are_free() -> None:
    desk = Hours(OFFICE, frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    assert not desk.open_at(datetime(2026, 12, 24, 12, tzinfo=UTC))
    assert desk.next_opening(datetime(2026, 12, 23, 18, tzinfo=UTC)) == datetime(2026, 12, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens", "words", "german"),
    [
        ("2026-11-20T14:00", "today at 15:00", "heute um 15:00 Uhr"),
        ("2026-11-21T08:00", "tomorrow at 09:00", "morgen um 09:00 Uhr"),
        ("2026-11-23T08:00", "on Monday at 09:00", "am Montag um 09:00 Uhr"),
        ("2026-12-28T08:00", "on 2026-12-28 at 09:00", "am 2026-12-28 um 09:00 Uhr"),
    ],
)
def test_when_they_are_back_is_said_as_people_say_it(opens: str, words: str, german: str) -> None:
    zone, now = ZoneInfo("Europe/Madrid"), datetime(2026, 11, 20, 12, tzinfo=UTC)
    at = datetime.fromisoformat(opens).replace(tzinfo=UTC)
    assert in_words(at, now, zone) == words
    with speaking("de"):
        assert in_words(at, now, zone) == german
    assert in_words(None, now, zone) == ""


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("09:00-17:30", (540, 1050)), (" 00:00 – 24:00 ", (0, 1440)), ("9:00-17:00", None), ("17:00-09:00", None),
        ("09:00-09:00", None), ("09:00-24:01", None), ("25:00-26:00", None), ("09:00", None), ("", None),
    ],
)  # fmt: skip
def test_a_span_is_read(text: str, span: tuple[int, int] | None) -> None:
    assert read_span(text) == span


def test_spans_may_touch_but_not_overlap() -> None:
    assert not overlap([(600, 700), (540, 600)])
    assert overlap([(600, 700), (540, 601)])


# ------------------------------------------------------------------------------------------------------ in bridge.toml


def read(folder: Path, content: str) -> Hours:
    path = folder / "bridge.toml"
    path.write_text(content, "utf-8")
    return load({"BRIDGE_CONFIG": str(path), "BRIDGE_DATA_DIR": str(folder / "data")}).desk.hours


def test_hours_are_in_the_desk_s_time_zone(tmp_path: Path) -> None:
    desk = read(tmp_path, '[desk]\ntimezone = "Europe/Madrid"\n[hours]\nmonday = ["14:00-18:00", "09:00-13:00"]\n')
    assert desk.week[0] == ((540, 780), (840, 1080))
    assert desk.week[1:] == ((),) * 6
    assert desk.open_at(datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert listed(desk) == "Monday 09:00-13:00, 14:00-18:00"


def test_without_days_every_day_is_open_but_those_that_are_closed(tmp_path: Path) -> None:
    desk = read(tmp_path, '[hours]\nclosed = ["2026-12-24"]\n')
    assert desk.open_at(datetime(2026, 12, 23, 23, 59, tzinfo=UTC))
    assert not desk.open_at(datetime(2026, 12, 24, tzinfo=UTC))
    assert desk.next_opening(datetime(2026, 12, 24, tzinfo=UTC)) == datetime(2026, 12, 25, tzinfo=UTC)


def test_without_hours_somebody_is_always_there(tmp_path: Path) -> None:
    assert read(tmp_path, "[hours]\n") == Hours()
    assert listed(Hours()) == ""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('monday = ["9-5"]', "line 3: '9-5' are no hours: write \"09:00-17:30\""),
        ('monday = ["22:00-02:00"]', "line 3: .* belongs to the next day"),
        ('monday = ["09:00-12:00", "11:00-15:00"]', "line 3: the hours of monday overlap"),
        ("monday = []", "line 2: with these hours nobody would ever be there"),
        ('mondays = ["09:00-12:00"]', "line 3: mondays is not known; did you mean monday?"),
        ('monday = "09:00-12:00"', "line 3: monday must be a list of texts"),
        ('closed = ["24.12."]', "line 3: '24.12.' is no day: write it as \"2026-12-24\""),
        ("closed = [2026-12-24]", "line 3: closed must be a list of texts"),
    ],
)
def test_what_is_wrong_with_hours_is_said_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(WrongSetting, match=why.replace("?", r"\?")):
        read(tmp_path, f"[desk]\n[hours]\n{line}\n")
