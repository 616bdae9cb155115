"""What admins changed of the desk's settings: who, when, from what to what. Only ever added to; the newest holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx

_COLUMNS = "section, version, in_file, was, became, who, name, at"


@dataclass(frozen=True, slots=True)
class Change:
    """One section was changed. `in_file`: from then on, what bridge.toml says holds again."""

    section: str
    version: int  # of the section, counted from 1
    in_file: bool
    was: Mapping[str, str]
    became: Mapping[str, str]
    who: str
    name: str
    at: datetime


def add(tx: Tx, change: Change) -> bool:
    """Add a change to the version before it; False when that is not the newest any more."""
    done = tx.run(
        f"""INSERT INTO setting_change ({_COLUMNS}) SELECT ?, ?, ?, ?, ?, ?, ?, ?
            WHERE (SELECT COALESCE(MAX(version), 0) FROM setting_change WHERE section = ?) = ?
            ON CONFLICT (section, version) DO NOTHING""",
        change.section, change.version, change.in_file, json.dumps(change.was), json.dumps(change.became),
        change.who, change.name, micros(change.at), change.section, change.version - 1,
    )  # fmt: skip
    return done == 1


def newest(tx: Tx) -> dict[str, Change]:
    """The newest change of every section that was ever changed."""
    rows = tx.all(
        f"""SELECT {_COLUMNS} FROM setting_change AS it
            WHERE version = (SELECT MAX(version) FROM setting_change WHERE section = it.section)"""
    )
    return {row[0]: _change(row) for row in rows}


def latest(tx: Tx, most: int) -> list[Change]:
    """What was changed last, newest first."""
    rows = tx.all(f"SELECT {_COLUMNS} FROM setting_change ORDER BY at DESC, section, version DESC LIMIT ?", most)
    return [_change(row) for row in rows]


def _change(row: Row) -> Change:
    return Change(row[0], row[1], bool(row[2]), json.loads(row[3]), json.loads(row[4]), row[5], row[6], moment(row[7]))
