"""Which queue channel a handoff belongs to. Pure: knows the channels only by the names that bridge.toml gives them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bridge.language.words import fold, whole_word


@dataclass(frozen=True, slots=True)
class Route:
    """A queue channel and what belongs there: every condition that is given must hold, by any one of its values."""

    channel: str
    customer_channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    bots: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a handoff when it is opened. `words` are those that called a human, and what it is about.

    `labels` are those of the customer's handoff before: when one is opened, nobody has filed it yet.
    """

    customer_channel: str
    language: str = ""
    labels: tuple[str, ...] = ()
    bot: str = ""
    words: tuple[str, ...] = ()


def channel_for(routes: Sequence[Route], facts: Facts) -> str:
    """The channel of the first route that fits; blank: none does, and it goes where everything else goes."""
    return next((route.channel for route in routes if fits(route, facts)), "")


def fits(route: Route, facts: Facts) -> bool:
    """Whether every condition that is given holds."""
    return (
        _among(route.customer_channels, (facts.customer_channel,))
        and _among(route.bots, (facts.bot,))
        and _among(route.labels, facts.labels)
        and (not route.languages or any(_speaks(facts.language, wanted) for wanted in route.languages))
        and (not route.keywords or _says(facts.words, route.keywords))
    )


def _among(wanted: Collection[str], found: Sequence[str]) -> bool:
    return not wanted or not {fold(value) for value in wanted}.isdisjoint(fold(value) for value in found)


def _speaks(language: str, wanted: str) -> bool:
    """`de` also means `de-AT`, but not the other way round."""
    spoken, asked = (code.casefold().replace("_", "-") for code in (language, wanted))
    return spoken == asked or spoken.startswith(f"{asked}-")


def _says(texts: Sequence[str], keywords: Sequence[str]) -> bool:
    folded = [fold(text) for text in texts]
    return any(whole_word(word).search(text) for word in keywords for text in folded)
