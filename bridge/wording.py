"""Which wording of the desk's texts a customer reads, by their channel and language. Pure.

What the desk says for both wins over what it says for the language, that over what it says for the channel, and that
over what it says to everybody. Where it says nothing of its own, the bridge's text is said in the customer's language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from bridge.i18n import LANGUAGES, again, english, speaking
from bridge.language.words import words
from bridge.texts import SAID, key_of

Variants = Mapping[tuple[str, ...], Mapping[str, str]]
"""Texts by whom they are for: ("de",), ("whatsapp",), ("whatsapp", "de")."""

_LONGEST = 100  # characters that may be such words
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the desk says: to everybody, and to some."""

    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    variants: Variants = field(default_factory=dict[tuple[str, ...], Mapping[str, str]])

    def of(self, name: str, channel: str, language: str) -> str:
        """One text as these customers read it; blank: they are told nothing."""
        for whom in _whom(channel, key_of(language)):
            if name in self.variants.get(whom, {}):
                return self.variants[whom][name]
        text = self.texts.get(name, "")
        if name not in SAID or text != english(SAID[name]):
            return text
        with speaking(language):
            return again(SAID[name])


def wants_bot(text: str, label: str) -> bool:
    """Whether these are the words with which a waiting customer goes back to the bot, and nothing else."""
    said = words(text) if len(text) <= _LONGEST else []
    return bool(said) and bool(label) and said in (words(label), *_anywhere())


@cache
def _anywhere() -> tuple[list[str], ...]:
    """The bridge's own label in every language."""
    found = list[list[str]]()
    for language in LANGUAGES:
        with speaking(language):
            found.append(words(again(SAID["back"])))
    return tuple(found)


def table_of(whom: tuple[str, ...]) -> str:
    """How a variant's table in bridge.toml is called."""
    return ".".join(("texts", *whom))


def is_language(key: str) -> bool:
    """Whether this is the code of a language, such as `de` or `pt-br`."""
    return _LANGUAGE.fullmatch(key) is not None


def _whom(channel: str, language: str) -> Iterator[tuple[str, ...]]:
    """The most specific first."""
    languages = list(dict.fromkeys((language, language.partition("-")[0]))) if language else []
    yield from ((channel, each) for each in languages)
    yield from ((each,) for each in languages)
    yield (channel,)
