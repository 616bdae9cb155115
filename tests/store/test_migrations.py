"""From an empty database to the newest schema, which is what the tables say."""

from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bridge.errors import WrongSetting
from bridge.store import migrate as migrations
from bridge.store.migrate import HEAD, current, migrate
from bridge.store.store import Store
from bridge.store.tables import SQLModel


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
