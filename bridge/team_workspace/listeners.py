"""What people do in Slack, as events of the port. Each is committed before Slack hears that we have it."""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bridge.ports import (
    Agent,
    Commanded,
    Erased,
    Ignored,
    Place,
    Pressed,
    Receive,
    Received,
    Retyped,
    Typed,
    WorkspaceEvent,
)
from bridge.team_workspace.people import People
from bridge.team_workspace.rich_text import Reading, people_in, read, storable
from bridge.team_workspace.turns import Turns

Json = Mapping[str, Any]

SPOKEN = ("", "file_share", "me_message", "thread_broadcast")  # subtypes in which a person says something

log = structlog.get_logger()
_bolt = logging.getLogger("bridge.slack_bolt")
_bolt.setLevel(logging.ERROR)


@dataclass(slots=True)
class Whereabouts:
    """Who the bot is, and where it works. Known after auth.test."""

    user: str = ""
    bot: str = ""
    channel: str = ""


class Listeners:
    """Reads what Slack sends. `here` is filled in at the start."""

    def __init__(self, people: People, here: Whereabouts) -> None:
        self.people, self.here = people, here
        self.turns = Turns()

    def app(self, client: AsyncWebClient, receive: Receive) -> AsyncApp:
        """A Bolt app with one way in for everything.

        It stands before Bolt's authorization, which would acknowledge, and so lose, what comes while auth.test fails.
        """

        async def take_in(request: AsyncBoltRequest) -> BoltResponse:
            return BoltResponse(status=200 if await self._taken(request.body, receive) else 503, body="")

        return AsyncApp(
            client=client,
            logger=_bolt,
            before_authorize=take_in,
            process_before_response=True,
            request_verification_enabled=False,
        )

    async def _taken(self, body: Json, receive: Receive) -> bool:
        """Whether the event is committed. One thread's events are committed in their order."""
        if not self.here.channel:
            return False  # HTTP is served before we know where we work
        reading = asyncio.create_task(self.received(body))  # people are looked up while others are committed
        try:
            thread, ts = _turn(body)
            async with self.turns.turn(thread, ts) if thread else nullcontext():
                await receive([await reading])
        except Exception as error:
            log.error("slack_event_not_stored", error=type(error).__name__)
            return False
        finally:
            reading.cancel()
        return True

    async def received(self, body: Json) -> Received:
        """Read one event, click or command. What cannot be read is kept, but nothing follows from it."""
        try:
            event = await self._event(body)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
            log.error("slack_event_unreadable", kind=_kind(body), error=type(error).__name__)
            event = Ignored(_kind(body))
        kept = {name: value for name, value in body.items() if name != "token"}
        keys = tuple(storable(key) for key in keys_of(body, event))
        return Received(keys, event, json.dumps(kept).encode())

    async def missed(self, channel: str, message: Json) -> Received:
        """A message that was read in its thread, under the keys that its event has."""
        told = {**message, "type": "message", "channel": channel}
        event = await self._message(told)
        return Received(_message_keys(told, event) or (f"slack:read:{channel}:{message['ts']}",), event, b"{}")

    async def _event(self, body: Json) -> WorkspaceEvent:
        match body:
            case {"type": "event_callback", "event": {"type": "message"} as message}:
                return await self._message(message)
            case {"type": "block_actions", "container": {"type": "message"}}:
                return await self._pressed(body)
            case {"command": str(command)}:
                return await self._commanded(command, body)
            case _:
                return Ignored(_kind(body))

    async def _message(self, message: Json) -> WorkspaceEvent:
        if message.get("channel") != self.here.channel:
            return Ignored("elsewhere", routine=True)
        match message.get("subtype") or "":
            case "message_deleted":
                return Erased(Place(message["channel"], message["deleted_ts"]))
            case "message_changed":
                return await self._changed(message)
            case subtype if subtype in SPOKEN and self._is_reply(message):
                reading = await self._read(message)
                agent, place, thread = await self._who_and_where(message, message["channel"])
                unsupported = "file" if message.get("files") or subtype == "file_share" else ""
                return Typed(agent, place, thread, reading.text, reading.mentions, unsupported)
            case subtype:
                return Ignored(subtype or "message", routine=True)

    async def _changed(self, change: Json) -> WorkspaceEvent:
        """Slack also says `changed` of link previews, reply counts and languages: only new words by a person count."""
        message, before = change["message"], change.get("previous_message") or {}
        if message.get("subtype") == "tombstone":  # a deleted root that has replies
            return Erased(Place(change["channel"], message["ts"]))
        if not message.get("edited") or not self._is_reply(message):
            return Ignored("message_changed", routine=True)
        reading = await self._read(message)
        if before and await self._read(before) == reading:
            return Ignored("message_changed", routine=True)
        agent, place, thread = await self._who_and_where(message, change["channel"])
        return Retyped(agent, place, thread, reading.text, reading.mentions)

    def _is_reply(self, message: Json) -> bool:
        """Whether a person wrote it, in a thread."""
        person = message.get("user") not in (None, self.here.user, "USLACKBOT") and not message.get("bot_id")
        return bool(person and message.get("thread_ts") and message["thread_ts"] != message["ts"])

    async def _who_and_where(self, message: Json, channel: str) -> tuple[Agent, Place, Place]:
        agent = await self.people.agent(message["user"])
        return agent, Place(channel, message["ts"]), Place(channel, message["thread_ts"])

    async def _read(self, message: Json) -> Reading:
        """The text; words to the bot itself (`@Handoff handback`) become a verb (`!handback`)."""
        names = await self.people.names(people_in(message))
        reading = read(message, names)
        me = f"@{names.get(self.here.user, self.here.user)}"
        if not reading.text.startswith(me) or f"<@{self.here.user}" not in (message.get("text") or ""):
            return reading
        verb = reading.text.removeprefix(me).lstrip(" \n:,!") or "help"
        return Reading(f"!{verb}", tuple(name for name in reading.mentions if name != me))

    async def _pressed(self, body: Json) -> WorkspaceEvent:
        action, container = body["actions"][0], body["container"]
        place = Place(container["channel_id"], container["message_ts"])
        message = body.get("message") or {}
        thread_ts = message.get("thread_ts") or container.get("thread_ts")
        root = thread_ts or (None if container.get("is_ephemeral") else place.ts)
        inside = thread_ts if thread_ts and thread_ts != place.ts else ""
        return Pressed(
            await self.people.agent(body["user"]["id"]),
            action["action_id"],
            _value(action),
            place,
            Place(place.channel, root) if root else None,
            answer_address(body.get("response_url") or "", inside),
        )

    async def _commanded(self, command: str, body: Json) -> WorkspaceEvent:
        agent = await self.people.agent(body["user_id"])
        said = {"text": body.get("text") or ""}
        text = read(said, await self.people.names(people_in(said))).text
        verb = command.removeprefix("/").lower()
        return Commanded(agent, verb, text, body["channel_id"], body.get("response_url") or "")


