"""Pure: what a card says of the same person: their other handoffs, and where else they are known."""

from collections.abc import Callable, Iterator

from bridge.i18n import t
from bridge.ports import Card, Known, Other, Place
from bridge.team_workspace.inert import Block, cut, one_line, words
from bridge.team_workspace.inert import link as leads
from bridge.team_workspace.posts import channel_name

LONGEST = 400


def handoffs(card: Card, link: Callable[[Place], str]) -> Iterator[Block]:
    """The customer's other handoffs, each a way to its thread."""
    for row, (label, others) in enumerate(_rows(card)):
        if row:
            yield words("   ")
        for number, other in enumerate(others):
            yield words(f"{label}  " if not number else ", ", *(() if number else ("bold",)))
            yield leads(link(other.thread), named(other)) if other.thread else words(named(other))


def spoken(card: Card) -> Iterator[str]:
    """The same for ears."""
    for label, others in _rows(card):
        yield f"{label}{':' * (others[0] is not card.later)} {', '.join(map(named, others))}"


def people(card: Card) -> Iterator[str]:
    """Who this is elsewhere, because somebody said so, and who it may be."""
    if card.also:
        yield t("👥 The same person as {others}", others=cut(", ".join(map(_known, card.also)), LONGEST))
    if card.perhaps:
        yield t("👥 Perhaps the same person as {who}: !same shows both", who=_known(card.perhaps))


def named(other: Other) -> str:
    """A handoff's number, and the channel where that is another one."""
    return f"#{other.number} ({channel_name(other.channel)})" if other.channel else f"#{other.number}"


def _rows(card: Card) -> list[tuple[str, tuple[Other, ...]]]:
    later = (card.later,) if card.later else ()
    rows = ((t("Goes on as"), later), (t("Elsewhere"), card.beside), (t("Earlier"), card.earlier))
    return [(label, others) for label, others in rows if others]


def _known(who: Known) -> str:
    shown = f"{one_line(who.name, 60) or t('Customer')} · {channel_name(who.channel)}"
    return f"{shown} · #{who.number}" if who.number else shown
