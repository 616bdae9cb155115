"""[texts] and the tables under it, such as [texts.de] and [texts.whatsapp.de]: what is said to some customers only."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

from bridge.desk_file.lines import Here, likeliest, unknown
from bridge.errors import WrongSetting
from bridge.texts import Texts, faults_said, key_of
from bridge.wording import Variants, is_language

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


def check_texts(
    here: Here, texts: Texts, variants: Variants, names: Collection[str], channels: Collection[str]
) -> None:
    """Refuse a variant that is for nobody, and texts that use a name which nobody knows: those all at once."""
    for whom in variants:
        if what := _for_nobody(whom, channels):
            raise here.table("texts", *whom).wrong("", what)
    tables = {(): asdict(texts), **variants}
    wrong = [it for whom, said in tables.items() for it in _wrong_names(here.table("texts", *whom), said, names)]
    if wrong:
        raise WrongSetting("\n".join(map(str, wrong)))


def _wrong_names(here: Here, texts: Mapping[str, str], names: Collection[str]) -> list[WrongSetting]:
    return [
        here.wrong(key, what, piece)
        for key, template in texts.items()
        for piece, what in faults_said(key, template, names)
    ]


def _for_nobody(whom: tuple[str, ...], channels: Collection[str]) -> str:
    """Why nobody would ever read this variant; blank: it is for a channel, for a language, or for both."""
    *first, last = whom
    if (not first and last in channels) or ((not first or first[0] in channels) and is_language(last)):
        return ""
    key = first[0] if first and first[0] not in channels else last
    known = likeliest(key, channels) or f': write one of {", ".join(channels)}, or a code such as "de"'
    return f"{key} is no customer channel and no language{known}"


def _read(
    here: Here, whom: tuple[str, ...], table: Mapping[str, Any], found: dict[tuple[str, ...], Mapping[str, str]]
) -> None:
    where = here.table("texts", *whom)
    texts = dict[str, str]()
    for key, value in table.items():
        if isinstance(value, dict) and key not in NAMES and len(whom) == 1:
            _read(here, (*whom, key), value, found)
        elif key not in NAMES:
            raise where.wrong(key, unknown(key, key, NAMES))
        elif not isinstance(value, str):
            raise where.wrong(key, f"{key} must be a text in quotes")
        else:
            texts[key] = value
    if texts:
        found[tuple(map(key_of, whom))] = texts
