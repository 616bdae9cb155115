"""Whether the database opens, is of this version, and can be written. Nothing stays behind."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from bridge import adjusting
from bridge.desk_settings import DeskSettings
from bridge.doctor.line import Line
from bridge.errors import WrongSetting
from bridge.settings import Settings
from bridge.store.migrate import HEAD, current
from bridge.store.store import open_sqlite, plain_postgres, sqlite_path
from bridge.store.tx import Tx

TRY = "CREATE TABLE bridge_doctor (looked integer)"  # taken back by the end of the transaction


def database(settings: Settings) -> Line:
    """Look at it. Blocks: run it on a thread of its own."""
    address = settings.database_url
    kind = "PostgreSQL" if address.startswith("postgres") else "SQLite"
    try:
        if kind == "SQLite" and not sqlite_path(address).exists():
            return _not_made_yet(sqlite_path(address))
        found = current(address)
        if found and found > HEAD:
            mend = "DATABASE_URL: it was used by a newer bridge. Start that one, or restore a backup."
            return Line("database", False, f"{kind}, version {found}, this bridge knows {HEAD}", mend)
        (_try_postgres if kind == "PostgreSQL" else _try_sqlite)(address)
    except WrongSetting as wrong:
        return Line("database", False, kind, str(wrong))
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        mend = f"DATABASE_URL, BRIDGE_DATA_DIR: it cannot be written ({type(error).__name__}). Check who owns it."
        return Line("database", False, kind, mend)
    version = f"version {found}" if found == HEAD else "its tables are made at the start"
    return Line("database", True, f"{kind}, {version}, can be written")


def in_effect(settings: Settings) -> DeskSettings:
    """What holds of what admins can change from Slack; bridge.toml's, where the database cannot tell. Blocks."""
    in_file, address = settings.desk.settings, settings.database_url
    try:
        if address.startswith("postgres"):
            with psycopg.connect(plain_postgres(address), connect_timeout=10) as connection:
                return adjusting.in_effect(Tx(connection, server=True), in_file)
        if not sqlite_path(address).exists():
            return in_file
        with closing(open_sqlite(sqlite_path(address))) as connection:
            return adjusting.in_effect(Tx(connection), in_file)
    except (sqlite3.Error, psycopg.Error, OSError):  # its own line says what is wrong
        return in_file


def _not_made_yet(path: Path) -> Line:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK):
        return Line("database", True, f"SQLite, {path} is made at the start")
    return Line("database", False, "SQLite", f"BRIDGE_DATA_DIR: {folder} cannot be written. Check who owns it.")


def _try_sqlite(address: str) -> None:
    connection = open_sqlite(sqlite_path(address))
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(TRY)
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def _try_postgres(address: str) -> None:
    with psycopg.connect(plain_postgres(address), connect_timeout=10) as connection:
        connection.execute(TRY)
        connection.rollback()
