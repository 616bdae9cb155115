"""Pure: what Slack sends, as events of the port. Between draft and event, others look up who did it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from bridge.errors import Loss
from bridge.ports import (
    Agent,
    Closed,
    Commanded,
    Erased,
    Ignored,
    Place,
    Pressed,
    Retyped,
    Typed,
    WorkspaceEvent,
)
from bridge.team_workspace.answers import answer_address
from bridge.team_workspace.rich_text import Reading, people_in, read, storable

Json = Mapping[str, Any]
Names = Mapping[str, str]

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)  # of an unknown shape
SPOKEN = ("", "file_share", "me_message", "thread_broadcast")  # subtypes in which a person says something


@dataclass(slots=True)
class Whereabouts:
    """Who the bot is, and where it works. Known after auth.test."""

    user: str = ""
    bot: str = ""
    channel: str = ""  # where everything goes that no route takes
    channels: set[str] = field(default_factory=set[str])  # in which people are heard


@dataclass(frozen=True, slots=True)
class Draft:
    """An event of which it is not known yet who its author is and how those mentioned are called."""

    author: str
    mentioned: set[str]
    complete: Callable[[Agent, Names], WorkspaceEvent]


def parsed(raw: bytes | str) -> Any:
    """What some JSON says; ValueError when it is none."""
    try:
        return orjson.loads(raw)
    except ValueError:  # orjson takes no halves of surrogate pairs
        return json.loads(raw)


def drafted(body: Json, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Read one event, click or command. Raises one of UNREADABLE for what has no known shape."""
    match body:
        case {"type": "event_callback", "event": {"type": "message"} as message}:
            return of_message(message, here)
        case {"type": "event_callback", "event": {"type": "channel_archive" | "group_archive"} as told}:
            return _closed(told, "archived", here)
        case {"type": "event_callback", "event": {"type": "channel_deleted" | "group_deleted"} as told}:
            return _closed(told, "deleted", here)
        case {"type": "event_callback", "event": {"type": "member_left_channel", "user": str(who)} as told}:
            return _closed(told, "left", here) if who == here.user else Ignored("member_left_channel", routine=True)
        case {"type": "block_actions", "container": {"type": "message"}}:
            return Draft(body["user"]["id"], set(), lambda agent, _: _pressed(body, agent))
        case {"command": str(command)}:
            return _commanded(command, body)
        case _:
            return Ignored(kind_of(body))


