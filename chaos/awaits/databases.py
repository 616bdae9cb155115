"""A database for each ground. On PostgreSQL a copy of one that has the schema already: to migrate takes longer."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from chaos import postgres

Fresh = Callable[[], Awaitable[dict[str, str]]]
"""The variables that name a database which nobody has used."""


@asynccontextmanager
async def databases(store: str) -> AsyncGenerator[Fresh]:
    """Fresh databases of one kind, until the context ends."""
    if store == "sqlite":
        yield _file
        return
    async with postgres.database() as template:
        await asyncio.to_thread(_migrate, template)
        numbers, one_at_a_time = itertools.count(1), asyncio.Lock()

        async def copy() -> dict[str, str]:
            async with one_at_a_time:
                return {"DATABASE_URL": await asyncio.to_thread(_copied, template, next(numbers))}

        yield copy


async def _file() -> dict[str, str]:
    """SQLite's file lies in the ground's own folder."""
    return {}


def _migrate(address: str) -> None:
    from bridge.store.migrate import migrate

    migrate(address)


def _copied(template: str, number: int) -> str:
    import psycopg

    parts = urlsplit(template)
    name = f"{parts.path[1:]}_{number}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {parts.path[1:]}".encode())
    return parts._replace(path=f"/{name}").geturl()
