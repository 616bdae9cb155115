"""Posting, changing and deleting the app's messages."""

import json
import re
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack import live, messages
from bridge.sandbox.slack.blocks import checked
from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE, POST_CEILING
from bridge.sandbox.slack.responses import whisper
from bridge.sandbox.slack.shapes import BOT_PROFILE
from bridge.sandbox.slack.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, Channel

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

LONGEST_POST, LONGEST_UPDATE, LONGEST_MARKDOWN = 40_000, 4_000, 12_000
LARGEST_METADATA = 8_000
TS = re.compile(r"\d{9,11}\.\d{6}")
EVENT_TYPE = re.compile(r"[\w.:-]{1,255}")


def place(slack: "Slack", call: Call) -> Channel:
    """The channel of a call, if the bot may write there. A user's id means the direct message with them."""
    name = call.need("channel")
    workspace = slack.workspace
    if name in workspace.users and name != BOT_USER:
        channel = workspace.direct(workspace.users[name])
    else:
        channel = workspace.names.get(name.removeprefix("#")) or workspace.channel(name)
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    messages.writable(channel)
    return channel


def contents(call: Call) -> Json:
    """Text, blocks and attachments of a call, checked."""
    text, markdown = call.get("text"), call.get("markdown_text")
    blocks = call.structured("blocks", "invalid_blocks_format")
    attachments = call.structured("attachments", "invalid_attachments")
    if markdown is not None:
        if text or blocks:
            raise Refused("markdown_text_conflict")
        if len(markdown) > LONGEST_MARKDOWN:
            raise Refused("msg_too_long")
    if attachments is not None and (not isinstance(attachments, list) or len(attachments) > 100):
        raise Refused("too_many_attachments" if isinstance(attachments, list) else "invalid_attachments")
    made: Json = {"text": markdown or text or ""}
    if blocks:
        made["blocks"] = checked(blocks)
    if attachments:
        made["attachments"] = attachments
    if not (text or markdown or blocks or attachments):
        raise Refused("no_text")
    return made


def metadata(call: Call) -> Json | None:
    """The metadata of a call: an event_type and a flat payload."""
    value = call.structured("metadata", "invalid_metadata_format")
    if value is None or value == {}:
        return value
    if not isinstance(value, dict) or set(value) - {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    kind, payload = value.get("event_type"), value.get("event_payload", {})
    if not isinstance(kind, str) or not EVENT_TYPE.fullmatch(kind) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(value)) > LARGEST_METADATA:
        raise Refused("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}


def _alive(slack: "Slack", call: Call, *, update: bool = False) -> Json:
    """What the history keeps of a message: the arguments, with blocks as a list, and what in them is live."""
    raw = dict(call.args)
    for name in ("blocks", "attachments", "metadata"):
        if isinstance(raw.get(name), str):
            raw[name] = call.structured(name, "invalid_arguments")
    return raw | {"live": live.in_message(raw, slack.workspace.names, update=update)}


@method("chat.postMessage", 0, "chat:write")
def post_message(slack: "Slack", call: Call) -> Json:
    channel = place(slack, call)
    slack.limits.check_post(channel.id)
    slack.limits.check("chat.postMessage", POST_CEILING)
    made = contents(call)
    if len(made["text"]) > LONGEST_POST:
        made["text"] = made["text"][:LONGEST_POST]
    message: Json = {"bot_id": BOT, "app_id": APP, "team": TEAM, **_author(call), **made}
    thread_ts = call.get("thread_ts")
    if thread_ts:
        if not TS.fullmatch(thread_ts):
            raise Refused("invalid_thread_ts")
        message["thread_ts"] = thread_ts
    if data := metadata(call):
        message["metadata"] = data
    message = messages.say(slack, channel, message, broadcast=call.flag("reply_broadcast"))
    ts = message["ts"]
    call.keep(chat=channel.id, thread=thread_ts, id=ts, text=call.get("text"), raw=_alive(slack, call))
    return {"channel": channel.id, "ts": ts, "message": message}


def _author(call: Call) -> Json:
    """The bot as itself, or under another name, when Slack leaves the user out."""
    username = call.get("username")
    emoji, picture = call.get("icon_emoji"), call.get("icon_url")
    if not (username or emoji or picture):
        return {"user": BOT_USER, "bot_profile": BOT_PROFILE}
    if username and len(username) > 80:
        raise Refused("invalid_arguments", "[ERROR] must be less than 81 characters [json-pointer:/username]")
    icons: Json = {"emoji": emoji} if emoji else {"image_64": picture} if picture else {}
    custom: Json = {"subtype": "bot_message", "username": username or "Bridge"}
    return custom | ({"icons": icons} if icons else {})


@method("chat.update", PER_MINUTE[3], "chat:write")
def update(slack: "Slack", call: Call) -> Json:
    channel, ts = place(slack, call), call.need("ts")
    message = channel.message(ts)
    if message.get("bot_id") != BOT or message.get("subtype") == "tombstone":
        raise Refused("cant_update_message")
    made = contents(call)
    if len(made["text"]) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    fields: dict[str, Any] = {"blocks": None, **made}  # text alone takes the blocks away
    if (data := metadata(call)) is not None:
        fields["metadata"] = data or None
    # With blocks Slack shows no "(edited)". (Page of chat.update.)
    edited_by = None if fields["blocks"] else BOT_USER
    changed = messages.change(slack, channel, ts, fields, edited_by=edited_by)
    thread = message.get("thread_ts")
    call.keep(chat=channel.id, thread=thread, id=ts, text=call.get("text"), raw=_alive(slack, call, update=True))
    return {"channel": channel.id, "ts": ts, "text": changed["text"], "message": dict(changed)}


@method("chat.delete", PER_MINUTE[3], "chat:write")
def delete(slack: "Slack", call: Call) -> Json:
    channel, ts = place(slack, call), call.need("ts")
    message = channel.message(ts)
    if message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    if message.get("bot_id") != BOT:
        raise Refused("cant_delete_message")
    messages.delete(slack, channel, ts)
    call.keep(chat=channel.id, thread=message.get("thread_ts"), id=ts)
    return {"channel": channel.id, "ts": ts}


@method("chat.postEphemeral", PER_MINUTE[4], "chat:write")
def post_ephemeral(slack: "Slack", call: Call) -> Json:
    channel = place(slack, call)
    user = slack.workspace.user(call.need("user"))
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    made = contents(call)
    if len(made["text"].encode()) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    thread_ts = call.get("thread_ts")
    if thread_ts:
        messages.root_of(channel, thread_ts)
    ts = whisper(slack, channel.id, user.id, made | _named(call), thread_ts)
    raw = _alive(slack, call) | {"shown": slack.workspace.ephemerals[ts]["shown"]}
    call.keep(chat=channel.id, thread=thread_ts, id=ts, text=call.get("text"), raw=raw)
    return {"message_ts": ts}


def _named(call: Call) -> Json:
    return {"username": name} if (name := call.get("username")) else {}


@method("chat.getPermalink", 0)
def permalink(slack: "Slack", call: Call) -> Json:
    """A link to a reply also names its thread, or Slack would open only the channel."""
    channel, ts = slack.workspace.channel(call.need("channel")), call.need("message_ts")
    message = channel.message(ts)
    link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != ts:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    call.keep(id=ts)
    return {"channel": channel.id, "permalink": link}