def of_message(message: Json, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Read a message event."""
    channel = message.get("channel")
    if channel not in here.channels:
        return Ignored("elsewhere", routine=True)
    subtype = message.get("subtype") or ""
    if subtype == "message_deleted":
        return Erased(_place(channel, message["deleted_ts"]))
    if subtype == "message_changed":
        return _changed(message["message"], message.get("previous_message") or {}, channel, here)
    if subtype in SPOKEN and _is_reply(message, here):
        return typed(message, channel, here)
    return Ignored(subtype or "message", routine=True)


def _closed(told: Json, loss: Loss, here: Whereabouts) -> WorkspaceEvent:
    """A channel is lost. Only ours count."""
    channel = told["channel"]
    return Closed(channel, loss) if channel in here.channels else Ignored("elsewhere", routine=True)


def typed(message: Json, channel: str, here: Whereabouts) -> Draft:
    """What a person wrote in a thread."""
    place, thread = _place(channel, message["ts"]), _place(channel, message["thread_ts"])
    unsupported = "file" if message.get("files") or message.get("subtype") == "file_share" else ""

    def complete(agent: Agent, names: Names) -> WorkspaceEvent:
        said = _read(message, names, here)
        return Typed(agent, place, thread, said.text, said.mentions, unsupported)

    return Draft(message["user"], people_in(message), complete)


def retyped(message: Json, before: Json, channel: str, here: Whereabouts) -> Draft:
    """What a person changed it to; the draft becomes Ignored when `before` said the same."""
    if not isinstance(message["edited"]["ts"], str):
        raise TypeError("when it was changed is a string")
    place, thread = _place(channel, message["ts"]), _place(channel, message["thread_ts"])

    def complete(agent: Agent, names: Names) -> WorkspaceEvent:
        said = _read(message, names, here)
        if before and _read(before, names, here) == said:
            return Ignored("message_changed", routine=True)
        return Retyped(agent, place, thread, said.text, said.mentions)

    return Draft(message["user"], people_in(message) | people_in(before), complete)


def _changed(message: Json, before: Json, channel: str, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Slack also says `changed` of link previews, reply counts and languages: only new words by a person count."""
    if message.get("subtype") == "tombstone":  # a deleted root that has replies
        return Erased(_place(channel, message["ts"]))
    if not message.get("edited") or not _is_reply(message, here):
        return Ignored("message_changed", routine=True)
    return retyped(message, before, channel, here)


def found_in_thread(message: Json, channel: str, here: Whereabouts) -> list[WorkspaceEvent | Draft]:
    """What a message that is read in its thread tells: that it was written, or changed; or that it is gone."""
    if message.get("subtype") == "tombstone":
        return [Erased(_place(channel, message["ts"]))]
    if (message.get("subtype") or "") not in SPOKEN or not _is_reply(message, here):
        return []
    if not message.get("edited"):
        return [typed(message, channel, here)]
    # Its last words are also its first, if nothing was heard of it. That it has a file, only the first can tell.
    changed = retyped(message, {}, channel, here)
    return [typed(message, channel, here), changed] if message.get("files") else [changed]


def _is_reply(message: Json, here: Whereabouts) -> bool:
    """Whether a person wrote it, in a thread."""
    person = message.get("user") not in (None, here.user, "USLACKBOT") and not message.get("bot_id")
    return bool(person and message.get("thread_ts") and message["thread_ts"] != message["ts"])


def _read(message: Json, names: Names, here: Whereabouts) -> Reading:
    """The text; words to the bot itself (`@Handoff handback`) become a verb (`!handback`)."""
    said = read(message, names)
    if f"<@{here.user}" not in (message.get("text") or ""):
        return said
    me = f"@{names.get(here.user, here.user)}"
    if not said.text.startswith(me):
        return said
    verb = said.text.removeprefix(me).lstrip(" \n:,!") or "help"
    return Reading(f"!{verb}", tuple(name for name in said.mentions if name != me))


def _pressed(body: Json, agent: Agent) -> WorkspaceEvent:
    action, container = body["actions"][0], body["container"]
    place = _place(container["channel_id"], container["message_ts"])
    message = body.get("message") or {}
    thread_ts = message.get("thread_ts") or container.get("thread_ts")
    root = thread_ts or (None if container.get("is_ephemeral") else place.ts)
    inside = thread_ts if thread_ts and thread_ts != place.ts else ""
    answers = answer_address(body.get("response_url") or "", inside)
    thread = _place(place.channel, root) if root else None
    return Pressed(agent, action["action_id"], _value(action), place, thread, answers)


def _commanded(command: str, body: Json) -> Draft:
    said = {"text": body.get("text") or ""}

    def complete(agent: Agent, names: Names) -> WorkspaceEvent:
        verb, text = command.removeprefix("/").lower(), read(said, names).text
        return Commanded(agent, verb, text, body["channel_id"], body.get("response_url") or "")

    return Draft(body["user_id"], people_in(said), complete)


def _place(channel: Any, ts: Any) -> Place:
    if not isinstance(channel, str) or not isinstance(ts, str):
        raise TypeError("a message's place is two strings")
    return Place(channel, storable(ts))


def _value(action: Json) -> str:
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or action.get("selected_user") or "")


def kind_of(body: Json) -> str:
    """What Slack calls it."""
    event = body.get("event")
    kind = event.get("type") if isinstance(event, Mapping) else None
    return str(kind or body.get("type") or ("command" if "command" in body else "unknown"))
