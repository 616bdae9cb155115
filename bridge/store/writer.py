"""One writer on its own thread, with group commit: many units of work share one commit, each in its own savepoint.

A unit of work is a plain function `work(tx) -> result`. Awaiting it returns after the commit that contains it.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Row = Sequence[Any]
MOST_TOGETHER = 512  # units in one commit


class Conflict(Exception):
    """A conditional statement touched no row: somebody else was faster. The unit is tried again on fresh state."""


class Connection(Protocol):
    """What the writer needs of a database connection (sqlite3's and psycopg's both have it)."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def close(self) -> None: ...


class Tx:
    """A transaction, as units of work see it. Statements are written with `?`."""

    def __init__(self, connection: Connection, mark: str = "?") -> None:
        self._connection = connection
        self._mark = mark
        self._translated: dict[str, str] = {}

    def run(self, sql: str, *params: Any) -> int:
        """Execute; return how many rows it touched."""
        return self._execute(sql, params).rowcount

    def all(self, sql: str, *params: Any) -> list[Row]:
        """Every row."""
        return self._execute(sql, params).fetchall()

    def one(self, sql: str, *params: Any) -> Row | None:
        """The first row, or None."""
        return self._execute(sql, params).fetchone()

    @property
    def broken(self) -> bool:
        """The connection is gone. Only one to a server can go."""
        return bool(getattr(self._connection, "closed", False))

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _execute(self, sql: str, params: Sequence[Any]) -> Any:
        if self._mark != "?":
            sql = self._translated.setdefault(sql, sql.replace("?", self._mark))
        return self._connection.execute(sql, params)


Work = Callable[[Tx], T]
_Job = tuple[Work[Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class Writer:
    """The thread that owns the writing connection."""

    def __init__(self, connect: Callable[[], Connection], mark: str = "?") -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connect = connect
        self._mark = mark
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Run one unit of work; return after its commit, or raise what it raised (then it changed nothing)."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put((work, done, loop))
        return await done

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        tx: Tx | None = None
        more = True
        while more and (first := self._jobs.get()) is not None:
            batch, more = self._gather(first)
            try:
                if tx is None or tx.broken:
                    tx = Tx(self._connect(), self._mark)
                outcomes = self._commit(tx, batch)
            except Exception as error:  # it could not be opened
                outcomes: list[_Outcome] = [(job, None, error) for job in batch]
            _answer(outcomes)
        if tx:
            tx.close()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return batch, False
            batch.append(job)
        return batch, True

    def _commit(self, tx: Tx, batch: list[_Job]) -> "list[_Outcome]":
        try:
            tx.run("BEGIN IMMEDIATE" if self._mark == "?" else "BEGIN")
            outcomes = [(job, *_in_savepoint(tx, job[0])) for job in batch]
            tx.run("COMMIT")
        except Exception as error:  # the whole commit failed (disk full ...): nobody may be told otherwise
            _roll_back(tx)
            return [(job, None, error) for job in batch]
        return outcomes


_Outcome = tuple[_Job, Any, BaseException | None]


def _in_savepoint(tx: Tx, work: Work[Any]) -> tuple[Any, BaseException | None]:
    for _ in range(20):
        tx.run("SAVEPOINT unit")
        try:
            result = work(tx)
        except Conflict:
            _undo(tx)
        except Exception as error:  # handed to whoever awaits this unit
            _undo(tx)
            if isinstance(error, sqlite3.OperationalError):
                raise
            return None, error
        else:
            tx.run("RELEASE unit")
            return result, None
    return None, Conflict("still conflicting after 20 attempts")


def _undo(tx: Tx) -> None:
    tx.run("ROLLBACK TO unit")
    tx.run("RELEASE unit")


def _roll_back(tx: Tx) -> None:
    with contextlib.suppress(Exception):  # the transaction may be gone already
        tx.run("ROLLBACK")


def _answer(outcomes: list[_Outcome]) -> None:
    loops = {job[2] for job, _, _ in outcomes}
    for loop in loops:
        mine = [outcome for outcome in outcomes if outcome[0][2] is loop]
        try:
            loop.call_soon_threadsafe(_settle, mine)
        except RuntimeError:  # the loop is closed: nobody waits any more
            continue


def _settle(outcomes: list[_Outcome]) -> None:
    for (_, done, _), result, error in outcomes:
        if done.cancelled():
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
