"""The bridge's own words, in the language of whoever reads them.

The code says everything in English: `t("Only {owner} can do this.", owner=name)`. What comes of it is a text like any
other, in the language that is spoken at that moment (English, unless somebody is being drawn something: `speaking`),
and it still knows what it was made of. So a rule can word a sentence before anybody knows who will read it: `again`
says it once more, in the language that is spoken by then, and `packed` keeps it in the store until that.

Other languages are in a file each beside this one: the English text, and what it is there. What is missing there stays
English. Only whole sentences and labels are translated: what people wrote, and names, are values in them.
"""

import json
import re
import tomllib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from bridge import marks

LANGUAGES = ("en", "de", "es", "pt")
ENGLISH = "en"
T = TypeVar("T")

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)
_KEPT = '{"t": '
_VALUE = re.compile(r"\{(\w+)\}")


class Phrase(str):
    """A text of the bridge itself, which knows what it was made of. Put together with others, it is forgotten."""

    template: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return self  # so that an exception's text is still known

    def __deepcopy__(self, _: object) -> "Phrase":
        return self

    def __copy__(self) -> "Phrase":
        return self


def t(template: str, **values: object) -> str:
    """Say this in the language that is spoken now. `{name}` in it is the value of that name."""
    return _said(template, {name: value if isinstance(value, str) else str(value) for name, value in values.items()})


def again(text: T, **values: object) -> T:
    """The same in the language that is spoken now; of a value with texts in it, all of them.

    `values` are for a text that was said without some. What is no phrase stays as it is.
    """
    return cast(T, _again(text, {name: str(value) for name, value in values.items()}))


def english(text: str) -> str:
    """A text as the code says it, by itself: it is not said again in another language."""
    return text.template if isinstance(text, Phrase) else text


def joined(parts: Sequence[str], by: str = " ") -> str:
    """Several texts in a row, of which each can still be said again."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return _said(by.join(f"{{{number}}}" for number in range(len(parts))), {str(at): it for at, it in enumerate(parts)})


@contextmanager
def speaking(language: str) -> Generator[None]:
    """For so long this language is spoken, such as "de" or "pt-BR". One that is not known is English."""
    token = _spoken.set(language_of(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def language_of(locale: str) -> str:
    """The language of a locale, among those that the bridge speaks."""
    language = re.split("[-_]", locale, maxsplit=1)[0].lower()
    return language if language in LANGUAGES else ENGLISH


def packed(value: Any) -> Any:
    """The same as plain JSON, in which every phrase, and what is marked in people's words, can be found again."""
    match value:
        case Phrase():
            return {"t": value.template} | ({"v": packed(dict(value.values))} if value.values else {})
        case Mapping():
            return {key: packed(each) for key, each in cast(Mapping[str, Any], value).items()}
        case list() | tuple():
            return [packed(each) for each in cast(list[Any], value)]
        case str():
            return marks.packed(value)
        case _:
            return value


def unpacked(value: Any) -> Any:
    """What was packed. What never was is as it is."""
    match value:
        case {"t": str(template)} if len(value) == 1:
            return _said(template, {})
        case {"t": str(template), "v": dict(values)} if len(value) == 2:
            return _said(template, unpacked(values))
        case dict():
            return {key: unpacked(each) for key, each in cast(dict[str, Any], value).items()}
        case list():
            return [unpacked(each) for each in cast(list[Any], value)]
        case str():
            return marks.unpacked(value)
        case _:
            return value


def kept(text: str) -> str:
    """For a column of the store: a phrase as JSON, every other text as it is."""
    if not isinstance(text, Phrase) and not text.startswith(_KEPT):
        return text
    return json.dumps(packed(text if isinstance(text, Phrase) else t("{text}", text=text)), ensure_ascii=False)


def read(column: str) -> str:
    """What was kept there, in the language that is spoken now."""
    if not column.startswith(_KEPT):
        return column
    try:
        kept = unpacked(json.loads(column))
    except ValueError:
        return column
    return kept if isinstance(kept, str) else column  # somebody's words, from before this was kept so


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """What is said in this language for each English text."""
    if language == ENGLISH:
        return {}
    return cast(Mapping[str, str], tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8")))


def _said(template: str, values: Mapping[str, str]) -> Phrase:
    told = catalogue(_spoken.get()).get(template, template)
    phrase = Phrase(_VALUE.sub(lambda name: values.get(name[1], name[0]), told))  # never str.format: it runs code
    phrase.template, phrase.values = template, values
    return phrase


def _again(value: Any, values: dict[str, str]) -> Any:
    match value:
        case Phrase():
            known = {name: _again(each, {}) for name, each in value.values.items()}
            return _said(value.template, known | values)
        case tuple():
            return tuple(_again(each, values) for each in cast(tuple[Any, ...], value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            told = {it.name: getattr(value, it.name) for it in fields(value)}
            changed = {name: new for name, each in told.items() if (new := _again(each, values)) is not each}
            return replace(value, **changed) if changed else value
        case _:
            return value
