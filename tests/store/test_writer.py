"""Many units in one commit: each is answered after it, and a refusal of one harms no other. On both databases."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import Refused, WrongSetting
from bridge.store import inbox
from bridge.store.migrate import migrate
from bridge.store.store import Store, open_sqlite
from bridge.store.writer import Conflict, Tx, Writer

from .conftest import NOW


def add(tx: Tx, key: str) -> bool:
    return inbox.once(tx, key)


async def keys(store: Store) -> set[str]:
    return {row[0] for row in await store.read(lambda tx: tx.all("SELECT key FROM inbox_key"))}


class Gate:
    """A unit of work that keeps the writer busy, so that what follows shares a commit."""

    def __init__(self) -> None:
        self.held, self._open = threading.Event(), threading.Event()

    def hold(self, _tx: Tx) -> None:
        self.held.set()
        self._open.wait(20)

    def open(self) -> None:
        self._open.set()


async def together(store: Store | Writer, *works: Any) -> list[Any]:
    """Hand in all of them while the writer is busy; what each gave, or raised."""
    gate = Gate()
    busy = asyncio.create_task(store.write(gate.hold))
    await asyncio.to_thread(gate.held.wait, 20)
    asked = [asyncio.create_task(store.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.open()
    await busy
    return list(await asyncio.gather(*asked, return_exceptions=True))


async def test_what_was_awaited_can_be_read(store: Store) -> None:
    assert await store.write(lambda tx: add(tx, "one")) is True
    assert await keys(store) == {"one"}


async def test_what_waits_together_is_committed_together(tmp_path: Path) -> None:
    statements: list[str] = []

    def connect() -> sqlite3.Connection:
        connection = open_sqlite(tmp_path / "bridge.db")
        connection.execute("CREATE TABLE said (text)")
        connection.set_trace_callback(statements.append)
        return connection

    writer = Writer(connect)
    asked = [lambda tx, it=number: tx.run("INSERT INTO said VALUES (?)", it) for number in range(100)]
    assert await together(writer, *asked) == [1] * 100
    assert statements.count("COMMIT") == 2  # what kept the writer busy, and the hundred
    writer.close()


async def test_a_refusal_harms_no_other_unit_of_its_commit(store: Store) -> None:
    def refuse(tx: Tx) -> None:
        add(tx, "refused")
        raise Refused("No.")

    def broken(tx: Tx) -> None:
        add(tx, "broken")
        tx.run("INSERT INTO inbox_key (key, inbox_id) VALUES (?, 0)", "before")

    outcomes = await together(store, lambda tx: add(tx, "before"), refuse, broken, lambda tx: add(tx, "after"))
    assert outcomes[0] is outcomes[3] is True
    assert isinstance(outcomes[1], Refused)
    assert "UNIQUE" in str(outcomes[2]).upper()
    assert await keys(store) == {"before", "after"}


async def test_a_conflict_is_tried_again_on_fresh_state(store: Store) -> None:
    tries: list[bool] = []

    def work(tx: Tx) -> str:
        tries.append(add(tx, "mine"))
        if len(tries) < 3:
            raise Conflict
        return "done"

    assert await store.write(work) == "done"
    assert tries == [True, True, True]
    assert await keys(store) == {"mine"}


async def test_a_conflict_without_end_is_given_up_and_changes_nothing(store: Store) -> None:
    def work(tx: Tx) -> None:
        add(tx, "mine")
        raise Conflict

    with pytest.raises(Conflict):
        await store.write(work)
    assert await store.write(lambda tx: add(tx, "next")) is True
    assert await keys(store) == {"next"}


async def test_a_unit_whose_asker_went_away_is_still_done(store: Store) -> None:
    gate = Gate()
    busy = asyncio.create_task(store.write(gate.hold))
    asked = asyncio.create_task(store.write(lambda tx: add(tx, "mine")))
    await asyncio.sleep(0)
    asked.cancel()
    gate.open()
    await busy
    await store.write(lambda tx: add(tx, "next"))
    assert await keys(store) == {"mine", "next"}


async def test_closing_finishes_what_was_handed_in(address: str) -> None:
    store = Store(address)
    asked = [asyncio.create_task(store.write(lambda tx, it=f"k{number}": add(tx, it))) for number in range(20)]
    await asyncio.sleep(0)
    store.close()
    assert all(await asyncio.gather(*asked))


async def test_a_broken_commit_is_told_to_everybody_in_it(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(address)
    store = Store(address)

    def disk_full(tx: Tx) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    outcomes = await together(store, lambda tx: add(tx, "before"), disk_full, lambda tx: add(tx, "after"))
    assert [type(outcome) for outcome in outcomes] == [sqlite3.OperationalError] * 3
    assert await keys(store) == set()
    assert await store.write(lambda tx: add(tx, "later")) is True
    store.close()


@pytest.mark.postgres
async def test_a_connection_that_broke_is_made_anew(postgres: str) -> None:
    store = Store(postgres)
    await store.write(lambda tx: add(tx, "before"))
    await keys(store)
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(psycopg.OperationalError):
        await store.write(lambda tx: add(tx, "lost"))
    assert await store.write(lambda tx: add(tx, "after")) is True
    with pytest.raises(psycopg.OperationalError):
        await keys(store)
    assert await keys(store) == {"before", "after"}
    store.close()


# -------------------------------------------------------------------------------------------------- committed is safe


def test_sqlite_writes_ahead_and_syncs_fully(tmp_path: Path) -> None:
    connection = open_sqlite(tmp_path / "bridge.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    connection.close()


async def test_the_writer_s_own_connection_syncs_fully(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(address)
    store = Store(address)
    assert await store.write(lambda tx: tx.one("PRAGMA synchronous")) == (2,)
    assert await store.write(lambda tx: tx.one("PRAGMA journal_mode")) == ("wal",)
    store.close()


DIES = """
import asyncio, os, signal, sys
from bridge.store import inbox
from bridge.store.store import Store

async def main():
    store = Store(sys.argv[1])
    for number in range(5):
        await store.write(lambda tx: inbox.once(tx, f"k{number}"))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_what_was_acknowledged_survives_a_kill(address: str) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, address)
    assert await child.wait() == -signal.SIGKILL
    store = Store(address)
    assert await keys(store) == {f"k{number}" for number in range(5)}
    store.close()


STAYS = """
import sys
from bridge.store.store import Store
store = Store(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_second_process_on_one_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    migrate(address)
    with subprocess.Popen(
        [sys.executable, "-c", STAYS, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        assert first.stdout.readline() == "open\n"
        with pytest.raises(WrongSetting, match=r"DATABASE_URL: another bridge is running on .*bridge\.db"):
            Store(address)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    Store(address).close()


async def test_a_naive_moment_is_a_bug(store: Store) -> None:
    with pytest.raises(TypeError):
        await store.write(lambda tx: inbox.take(tx, "web", ["k"], "{}", NOW.replace(tzinfo=None)))
