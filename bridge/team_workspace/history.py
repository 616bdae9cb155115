"""Reads in threads and channels what may have passed us by: our own posts, and what people wrote meanwhile."""

from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge import verbs
from bridge.ports import Clock, Erased, Place, Received, Retyped, Typed
from bridge.team_workspace.checks import next_cursor
from bridge.team_workspace.echoes import Echoes, key_of
from bridge.team_workspace.keys import message_keys
from bridge.team_workspace.listeners import Listeners
from bridge.team_workspace.reading import Whereabouts
from bridge.team_workspace.web_api import WebApi

LATE = timedelta(days=7)  # after that an order is none any more; keys are forgotten after eight
SKEW = timedelta(seconds=60)  # between our clock and Slack's
PAGE = 200


class History:
    """What Slack has kept."""

    def __init__(self, api: WebApi, here: Whereabouts, echoes: Echoes, listeners: Listeners, clock: Clock) -> None:
        self.api, self.here, self.echoes, self.listeners, self.clock = api, here, echoes, listeners, clock

    async def find(self, thread: Place | None, key: str, since: datetime, channel: str = "") -> Place | None:
        """Look for our own message with this key: among what came back to us, then page by page from `since` on."""
        if place := self.echoes.place(key):
            return place
        async with aclosing(self.posted(thread, key, since, channel)) as found:
            return await anext(found, None)

    async def posted(
        self, thread: Place | None, key: str, since: datetime, channel: str = ""
    ) -> AsyncGenerator[Place, None]:
        """All of our own messages with this key: there is more than one where an earlier try came late."""
        channel, cursor = thread.channel if thread else channel or self.here.channel, None
        while True:
            page = await self._page(channel, thread, since, cursor)
            for message in page["messages"]:
                if message.get("bot_id") == self.here.bot and key_of(message) == key:
                    yield Place(channel, message["ts"])
            cursor = next_cursor(page)
            if not cursor:
                return

    async def missed(self, thread: Place, since: str, known: Collection[str] = ()) -> list[Received]:
        """What people wrote and changed in a thread after the message `since`.

        Of `known`, what is not there any more was deleted: Slack itself does not tell.
        """
        found: list[Received] = []
        there: set[str] = set()
        oldest, cursor = datetime.fromtimestamp(float(since), UTC) + SKEW, None
        while True:
            page = await self._page(thread.channel, thread, oldest, cursor)
            for message in page["messages"]:
                there.add(message["ts"])
                if message["ts"] > since or message.get("subtype") == "tombstone":
                    told = await self.listeners.found(message, thread.channel)
                    found += [it for it in told if self._counts(it, known)]
            cursor = next_cursor(page)
            if not cursor:
                missing = [ts for ts in known if ts > since and ts not in there]
                return found + await self._gone(thread, [] if page.get("is_limited") else missing)

    def _counts(self, received: Received, known: Collection[str]) -> bool:
        """Whether it can be new: after a week nobody remembers any more which orders were carried out."""
        event = received.event
        if not isinstance(event, Typed | Retyped) or float(event.place.ts) > (self.clock() - LATE).timestamp():
            return True
        repeated = isinstance(event, Typed) and event.place.ts in known
        return not repeated and verbs.read(event.text).verb not in verbs.ORDERS

    async def _gone(self, thread: Place, missing: Iterable[str]) -> list[Received]:
        """What was deleted: it is taken from the customer, so each is asked for again."""
        gone: list[Received] = []
        for ts in missing:
            asked = {"channel": thread.channel, "ts": thread.ts, "oldest": ts, "latest": ts, "inclusive": "true"}
            page = await self.api.call("conversations.replies", asked, repeatable=True)
            if ts not in [message["ts"] for message in page["messages"]]:
                event = Erased(Place(thread.channel, ts))
                gone.append(Received(message_keys({}, event), event, b"{}"))
        return gone

    async def _page(self, channel: str, thread: Place | None, since: datetime, cursor: str | None) -> Any:
        """A page of a thread, or of the channel itself."""
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": PAGE,
            "cursor": cursor,
        }
        if thread:
            return await self.api.call("conversations.replies", {**asked, "ts": thread.ts}, repeatable=True)
        return await self.api.call("conversations.history", asked, repeatable=True)
