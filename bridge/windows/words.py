"""Small words that windows share, and the handoff that one is about."""

from datetime import datetime, timedelta

from bridge.errors import Refused
from bridge.ports import Agent
from bridge.session import Session
from bridge.store import conversations
from bridge.store.conversations import Handoff
from bridge.store.queue import Entry

DAY, YEAR = timedelta(days=1), timedelta(days=365)


def clock(at: datetime) -> str:
    """A time, which each reader sees in their own zone."""
    return f"<time {int(at.timestamp())}>"


def shown(name: str) -> str:
    """Somebody's name among words of ours, in which asterisks and backticks mean something."""
    return name.replace("*", "").replace("`", "").replace("\n", " ") or "Customer"


def number(text: str) -> int:
    """A handoff's number that came back from a window."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def handoff_of(session: Session, about: str) -> tuple[Handoff, str]:
    """The handoff that a window is about, and whose it is; else Refused."""
    handoff = conversations.handoff(session.tx, number(about))
    if handoff is None:
        raise Refused("This handoff is not known any more.")
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    return handoff, contact.name or "Customer"


def headline(entry: Entry, channel: str) -> str:
    """A handoff in a list."""
    return f"#{entry.number} {entry.customer or 'Customer'} · {channel}"


def details(entry: Entry) -> str:
    """Who has it, since when, and who spoke last."""
    who = {
        "queued": "waiting",
        "claimed": f"{_name(entry.owner)} has it",
        "handed_back": "with the bot, not resolved" if entry.outcome == "open" else "back with the bot",
        "ended": "ended",
    }[entry.state]
    labels = "".join(f" · {label}" for label in entry.labels)
    last = f" · last: {entry.last}" if entry.last and entry.state in ("queued", "claimed") else ""
    return f"{who} since {clock(entry.since)}{last}{labels}"


def _name(owner: Agent | None) -> str:
    return shown(owner.name) if owner else "Somebody"
