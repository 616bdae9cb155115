"""The tables under [texts], such as [texts.de] and [texts.whatsapp.de]: what is said to some customers only."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from bridge.desk_file.lines import Here
from bridge.texts import Texts, key_of
from bridge.wording import Variants, is_language, table_of

NAMES = tuple(item.name for item in fields(Texts))


def read_variants(here: Here, table: Mapping[str, Any]) -> Variants:
    """Check them. Which customer channels there are is not known here."""
    found = dict[tuple[str, ...], Mapping[str, str]]()
    for key, value in table.items():
        if isinstance(value, dict):
            _read(here, (key,), value, found)
    return found


def named(table: Mapping[str, Any]) -> dict[str, Any]:
    """What is said to everybody."""
    return {key: value for key, value in table.items() if not isinstance(value, dict)}


def wrong_whom(whom: tuple[str, ...], channels: Collection[str]) -> str:
    """Why nobody would ever read this variant; blank: it is for a channel, for a language, or for both."""
    *first, last = whom
    if (not first and last in channels) or ((not first or first[0] in channels) and is_language(last)):
        return ""
    key = first[0] if first and first[0] not in channels else last
    near = difflib.get_close_matches(key, channels, n=1)
    known = f"; did you mean {near[0]}?" if near else f': write one of {", ".join(channels)}, or a code such as "de"'
    return f"{key} is no customer channel and no language{known}"


def _read(
    here: Here, whom: tuple[str, ...], table: Mapping[str, Any], found: dict[tuple[str, ...], Mapping[str, str]]
) -> None:
    where = here.table(table_of(whom))
    texts = dict[str, str]()
    for key, value in table.items():
        if isinstance(value, dict) and key not in NAMES and len(whom) == 1:
            _read(here, (*whom, key), value, found)
        elif key not in NAMES:
            near = difflib.get_close_matches(key, NAMES, n=1)
            known = f"did you mean {near[0]}?" if near else f"known are {', '.join(NAMES)}"
            raise where.wrong(key, f"{key} is not known; {known}")
        elif not isinstance(value, str):
            raise where.wrong(key, f"{key} must be a text in quotes")
        else:
            texts[key] = value
    if texts:
        found[tuple(map(key_of, whom))] = texts
