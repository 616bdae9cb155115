"""A new SQLite file gets its tables from `schema.sql`, which is exactly what the migrations would have made."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bridge.store import migrate as migrations
from bridge.store.migrate import HEAD, current, migrate


def tables(path: Path) -> list[str]:
    """Tables and indexes, in no order of their own."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(re.sub(r"\s+", " ", sql).strip() for (sql,) in made)


def test_the_schema_is_what_the_migrations_make(tmp_path: Path) -> None:
    migrations._upgrade(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrations._create(tmp_path / "created.db")
    assert tables(tmp_path / "created.db") == tables(tmp_path / "migrated.db")
    assert current(f"sqlite:///{tmp_path / 'created.db'}") == HEAD


def test_a_new_file_is_made_without_alembic(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'bridge.db'}"
    program = (
        "import sys; from bridge.store.migrate import migrate; migrate(sys.argv[1]); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, address], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert migrate(address) == HEAD


def test_a_file_whose_making_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    half = migrations.SCHEMA.read_text().partition("CREATE TABLE inbox")[0]
    with closing(sqlite3.connect(tmp_path / "bridge.db", isolation_level=None)) as connection:
        connection.executescript(half)  # closed before its COMMIT, as by a kill
    assert migrate(f"sqlite:///{tmp_path / 'bridge.db'}") == HEAD
