"""From an empty database to the newest schema, which is what the tables say."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import alembic.command
import alembic.config
import psycopg
import pytest
import sqlalchemy
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bridge.errors import WrongSetting
from bridge.ports import Visitor
from bridge.store import inbox, lanes, outbox, workers
from bridge.store import migrate as migrations
from bridge.store.journal import StoredJournal
from bridge.store.migrate import HEAD, current, migrate
from bridge.store.store import Store
from bridge.store.tables import SQLModel

from .conftest import NOW

ROOT = Path(__file__).parent.parent.parent


def engine(address: str) -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))


def test_an_empty_database_gets_the_newest_schema(empty: str) -> None:
    assert current(empty) is None
    assert migrate(empty) == HEAD
    assert current(empty) == HEAD


def test_migrations_lead_to_exactly_what_the_tables_say(empty: str) -> None:
    migrations._upgrade(empty)
    with engine(empty).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    connection.engine.dispose()
    assert differences == []


FIRST = """
INSERT INTO conversation (id, channel, chat, customer, language, reachable, state, epoch, since, stage, kept_stage,
 answers, unsure, brief) VALUES
 (1, 'telegram', '42', 'Maria', 'es', {true}, 'bot', 3, 1000000, '', '', '{}', 0, ''),
 (2, 'whatsapp', '43', 'Jo', 'en', {true}, 'bot', 0, 1000000, '', '', '{}', 0, '');
INSERT INTO lane (name, pending, due, waiting_since, priority) VALUES
 ('customer:1', 2, 7000000, 5000000, 1), ('customer:2', 1, NULL, 5000001, 0), ('customer:99', 0, 1, 1, 0),
 ('thread:1001', 1, 2, 2, 1), ('card:1001', 1, 3, 3, 0), ('marks:1001', 1, 4, 4, 0), ('marks:17.5', 1, 4, 4, 0),
 ('tell:U0ANA', 1, 5, 5, 1), ('answer:U0ANA', 1, 5, 5, 1), ('bot:1', 1, 6, 6, 0), ('summary:1001', 1, 7, 7, 0),
 ('missed:1001', 1, 8, 8, 0);
INSERT INTO outbox (id, lane, kind, payload, state, key, attempts, at) VALUES
 (5, 'customer:1', 'part', '{"text": "a: b"}', 'sending', 'k5', 1, 5000000),
 (9, 'customer:1', 'part', '{"text": "50 %"}', 'pending', 'k9', 0, 6000000),
 (7, 'customer:2', 'part', '{}', 'uncertain', 'k7', 2, 5000001);
INSERT INTO inbox (id, at, source, raw, failed) VALUES (3, 900, 'telegram', '{}', ''), (4, 950, 'slack', '{}', '');
INSERT INTO inbox_key (key, inbox_id) VALUES ('update:1', 3), ('event:1', 4), ('message:1', 4), ('guest:1', 0);
INSERT INTO message (id, conversation_id, author, author_id, author_name, text, changed, state, at, source_channel,
 source_ts, platform_id) VALUES
 (1, 1, 'customer', '', 'Maria', 'Hello', '', 'received', 1, NULL, NULL, '5'),
 (2, 1, 'bot', '', 'Shop', 'Hello', '', 'sent', 2, NULL, NULL, NULL),
 (3, 1, 'agent', 'U0ANA', 'Ana', 'Hello', '', 'sent', 3, 'C0', '17.5', NULL);
INSERT INTO visitor (chat, name, token_hash) VALUES ('a', 'Priya', 'h1'), ('b', 'Jo', 'h2');
"""


def of_version_1(address: str) -> None:
    """A database as the first version left it, with something of everything."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    with engine(address).begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0001")
        true = "1" if "sqlite" in address else "true"
        for statement in FIRST.replace("{true}", true).split(";\n")[:-1]:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        if "sqlite" not in address:
            connection.exec_driver_sql("SELECT setval('outbox_id_seq', 9)")
    connection.engine.dispose()


ASKED = """id, channel, chat, customer, language, reachable, state, epoch, since, handoff, owner_id, owner_name, stage,
 kept_stage, answers, unsure, brief"""
SAID = "id, conversation_id, handoff, author, author_id, author_name, text, state, at, source_ts, platform_id"


def rows(address: str, query: str) -> list[tuple[object, ...]]:
    with engine(address).connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    connection.engine.dispose()
    return found


def test_everything_of_the_first_version_comes_into_the_second(empty: str) -> None:
    of_version_1(empty)
    asked = f"SELECT {ASKED} FROM conversation ORDER BY id"
    kept = asked, "SELECT * FROM outbox ORDER BY id", f"SELECT {SAID} FROM message"
    before = [rows(empty, query) for query in kept]
    assert migrate(empty) == HEAD
    assert [rows(empty, query) for query in kept] == before
    assert rows(empty, "SELECT id, contact FROM conversation ORDER BY id") == [(1, None), (2, None)]
    assert rows(empty, "SELECT name, way, pending, due, waiting_since, priority, worker, claim FROM lane") == Unordered(
        ("customer:1", "telegram", 2, 7000000, 5000000, 1, None, 0),
        ("customer:2", "whatsapp", 1, None, 5000001, 0, None, 0),
        ("customer:99", "customer", 0, 1, 1, 0, None, 0),
        ("thread:1001", "thread", 1, 2, 2, 1, None, 0),
        ("card:1001", "card", 1, 3, 3, 0, None, 0),
        ("tell:U0ANA", "tell", 1, 5, 5, 1, None, 0),
        ("answer:U0ANA", "answer", 1, 5, 5, 1, None, 0),
        ("bot:1", "bot", 1, 6, 6, 0, None, 0),
        ("summary:1001", "summary", 1, 7, 7, 0, None, 0),
        ("missed:1001", "missed", 1, 8, 8, 0, None, 0),
    )
    assert rows(empty, "SELECT key, at FROM inbox_key") == Unordered(
        ("update:1", 900), ("event:1", 950), ("message:1", 950), ("guest:1", 950)
    )


