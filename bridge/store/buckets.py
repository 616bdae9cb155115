"""Where each token bucket stands: one moment a row, shared by all processes and kept over restarts."""

from datetime import datetime, timedelta

from bridge.store.moments import micros, moment
from bridge.store.tx import Tx


def full_at(tx: Tx, name: str) -> datetime | None:
    """When the bucket is full again; None: it is. Nobody else can take from it before this transaction ends."""
    asked = f"SELECT full_at FROM bucket WHERE name = ?{tx.for_update}"
    row = tx.one(asked, name)
    if row is None and tx.for_update:  # what is not there cannot be locked
        tx.run("INSERT INTO bucket (name, full_at) VALUES (?, 0) ON CONFLICT DO NOTHING", name)
        row = tx.one(asked, name)
    return moment(row[0]) if row else None


def set_full_at(tx: Tx, name: str, full: datetime) -> None:
    """Tokens were taken, or the far end asked for quiet."""
    tx.tell(
        "INSERT INTO bucket (name, full_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET full_at = excluded.full_at",
        name, micros(full),
    )  # fmt: skip


def forget(tx: Tx, now: datetime) -> None:
    """Drop those that are full."""
    tx.run("DELETE FROM bucket WHERE full_at < ?", micros(now))


def no_later(tx: Tx, then: datetime) -> None:
    """None is full so late: whatever says so was written by another clock."""
    tx.run("DELETE FROM bucket WHERE full_at > ?", micros(then))


def shift(tx: Tx, by: timedelta) -> None:
    """The clock was set."""
    tx.run("UPDATE bucket SET full_at = full_at + ?", by // timedelta(microseconds=1))
