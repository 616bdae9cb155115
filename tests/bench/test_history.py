"""A written history is one that the bridge goes on with, and what it costs the disk is counted."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.disk import commits, syncs
from bench.far_ends import FarEnds
from bench.grown import grown, restart
from bench.history import History
from bench.load import Load
from bench.plan import Plan, Record
from bench.subject import running


def test_a_history_has_what_it_says_spread_over_its_customers(tmp_path: Path) -> None:
    History(conversations=200, messages=2_000, open=20).fill(tmp_path / "bridge.db")
    with closing(sqlite3.connect(tmp_path / "bridge.db")) as connection:

        def count(what: str) -> int:
            return connection.execute(f"SELECT COUNT(*) FROM {what}").fetchone()[0]

        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert (count("conversation"), count("message"), count("handoff")) == (200, 2_000, 200)
        assert count("conversation WHERE state = 'claimed'") == 20
        assert (count("delivery"), count("inbox"), count("inbox_key")) == (1_000, 200, 500)
        assert count("message WHERE conversation_id <= 2") == pytest.approx(200, abs=5)
        assert count("conversation WHERE id NOT IN (SELECT conversation_id FROM message)") == 0
        with closing(sqlite3.connect(":memory:")) as fresh:
            fresh.executescript(Path("bridge/store/schema.sql").read_text())
            indexes = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1"
            assert connection.execute(indexes).fetchall() == fresh.execute(indexes).fetchall()


async def test_the_bridge_goes_on_with_a_history(ends: FarEnds, tmp_path: Path) -> None:
    database = grown(ends, tmp_path, History(conversations=20, messages=100, open=5))
    async with running("bridge", ends, tmp_path, database) as subject:
        await Load(ends, subject.cpu).warm_up(range(5))
    assert (len(ends.took), ends.under_way, ends.slack.claims) == (10, 0, 0)
    with closing(sqlite3.connect(tmp_path / "bridge.db")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM conversation").fetchone() == (20,)
        assert connection.execute("SELECT MAX(id) FROM message WHERE conversation_id <= 5").fetchone() == (110,)


async def test_what_was_unfinished_when_the_bridge_was_killed_is_sent_once_after_it(tmp_path: Path) -> None:
    told: list[Record] = []
    plan = Plan(frozenset({"restart"}), stored_conversations=600, stored_messages=2_000)
    await restart(plan, tmp_path, told.append)
    (found,) = told
    assert (found["unfinished"], found["lost"], found["twice"]) == (500, 0, 0)
    assert 0 < found["first_send_s"] <= found["all_sent_s"]
    assert found["new_message_s"] > 0


def test_commits_in_the_log_are_counted_and_those_of_an_older_log_are_not(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript("CREATE TABLE word (text TEXT); CREATE TABLE sentence (text TEXT)")
        before, size_before = commits(path)
        for _ in range(3):
            connection.execute("BEGIN")
            connection.execute("INSERT INTO word VALUES ('a')")
            connection.execute("INSERT INTO sentence VALUES ('a b')")
            connection.execute("COMMIT")
        after, size_after = commits(path)
        assert (after - before, size_after - size_before) == (3, 3 * 2 * (4096 + 24))
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.execute("INSERT INTO word VALUES ('b')")
        assert commits(path)[0] == 1


def test_a_sync_takes_time(tmp_path: Path) -> None:
    p50, p99 = syncs(tmp_path, times=5)
    assert 0 < p50 <= p99
