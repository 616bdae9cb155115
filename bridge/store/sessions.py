"""PostgreSQL sessions beside the writer's and the reader's, for what goes when its session goes: a lock, an ear."""

from typing import TYPE_CHECKING, Any

from bridge.store.store import WATCHFUL, plain_postgres

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    Session = AsyncConnection[Any]


async def session(address: str, purpose: str) -> "Session":
    """Open. Raises psycopg.OperationalError, as everything does that is asked of it when it is gone."""
    from psycopg import AsyncConnection  # only here, because it takes long and most run on SQLite
    from psycopg.conninfo import make_conninfo

    named = make_conninfo(plain_postgres(address), application_name=f"handoff-bridge {purpose}", **WATCHFUL)
    return await AsyncConnection.connect(named, autocommit=True)
