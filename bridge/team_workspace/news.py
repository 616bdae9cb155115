"""What Slack tells of people and user groups: they are asked about anew, here and in every other process of the bridge.

Slack tells one process only, and what it tells is not believed but asked about: events overtake each other.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from bridge.team_workspace.people import People

GROUPS = "groups"


class News:
    """Passes on that something changed. `heard_here` is what the other processes have to be told."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.heard_here: asyncio.Queue[str] = asyncio.Queue()

    def heard(self, body: Mapping[str, Any]) -> bool:
        """Whether this tells of people or groups. Then that is all there is to do: nobody needs to store it."""
        match body:
            case {"event": {"type": "message"}}:
                return False  # nearly everything is one
            case {"type": "event_callback", "event": {"type": "user_change", "user": {"id": str(id)}}} if id:
                changed = id
            case {"type": "event_callback", "event": {"type": "subteam_updated"}}:
                changed = GROUPS
            case {"type": "event_callback", "event": {"type": "subteam_members_changed"}}:
                changed = GROUPS
            case _:
                return False
        self.told(changed)
        self.heard_here.put_nowait(changed)
        return True

    def told(self, changed: str) -> None:
        """A person, or the groups, changed; when it is empty, anything may have."""
        if changed in (GROUPS, ""):
            self.people.groups.changed()
        if changed != GROUPS:
            self.people.changed(changed)
