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

from bridge.errors import Refused, StoreAway, WrongSetting
from bridge.store import inbox
from bridge.store import writer as writer_module
from bridge.store.migrate import migrate
from bridge.store.store import Store, open_sqlite, sqlite_path
from bridge.store.tx import Tx
from bridge.store.writer import Again, Conflict, Work, Writer

from .conftest import NOW


def note(tx: Tx, name: str, value: int) -> None:
    tx.run("INSERT INTO bucket (name, full_at) VALUES (?, ?)", name, value)


def noted(tx: Tx, name: str) -> int:
    row = tx.one("SELECT full_at FROM bucket WHERE name = ?", name)
    return row[0] if row else 0


def add(tx: Tx, key: str) -> bool:
    return inbox.once(tx, key, NOW)


async def keys(store: Store) -> set[str]:
    return {row[0] for row in await store.read(lambda tx: tx.all("SELECT key FROM inbox_key"))}


async def together(store: Store | Writer, *works: Any) -> list[Any]:
    """Hand in all of them at once, so that they share a commit; what each gave, or raised."""
    return list(await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True))


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
    assert statements.count("COMMIT") == 1
    writer.close()


async def test_a_refusal_harms_no_other_unit_of_its_commit(store: Store) -> None:
    def refuse(tx: Tx) -> None:
        add(tx, "refused")
        raise Refused("No.")

    def broken(tx: Tx) -> None:
        add(tx, "broken")
        tx.run("INSERT INTO inbox_key (key, at) VALUES (?, 0)", "before")

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
    asked = asyncio.create_task(store.write(lambda tx: add(tx, "mine")))
    await asyncio.sleep(0)
    asked.cancel()
    await store.write(lambda tx: add(tx, "next"))
    assert await keys(store) == {"mine", "next"}


async def test_closing_finishes_what_was_handed_in(address: str) -> None:
    store = Store(address)
    asked = [asyncio.create_task(store.write(lambda tx, it=f"k{number}": add(tx, it))) for number in range(20)]
    await asyncio.sleep(0)
    store.close()
    assert all(await asyncio.gather(*asked))


async def test_a_unit_that_the_database_cannot_do_harms_no_other_of_its_commit(sqlite: str) -> None:
    store = Store(sqlite)

    def disk_full(tx: Tx) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    outcomes = await together(store, lambda tx: add(tx, "before"), disk_full, lambda tx: add(tx, "after"))
    assert outcomes[0] is outcomes[2] is True
    assert isinstance(outcomes[1], StoreAway)
    assert str(outcomes[1]) == "database or disk is full"
    assert await keys(store) == {"before", "after"}
    store.close()


