"""Small words that windows share, and the handoff that one is about."""

from datetime import datetime, timedelta

from bridge.content import time_of_day
from bridge.errors import Refused
from bridge.i18n import again, t
from bridge.ports import Agent
from bridge.session import Session
from bridge.store import conversations
from bridge.store.conversations import Handoff
from bridge.store.queue import Entry

DAY, YEAR = timedelta(days=1), timedelta(days=365)
LAST = {"customer": t("last: customer"), "agent": t("last: agent"), "bot": t("last: bot")}


def shown(name: str) -> str:
    """Somebody's name among words of ours, in which asterisks and backticks mean something."""
    return name.replace("*", "").replace("`", "").replace("\n", " ") or t("Customer")


def number(text: str) -> int:
    """A handoff's number that came back from a window."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def handoff_of(session: Session, about: str) -> tuple[Handoff, str]:
    """The handoff that a window is about, and whose it is; else Refused."""
    handoff = conversations.handoff(session.tx, number(about))
    if handoff is None:
        raise Refused(t("This handoff is not known any more."))
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    return handoff, contact.name or t("Customer")


def headline(entry: Entry, channel: str) -> str:
    """A handoff in a list."""
    return f"#{entry.number} {entry.customer or t('Customer')} · {channel}"


def details(entry: Entry, late: datetime | None) -> str:
    """Who has it, since when, and who spoke last. First of all that the customer waits since `late` or longer."""
    too_long = ""
    if entry.waits and late and entry.waits <= late:
        too_long = t("⚠ no answer since {time}", time=time_of_day(entry.waits))
    last = again(LAST[entry.last]) if entry.last and entry.state in ("queued", "claimed") and not too_long else ""
    has_it = "" if too_long and entry.state == "queued" else _has_it(entry)
    return " · ".join(part for part in (too_long, has_it, last, *entry.labels) if part)


def _has_it(entry: Entry) -> str:
    since = time_of_day(entry.since)
    match entry.state:
        case "queued":
            return t("waiting since {time}", time=since)
        case "claimed":
            return t("{name} has it since {time}", name=_name(entry.owner), time=since)
        case "handed_back" if entry.outcome == "open":
            return t("with the bot, not resolved since {time}", time=since)
        case "handed_back":
            return t("back with the bot since {time}", time=since)
        case "ended":
            return t("ended since {time}", time=since)


def _name(owner: Agent | None) -> str:
    return shown(owner.name) if owner else t("Somebody")
