"""The one writer, with group commit: many units of work share one transaction.

A unit of work is a plain function `work(tx) -> result`, which may be run again. Awaiting it returns after the commit
that contains it. Where one of them fails, nothing of the transaction stays, and each half of the group is done again;
in the end the one that failed is alone.

A group locks rows of many conversations, in whatever order its units came, and so do the groups of other processes.
Therefore it waits for a row only as long as a transaction should take, and is then done again in halves: two that wait
for each other are apart long before the server calls it a deadlock. A unit alone waits for longer.

A thread waits for the disk or for the server. What SQLite does in memory is done on the loop: handing each statement
to a thread and back would cost more than the statement.
"""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from bridge.errors import StoreAway
from bridge.store.tx import Connection, Tx

T = TypeVar("T")
MOST_TOGETHER = 256  # units in one commit
MOST_TRIES = 20  # of a unit that conflicts
CLASH = ("40001", "40P01", "26000")  # PostgreSQL: serialization failure, deadlock, a statement it has forgotten
TOGETHER, ALONE = 100, 2_000  # milliseconds for which a group, and a unit alone, waits for a row that another has
AWAY = ("08", "25006", "26", "53", "57", "58")  # no connection, read-only, forgotten, no room, stopped, broken
LOCKED = "database is locked"  # SQLite's words
PATIENCE, LOOK = 5.0, 0.05  # seconds for which another program may hold SQLite's lock, and between looks


class Conflict(Exception):
    """A conditional statement touched no row: somebody else was faster. The unit is tried again on fresh state."""


class Again(Exception):
    """What is done last stumbled, and has learned from it: the transaction is done once more."""


class Last(Protocol):
    """What is done at the end of every transaction: the courier takes what is due."""

    def take(self, tx: Tx) -> Any:
        """In the transaction. It may be undone and called again, or ask for that: Again."""
        ...

    def took(self, taken: Any) -> None:
        """After the commit, on the loop."""
        ...


class Nothing:
    """Nothing is done last."""

    def take(self, tx: Tx) -> None:
        """Take nothing."""

    def took(self, taken: None) -> None:
        """There is nothing."""


Work = Callable[[Tx], T]
_Job = tuple[Work[Any], "asyncio.Future[Any]"]


class Writer:
    """Owns the writing connection. `server`: every statement waits for it, so all of them are made in the thread."""

    def __init__(self, connect: Callable[[], Connection], *, server: bool = False) -> None:
        self.last: Last = Nothing()
        self._connect, self._server = connect, server
        self._jobs: deque[_Job] = deque()
        self._turns: asyncio.Task[None] | None = None
        self._tx: Tx | None = None
        self._errands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run_errands, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Run one unit of work; return after its commit, or raise what it raised (then it changed nothing).

        Raises StoreAway when the database could not do it: full, locked, or not to be reached.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append((work, done))
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns(), name="store-writer")
        return await done

    def close(self) -> None:
        """Finish what was handed in, then stop."""
        self._errands.put(None)
        self._thread.join()
        while self._jobs:
            work, done = self._jobs.popleft()
            try:
                self._do([work])
                self._commit()
            except Exception as error:
                self._roll_back()
                _refuse(done, told(error))
            else:
                _resolve(done, self._results[0])
        if self._tx:
            self._tx.close()

    async def _take_turns(self) -> None:
        while self._jobs:
            batch = [self._jobs.popleft() for _ in range(min(len(self._jobs), MOST_TOGETHER))]
            await self._turn(batch)
        self._turns = None

    async def _turn(self, batch: Sequence[_Job]) -> None:
        try:
            await self._together(batch)
        except Exception as error:
            if self._tx is None or LOCKED in str(error):  # it is nobody's fault, and all would wait for the same
                for _, done in batch:
                    _refuse(done, told(error))
            elif len(batch) == 1:
                await self._alone(batch[0], error)
            else:
                half = len(batch) // 2
                await self._turn(batch[:half])
                await self._turn(batch[half:])

    async def _together(self, batch: Sequence[_Job]) -> None:
        taken = await self._committed([work for work, _ in batch])
        for (_, done), result in zip(batch, self._results, strict=True):
            _resolve(done, result)
        if taken is not None:
            self.last.took(taken)

    async def _alone(self, job: _Job, error: Exception) -> None:
        """Once more, as long as it was only that somebody else was faster, or that the connection was gone."""
        for tries in range(MOST_TRIES):
            faster = isinstance(error, Conflict) or getattr(error, "sqlstate", "") in CLASH
            if not faster and not (tries == 0 and self._tx and self._tx.broken):
                break
            try:
                await self._together([job])
            except Exception as another:
                error = another
            else:
                return
        _refuse(job[1], told(error))

    async def _committed(self, works: Sequence[Work[Any]]) -> Any:
        looks = int(PATIENCE / LOOK)
        while True:
            try:
                return await self._try(works)
            except Again:
                continue
            except Exception as error:
                looks -= 1
                if LOCKED not in str(error) or not looks:
                    raise
                await asyncio.sleep(LOOK)

    async def _try(self, works: Sequence[Work[Any]]) -> Any:
        try:
            if self._server:
                return await self._in_thread(lambda: (self._do(works), self._commit())[0])
            taken = self._do(works)
            await self._in_thread(self._commit)
        except BaseException:
            await self._in_thread(self._roll_back)
            raise
        return taken

    def _do(self, works: Sequence[Work[Any]]) -> Any:
        if self._tx is None or self._tx.broken:
            self._tx = None
            self._tx = Tx(self._connect(), server=self._server)
        self._tx.begin(TOGETHER if len(works) > 1 else ALONE)
        self._results = [work(self._tx) for work in works]
        return self.last.take(self._tx)

    def _commit(self) -> None:
        assert self._tx is not None
        self._tx.commit()

    def _roll_back(self) -> None:
        if self._tx:
            self._tx.roll_back()

    async def _in_thread(self, errand: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        over: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                answer = partial(_resolve, over, errand())
            except BaseException as error:
                answer = partial(_refuse, over, error)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(answer)

        if self._thread.is_alive():
            self._errands.put(run)
        else:
            run()
        return await over

    def _run_errands(self) -> None:
        while errand := self._errands.get():
            errand()


def database_error(error: BaseException) -> bool:
    """Whether the database could not do it: full, locked, gone, read-only. Mostly an OperationalError of its driver."""
    if beyond(error):
        return False
    named = any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
    return named or str(getattr(error, "sqlstate", "") or "").startswith(AWAY)


def beyond(error: BaseException) -> bool:
    """Whether PostgreSQL takes no such value: too long for an index, or no text. Nothing is wrong with the database."""
    return str(getattr(error, "sqlstate", "") or "").startswith(("22", "54"))


def told(error: Exception) -> Exception:
    """The database's own troubles under one name."""
    if not database_error(error):
        return error
    away = StoreAway((str(error).splitlines() or [type(error).__name__])[0])
    away.__cause__ = error
    return away


def _resolve(done: "asyncio.Future[T]", result: T) -> None:
    if not done.done():
        done.set_result(result)


def _refuse(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
