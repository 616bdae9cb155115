"""Which handoffs somebody wants to see, from the words they typed or chose. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from bridge.errors import Refused
from bridge.i18n import t
from bridge.ports import Agent, CardState
from bridge.verbs import number_and_note

STATES: dict[str, tuple[CardState, ...]] = {
    "open": ("queued", "claimed"),
    "queued": ("queued",),
    "claimed": ("claimed",),
    "late": ("queued", "claimed"),
    "unresolved": ("handed_back",),
    "over": ("handed_back", "ended"),
    "all": (),
}
LAST = ("customer", "agent", "bot")
USAGE = t(
    "Write `/queue` with any of: `queued`, `mine`, `claimed`, `late`, `unresolved`, `over`, `all`, `@somebody`, a "
    "channel such as `telegram`, `label:refund`, `last:customer`, `#1042` for all of that customer."
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which handoffs are meant; what is empty allows all."""

    state: str = "open"
    owner: str = ""
    channel: str = ""  # the customer's
    label: str = ""
    last: str = ""  # who said the last thing
    whose: int = 0  # the customer's of this handoff, on whichever channel

    @property
    def states(self) -> tuple[CardState, ...]:
        """The states of a card that are meant; none: all."""
        return STATES.get(self.state, STATES["open"])


def read(text: str, me: Agent, named: Sequence[Agent], channels: Collection[str]) -> Filter:
    """What was typed after `/queue`. Raises Refused for a word that means nothing here."""
    found = Filter(owner=named[0].id if named else "")
    for person in named:
        text = text.replace(f"@{person.name}", " ")
    words = text.casefold().split()
    for word in words:
        name, _, value = word.partition(":")
        if word == "mine":
            found = replace(found, state="claimed", owner=me.id)
        elif word in STATES:
            found = replace(found, state=word)
        elif word in channels:
            found = replace(found, channel=word)
        elif name == "label" and value:
            found = replace(found, label=value)
        elif name == "last" and value in LAST:
            found = replace(found, last=value)
        elif number := number_and_note(word)[0]:
            found = replace(found, whose=number)
        else:
            raise Refused(t("`{word}` means nothing here. {usage}", word=word[:40], usage=USAGE))
    if found.whose and found.state == "open" and "open" not in words:  # most of what they had is over
        return replace(found, state="all")
    return found


def chosen(before: Filter, name: str, value: str) -> Filter:
    """The same with one thing chosen otherwise; "-" is anything."""
    value = "" if value == "-" else value
    match name:
        case "state":
            return replace(before, state=value if value in STATES else "open")
        case "owner" | "person":  # from a few, or from all
            return replace(before, owner=value)
        case "channel":
            return replace(before, channel=value)
        case "last":
            return replace(before, last=value if value in LAST else "")
        case "label":
            return replace(before, label=value.strip().casefold()[:40])
        case "whose":
            return replace(before, whose=number_and_note(value)[0] or 0)
        case _:
            return before


def as_text(wanted: Filter) -> str:
    """To come back with the next click."""
    fields = {"state": wanted.state, "owner": wanted.owner, "channel": wanted.channel}
    fields |= {"label": wanted.label, "last": wanted.last}
    return urlencode(fields | ({"whose": str(wanted.whose)} if wanted.whose else {}))


def from_text(text: str) -> Filter:
    """What came back."""
    found = Filter()
    for name, value in parse_qsl(text[:2000]):
        found = chosen(found, name, value)
    return found
