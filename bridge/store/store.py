"""The database: one writer with group commit, and a reader beside it. Knows SQLite and PostgreSQL by their address."""

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, TypeVar

from bridge.errors import StoreAway, WrongSetting
from bridge.store.tx import Connection, Tx
from bridge.store.writer import Last, Nothing, Work, Writer, database_error

T = TypeVar("T")
# A server that has gone without a word is noticed within these seconds, also by who waits for what they have sent.
WATCHFUL: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,  # milliseconds
}


class Store:
    """Awaiting `write` returns after the commit; `read` sees what was committed before it was asked."""

    def __init__(self, address: str, prepare: Callable[[str], object] = lambda _: None) -> None:
        """Open. Raises WrongSetting when another process has the SQLite file, or the database cannot be reached.

        `prepare` brings the schema up to date, when nobody else can be using the file any more.
        """
        self.address = address
        self._lock = None if address.startswith("postgres") else _only_one(sqlite_path(address))
        try:
            prepare(address)
        except BaseException:
            if self._lock:
                self._lock.close()
            raise
        self.shared = address.startswith("postgres")  # other processes may work on the same database
        self._writer = Writer(self._opener(), server=self.shared)
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        self._reading: Tx | None = None

    async def write(self, work: Work[T]) -> T:
        """Run one unit of work in a transaction; return after its commit. Raises StoreAway when it cannot be done."""
        return await self._writer.write(work)

    def last(self, last: Last | None) -> None:
        """Have this done at the end of every transaction from now on."""
        self._writer.last = last or Nothing()

    async def read(self, work: Work[T]) -> T:
        """Run a unit of work that only reads, beside the writer. Raises StoreAway when it cannot be done."""
        return await asyncio.get_running_loop().run_in_executor(self._reader_thread, self._read, work)

    def close(self) -> None:
        """Finish what was handed in, and let go of the file."""
        self._writer.close()
        self._reader_thread.submit(lambda: self._reading and self._reading.close()).result()
        self._reader_thread.shutdown()
        if self._lock:
            self._lock.close()

    def _read(self, work: Work[T]) -> T:
        try:
            if self._reading is None or self._reading.broken:
                self._reading = Tx(self._opener()(), server=self.shared)
            return work(self._reading)
        except Exception as error:
            if not database_error(error):
                raise
            raise StoreAway(type(error).__name__) from error

    def _opener(self) -> Callable[[], Connection]:
        if self.shared:
            import psycopg  # only here, because it takes long and most run on SQLite

            return lambda: psycopg.connect(plain_postgres(self.address), autocommit=True, **WATCHFUL)
        return lambda: open_sqlite(sqlite_path(self.address))


def sqlite_path(address: str) -> Path:
    """The file of a `sqlite:///...` address."""
    return Path(address.removeprefix("sqlite:///"))


def plain_postgres(address: str) -> str:
    """The address as libpq knows it, without SQLAlchemy's driver name."""
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def open_sqlite(path: Path) -> sqlite3.Connection:
    """A connection in WAL mode with full sync: what was committed survives a power cut."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        connection.execute("PRAGMA busy_timeout = 100")  # the writer looks again itself, without holding up the loop
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _only_one(path: Path) -> IO[str]:
    """Hold the lock beside the file. The system lets go of it when the process dies, however it dies."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        raise WrongSetting(f"BRIDGE_DATA_DIR: {path.parent} cannot be written ({error.strerror}).") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise WrongSetting(
            f"DATABASE_URL: another bridge is running on {path}. Stop it first, or use PostgreSQL for several."
        ) from None
    return held
