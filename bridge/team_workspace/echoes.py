"""Our own posts, which Slack sends back as events: each says that one of our calls was accepted, and where."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bridge.ports import Place

EVENT_TYPE = "handoff"  # of our messages' metadata
MOST = 10_000  # remembered; a doubt is settled within minutes


def metadata(key: str) -> dict[str, Any]:
    """What a post carries so that it can be told from all others."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_of(message: Mapping[str, Any]) -> str | None:
    """The key with which a message was posted."""
    told = message.get("metadata") or {}
    return (told.get("event_payload") or {}).get("key") if told.get("event_type") == EVENT_TYPE else None


class Echoes:
    """The last of our posts that came back, by key."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._awaited: dict[str, asyncio.Future[Place]] = {}

    def hear(self, event: Any, bot: str) -> bool:
        """Whether the event is about a message of our own, and nothing more; its key is kept in mind."""
        if not bot or type(event) is not dict or event.get("type") != "message":
            return False
        if event.get("bot_id") == bot:
            if (key := key_of(event)) and event.get("ts"):
                self._remember(key, Place(str(event.get("channel")), str(event["ts"])))
            return True
        if event.get("subtype") != "message_changed":  # that one of ours was deleted is news
            return False
        changed = event.get("message")
        return type(changed) is dict and changed.get("bot_id") == bot and changed.get("subtype") != "tombstone"

    def place(self, key: str) -> Place | None:
        """Where the post with this key stands, if it came back."""
        return self._places.get(key)

    async def arrival(self, key: str, seconds: float) -> Place | None:
        """The same, as soon as it comes back; None when it has not by then."""
        if place := self.place(key):
            return place
        self._awaited[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                return await self._awaited[key]
        except TimeoutError:
            return None
        finally:
            del self._awaited[key]

    def _remember(self, key: str, place: Place) -> None:
        if len(self._places) >= MOST:
            del self._places[next(iter(self._places))]
        self._places[key] = place
        if (awaited := self._awaited.get(key)) and not awaited.done():
            awaited.set_result(place)
