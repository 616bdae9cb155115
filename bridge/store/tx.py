"""A transaction as units of work see it, and the few words in which SQLite and PostgreSQL differ."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Any, Protocol

import orjson

from bridge.store.moments import moment

Row = Sequence[Any]


class Connection(Protocol):
    """What is needed of a database connection (sqlite3's and psycopg's both have it)."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def close(self) -> None: ...


class Tx:
    """Statements are written with `?`."""

    def __init__(self, connection: Connection, *, server: bool = False) -> None:
        self._connection = connection
        self._server = server  # PostgreSQL
        self._together = ExitStack()
        self._translated: dict[str, str] = {}
        self._failures = 0  # transactions that the server has failed
        self.for_update = " FOR UPDATE" if self._server else ""
        self.like = "ILIKE" if self._server else "LIKE"  # in small letters or not; SQLite: those of English
        self.skip_locked = " FOR UPDATE SKIP LOCKED" if self._server else ""

    def begin(self, patience: int) -> None:
        """Begin. SQLite's writer takes its lock at once: a transaction that read first could not write any more.

        To a server, statements whose results nobody has asked for yet travel together. There, who waits for a row for
        longer than `patience`, in milliseconds, fails.
        """
        if self._server:
            pipeline = getattr(self._connection, "pipeline")  # noqa: B009  only psycopg has it
            self._together.enter_context(pipeline())
            self._connection.execute("BEGIN")
            self._connection.execute(f"SET LOCAL lock_timeout = {patience}")
        else:
            self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit: what comes back is on the disk."""
        self._connection.execute("COMMIT")
        self._together.close()

    def roll_back(self) -> None:
        """Undo all of it, as far as there is still a connection; without one it is undone already.

        psycopg takes a statement for prepared that was only on its way to be when the server failed the transaction,
        and then the server knows no such statement, for ever. So both forget them all. psycopg looks at what comes of
        a text only when it is new to it, hence the number. (psycopg 3.3, `PrepareManager.maybe_add_to_cache`.)
        """
        with suppress(Exception):
            self._together.close()
        with suppress(Exception):
            failed = self._failed()
            self._connection.execute("ROLLBACK")
            if failed:
                self._failures += 1
                self._connection.execute(f"DEALLOCATE ALL -- {self._failures}")

    def run(self, sql: str, *params: Any) -> int:
        """Execute; return how many rows it touched."""
        done = self._execute(sql, params)
        if self._server:
            _ask(done)
        return done.rowcount

    def tell(self, sql: str, *params: Any) -> None:
        """Execute, without waiting for what comes of it. Where it fails, the transaction does."""
        self._execute(sql, params)

    def all(self, sql: str, *params: Any) -> list[Row]:
        """Every row."""
        return self._execute(sql, params).fetchall()

    def one(self, sql: str, *params: Any) -> Row | None:
        """The first row, or None."""
        return self._execute(sql, params).fetchone()

    def among(self, column: str) -> str:
        """A condition: the column has one of the values that `several` makes one parameter of."""
        return f"{column} = ANY(?)" if self._server else f"{column} IN (SELECT value FROM json_each(?))"

    def several(self, values: Iterable[object]) -> Any:
        """Several values as one parameter, for `among`."""
        return list(values) if self._server else orjson.dumps(list(values)).decode()

    def server_now(self) -> datetime | None:
        """The server's clock, which all processes share; None: there is only this process."""
        if not self._server:
            return None
        row = self.one("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint")
        assert row is not None
        return moment(row[0])

    @property
    def shared(self) -> bool:
        """Other processes may work on the same database."""
        return self._server

    @property
    def broken(self) -> bool:
        """The connection is gone. Only one to a server can go."""
        return bool(getattr(self._connection, "closed", False))

    def _failed(self) -> bool:
        """Whether the server takes nothing more in this transaction."""
        about = getattr(self._connection, "info", None)
        return about is not None and about.transaction_status.name == "INERROR"

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _execute(self, sql: str, params: Sequence[Any]) -> Any:
        if self._server:
            known = self._translated.get(sql)
            sql = known or self._translated.setdefault(sql, sql.replace("?", "%s"))
        return self._connection.execute(sql, params)


def _ask(done: Any) -> None:
    """Wait for what comes of a statement without rows, and of all that were told before.

    The pipeline's own sync() may leave a part of large statements unsent, and wait for their results for ever: it does
    not look at what flush() says. (psycopg 3.3, pipeline_communicate.) A fetch sends all of it.
    """
    try:
        done.fetchone()
    except Exception:
        if done.statusmessage is None:  # the server refused it; else there just are no rows
            raise
