"""Which processes are alive: each says so every second. The lanes of one that has stopped saying so are free again."""

from datetime import datetime, timedelta

from bridge.store.moments import micros
from bridge.store.tx import Tx

DEAD_AFTER = timedelta(seconds=5)


def beat(tx: Tx, worker: str, now: datetime) -> None:
    """Say that this one is alive."""
    tx.run(
        "INSERT INTO worker (name, beat) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET beat = excluded.beat",
        worker, micros(now),
    )  # fmt: skip


def bury(tx: Tx, now: datetime) -> list[str]:
    """Free what the dead had taken; return their names."""
    rows = tx.all("SELECT name FROM worker WHERE beat < ?", micros(now - DEAD_AFTER))
    for (name,) in rows:
        leave(tx, name)
    # Who was slow for so long may have been buried alive, have taken something all the same, and died then.
    unknown = "NOT EXISTS (SELECT 1 FROM worker WHERE worker.name = lane.worker)"
    tx.tell(f"UPDATE lane SET worker = NULL WHERE worker IS NOT NULL AND {unknown}")
    return [row[0] for row in rows]


def could_beat(tx: Tx, now: datetime) -> bool:
    """Whether the server was there for long enough: then whoever has not beaten is dead, also to one who just came."""
    row = tx.one("SELECT (EXTRACT(EPOCH FROM pg_postmaster_start_time()) * 1000000)::bigint")
    return row is not None and micros(now) - row[0] > 2 * (DEAD_AFTER // timedelta(microseconds=1))


def leave(tx: Tx, worker: str) -> None:
    """Strike off one that is no more. What it was sending is in doubt."""
    tx.run("UPDATE lane SET worker = NULL WHERE worker = ?", worker)
    tx.run("DELETE FROM worker WHERE name = ?", worker)


def only(tx: Tx, worker: str, now: datetime) -> None:
    """Nobody else is here: whoever had taken anything is dead."""
    tx.run("UPDATE lane SET worker = NULL WHERE worker IS NOT NULL")
    tx.run("DELETE FROM worker")
    beat(tx, worker, now)
