"""Turns what Slack sends into what the desk takes: read, its people looked up, under its keys, as it came."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from bridge.ports import Agent, Emoted, Ignored, Place, Received, Retyped, WorkspaceEvent
from bridge.team_workspace.changes import NOW, Changes
from bridge.team_workspace.echoes import Echoes
from bridge.team_workspace.keys import keys_of, message_keys
from bridge.team_workspace.news import News
from bridge.team_workspace.people import People
from bridge.team_workspace.reactions import is_mark, reacted
from bridge.team_workspace.reading import (
    UNREADABLE,
    Draft,
    Whereabouts,
    closed,
    exposed,
    found_in_thread,
    kind_of,
    of_message,
)
from bridge.team_workspace.using import used, visited

Json = Mapping[str, Any]

log = structlog.get_logger()


class Listeners:
    """Reads what Slack sends. `here` is filled in at the start."""

    def __init__(self, people: People, here: Whereabouts, echoes: Echoes) -> None:
        self.people, self.here, self.echoes = people, here, echoes
        self.changes, self.reactions, self.news = Changes(), Changes(), News(people)

    def is_echo(self, body: Json) -> bool:
        """Whether it says no more than that we wrote something ourselves: nobody needs to store that."""
        event = body.get("event")
        told = body.get("type") == "event_callback"
        return told and (self.echoes.hear(event, self.here.bot) or is_mark(event, self.here))

    def at_once(self, body: Json) -> Received | None:
        """Read one event, click or command; None when somebody must be looked up first.

        What cannot be read is kept, but nothing follows from it.
        """
        try:
            event = self._drafted(body)
            if isinstance(event, Draft):
                event = self._completed(event)
        except UNREADABLE as error:
            event = _unreadable(body, error)
        return event and self._as_it_came(body, event)

    async def received(self, body: Json) -> Received:
        """The same, with everybody looked up. Raises TryLater while Slack does not say who the author is."""
        try:
            event = await self._finished(self._drafted(body))
        except UNREADABLE as error:
            event = _unreadable(body, error)
        return self._as_it_came(body, event)

    async def found(self, message: Json, channel: str) -> list[Received]:
        """What a message read in its thread tells, under the keys that its events have."""
        try:
            events = [await self._finished(event) for event in found_in_thread(message, channel, self.here)]
        except UNREADABLE as error:
            log.error("slack_message_unreadable", error=type(error).__name__)
            return []
        for event in events:
            if isinstance(event, Retyped):
                self.changes.is_old(event.place, (message["edited"]["ts"], NOW))
        return [Received(message_keys(message, event), event, b"{}") for event in events]

    def _drafted(self, body: Json) -> WorkspaceEvent | Draft:
        match body:
            case {"type": "event_callback", "event": {"type": "message"} as message}:
                return of_message(message, self.here)
            case {"type": "event_callback", "event": {"type": "reaction_added" | "reaction_removed"} as told}:
                return reacted(told, self.here)
            case {"type": "event_callback", "event": {"type": "channel_archive" | "group_archive"} as told}:
                return closed(told, "archived", self.here)
            case {"type": "event_callback", "event": {"type": "channel_deleted" | "group_deleted"} as told}:
                return closed(told, "deleted", self.here)
            case {"type": "event_callback", "event": {"type": "channel_shared"} as told}:
                return exposed(told, self.here)
            case {"type": "event_callback", "event": {"type": "member_left_channel", "user": str(who)} as told}:
                ours = who == self.here.user
                return closed(told, "left", self.here) if ours else Ignored("member_left_channel", routine=True)
            case {"type": "event_callback", "event": {"type": "app_home_opened"} as event}:
                return visited(event)
            case _:
                return used(body)

    def _completed(self, draft: Draft) -> WorkspaceEvent | None:
        """With people who are known already."""
        if draft.groups:
            return None
        agent, people = self.people.known(draft.author), dict[str, Agent]()
        for mentioned in draft.mentioned:
            if (person := self.people.known(mentioned)) is None:
                return None
            people[mentioned] = person
        return agent and draft.complete(agent, people)

    async def _finished(self, event: WorkspaceEvent | Draft) -> WorkspaceEvent:
        if not isinstance(event, Draft):
            return event
        if event.groups:
            await self.people.groups.look_up(event.groups)
        agent = await self.people.agent(event.author)
        mentioned = {who: await self.people.maybe(who) for who in sorted(event.mentioned)}
        return event.complete(agent, mentioned)

    def _as_it_came(self, body: Json, event: WorkspaceEvent) -> Received:
        """All but Slack's old token is kept."""
        keys = keys_of(body, event)
        if isinstance(event, Retyped):
            told = body["event"]
            if self.changes.is_old(event.place, (told["message"]["edited"]["ts"], str(told.get("event_ts")))):
                event = Ignored("message_changed", routine=True)
        if isinstance(event, Emoted):
            told, one = body["event"], f"{event.place.ts} {event.agent.id} {body['event']['reaction']}"
            at = str(told.get("event_ts"))
            if self.reactions.is_old(Place(event.place.channel, one), (at, at)):
                event = Ignored(str(told["type"]), routine=True)
        kept = {name: value for name, value in body.items() if name != "token"}
        try:
            raw = orjson.dumps(kept)
        except TypeError:  # halves of surrogate pairs, huge numbers
            raw = json.dumps(kept).encode()
        return Received(keys, event, raw)


def _unreadable(body: Json, error: Exception) -> WorkspaceEvent:
    log.error("slack_event_unreadable", kind=kind_of(body), error=type(error).__name__)
    return Ignored(kind_of(body))
