"""Until when a customer can be answered, on a channel that takes replies only for a while after they wrote. Pure.

All moments are in UTC, and so many hours are so many hours whatever the clocks on people's walls do. What an agent
writes when it is shut is held: the platform would refuse it, and count that against us. Until the customer writes, only
a template reaches them, where the channel has some.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bridge.content import time_of_day
from bridge.i18n import joined, t

Stage = Literal["open", "closing", "shut"]
CLOSING = timedelta(hours=1)  # before it shuts
QUARTER = timedelta(minutes=15)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # stands for never


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """So many hours after the customer wrote last it shuts."""

    hours: int
    stage: Stage
    until: datetime

    @property
    def turned(self) -> str:
        """What people are to be shown by the clock alone: which window is closing, or shut. Blank while it is open."""
        return "" if self.stage == "open" else f"{self.stage} {int(self.until.timestamp())}"


def reply_window(lasts: timedelta, wrote: datetime | None, now: datetime) -> ReplyWindow:
    """How things are now, when the customer `wrote` last then. At its very end it is shut."""
    until = (wrote or LONG_AGO) + lasts
    stage: Stage = "shut" if now >= until else "closing" if now >= until - CLOSING else "open"
    return ReplyWindow(lasts // timedelta(hours=1), stage, until)


def moves_on(before: datetime | None, wrote: datetime) -> bool:
    """Whether a card that shows when the window shuts is to be drawn again because the customer wrote.

    At most once in each quarter of an hour: the card redraws of all threads share a few calls a second, and a customer
    may send line after line. The card then says up to 15 minutes too little, and never too much.
    """
    return (wrote - LONG_AGO) // QUARTER > ((before or LONG_AGO) - LONG_AGO) // QUARTER


def last_call(window: ReplyWindow, channel: str) -> str:
    """Said in the thread while there still is time."""
    return t(
        "What the customer wrote last is not answered yet. {channel} takes replies until {time}, {hours} hours after "
        "it, and then not before they write again.",
        channel=channel,
        time=time_of_day(window.until),
        hours=window.hours,
    )


@dataclass(frozen=True, slots=True)
class Shut:
    """Why a customer cannot be answered now, as a sentence; and whether a template would reach them."""

    why: str
    templates: bool = False


def shut(window: ReplyWindow, channel: str, *, templates: bool = False) -> Shut | None:
    """Said to whoever writes to the customer all the same. None: they can be answered."""
    if window.stage != "shut":
        return None
    why = t(
        "The customer has not written for {hours} hours, so this was not sent: {channel} takes replies again when they "
        "write.",
        hours=window.hours,
        channel=channel,
    )
    return Shut(joined([why, t("Until then a template reaches them: `!template`.")]) if templates else why, templates)
