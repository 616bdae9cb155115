"""A migrated database, on SQLite and on PostgreSQL, and short ways to put something into it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.store.migrate import migrate
from bridge.store.store import Store

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


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
async def store(address: str) -> AsyncIterator[Store]:
    """Open."""
    store = Store(address)
    yield store
    store.close()
