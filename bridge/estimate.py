"""How long a customer will probably wait: said only where enough others have waited before. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from statistics import median_low

from bridge.i18n import t

FEWEST, MOST = 10, 50  # handoffs from which one can tell, and that are looked at
DAYS = timedelta(days=14)  # for so long they count
AROUND = timedelta(minutes=90)  # before and after this time of day
LONGEST = timedelta(hours=12)  # what is longer is no wait for which anybody stays

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def same_time_of_day(at: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether a moment was at about this time of the desk's day."""
    there, here = (each.astimezone(zone).replace(tzinfo=None) for each in (at, now))
    apart = (here - there) % _DAY
    return min(apart, _DAY - apart) <= AROUND


def estimate(waited: Sequence[timedelta]) -> timedelta | None:
    """As long as half of the others waited at most, rounded up; None: there is too little to tell from."""
    if len(waited) < FEWEST:
        return None
    half = median_low(waited)
    if half > LONGEST:
        return None
    step = _MINUTE if half <= 10 * _MINUTE else 5 * _MINUTE if half <= _HOUR else _HOUR
    return max(-(-half // step), 1) * step


def in_words(wait: timedelta | None) -> str:
    """The same, as people say it in the language that is spoken; blank for None."""
    if wait is None:
        return ""
    minutes, hours = wait // _MINUTE, wait // _HOUR
    if minutes <= 1:
        return t("about a minute")
    if minutes < 60:
        return t("about {count} minutes", count=minutes)
    return t("about {count} hours", count=hours) if hours > 1 else t("about an hour")
