"""Brings the database to the newest schema. A database that is there already costs one query and no Alembic."""

from pathlib import Path

import psycopg

from bridge.errors import WrongSetting
from bridge.store.store import open_sqlite, plain_postgres, sqlite_path

HEAD = "0001"
FOLDER = Path(__file__).parent / "migrations"


def migrate(address: str) -> str:
    """Upgrade to HEAD and return the version. Raises WrongSetting when the database cannot be opened or is newer."""
    found = current(address)
    if found == HEAD:
        return HEAD
    if found is not None and found > HEAD:
        raise WrongSetting(f"DATABASE_URL: the database is of a newer bridge ({found} > {HEAD}). Upgrade the bridge.")
    _upgrade(address)
    return HEAD


def current(address: str) -> str | None:
    """The version that the database has, or None when it is empty."""
    if address.startswith("postgres"):
        return _current_postgres(address)
    path = sqlite_path(address)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return None
    connection = open_sqlite(path)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    finally:
        connection.close()


def _current_postgres(address: str) -> str | None:
    try:
        with psycopg.connect(plain_postgres(address), connect_timeout=10) as connection:
            try:
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            except psycopg.errors.UndefinedTable:
                return None
            return row[0] if row else None
    except psycopg.OperationalError:
        raise WrongSetting("DATABASE_URL: the database cannot be reached. Check host, name and password.") from None


def _upgrade(address: str) -> None:
    import alembic.command
    import alembic.config
    import sqlalchemy

    config = alembic.config.Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = sqlalchemy.create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
    engine.dispose()
