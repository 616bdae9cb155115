"""A summary from the words alone: the same every time, in any language, and honest about what it is. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bridge.content import Line
from bridge.i18n import joined, t
from bridge.language.asking import asks_for_person
from bridge.language.courtesy import courtesy, is_yes
from bridge.language.mood import mood
from bridge.language.which import language
from bridge.language.words import cut, sentences, words
from bridge.ports import Summary
from bridge.summaries.facts import facts

SUBJECT, FIELD, LAST_WORDS = 80, 140, 280
_FIRST, _LATEST, _LONGEST = 20, 40, 1000  # lines, lines, characters: nobody can give us minutes of reading
_LONG = 200  # characters that no greeting has
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_WISH = re.compile(
    r"(?i)\b(want|need|would like|please|pls|plz|can you|could you|refund|replace\w*|cancel\w*|send|give me"
    r"|exchange|fix"
    r"|quiero|necesito|puede\w*|quero|preciso|möchte|will|brauche|bitte|können|voudrais|veux|pouvez|vorrei"
    r"|voglio|potete"
    r"|wil|graag|chcę|proszę|istiyorum|lütfen|хочу|нужно|можно|chahiye|karo|kar do)\b"
)
_NUMBERING = frozenset(
    ("order", "id", "number", "no", "ref", "reference", "regarding", "my", "is", "the", "hello", "hi")
)
_NOTHING = "—"
WANTS_PERSON, TO_TALK = t("Wants to talk to a person"), t("To talk to a person.")


def summary(lines: Sequence[Line]) -> Summary:
    """What was asked first, what the bot tried last, what is wanted now, and what an agent would look up."""
    lines = telling(lines)
    said = [line.text for line in lines if line.author.kind == "customer" and line.text.strip()]
    about = [text for text in said if _says_something(text)]
    asked = about[0] if about else ""
    return Summary(
        subject=tidy(_subject(about), SUBJECT) or (WANTS_PERSON if said else ""),
        asked=tidy(asked, FIELD) or _NOTHING,
        tried=tidy(_tried(lines), FIELD) or _NOTHING,
        wants=_wants(said, about) or _NOTHING,
        last_words=cut(said[-1].strip(), LAST_WORDS) if said else "",
        language=language("\n".join(said)),
        facts=facts("\n".join(said)),
        mood=mood(said),
    )


def telling(lines: Sequence[Line]) -> list[Line]:
    """The first lines and the latest, the long ones without their end: as much as is read of any conversation."""
    chosen = [*lines[:_FIRST], *lines[-_LATEST:]] if len(lines) > _FIRST + _LATEST else lines
    return [replace(line, text=line.text[:_LONGEST]) for line in chosen]


def tidy(text: str, most: int) -> str:
    """One line without links and invisible characters, shortened."""
    return cut(" ".join(_LINK.sub("[link]", _CONTROL.sub(" ", text)).split()), most)


def _says_something(text: str) -> bool:
    if len(text) > _LONG:
        return True
    if courtesy(text) or is_yes(text):
        return False
    return len(words(text)) > 3 or not asks_for_person(text)


def _subject(about: Sequence[str]) -> str:
    """The first sentence that says what it is about: no greeting, no bare order number, no wish for a person."""
    for sentence in (sentence for text in about[:3] for sentence in sentences(text)):
        if not courtesy(sentence) and not asks_for_person(sentence) and len(_telling(sentence)) > 2:
            return sentence
    return about[0] if about else ""


def _telling(sentence: str) -> list[str]:
    return [word for word in words(sentence) if word not in _NUMBERING and not any(map(str.isdigit, word))]


def _tried(lines: Sequence[Line]) -> str:
    """What the bot answered last, before the customer spoke last."""
    told = [line.text for line in lines if line.author.kind == "bot" and line.text.strip()]
    return told[-1] if told else ""


def _wants(said: Sequence[str], about: Sequence[str]) -> str:
    """The latest wish, and that a person is asked for."""
    wishes = [
        part for text in about[-3:] for part in sentences(text) if _WISH.search(part) and not asks_for_person(part)
    ]
    person = TO_TALK if any(asks_for_person(text) for text in said[-3:]) else ""
    wish = tidy(wishes[-1] if wishes else "" if person else (about[-1] if about else ""), FIELD - len(person) - 1)
    return joined([part for part in (wish, person) if part])
