"""Handoffs and conversations as lists: what waits, who has what, and whom the bot is talking to. Cold reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.filters import Filter
from bridge.i18n import read
from bridge.marks import unpacked
from bridge.ports import Agent, CardState, Place
from bridge.store import contacts, messages
from bridge.store.conversations import summary_of
from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx

RECENT = 5_000  # messages among which live conversations are looked for, and handoffs among which labels are

_UNHEARD = ", ".join(f"'{state}'" for state in (*messages.APART, *messages.NOT_THERE))
_LAST = f"""(SELECT m.author FROM message m WHERE m.conversation_id = h.conversation_id AND m.author <> 'system'
 AND m.state NOT IN ({_UNHEARD}) ORDER BY m.id DESC LIMIT 1)"""
_ENTRY = f"""h.number, h.state, c.customer, c.channel, h.since, h.owner_id, h.owner_name, h.summary, h.reason, h.labels,
 h.thread_channel, h.thread_ts, {_LAST}, h.outcome, h.waits"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A handoff in a list."""

    number: int
    state: CardState
    customer: str
    channel: str
    since: datetime
    owner: Agent | None
    subject: str
    labels: tuple[str, ...]
    thread: Place | None
    last: str
    outcome: str = ""
    waits: datetime | None = None  # since when the customer waits for a person


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that the bot has."""

    id: int
    customer: str
    channel: str
    at: datetime
    words: str


def handoffs(tx: Tx, wanted: Filter, most: int, late: datetime | None = None) -> tuple[list[Entry], int]:
    """The longest waiting first; and how many there are in all. What is over, newest first.

    `late`: who waits for a person since then or before waits too long.
    """
    live = _live(wanted.states)
    found, total = list[Entry](), 0
    asked: list[tuple[CardState, ...]] = [(state,) for state in wanted.states] if live else [wanted.states]
    for states in asked:  # one state is read in the order of an index
        some, count = _of(tx, wanted, states, most, late)
        found, total = found + some, total + count
    if live:
        found.sort(key=lambda it: (it.waits if it.waits and wanted.state == "late" else it.since, it.number))
    return found[:most], total


def _live(states: Sequence[CardState]) -> bool:
    return bool(states) and {"queued", "claimed"}.issuperset(states)


def _of(
    tx: Tx, wanted: Filter, states: tuple[CardState, ...], most: int, late: datetime | None
) -> tuple[list[Entry], int]:
    where, values = _where(wanted, states, late)
    if wanted.whose:
        where += f" AND {tx.among('h.conversation_id')}"
        values.append(tx.several(contacts.of_handoff(tx, wanted.whose)))
    live = _live(states)
    order = "h.waits, h.number" if wanted.state == "late" else "h.since, h.number" if live else "h.number DESC"
    rows = tx.all(
        f"""SELECT {_ENTRY} FROM handoff h JOIN conversation c ON c.id = h.conversation_id
            WHERE {where} ORDER BY {order} LIMIT ?""",
        *values, most,
    )  # fmt: skip
    if len(rows) < most:
        return [_entry(row) for row in rows], len(rows)
    joined = "JOIN conversation c ON c.id = h.conversation_id" if wanted.channel else ""
    total = tx.one(f"SELECT COUNT(*) FROM handoff h {joined} WHERE {where}", *values)
    return [_entry(row) for row in rows], total[0] if total else len(rows)


def claimed(tx: Tx, most: int, late: datetime | None) -> tuple[list[Entry], int]:
    """What agents have: first where the customer waits too long; and how many there are in all."""
    found, total = handoffs(tx, Filter("claimed"), most)
    if late is None:
        return found, total
    first, _ = _of(tx, Filter("late"), ("claimed",), most, late)
    numbers = {entry.number for entry in first}
    return [*first, *(entry for entry in found if entry.number not in numbers)][:most], total


def _where(wanted: Filter, states: tuple[CardState, ...], late: datetime | None) -> tuple[str, list[object]]:
    conditions, values = ["1 = 1"], list[object]()
    if states:
        conditions.append(f"h.state IN ({', '.join('?' * len(states))})")
        values += states
    if wanted.state == "late":
        conditions.append("h.waits <= ?")
        values.append(micros(late) if late else -1)
    if wanted.state == "unresolved":
        conditions.append("h.outcome = 'open'")
    for column, value in (("h.owner_id", wanted.owner), ("c.channel", wanted.channel), (_LAST, wanted.last)):
        if value:
            conditions.append(f"{column} = ?")
            values.append(value)
    if wanted.label:
        conditions.append("' ' || h.labels || ' ' LIKE ? ESCAPE '!'")
        values.append(f"% {_plain(wanted.label)} %")
    return " AND ".join(conditions), values


def _plain(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _entry(row: Row) -> Entry:
    summary, place = summary_of(row[7]), Place(row[10], row[11]) if row[11] else None
    owner = Agent(row[5], row[6] or row[5]) if row[5] else None
    subject = (summary.subject if summary else "") or read(row[8])
    return Entry(
        row[0], row[1], row[2], row[3], moment(row[4]), owner, subject, tuple(row[9].split()), place, row[12] or "",
        row[13], moment(row[14]) if row[14] is not None else None,
    )  # fmt: skip


def with_the_bot(tx: Tx, search: str, most: int) -> tuple[list[Talk], int]:
    """Live conversations that the bot has, newest first, and how many fit. `search`: in the name or the last words."""
    rows = tx.all(
        """SELECT c.id, c.customer, c.channel, m.at, m.text
           FROM (SELECT conversation_id, MAX(id) AS last
                 FROM (SELECT conversation_id, id FROM message WHERE author = 'customer' AND NOT deleted
                       ORDER BY id DESC LIMIT ?) AS newest
                 GROUP BY conversation_id) AS talks
           JOIN conversation c ON c.id = talks.conversation_id JOIN message m ON m.id = talks.last
           WHERE c.state = 'bot' ORDER BY talks.last DESC""",
        RECENT,
    )
    sought = search.casefold().split()
    found = [row for row in rows if all(word in f"{row[1]} {row[2]} {unpacked(row[4])}".casefold() for word in sought)]
    return [Talk(row[0], row[1], row[2], moment(row[3]), unpacked(row[4])) for row in found[:most]], len(found)


def labels_in_use(tx: Tx, since: datetime, most: int = 50) -> list[str]:
    """Labels of the newest handoffs, opened since, by how often they are used."""
    rows = tx.all(
        "SELECT labels FROM handoff WHERE labels <> '' AND opened >= ? ORDER BY number DESC LIMIT ?",
        micros(since), RECENT,
    )  # fmt: skip
    counts: dict[str, int] = {}
    for row in rows:
        for label in row[0].split():
            counts[label] = counts.get(label, 0) + 1
    return sorted(counts, key=lambda label: (-counts[label], label))[:most]


def set_labels(tx: Tx, number: int, labels: Sequence[str]) -> None:
    """What a handoff is filed under."""
    tx.run("UPDATE handoff SET labels = ? WHERE number = ?", " ".join(labels), number)