class Full:
    """A connection to a disk on which nothing can be committed until there is `room`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.room = connection, False

    def execute(self, query: str, params: Any = (), /) -> Any:
        if query == "COMMIT" and not self.room:
            raise sqlite3.OperationalError("database or disk is full")
        return self.connection.execute(query, params)

    def close(self) -> None:
        self.connection.close()


async def test_where_nothing_can_be_committed_everybody_is_told_and_later_all_goes_on(sqlite: str) -> None:
    full = Full(open_sqlite(sqlite_path(sqlite)))
    writer = Writer(lambda: full)
    asked = [lambda tx, it=number: add(tx, f"k{it}") for number in range(3)]
    outcomes = await together(writer, *asked)
    assert [type(outcome) for outcome in outcomes] == [StoreAway] * 3
    assert full.connection.execute("SELECT key FROM inbox_key").fetchall() == []
    full.room = True
    assert await writer.write(lambda tx: add(tx, "later")) is True
    writer.close()


async def test_a_file_that_another_program_holds_is_waited_for_without_holding_up_the_loop(sqlite: str) -> None:
    store = Store(sqlite)
    other = open_sqlite(sqlite_path(sqlite))
    other.execute("BEGIN IMMEDIATE")
    waits = asyncio.create_task(store.write(lambda tx: add(tx, "mine")))
    await asyncio.sleep(0.2)
    assert not waits.done()
    other.execute("COMMIT")
    assert await waits is True
    other.close()
    store.close()


async def test_a_file_that_is_held_for_ever_is_away(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "PATIENCE", 0.1)
    store = Store(sqlite)
    other = open_sqlite(sqlite_path(sqlite))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreAway):
        await store.write(lambda tx: add(tx, "told"))
    other.execute("COMMIT")
    assert await store.write(lambda tx: add(tx, "after")) is True
    assert await keys(store) == {"after"}
    other.close()
    store.close()


async def test_all_who_wait_for_a_held_file_are_told_at_once(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "PATIENCE", writer_module.LOOK)
    begun: list[str] = []

    def connect() -> sqlite3.Connection:
        connection = open_sqlite(sqlite_path(sqlite))
        connection.set_trace_callback(begun.append)
        return connection

    other, writer = open_sqlite(sqlite_path(sqlite)), Writer(connect)
    other.execute("BEGIN IMMEDIATE")
    told = await together(writer, *(lambda tx, it=str(number): add(tx, it) for number in range(16)))
    assert {type(it) for it in told} == {StoreAway}
    assert begun.count("BEGIN IMMEDIATE") == 1
    other.close()
    writer.close()


@pytest.mark.postgres
@pytest.mark.parametrize("units", [1, 3])
async def test_a_connection_that_broke_is_made_anew(postgres: str, units: int) -> None:
    store = Store(postgres)
    await store.write(lambda tx: add(tx, "before"))
    await keys(store)
    kill_connections(postgres)
    asked = [lambda tx, it=number: add(tx, f"k{it}") for number in range(units)]
    assert await together(store, *asked) == [True] * units
    with pytest.raises(StoreAway):
        await keys(store)  # the reader's own connection
    assert await keys(store) == {"before", *(f"k{number}" for number in range(units))}
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("units", [1, 400])
async def test_what_does_not_fit_into_the_socket_at_once_goes_through(postgres: str, units: int) -> None:
    """One large event, or a group of many: more than a socket takes before the server has read some of it."""
    store, large = Store(postgres), "x" * (16_000_000 // units)

    def take(number: int) -> Work[bool]:
        return lambda tx: inbox.take(tx, "web", [f"key:{number}"], large, NOW)

    async with asyncio.timeout(60):  # it hung for ever
        assert await together(store, *map(take, range(units))) == [True] * units
    store.close()


@pytest.mark.postgres
async def test_a_database_that_is_gone_is_away_and_then_there_again(postgres_empty: str) -> None:
    import psycopg

    migrate(postgres_empty)
    reached: list[str] = [postgres_empty]
    writer = Writer(lambda: psycopg.connect(reached[-1], autocommit=True), server=True)
    assert await writer.write(lambda tx: add(tx, "before")) is True
    reached.append("postgresql://bridge@127.0.0.1:1/bridge")
    kill_connections(postgres_empty)
    for _ in range(2):
        with pytest.raises(StoreAway):
            await writer.write(lambda tx: add(tx, "lost"))
    reached.append(postgres_empty)
    assert await writer.write(lambda tx: add(tx, "after")) is True
    writer.close()


@pytest.mark.postgres
async def test_units_of_two_processes_that_lock_each_other_out_are_both_done(postgres: str) -> None:
    first, second = Store(postgres), Store(postgres)
    for key in ("a", "b"):
        await first.write(lambda tx, it=key: note(tx, it, 0))
    both = threading.Barrier(2)

    def crossing(one: str, other: str) -> Work[int]:
        tries: list[int] = []

        def work(tx: Tx) -> int:
            tries.append(1)
            raised(tx, one)
            if len(tries) == 1:
                both.wait(20)  # each has its first row, and wants the other's
            raised(tx, other)
            return len(tries)

        return work

    tries = await asyncio.gather(first.write(crossing("a", "b")), second.write(crossing("b", "a")))
    assert max(tries) > 1
    assert await first.read(lambda tx: (noted(tx, "a"), noted(tx, "b"))) == (2, 2)
    first.close()
    second.close()


@pytest.mark.postgres
async def test_groups_that_wait_for_each_other_part_before_the_server_calls_it_a_deadlock(postgres: str) -> None:
    first, second = Store(postgres), Store(postgres)
    for key in ("a", "b"):
        await first.write(lambda tx, it=key: note(tx, it, 0))
    both, refusals = threading.Barrier(2), list[str]()

    def raises(name: str, *, meets: bool = False) -> Work[None]:
        tries: list[int] = []

        def work(tx: Tx) -> None:
            tries.append(1)
            try:
                raised(tx, name)
            except Exception as error:
                refusals.append(getattr(error, "sqlstate", ""))
                raise
            if meets and len(tries) == 1:
                both.wait(20)  # each group has its first row, and wants the other's

        return work

    await asyncio.gather(
        together(first, raises("a", meets=True), raises("b")),
        together(second, raises("b", meets=True), raises("a")),
    )
    assert "55P03" in refusals
    assert "40P01" not in refusals
    assert await first.read(lambda tx: (noted(tx, "a"), noted(tx, "b"))) == (2, 2)
    first.close()
    second.close()


@pytest.mark.postgres
async def test_who_waits_alone_for_a_row_that_nobody_lets_go_of_is_told(postgres: str) -> None:
    import psycopg

    store = Store(postgres)
    await store.write(lambda tx: note(tx, "a", 0))
    with psycopg.connect(postgres) as frozen:
        frozen.execute("UPDATE bucket SET full_at = full_at + 1 WHERE name = 'a'")
        with pytest.raises(StoreAway):
            await store.write(lambda tx: raised(tx, "a"))
    await store.write(lambda tx: raised(tx, "a"))
    assert await store.read(lambda tx: noted(tx, "a")) == 2
    store.close()


async def test_where_nobody_can_connect_all_are_told_at_once() -> None:
    tries: list[int] = []

    def connect() -> sqlite3.Connection:
        tries.append(1)
        raise sqlite3.OperationalError("unable to open database file")

    writer = Writer(connect)
    told = await together(writer, *(lambda tx, it=str(number): add(tx, it) for number in range(40)))
    assert {type(it) for it in told} == {StoreAway}
    assert len(tries) == 1
    writer.close()


@pytest.mark.postgres
async def test_nothing_is_lost_when_many_units_lock_each_other_out(postgres: str) -> None:
    first, second = Store(postgres), Store(postgres)
    for number in range(8):
        await first.write(lambda tx, it=number: note(tx, f"c{it}", 0))

    def sweep(tx: Tx, names: list[str]) -> None:
        for name in names:
            raised(tx, name)

    names = [f"c{number}" for number in range(8)]
    forth = [first.write(lambda tx: sweep(tx, names)) for _ in range(60)]
    back = [second.write(lambda tx: sweep(tx, names[::-1])) for _ in range(60)]
    await asyncio.gather(*(it for pair in zip(forth, back, strict=True) for it in pair))
    assert await first.read(lambda tx: [noted(tx, name) for name in names]) == [120] * 8
    first.close()
    second.close()


def raised(tx: Tx, name: str) -> None:
    tx.run("UPDATE bucket SET full_at = full_at + 1 WHERE name = ?", name)


def kill_connections(address: str) -> None:
    """As when the server is restarted."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# ----------------------------------------------------------------------------------------- what is done last, and again