class Unordered:
    """Equal to these rows in any order."""

    def __init__(self, *rows: tuple[object, ...]) -> None:
        self.rows = sorted(rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and sorted(other) == self.rows

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self.rows)


async def test_visitors_of_the_first_version_stay_who_they_are(empty: str) -> None:
    of_version_1(empty)
    store = Store(empty, migrate)
    found = await StoredJournal(store).visitor("h1", datetime.now(UTC) + timedelta(days=59))
    assert found
    assert found[0] == Visitor("a", "Priya")
    store.close()


async def test_what_the_first_version_left_is_served_by_the_second(empty: str) -> None:
    of_version_1(empty)
    store = Store(empty, migrate)
    await store.write(lambda tx: workers.only(tx, "w", NOW))
    found = await store.write(lambda tx: lanes.due(tx, ["telegram", "thread"], NOW, 9))
    assert [lane.name for lane in found] == ["thread:1001", "customer:1"]
    first, second = await store.read(lambda tx: outbox.letters(tx, "customer:1"))
    assert (first.key, first.in_doubt, second.key, second.in_doubt) == ("k5", True, "k9", False)
    assert await store.write(lambda tx: inbox.take(tx, "slack", ["message:1"], "{}", NOW)) is False
    await store.write(lambda tx: outbox.put(tx, "customer:1", "part", {}, "new", NOW, way="telegram"))
    assert [it.key for it in await store.read(lambda tx: outbox.letters(tx, "customer:1"))] == ["k5", "k9", "new"]
    store.close()


def test_an_upgrade_that_is_cut_short_is_done_anew(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of_version_1(empty)
    before = rows(empty, "SELECT * FROM lane ORDER BY name")

    class Power(Exception):
        pass

    def fails(*_: object, **__: object) -> None:
        raise Power

    with monkeypatch.context() as cut:
        cut.setattr(op, "create_index", fails)
        with pytest.raises(Power):
            migrate(empty)
    assert rows(empty, "SELECT * FROM lane ORDER BY name") == before
    assert migrate(empty) == HEAD
    assert len(rows(empty, "SELECT * FROM lane")) == len(
        [row for row in before if not str(row[0]).startswith("marks:")]
    )


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(migrations.FOLDER)).get_current_head() == HEAD


def test_a_database_of_a_newer_bridge_is_refused(empty: str) -> None:
    migrate(empty)
    with engine(empty).begin() as connection:
        connection.execute(sqlalchemy.text("UPDATE alembic_version SET version_num = '9999'"))
    connection.engine.dispose()
    with pytest.raises(WrongSetting, match=r"DATABASE_URL: the database is of a newer bridge \(9999 > "):
        migrate(empty)


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'deep' / 'down' / 'bridge.db'}")
    assert (tmp_path / "deep" / "down" / "bridge.db").exists()


@pytest.mark.parametrize("open_it", [migrate, Store])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, open_it: object) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongSetting, match=r"BRIDGE_DATA_DIR: .*file cannot be written"):
        open_it(f"sqlite:///{tmp_path / 'file' / 'bridge.db'}")  # type: ignore[operator]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "bridge.db").write_text("These are notes about tea, and no database at all.\n" * 9)
    with pytest.raises(WrongSetting, match=r"DATABASE_URL: .*bridge\.db cannot be used \(file is not a database"):
        migrate(f"sqlite:///{tmp_path / 'bridge.db'}")


@pytest.mark.parametrize("given", ["postgresql://bridge@127.0.0.1:1/bridge", "postgresql://127.0.0.1:notaport/x"])
def test_a_postgresql_that_does_not_answer_is_said_without_its_password(given: str) -> None:
    with pytest.raises(WrongSetting, match="DATABASE_URL: the database cannot be reached"):
        migrate(given)


@pytest.mark.postgres
def test_of_several_that_start_at_once_one_upgrades_and_the_others_find_it_done(postgres_empty: str) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": postgres_empty}
    with psycopg.connect(postgres_empty, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [migrations.LOCK])
        starts = [subprocess.Popen([sys.executable, "-m", "bridge", "migrate"], env=env) for _ in range(3)]
        while connection.execute(waiting).fetchone() != (3,) and not any(start.poll() for start in starts):
            time.sleep(0.01)
        connection.execute("SELECT pg_advisory_unlock(%s)", [migrations.LOCK])
        assert [start.wait(60) for start in starts] == [0, 0, 0]
    assert current(postgres_empty) == HEAD
