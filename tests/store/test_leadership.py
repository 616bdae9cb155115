"""One process leads at a time; another does within seconds, however the leader went."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg
import pytest

from bridge.store.leadership import as_leader

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import asyncio, sys
from bridge.store.leadership import as_leader

async def work():
    print("leads", flush=True)
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        print("stopped", flush=True)

asyncio.run(as_leader(sys.argv[1], work))
"""


class Candidates:
    """Those in this process who would lead, and what they may do only one at a time."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._changed = asyncio.Condition()
        self.leading: list[str] = []
        self.led: list[str] = []
        self.most = 0
        self.running: dict[str, asyncio.Task[None]] = {}

    def join(self, name: str) -> None:
        async def work() -> None:
            await self._change(lambda: (self.leading.append(name), self.led.append(name)))
            self.most = max(self.most, len(self.leading))
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                await self._change(lambda: self.leading.remove(name))

        self.running[name] = asyncio.create_task(as_leader(self._address, work))

    async def leave(self, name: str) -> None:
        task = self.running.pop(name)
        task.cancel()
        await asyncio.wait([task])

    async def until(self, found: Callable[[], bool]) -> None:
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(found)

    async def somebody(self) -> str:
        """Wait until one leads."""
        await self.until(lambda: bool(self.leading))
        return self.leading[0]

    async def _change(self, how: Callable[[], object]) -> None:
        how()
        async with self._changed:
            self._changed.notify_all()


@pytest.fixture
async def candidates(postgres: str) -> AsyncGenerator[Candidates]:
    candidates = Candidates(postgres)
    yield candidates
    for name in [*candidates.running]:
        await candidates.leave(name)


@contextmanager
def process(address: str) -> Generator["subprocess.Popen[str]"]:
    """Another process that would lead; it says when it begins and when it stops."""
    command, env = [sys.executable, "-c", PROGRAM, address], {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


async def says(process: "subprocess.Popen[str]", word: str) -> None:
    """Read on until it says this."""
    assert process.stdout
    while line := await asyncio.to_thread(process.stdout.readline):
        if line.strip() == word:
            return
    pytest.fail(f"It ended without saying {word!r}.")


async def have_tried(address: str, count: int) -> None:
    """Wait until so many have a session and have asked for the lock. (It tells nobody when it changes.)"""
    tried = """SELECT count(*) FROM pg_stat_activity
               WHERE application_name = 'handoff-bridge leader' AND query LIKE 'SELECT%'"""
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection, asyncio.timeout(30):
        while (await (await connection.execute(tried)).fetchone()) != (count,):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_on_sqlite_who_is_there_leads_and_the_work_may_end() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("worked")

    await as_leader("sqlite:///any.db", work)
    assert done == ["worked"]


@pytest.mark.postgres
async def test_leaders_follow_each_other_and_are_never_two(candidates: Candidates, postgres: str) -> None:
    names = {"ana", "ben", "clea"}
    for name in names:
        candidates.join(name)
    while names:
        await have_tried(postgres, len(names))
        first = await candidates.somebody()
        await candidates.leave(first)
        names.remove(first)
    assert sorted(candidates.led) == ["ana", "ben", "clea"]
    assert candidates.most == 1


@pytest.mark.postgres
async def test_who_loses_the_session_stops_and_somebody_leads_again(candidates: Candidates, postgres: str) -> None:
    candidates.join("ana")
    await candidates.somebody()
    with psycopg.connect(postgres, autocommit=True) as connection:  # as a restart of the database does
        ends = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        assert connection.execute(ends).fetchall() == [(True,)]
    await candidates.until(lambda: not candidates.leading)
    assert await candidates.somebody() == "ana"


@pytest.mark.postgres
async def test_a_database_that_does_not_answer_ends_the_leadership(postgres: str, tmp_path: Path) -> None:
    async with lazy(postgres, tmp_path) as (address, awake):
        candidates = Candidates(address)
        candidates.join("ana")
        await candidates.somebody()
        awake.clear()
        await candidates.until(lambda: not candidates.leading)
        awake.set()
        assert await candidates.somebody() == "ana"
        await candidates.leave("ana")


@pytest.mark.postgres
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
async def test_another_leads_when_the_process_is_killed_or_hangs(
    candidates: Candidates, postgres: str, end: signal.Signals
) -> None:
    with process(postgres) as other:
        await says(other, "leads")
        candidates.join("ana")
        other.send_signal(end)
        await candidates.somebody()
        if end == signal.SIGSTOP:
            other.send_signal(signal.SIGCONT)
            await says(other, "stopped")


@pytest.mark.postgres
async def test_what_the_work_raises_is_raised_and_the_next_may_lead(candidates: Candidates, postgres: str) -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await as_leader(postgres, work)
    candidates.join("ana")
    assert await candidates.somebody() == "ana"


@asynccontextmanager
async def lazy(address: str, folder: Path) -> AsyncGenerator[tuple[str, asyncio.Event]]:
    """The address of a way to the database on which nothing moves while the event is not set."""
    awake, (host, port) = asyncio.Event(), re.findall(r"(?:host|port)=([^&]+)", address)
    awake.set()
    pumps: set[asyncio.Task[None]] = set()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, fro = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        pumps.update(asyncio.create_task(pump(*way)) for way in ((reader, fro), (to, writer)))

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            await awake.wait()
            writer.write(chunk)
        writer.close()

    async with await asyncio.start_unix_server(connect, folder / f".s.PGSQL.{port}"):
        yield address.replace(host, str(folder)), awake
    await asyncio.wait(pumps)
