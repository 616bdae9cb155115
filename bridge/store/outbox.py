"""The outbox: what has yet to happen outside, in lanes. A lane is sent in order, by one worker at a time.

A row is marked `sending`, and that is committed, before its first byte leaves. After a crash such a row is therefore
known to be in doubt, and every other row is known not to have left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from bridge.store.moments import micros, moment
from bridge.store.writer import Row, Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """One row: an effect with its payload."""

    id: int
    lane: str
    kind: str
    payload: dict[str, Any]
    key: str
    attempts: int
    at: datetime
    state: Literal["pending", "sending", "uncertain"]

    @property
    def in_doubt(self) -> bool:
        """It was being sent when the process died, or got no answer."""
        return self.state != "pending"


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with something due."""

    name: str
    waiting_since: datetime
    claimed: bool  # an agent and a customer are talking: these go first


def put(
    tx: Tx, lane: str, kind: str, payload: Mapping[str, object], key: str, now: datetime, priority: int = 0
) -> None:
    """Add to the end of a lane."""
    tx.run(
        "INSERT INTO outbox (lane, kind, payload, state, key, attempts, at) VALUES (?, ?, ?, 'pending', ?, 0, ?)",
        lane, kind, orjson.dumps(payload).decode(), key, micros(now),
    )  # fmt: skip
    tx.run(
        """INSERT INTO lane (name, pending, due, waiting_since, priority) VALUES (?, 1, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET pending = lane.pending + 1, priority = excluded.priority,
             due = CASE WHEN lane.pending = 0 THEN excluded.due ELSE lane.due END,
             waiting_since = CASE WHEN lane.pending = 0 THEN excluded.waiting_since ELSE lane.waiting_since END""",
        lane, micros(now), micros(now), priority,
    )  # fmt: skip


def put_once(tx: Tx, lane: str, kind: str, payload: Mapping[str, object], key: str, now: datetime) -> None:
    """Add, unless one is waiting in this lane already: it is going to be drawn from the state as it is then."""
    if tx.one("SELECT 1 FROM outbox WHERE lane = ? AND kind = ? AND state = 'pending' LIMIT 1", lane, kind) is None:
        put(tx, lane, kind, payload, key, now)


def due(tx: Tx, now: datetime, most: int, but: Iterable[str] = ()) -> list[Lane]:
    """Lanes with something to send, those first where an agent and a customer are talking; the others age."""
    busy = set(but)
    rows = tx.all(
        """SELECT name, waiting_since, priority FROM lane WHERE due IS NOT NULL AND due <= ?
           ORDER BY waiting_since - priority * 60000000 LIMIT ?""",
        micros(now), most + len(busy),
    )  # fmt: skip
    return [Lane(row[0], moment(row[1]), row[2] > 0) for row in rows if row[0] not in busy]


def next_due(tx: Tx, but: Iterable[str] = ()) -> datetime | None:
    """When the next lane falls due that is not being served."""
    busy = set(but)
    rows = tx.all("SELECT due, name FROM lane WHERE due IS NOT NULL ORDER BY due LIMIT ?", len(busy) + 1)
    return next((moment(row[0]) for row in rows if row[1] not in busy), None)


def letters(tx: Tx, lane: str, most: int = 50) -> list[Letter]:
    """The first letters of a lane, in order."""
    rows = tx.all(
        "SELECT id, kind, payload, state, key, attempts, at FROM outbox WHERE lane = ? ORDER BY id LIMIT ?", lane, most
    )
    return [_letter(row, lane) for row in rows]


def opening(tx: Tx) -> bool:
    """Whether a card is being posted, or may have been."""
    return tx.one("SELECT 1 FROM outbox WHERE kind = 'open' AND state <> 'pending' LIMIT 1") is not None


def any_in(tx: Tx, lane: str) -> bool:
    """Whether the lane has letters."""
    return tx.one("SELECT 1 FROM outbox WHERE lane = ? LIMIT 1", lane) is not None


def mark_sending(tx: Tx, ids: Sequence[int]) -> None:
    """Before the first byte."""
    for letter in ids:
        tx.run("UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?", letter)


def mark_pending(tx: Tx, ids: Sequence[int]) -> None:
    """It certainly was not accepted: it may be sent again."""
    for letter in ids:
        tx.run("UPDATE outbox SET state = 'pending' WHERE id = ?", letter)


def mark_uncertain(tx: Tx, letter: int) -> None:
    """It got no answer, and what became of it is being found out."""
    tx.run("UPDATE outbox SET state = 'uncertain' WHERE id = ?", letter)


def done(tx: Tx, lane: str, ids: Sequence[int], now: datetime) -> None:
    """These are over: delivered, given up, or of no use any more."""
    gone = sum(tx.run("DELETE FROM outbox WHERE id = ?", letter) for letter in ids)
    tx.run(
        "UPDATE lane SET pending = pending - ?, waiting_since = ?, due = ? WHERE name = ?",
        gone, micros(now), micros(now), lane,
    )  # fmt: skip
    tx.run("DELETE FROM lane WHERE name = ? AND pending <= 0", lane)


def wait(tx: Tx, lane: str, until: datetime | None) -> None:
    """Leave the lane alone until then; None: until a person has decided."""
    tx.run("UPDATE lane SET due = ? WHERE name = ?", None if until is None else micros(until), lane)


def waits_for_a_person(tx: Tx, lane: str) -> bool:
    """Whether nothing is sent here until somebody has decided."""
    return tx.one("SELECT 1 FROM lane WHERE name = ? AND due IS NULL AND pending > 0", lane) is not None


def wake(tx: Tx, lane: str, now: datetime) -> None:
    """Look at the lane now."""
    tx.run("UPDATE lane SET due = ? WHERE name = ? AND pending > 0", micros(now), lane)


def find(tx: Tx, key: str) -> Letter | None:
    """The letter with this key, if it is still here."""
    row = tx.one("SELECT id, kind, payload, state, key, attempts, at, lane FROM outbox WHERE key = ?", key)
    return _letter(row, row[7]) if row else None


def _letter(row: Row, lane: str) -> Letter:
    return Letter(row[0], lane, row[1], orjson.loads(row[2]), row[4], row[5], moment(row[6]), row[3])
