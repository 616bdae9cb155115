"""The inbox: every event of the outside as it came, once, before it is acknowledged."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from bridge.store.moments import micros
from bridge.store.tx import Tx

LONGEST = 300  # characters of a key as it is
KEPT = timedelta(days=8)  # longer than any platform repeats an event (WhatsApp: 7 days)


def take(tx: Tx, source: str, keys: Sequence[str], raw: str, now: datetime, failed: str = "") -> bool:
    """Store an event, with what its rule `failed` of. False: one of its keys was seen before.

    The keys that are new are then kept too: they are other names of the same event.
    """
    at, keys = micros(now), list(dict.fromkeys(map(_short, keys)))
    values = ", ".join(["(?, ?)"] * len(keys))
    told = [value for key in keys for value in (key, at)]
    if tx.run(f"INSERT INTO inbox_key (key, at) VALUES {values} ON CONFLICT DO NOTHING", *told) < len(keys):
        return False
    tx.tell("INSERT INTO inbox (at, source, raw, failed) VALUES (?, ?, ?, ?)", at, source, raw, failed)
    return True


def once(tx: Tx, key: str, now: datetime) -> bool:
    """True for the first who asks, for as long as the keys are kept."""
    return tx.run("INSERT INTO inbox_key (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", _short(key), micros(now)) > 0


def once_in(tx: Tx, key: str, now: datetime, period: timedelta) -> bool:
    """True for the first who asks, and again for the first after that period."""
    tx.run("DELETE FROM inbox_key WHERE key = ? AND at <= ?", _short(key), micros(now - period))
    return once(tx, key, now)


def _short(key: str) -> str:
    """Platforms' ids are short. What somebody signs may not be, and PostgreSQL's index takes 2,700 bytes."""
    return key if len(key) <= LONGEST else f"{key[:LONGEST]}:{hashlib.sha256(key.encode(errors='replace')).hexdigest()}"


def forget(tx: Tx, now: datetime, most: int = 500) -> int:
    """Drop what is older than 8 days, some at a time; return how much went. Failed events stay."""
    old = micros(now - KEPT)
    events = [row[0] for row in tx.all("SELECT id FROM inbox WHERE at < ? AND failed = '' LIMIT ?", old, most)]
    keys = [row[0] for row in tx.all("SELECT key FROM inbox_key WHERE at < ? LIMIT ?", old, most)]
    tx.run(f"DELETE FROM inbox WHERE {tx.among('id')}", tx.several(events))
    tx.run(f"DELETE FROM inbox_key WHERE {tx.among('key')}", tx.several(keys))
    return len(events) + len(keys)
