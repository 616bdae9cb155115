"""The outbox: what has yet to happen outside, one row each, in lanes.

A row is marked `sending`, and that is committed, before its first byte leaves. After a crash such a row is therefore
known to be in doubt, and every other row is known not to have left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from bridge.store import lanes, messages
from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx


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
    state: Literal["pending", "sending", "uncertain", "missed"]

    @property
    def in_doubt(self) -> bool:
        """It was being sent when the process died, or got no answer; `missed`: it was looked for once, in vain."""
        return self.state != "pending"


def put(
    tx: Tx, lane: str, kind: str, payload: Mapping[str, object], key: str, now: datetime, priority: int = 0,
    *, way: str = "", due: datetime | None = None,
) -> None:  # fmt: skip
    """Add to the end of a lane. The lane's name begins with its way, unless another is given."""
    tx.tell(
        "INSERT INTO outbox (lane, kind, payload, state, key, attempts, at) VALUES (?, ?, ?, 'pending', ?, 0, ?)",
        lane, kind, orjson.dumps(payload).decode(), key, micros(now),
    )  # fmt: skip
    lanes.add(tx, lane, way or lane.partition(":")[0], due, now, priority)


def put_once(tx: Tx, lane: str, kind: str, payload: Mapping[str, object], key: str, now: datetime) -> None:
    """Add, unless one is waiting in this lane already: it is going to be drawn from the state as it is then."""
    if tx.for_update:  # another process may just be taking the lane, and has drawn it without what we changed
        tx.one("SELECT 1 FROM lane WHERE name = ? FOR UPDATE", lane)
    if tx.one("SELECT 1 FROM outbox WHERE lane = ? AND kind = ? AND state = 'pending' LIMIT 1", lane, kind) is None:
        put(tx, lane, kind, payload, key, now)


def waiting(tx: Tx, lane: str, kinds: Sequence[str], name: str, value: object) -> Letter | None:
    """The one of these kinds that waits in a lane and holds this value under that name. It does not leave meanwhile."""
    if tx.for_update:
        tx.one("SELECT 1 FROM lane WHERE name = ? FOR UPDATE", lane)
    found = (it for it in letters(tx, lane, 1_000_000) if it.kind in kinds and it.state == "pending")
    return next((it for it in found if it.payload.get(name) == value), None)


def letters(tx: Tx, lane: str, most: int = 50) -> list[Letter]:
    """The first letters of a lane, in order."""
    rows = tx.all(f"SELECT {_LETTER} FROM outbox WHERE lane = ? ORDER BY id LIMIT ?", lane, most)
    return [_letter(row, lane) for row in rows]


def to_customer(tx: Tx, lane: str, conversation: int, most: int) -> tuple[str, int, list[Letter], str]:
    """The same of a customer's lane, with the chat that reaches them, the epoch that holds now, and their topic."""
    rows = tx.all(
        f"""SELECT {_LETTER}, chat, epoch, topic FROM outbox,
             (SELECT epoch, topic, COALESCE(NULLIF(reach, ''), chat) AS chat FROM conversation WHERE id = ?) AS whom
            WHERE lane = ? ORDER BY id LIMIT ?""",
        conversation, lane, most,
    )  # fmt: skip
    return (rows[0][7], rows[0][8], [_letter(row, lane) for row in rows], rows[0][9]) if rows else ("", 0, [], "")


def card_of_lane(tx: Tx, lane: str) -> list[Letter]:
    """The card that is to be posted in this lane, wherever it stands in it."""
    rows = tx.all(f"SELECT {_LETTER} FROM outbox WHERE lane = ? AND kind = 'open' ORDER BY id LIMIT 1", lane)
    return [_letter(row, lane) for row in rows]


def clear(tx: Tx, lane: str) -> list[Letter]:
    """Take everything out of a lane, also what is being sent; gives what was there."""
    there = letters(tx, lane, 1_000_000)
    lanes.shrink(tx, lane, drop(tx, [letter.id for letter in there]))
    return there


def unsent(tx: Tx, lane: str, message: int) -> list[Letter]:
    """The parts of a message of which nothing has left; none, where one has gone out or may have."""
    found = _waiting(tx, lane, message)
    if found and tx.for_update:  # another process may just be sending them
        tx.one("SELECT 1 FROM lane WHERE name = ? FOR UPDATE", lane)
        found = _waiting(tx, lane, message)
    return found


