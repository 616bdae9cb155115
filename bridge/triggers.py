"""Why a human is wanted: from what a customer wrote, and from how sure the bot was. Pure."""

from dataclasses import dataclass
from typing import Literal

from bridge.i18n import t
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
        return Why("request", t("Asked for a person."), cut(sentence, _QUOTE))
    if word := _keyword(text, rules.keywords):
        return Why("keyword", t("Said “{word}”.", word=word), cut(_sentence_with(word, text), _QUOTE))
    if 0 < rules.after_unsure <= unsure and not courtesy(text):
        return Why("unsure", _unsure(unsure), cut(text.strip(), _QUOTE))
    return None


def _keyword(text: str, keywords: tuple[str, ...]) -> str:
    folded = fold(text) if keywords else ""
    return next((word for word in keywords if whole_word(word).search(folded)), "")


def _sentence_with(word: str, text: str) -> str:
    return next((sentence for sentence in sentences(text) if whole_word(word).search(fold(sentence))), text.strip())


def _unsure(times: int) -> str:
    match times:
        case 1:
            return t("The bot did not know what to say.")
        case 2:
            return t("The bot did not know what to say twice in a row.")
        case _:
            return t("The bot did not know what to say {count} times in a row.", count=times)
