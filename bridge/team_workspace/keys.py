"""Pure: under which keys an event is known, however often and in whatever wrapping Slack sends it.

Slack has been seen to send one message under several event ids, and one sending of its own clients under two
timestamps. What it says about repeats, in headers and in envelopes, decides nothing here.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from bridge.ports import Erased, Retyped, Typed, WorkspaceEvent
from bridge.team_workspace.reading import kind_of
from bridge.team_workspace.rich_text import storable

Json = Mapping[str, Any]


def keys_of(body: Json, event: WorkspaceEvent) -> tuple[str, ...]:
    """The keys of what came as an event, a click or a command."""
    return tuple(storable(key) for key in _keys(body, event))


def message_keys(message: Json, event: WorkspaceEvent) -> tuple[str, ...]:
    """The keys of what happened to a message: the same for its event and for what is read in its thread."""
    match event:
        case Typed():
            client = message.get("client_msg_id")
            return (f"slack:client:{client}",) if client else ()
        case Retyped(place=place):
            # Slack counts the time of changes in whole seconds.
            words = blake2b(storable(str(message.get("text"))).encode(), digest_size=8).hexdigest()
            edited = message.get("edited")
            at = edited.get("ts") if isinstance(edited, Mapping) else ""
            return (f"slack:message:{place.channel}:{place.ts}:edited:{at}:{words}",)
        case Erased(place=place):
            return (f"slack:message:{place.channel}:{place.ts}:deleted",)
        case _:
            return ()


def _keys(body: Json, event: WorkspaceEvent) -> tuple[str, ...]:
    match body:
        case {"type": "event_callback", "event": told}:
            changed = told.get("message") if isinstance(told, Mapping) else None
            return (f"slack:event:{body.get('event_id')}", *message_keys(changed or told, event))
        case {"type": "block_actions", "actions": [{} as action, *_], "user": {} as who, "container": {} as where}:
            user, message = who.get("id"), where.get("message_ts")
            press = f"{message}:{action.get('action_id')}:{action.get('action_ts')}:{user}"
            return (f"slack:click:{body.get('trigger_id')}", f"slack:click:{press}")
        case _:
            return (f"slack:{kind_of(body)}:{body.get('trigger_id') or body.get('action_ts')}",)
