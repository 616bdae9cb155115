"""Why a human is wanted: from what a customer wrote, and from how sure the bot was. Pure."""

from dataclasses import dataclass
from typing import Literal

from bridge.language.asking import asking_sentence, asks_for_person
from bridge.language.courtesy import courtesy
from bridge.language.words import cut, fold, sentences, whole_word

__all__ = ["Kind", "Triggers", "Why", "asks_for_person", "why_a_human"]

Kind = Literal["request", "keyword", "unsure", "failed", "bot"]
"""`failed` and `bot` are not found here: the bot raised too often, or said itself that it wants a human."""

_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Triggers:
    """Which triggers are on. `after_unsure` 0 and no keywords: off."""

    on_request: bool = True
    after_unsure: int = 2
    keywords: tuple[str, ...] = ()

    @property
    def can_fire(self) -> bool:
        """Whether anything a customer writes could call a human."""
        return self.on_request or self.after_unsure > 0 or bool(self.keywords)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a human is wanted: for the records, for agents, and in the customer's own words."""

    kind: Kind
    reason: str
    quote: str


def why_a_human(text: str, *, unsure: int, rules: Triggers) -> Why | None:
    """Whether this message calls a human. `unsure`: how often in a row the bot was unsure, this answer included."""
    if rules.on_request and (sentence := asking_sentence(text)):
        return Why("request", "Asked for a person.", cut(sentence, _QUOTE))
    if word := _keyword(text, rules.keywords):
        return Why("keyword", f"Said “{word}”.", cut(_sentence_with(word, text), _QUOTE))
    if 0 < rules.after_unsure <= unsure and not courtesy(text):
        return Why("unsure", f"The bot did not know what to say{_times(unsure)}.", cut(text.strip(), _QUOTE))
    return None


def _keyword(text: str, keywords: tuple[str, ...]) -> str:
    folded = fold(text) if keywords else ""
    return next((word for word in keywords if whole_word(word).search(folded)), "")


def _sentence_with(word: str, text: str) -> str:
    return next((sentence for sentence in sentences(text) if whole_word(word).search(fold(sentence))), text.strip())


def _times(count: int) -> str:
    return {1: "", 2: " twice in a row"}.get(count, f" {count} times in a row")
