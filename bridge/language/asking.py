"""Does a text ask for a person? Read from phrases in many languages, all of them tried on every text. Pure."""

import re
from dataclasses import dataclass
from functools import cache

from bridge.language.phrases import ALL, Phrases
from bridge.language.words import fold, sentences

_LONGEST = 600  # characters looked at, from either end of a long text
_SHORT = 8  # words in which a noun alone is a request
_ENDING = re.compile(r"[.!?\n]+")
_PUNCTUATION = re.compile(r"[^\w\s\u0900-\u0eff]+|_")
_GAP = r" (?:\S+ ){0,3}?"


@dataclass(frozen=True, slots=True)
class _Patterns:
    never: re.Pattern[str]
    asks: re.Pattern[str]
    alone: re.Pattern[str]
    small: re.Pattern[str]


def asks_for_person(text: str) -> bool:
    """Whether somebody wants to talk to a human being."""
    return asking_sentence(text) != ""


def asking_sentence(text: str) -> str:
    """The sentence in which a person is asked for, as it was written; empty when nobody is asked for."""
    if len(text) > 2 * _LONGEST:
        text = text[:_LONGEST] + "\n" + text[-_LONGEST:]
    written = [piece.strip() for piece in re.split(r"(?<=[.!?。！？؟।])\s*|\n+", text) if piece.strip(" .!?")]
    plain = [_plain(sentence) for sentence in written]
    for patterns in _patterns():
        left = [patterns.never.sub("|", said) for said in plain]
        for sentence, said in zip(written, left, strict=True):
            if patterns.asks.search(said):
                return sentence
        if left and (_alone(patterns, left[-1]) or _alone(patterns, " ".join(left))):
            return written[-1]
    return ""


def besides_asking(text: str) -> str:
    """What a text says besides asking for a person: without the sentences that do nothing else."""
    if len(text) > 2 * _LONGEST or not asks_for_person(text):
        return text.strip()
    return "" if _only_asks(text) else " ".join(each for each in sentences(text) if not _only_asks(each))


def _only_asks(text: str) -> bool:
    """Whether a person is asked for, and no word of it is about anything else."""
    said = _plain(text)
    for patterns in _patterns():
        left = patterns.never.sub("|", said)
        if (asks := patterns.asks.sub(" ", left)) != left or _alone(patterns, left):
            return not patterns.small.sub(" ", asks).split()
    return False


def _alone(patterns: _Patterns, said: str) -> bool:
    return said.count(" ") < _SHORT and patterns.alone.fullmatch(said) is not None


def _plain(sentence: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", _ENDING.sub(" ", fold(sentence))).split())


@cache
def _patterns() -> tuple[_Patterns, ...]:
    return tuple(_compiled(phrases) for phrases in ALL)


def _compiled(phrases: Phrases) -> _Patterns:
    small = f"(?:{phrases.small or phrases.who})"
    blank = " " if phrases.spaced else " ?"
    alone = f"(?:{small}{blank})*{{who}}(?:{blank}(?:{small}|{{who}}))*"
    return _Patterns(
        never=_either(phrases, phrases.never),
        asks=_either(phrases, phrases.asks),
        alone=re.compile(_filled(phrases, alone)),
        small=_either(phrases, (small, "{who}")),
    )


def _either(phrases: Phrases, listed: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(_filled(phrases, phrase) for phrase in listed)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if phrases.spaced else either)


def _filled(phrases: Phrases, phrase: str) -> str:
    for _ in range(2):  # {any} may itself name {who}
        for name in ("who", "any", "bot", "a"):
            phrase = phrase.replace(f"{{{name}}}", getattr(phrases, name))
    return phrase.replace(" .. ", _GAP).replace("(?:.. )?", r"(?:\S+ ){0,3}?")
