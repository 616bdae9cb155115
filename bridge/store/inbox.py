"""The inbox: every event of the outside as it came, once, before it is acknowledged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bridge.store.moments import micros
from bridge.store.writer import Tx

KEPT = timedelta(days=8)  # longer than any platform repeats an event (WhatsApp: 7 days)


def take(tx: Tx, source: str, keys: Sequence[str], raw: str, now: datetime) -> int | None:
    """Store an event. None: one of its keys was seen before."""
    if any(seen(tx, key) for key in keys):
        return None
    row = tx.one(
        "INSERT INTO inbox (at, source, raw, failed) VALUES (?, ?, ?, '') RETURNING id", micros(now), source, raw
    )
    assert row is not None
    for key in keys:
        tx.run("INSERT INTO inbox_key (key, inbox_id) VALUES (?, ?)", key, row[0])
    return row[0]


def seen(tx: Tx, key: str) -> bool:
    """Whether an event with this key is stored."""
    return tx.one("SELECT 1 FROM inbox_key WHERE key = ?", key) is not None


def once(tx: Tx, key: str) -> bool:
    """True for the first who asks, for as long as the keys are kept."""
    return tx.run("INSERT INTO inbox_key (key, inbox_id) VALUES (?, 0) ON CONFLICT DO NOTHING", key) > 0


def failed(tx: Tx, inbox_id: int, why: str) -> None:
    """An event whose rule crashed stays here, to be looked at and run again."""
    tx.run("UPDATE inbox SET failed = ? WHERE id = ?", why, inbox_id)


def forget(tx: Tx, now: datetime) -> int:
    """Drop what is older than 8 days, some at a time; return how many went. Failed events stay."""
    old = tx.all("SELECT id FROM inbox WHERE at < ? AND failed = '' ORDER BY at LIMIT 500", micros(now - KEPT))
    for row in old:
        tx.run("DELETE FROM inbox_key WHERE inbox_id = ?", row[0])
        tx.run("DELETE FROM inbox WHERE id = ?", row[0])
    return len(old)


def cursor(tx: Tx, name: str) -> int:
    """Where this channel goes on reading; 0 at first."""
    row = tx.one("SELECT value FROM cursor WHERE name = ?", name)
    return row[0] if row else 0


def move_cursor(tx: Tx, name: str, value: int) -> None:
    """Remember where to go on reading."""
    tx.run(
        "INSERT INTO cursor (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value,
    )
