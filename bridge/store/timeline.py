"""What happened to a conversation, when, and who did it. Only ever added to."""

from dataclasses import dataclass
from datetime import datetime

from bridge.i18n import kept, read
from bridge.store.moments import micros, moment
from bridge.store.tx import Tx

# Events beside those of decisions, which `went_back` is, too.
CAME_BY, TOLD_ABSENT, LEFT_ADDRESS, WENT_BACK = "came_by", "told_absent", "left_address", "went_back"
ASKED_RATING, RATED_GOOD, RATED_BAD, RATING_WORDS = "asked_rating", "rated_good", "rated_bad", "rating_words"
INTRODUCED = "introduced"


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry."""

    at: datetime
    event: str
    name: str
    note: str


def record(
    tx: Tx, conversation: int, number: int | None, event: str, who: str, name: str, now: datetime, note: str = ""
) -> None:
    """Add an entry."""
    tx.tell(
        "INSERT INTO timeline (conversation_id, handoff, at, event, who, name, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        conversation, number, micros(now), event, who, name, kept(note),
    )  # fmt: skip


def of_handoff(tx: Tx, number: int, most: int = 60) -> list[Happened]:
    """The newest entries of a handoff, oldest first."""
    rows = tx.all("SELECT at, event, name, note FROM timeline WHERE handoff = ? ORDER BY id DESC LIMIT ?", number, most)
    return [Happened(moment(row[0]), row[1], row[2], read(row[3])) for row in reversed(rows)]


def came_by(tx: Tx, conversation: int) -> str:
    """What stood in the link by which the customer came last; blank: they came by none."""
    return noted_last(tx, conversation, CAME_BY)


def noted_last(tx: Tx, conversation: int, event: str) -> str:
    """What was noted when this last happened; blank: it has not."""
    row = tx.one(
        "SELECT note FROM timeline WHERE conversation_id = ? AND event = ? ORDER BY id DESC LIMIT 1",
        conversation, event,
    )  # fmt: skip
    return read(row[0]) if row else ""


def handoff_of(tx: Tx, conversation: int, event: str, note: str) -> int | None:
    """In which handoff of this conversation exactly this happened."""
    row = tx.one(
        "SELECT handoff FROM timeline WHERE conversation_id = ? AND event = ? AND note = ?",
        conversation, event, kept(note),
    )  # fmt: skip
    return row[0] if row else None


def last_of(tx: Tx, number: int, *events: str) -> dict[str, Happened]:
    """The newest entry of a handoff for each of these, where there is one."""
    rows = tx.all(
        f"""SELECT at, event, name, note FROM timeline WHERE handoff = ? AND event IN ({", ".join("?" * len(events))})
            ORDER BY id""",
        number, *events,
    )  # fmt: skip
    return {row[1]: Happened(moment(row[0]), row[1], row[2], read(row[3])) for row in rows}


def times(tx: Tx, conversation: int, event: str, since: datetime) -> int:
    """How often this has happened since then."""
    row = tx.one(
        "SELECT COUNT(*) FROM timeline WHERE conversation_id = ? AND event = ? AND at >= ?",
        conversation, event, micros(since),
    )  # fmt: skip
    return row[0] if row else 0


def newest(tx: Tx) -> int:
    """Something has happened when this has changed."""
    row = tx.one("SELECT COALESCE(MAX(id), 0) FROM timeline")
    return row[0] if row else 0


def counted(tx: Tx, since: datetime) -> dict[str, int]:
    """How often each thing has happened since."""
    rows = tx.all("SELECT event, COUNT(*) FROM timeline WHERE at >= ? GROUP BY event", micros(since))
    return {row[0]: row[1] for row in rows}
