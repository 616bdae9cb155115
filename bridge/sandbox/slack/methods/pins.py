"""Pinned messages."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.workspace import BOT_USER, Channel

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def _member(slack: "Slack", call: Call) -> Channel:
    channel = slack.workspace.channel(call.need("channel"))
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _tell(slack: "Slack", channel: Channel, kind: str, item: Json) -> None:
    event: Json = {"type": kind, "user": BOT_USER, "channel_id": channel.id, "item": item}
    slack.events.emit(channel, event | {"event_ts": slack.workspace.ts()})


@method("pins.add", PER_MINUTE[2], "pins:write")
def add(slack: "Slack", call: Call) -> Json:
    channel = _member(slack, call)
    ts = channel.message(call.need("timestamp"))["ts"]
    if ts in channel.pins:
        raise Refused("already_pinned")
    created = int(slack.world.now())
    channel.pins[ts] = {"type": "message", "channel": channel.id, "created": created, "created_by": BOT_USER}
    _tell(slack, channel, "pin_added", channel.pins[ts])
    call.keep(chat=channel.id, id=ts)
    return {}


@method("pins.remove", PER_MINUTE[2], "pins:write")
def remove(slack: "Slack", call: Call) -> Json:
    channel, ts = _member(slack, call), call.need("timestamp")
    channel.message(ts)
    item = channel.pins.pop(ts, None)
    if item is None:
        raise Refused("no_pin")
    _tell(slack, channel, "pin_removed", item)
    call.keep(chat=channel.id, id=ts)
    return {}


@method("pins.list", PER_MINUTE[2], "pins:read")
def list_(slack: "Slack", call: Call) -> Json:
    channel = _member(slack, call)
    return {"items": [item | {"message": channel.messages[ts]} for ts, item in channel.pins.items()]}
