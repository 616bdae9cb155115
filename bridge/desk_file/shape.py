"""Which tables and keys bridge.toml may have, and of what kind their values are."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from bridge.desk_file.lines import Here, unknown
from bridge.desk_file.texts import NAMES, named
from bridge.hours import DAYS
from bridge.routing import Route

_TABLES: Mapping[str, Mapping[str, type]] = {
    "desk": {
        "name": str,
        "language": str,
        "timezone": str,
        "bots": list,
        "trigger_on_request": bool,
        "trigger_after_unsure": int,
        "keywords": list,
        "board": bool,
        "call": list,
        "external_channels": bool,
        "after_hand_back": str,
        "audience": str,
        "recall_seconds": int,
        "answer_minutes": int,
        "ask_address": bool,
        "ask_rating": bool,
        "reactions": str,
    },
    "hours": dict.fromkeys((*DAYS, "closed"), list),
    "texts": dict.fromkeys(NAMES, str),
    "roles": {"admins": list, "responders": list, "viewers": list},
    "bots": {},
    "routes": {item.name: str if item.name == "channel" else list for item in fields(Route)},
}
_KINDS = {str: "a text in quotes", list: 'a list of texts, such as ["a", "b"]', bool: "true or false", int: "a number"}


def check_table(here: Here, table: str, value: Any) -> None:
    """A table at the top of the file. The keys of each of the [[routes]] are looked at by themselves."""
    if table not in _TABLES:
        raise here.wrong(table, unknown(f"[{table}]", table, _TABLES))
    if table == "routes":
        if not isinstance(value, list):
            raise here.wrong(table, "routes are tables, each written [[routes]]")
        return
    if not isinstance(value, dict):
        raise here.wrong(table, f"{table} must be a table, written [{table}]")
    check_keys(here.table(table), table, named(value) if table == "texts" else value)


def check_keys(here: Here, table: str, value: Mapping[str, Any]) -> None:
    """The keys of one table."""
    known = _TABLES[table]
    for key, found in value.items():
        if table == "bots":
            if not isinstance(found, dict):
                raise here.wrong(key, f"a bot is a table, written [bots.{key}]")
        elif key not in known:
            raise here.wrong(key, unknown(key, key, known))
        elif not _fits(found, known[key]):
            raise here.wrong(key, f"{key} must be {_KINDS[known[key]]}")


def _fits(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, kind)
