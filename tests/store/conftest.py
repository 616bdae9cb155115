"""A migrated database, on SQLite and on PostgreSQL, and short ways to put something into it."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.store import lanes, outbox
from bridge.store.lanes import Lane
from bridge.store.migrate import migrate
from bridge.store.outbox import Letter
from bridge.store.store import Store
from bridge.store.tx import Tx

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WAYS = ("customer", "thread", "card")


def put(tx: Tx, lane: str, *texts: str, priority: int = 0, minutes: float = 0) -> None:
    """Add letters to the end of a lane."""
    for text in texts:
        outbox.put(tx, lane, "part", {"text": text}, f"key-{text}", NOW + minutes * MINUTE, priority)


def texts(letters: Sequence[Letter]) -> list[str]:
    """What they say."""
    return [letter.payload["text"] for letter in letters]


def take(tx: Tx, worker: str = "w", claim: int = 1, minutes: float = 1, most: int = 100) -> list[Lane]:
    """Take what is due, as a courier does."""
    found = lanes.due(tx, WAYS, NOW + minutes * MINUTE, most)
    lanes.take(tx, [lane.name for lane in found], worker, claim)
    return [lane.taken_by(worker, claim) for lane in found]


def sent(tx: Tx, lane: Lane, most: int = 1) -> list[str]:
    """Deliver the first letters of a lane that was taken, and give it back."""
    letters = outbox.letters(tx, lane.name, most)
    lanes.finish(tx, lane, outbox.drop(tx, [letter.id for letter in letters]))
    return texts(letters)


def pending_and_letters(tx: Tx) -> list[tuple[str, int, int]]:
    """Of every lane and of every letter: how many the lane counts, and how many there are."""
    rows = tx.all(
        """SELECT name, pending, (SELECT COUNT(*) FROM outbox WHERE lane = name) FROM lane
           UNION SELECT lane, 0, COUNT(*) FROM outbox WHERE lane NOT IN (SELECT name FROM lane) GROUP BY lane"""
    )
    return [(row[0], row[1], row[2]) for row in rows]


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bridge.db'}"
    return request.getfixturevalue("postgres_empty")


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind with the newest schema."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(address)
    return address


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """A file with the newest schema."""
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(address)
    return address


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """Open."""
    store = Store(address)
    yield store
    store.close()