def _waiting(tx: Tx, lane: str, message: int) -> list[Letter]:
    parts = [it for it in letters(tx, lane, 200) if it.kind == "part" and it.payload["message"] == message]
    if not parts or parts[0].payload["part"] != 1 or any(it.in_doubt or it.payload.get("doubted") for it in parts):
        return []
    return [] if messages.begun(tx, message) else parts


def take_back(tx: Tx, lane: str, waiting: Sequence[Letter]) -> None:
    """These do not go out. What the lane waits for because of others, or of the platform, it still does."""
    wakes = waits_to_be_recalled(tx, lane, waiting)
    lanes.shrink(tx, lane, drop(tx, [letter.id for letter in waiting]), wake=wakes)


def waits_to_be_recalled(tx: Tx, lane: str, waiting: Sequence[Letter]) -> bool:
    """Whether the lane waits because the author of these may think better of them."""
    return letters(tx, lane, 1)[0].id == waiting[0].id and "until" in waiting[0].payload


def behind(tx: Tx, lane: str, letter: int) -> list[Letter]:
    """What waits in a lane behind this letter."""
    return [it for it in letters(tx, lane, 1_000_000) if it.id > letter]


def opening(tx: Tx) -> bool:
    """Whether a card is being posted, or may have been."""
    return tx.one("SELECT 1 FROM outbox WHERE kind = 'open' AND state <> 'pending' LIMIT 1") is not None


def mark_sending(tx: Tx, ids: Sequence[int]) -> None:
    """Before the first byte."""
    if ids:
        tx.tell(f"UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE {tx.among('id')}", tx.several(ids))


def mark_pending(tx: Tx, ids: Sequence[int]) -> None:
    """It certainly was not accepted: it may be sent again."""
    tx.tell(f"UPDATE outbox SET state = 'pending' WHERE {tx.among('id')}", tx.several(ids))


def mark_missed(tx: Tx, ids: Sequence[int]) -> None:
    """It was looked for where it would be, and is not there yet."""
    tx.tell(f"UPDATE outbox SET state = 'missed' WHERE {tx.among('id')}", tx.several(ids))


def rewrite(tx: Tx, letter: int, kind: str, payload: Mapping[str, object]) -> None:
    """Something else goes out in its place, under the same key."""
    tx.run(
        "UPDATE outbox SET kind = ?, payload = ?, state = 'pending', attempts = 0 WHERE id = ?",
        kind, orjson.dumps(payload).decode(), letter,
    )  # fmt: skip


def set_payload(tx: Tx, letter: int, payload: Mapping[str, object]) -> None:
    """Something more is known of it."""
    tx.run("UPDATE outbox SET payload = ? WHERE id = ?", orjson.dumps(payload).decode(), letter)


def mark_uncertain(tx: Tx, letter: int) -> None:
    """It got no answer, and what became of it is being found out."""
    tx.tell("UPDATE outbox SET state = 'uncertain' WHERE id = ?", letter)


def drop(tx: Tx, ids: Sequence[int]) -> int:
    """These are over: delivered, given up, or of no use any more. Returns how many were still here."""
    if len(ids) == 1:
        return tx.run("DELETE FROM outbox WHERE id = ?", ids[0])
    return tx.run(f"DELETE FROM outbox WHERE {tx.among('id')}", tx.several(ids)) if ids else 0


def settle(tx: Tx, letter: Letter) -> None:
    """A letter is over without its being sent: a report or a person has said what became of it."""
    lanes.shrink(tx, letter.lane, drop(tx, [letter.id]))


def sharing(tx: Tx, letter: Letter) -> list[Letter]:
    """A letter, and those that went out with it as one message."""
    under = letter.payload.get("under")
    return [it for it in letters(tx, letter.lane, 50) if it.payload.get("under") == under] if under else [letter]


def find(tx: Tx, key: str) -> Letter | None:
    """The letter with this key, if it is still here."""
    row = tx.one(f"SELECT {_LETTER}, lane FROM outbox WHERE key = ?", key)
    return _letter(row, row[7]) if row else None


_LETTER = "id, kind, payload, state, key, attempts, at"


def _letter(row: Row, lane: str) -> Letter:
    return Letter(row[0], lane, row[1], orjson.loads(row[2]), row[4], row[5], moment(row[6]), row[3])
