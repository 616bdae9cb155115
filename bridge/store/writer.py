"""One writer on its own thread, with group commit: many units of work share one transaction.

A unit of work is a plain function `work(tx) -> result`, which may be run again. Awaiting it returns after the commit
that contains it. Where one of them fails, nothing of the transaction stays, and each is done again in one of its own.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from bridge.errors import StoreAway
from bridge.store.tx import Connection, Tx

T = TypeVar("T")
MOST_TOGETHER = 512  # units in one commit
MOST_TRIES = 20  # of a unit that conflicts
CLASH = ("40001", "40P01")  # PostgreSQL: serialization failure, deadlock


class Conflict(Exception):
    """A conditional statement touched no row: somebody else was faster. The unit is tried again on fresh state."""


class Again(Exception):
    """What is done last stumbled, and has learned from it: the transaction is done once more."""


class Last(Protocol):
    """What is done at the end of every transaction: the courier takes what is due."""

    def take(self, tx: Tx) -> Any:
        """On the writer's thread, in the transaction. It may be undone and called again, or ask for that: Again."""
        ...

    def took(self, taken: Any) -> None:
        """On the loop, after the commit."""
        ...


class Nothing:
    """Nothing is done last."""

    def take(self, tx: Tx) -> None:
        """Take nothing."""

    def took(self, taken: None) -> None:
        """There is nothing."""


Work = Callable[[Tx], T]
_Job = tuple[Work[Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]
_Outcome = tuple[_Job, Any, BaseException | None]


class Writer:
    """The thread that owns the writing connection."""

    def __init__(self, connect: Callable[[], Connection], mark: str = "?") -> None:
        self.last: Last = Nothing()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connect = connect
        self._mark = mark
        self._tx: Tx | None = None
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Run one unit of work; return after its commit, or raise what it raised (then it changed nothing).

        Raises StoreAway when the database could not do it: full, locked, or not to be reached.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put((work, done, loop))
        return await done

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        more = True
        while more and (first := self._jobs.get()) is not None:
            batch, more = self._gather(first)
            self._do(batch)
        if self._tx:
            self._tx.close()

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

    def _do(self, batch: list[_Job]) -> None:
        """All in one transaction, or else each in one of its own."""
        try:
            results, taken = self._committed(batch)
        except Exception as error:
            if len(batch) > 1:
                for job in batch:
                    self._alone(job)
            else:
                self._again(batch[0], error)
            return
        _answer([(job, result, None) for job, result in zip(batch, results, strict=True)], self.last, taken)

    def _alone(self, job: _Job) -> None:
        try:
            (result,), taken = self._committed([job])
        except Exception as error:
            self._again(job, error)
        else:
            _answer([(job, result, None)], self.last, taken)

    def _again(self, job: _Job, error: Exception) -> None:
        """Once more, as long as it was only that somebody else was faster."""
        for _ in range(MOST_TRIES):
            if not isinstance(error, Conflict) and getattr(error, "sqlstate", "") not in CLASH:
                break
            try:
                (result,), taken = self._committed([job])
            except Exception as another:
                error = another
            else:
                _answer([(job, result, None)], self.last, taken)
                return
        _answer([(job, None, told(error))], self.last, None)

    def _committed(self, batch: list[_Job]) -> tuple[list[Any], Any]:
        while True:
            with suppress(Again):
                return self._try(batch)

    def _try(self, batch: list[_Job]) -> tuple[list[Any], Any]:
        if self._tx is None or self._tx.broken:
            self._tx = Tx(self._connect(), self._mark)
        tx = self._tx
        try:
            tx.begin()
            results = [work(tx) for work, _, _ in batch]
            taken = self.last.take(tx)
            tx.run("COMMIT")
        except BaseException:
            with suppress(Exception):  # the connection may be gone
                tx.run("ROLLBACK")
            raise
        return results, taken


def database_error(error: BaseException) -> bool:
    """Whether the database could not do it: full, locked, gone. Both drivers call that an OperationalError."""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def told(error: Exception) -> Exception:
    """The database's own troubles under one name."""
    if not database_error(error):
        return error
    away = StoreAway((str(error).splitlines() or [type(error).__name__])[0])
    away.__cause__ = error
    return away


def _answer(outcomes: list[_Outcome], last: Last, taken: Any) -> None:
    loops = {job[2] for job, _, _ in outcomes}
    for loop in loops:
        mine = [outcome for outcome in outcomes if outcome[0][2] is loop]
        try:
            loop.call_soon_threadsafe(_settle, mine, last, taken)
        except RuntimeError:  # the loop is closed: nobody waits any more
            continue


def _settle(outcomes: list[_Outcome], last: Last, taken: Any) -> None:
    for (_, done, _), result, error in outcomes:
        if done.cancelled():
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
    if taken is not None:
        last.took(taken)