def keys_of(body: Json, event: WorkspaceEvent) -> tuple[str, ...]:
    """Under which an event is known, however often and in whatever wrapping Slack sends it."""
    match body:
        case {"type": "event_callback", "event": told}:
            keys = [f"slack:event:{body.get('event_id')}"]
            return (*keys, *_message_keys(told, event))
        case {"type": "block_actions", "actions": [{} as action, *_], "user": {} as who, "container": {} as where}:
            user, message = who.get("id"), where.get("message_ts")
            press = f"{message}:{action.get('action_id')}:{action.get('action_ts')}:{user}"
            return (f"slack:click:{body.get('trigger_id')}", f"slack:click:{press}")
        case _:
            return (f"slack:{_kind(body)}:{body.get('trigger_id') or body.get('action_ts')}",)


def _message_keys(told: Json, event: WorkspaceEvent) -> tuple[str, ...]:
    match event:
        case Typed(place=place):
            said = f"slack:message:{place.channel}:{place.ts}:typed"
            # One sending of Slack's own clients has been seen under two timestamps.
            return (said, f"slack:client:{told['client_msg_id']}") if told.get("client_msg_id") else (said,)
        case Retyped(place=place):
            return (f"slack:message:{place.channel}:{place.ts}:edited:{told['message']['edited']['ts']}",)
        case Erased(place=place):
            return (f"slack:message:{place.channel}:{place.ts}:deleted",)
        case _:
            return ()


def answer_address(url: str, thread_ts: str) -> str:
    """Where an answer to a click goes: the response_url, and behind `#` the thread in which the click was made."""
    return f"{url}#{thread_ts}" if url and thread_ts else url


def _value(action: Json) -> str:
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or action.get("selected_user") or "")


def _kind(body: Json) -> str:
    event = body.get("event")
    kind = event.get("type") if isinstance(event, Mapping) else None
    return str(kind or body.get("type") or ("command" if "command" in body else "unknown"))


def _turn(body: Json) -> tuple[str, str]:
    """The thread in which people do something, and when; nothing for what waits for nobody."""
    match body:
        case {"type": "event_callback", "event": {"type": "message", "event_ts": ts} as told}:
            told = told.get("message") or told.get("previous_message") or told
            message = told if isinstance(told, Mapping) else {}
        case {"type": "block_actions", "message": {} as message, "actions": [{"action_ts": ts}, *_]}:
            return str(message.get("thread_ts") or message.get("ts")), str(ts)
        case _:
            return "", ""
    return ("", "") if message.get("bot_id") else (str(message.get("thread_ts") or ""), str(ts))
