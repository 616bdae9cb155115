"""Pure: people's reactions in Slack, as events of the port."""

from collections.abc import Mapping
from typing import Any

from bridge.ports import Agent, Emoted, Ignored, WorkspaceEvent
from bridge.team_workspace.reading import Draft, People, Whereabouts, place_of
from bridge.team_workspace.rich_text import emoji, storable

Json = Mapping[str, Any]
KINDS = ("reaction_added", "reaction_removed")


def is_mark(event: Any, here: Whereabouts) -> bool:
    """Whether it is one of our own, on what an agent wrote: Slack tells us of those, too."""
    return type(event) is dict and event.get("type") in KINDS and event.get("user") == here.user


def reacted(told: Json, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Somebody reacted to a message. What people of the workspace wrote themselves is nobody's business here."""
    item = told["item"]
    if item.get("type") != "message" or item.get("channel") not in here.channels:
        return Ignored("elsewhere", routine=True)
    if told.get("item_user") not in (None, "", here.user):
        return Ignored(told["type"], routine=True)
    place, name, on = place_of(item["channel"], item["ts"]), storable(str(told["reaction"])), told["type"] == KINDS[0]

    def complete(agent: Agent, people: People) -> WorkspaceEvent:
        return Emoted(agent, place, emoji_of(name), name.partition("::")[0], on)

    return Draft(told["user"], set(), complete)


def emoji_of(name: str) -> str:
    """The emoji of a reaction's name, such as `+1::skin-tone-3`; blank: the workspace's own."""
    short, _, tone = name.partition("::skin-tone-")
    found = emoji(short, tone or None)
    return "" if found == f":{short}:" else found
