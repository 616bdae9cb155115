"""Brings the database to the newest schema. Only an older database, or a new one on PostgreSQL, needs Alembic."""

import sqlite3
from pathlib import Path

from bridge.errors import WrongSetting
from bridge.store.store import open_sqlite, plain_postgres, sqlite_path

HEAD = "0015"
LOCK = int.from_bytes(b"handoff2")  # any number that nobody else locks in this database
FOLDER = Path(__file__).parent / "migrations"
SCHEMA = Path(__file__).parent / "schema.sql"  # what the migrations make of an empty SQLite file; a test compares


def migrate(address: str) -> str:
    """Upgrade to HEAD and return the version. Raises WrongSetting when the database cannot be opened or is newer."""
    found = current(address)
    if found == HEAD:
        return HEAD
    if found is not None and found > HEAD:
        raise WrongSetting(f"DATABASE_URL: the database is of a newer bridge ({found} > {HEAD}). Upgrade the bridge.")
    if found is None and not address.startswith("postgres"):
        _create(sqlite_path(address))
    else:
        _upgrade(address)
    return HEAD


def current(address: str) -> str | None:
    """The version that the database has, or None when it is empty."""
    if address.startswith("postgres"):
        return _current_postgres(address)
    path = sqlite_path(address)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            return None
        return _current_sqlite(path)
    except OSError as error:
        raise WrongSetting(f"BRIDGE_DATA_DIR: {path.parent} cannot be written ({error.strerror}).") from None
    except sqlite3.DatabaseError as error:
        raise WrongSetting(f"DATABASE_URL: {path} cannot be used ({error}).") from None


def _current_sqlite(path: Path) -> str | None:
    connection = open_sqlite(path)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    finally:
        connection.close()


def _current_postgres(address: str) -> str | None:
    import psycopg

    try:
        with psycopg.connect(plain_postgres(address), connect_timeout=10) as connection:
            try:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            except psycopg.errors.UndefinedTable:
                return None
            return row[0] if row else None
    except psycopg.OperationalError:
        raise WrongSetting("DATABASE_URL: the database cannot be reached. Check host, name and password.") from None


def _create(path: Path) -> None:
    connection = open_sqlite(path)
    try:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    finally:
        connection.close()


def _upgrade(address: str) -> None:
    import alembic.command
    import alembic.config
    import sqlalchemy
    import sqlalchemy.event

    config = alembic.config.Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = sqlalchemy.create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))
    if engine.dialect.name == "sqlite":  # Python's driver begins too late: an upgrade cut short would be half done
        sqlalchemy.event.listen(engine, "connect", lambda opened, _: setattr(opened, "isolation_level", None))
        first = "BEGIN IMMEDIATE"
    else:  # of several processes that start at once, one upgrades, and the others find it done
        first = f"SELECT pg_advisory_xact_lock({LOCK})"
    sqlalchemy.event.listen(engine, "begin", lambda begun: begun.exec_driver_sql(first))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
    finally:
        engine.dispose()