class Counts:
    """Done last: counts in the database, and asks for it to be done again as often as it is told."""

    def __init__(self, again: int = 0, fails: Exception | None = None) -> None:
        self.again, self.fails, self.told = again, fails, list[int]()

    def take(self, tx: Tx) -> int:
        tx.run(
            "INSERT INTO bucket (name, full_at) VALUES ('last', 1) "
            "ON CONFLICT (name) DO UPDATE SET full_at = bucket.full_at + 1"
        )
        if self.again:
            self.again -= 1
            raise Again
        if self.fails:
            error, self.fails = self.fails, None
            raise error
        return noted(tx, "last")

    def took(self, taken: int) -> None:
        self.told.append(taken)


async def test_what_is_done_last_shares_the_commit_and_is_told_after_it(store: Store) -> None:
    last = Counts()
    store.last(last)
    await store.write(lambda tx: add(tx, "one"))
    await store.write(lambda tx: add(tx, "two"))
    assert last.told == [1, 2]
    store.last(None)
    await store.write(lambda tx: add(tx, "three"))
    assert await store.read(lambda tx: noted(tx, "last")) == 2


async def test_a_refusal_undoes_what_is_done_last_too(store: Store) -> None:
    last = Counts()
    store.last(last)

    def refuse(_tx: Tx) -> None:
        raise Refused("No.")

    with pytest.raises(Refused):
        await store.write(refuse)
    assert last.told == []
    assert await store.read(lambda tx: noted(tx, "last")) == 0


async def test_what_is_done_last_may_ask_for_everything_again_and_each_unit_has_happened_once(store: Store) -> None:
    last = Counts(again=3)
    store.last(last)
    assert await together(store, lambda tx: add(tx, "one"), lambda tx: add(tx, "two")) == [True, True]
    assert await keys(store) == {"one", "two"}
    assert await store.read(lambda tx: noted(tx, "last")) == last.told[-1] == len(last.told)


async def test_where_what_is_done_last_fails_nothing_has_happened(store: Store) -> None:
    last = Counts(fails=sqlite3.OperationalError("disk I/O error"))
    store.last(last)
    with pytest.raises(StoreAway):
        await store.write(lambda tx: add(tx, "one"))
    assert await store.write(lambda tx: add(tx, "one")) is True
    assert last.told == [1]


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
from datetime import UTC, datetime
from bridge.store import inbox
from bridge.store.store import Store

async def main():
    store = Store(sys.argv[1])
    for number in range(5):
        await store.write(lambda tx: inbox.once(tx, f"k{number}", datetime.now(UTC)))
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


@pytest.mark.postgres
async def test_a_statement_that_was_to_be_prepared_in_a_group_that_failed_works_afterwards(postgres: str) -> None:
    """psycopg would take it for prepared, for ever, and the server would know no such statement."""
    store = Store(postgres)

    def says(number: int) -> Work[None]:
        sql = f"INSERT INTO bucket (name, full_at) VALUES (?, {number}) ON CONFLICT DO NOTHING"
        return lambda tx: tx.tell(sql, "a")

    def fails(tx: Tx) -> None:
        tx.tell("SELECT 1 / 0")

    for before in range(8):  # psycopg prepares what it has executed five times
        for _ in range(before):
            await store.write(says(before))
        outcomes = await together(store, fails, says(before))
        assert isinstance(outcomes[0], Exception)
        assert outcomes[1] is None
        await store.write(says(before))
    store.close()
