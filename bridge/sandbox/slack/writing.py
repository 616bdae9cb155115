"""What people write: messages, files, edits, deletions and reactions."""

from typing import Any
from uuid import uuid4

from bridge.sandbox.attachments import attached
from bridge.sandbox.slack import files, messages, using
from bridge.sandbox.slack.act import Act
from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT_USER, TEAM, Channel


def _say(one: Act, text: str, **more: Any) -> Json:
    channel = one.channel(writing=True)
    wire, blocks = compose(one.slack.workspace, text)
    message: Json = {"user": one.user.id, "team": one.user.team, "text": wire, "client_msg_id": str(uuid4()), **more}
    if blocks:
        message["blocks"] = blocks
    if one.user.team != TEAM:
        message |= {"user_team": one.user.team, "source_team": one.user.team}
    if one.ts:
        # Whoever answers a reply writes into its thread: the client offers nothing else.
        message["thread_ts"] = channel.messages.get(one.ts, {}).get("thread_ts") or one.ts
    broadcast = bool(one.more.get("broadcast"))
    message = messages.say(one.slack, channel, message, broadcast=broadcast)
    one.record("message", channel, message, wire, message | {"typed": text})
    return message


def type_(one: Act) -> str:
    """Write a message. A line that starts with a slash is a command, which Slack does not run in threads."""
    if one.text.startswith("/") and not one.text.startswith("/me "):
        if one.ts:
            raise Refused("command_not_in_thread")
        return using.command(one)
    if not one.text.strip():
        raise Refused("no_text")
    if one.text.startswith("/me "):
        return _say(one, one.text.removeprefix("/me "), subtype="me_message")["ts"]
    return _say(one, one.text)["ts"]


def mention(one: Act) -> str:
    """Write a message that begins with the app's name."""
    return _say(one, f"<@{BOT_USER}> {one.text}")["ts"]


def upload(one: Act) -> str:
    """Share a file, with or without words."""
    given = one.more.get("files") or [one.more]
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Refused("invalid_arguments")
    shared = [_stored(one, each) for each in given]
    told = [{"id": it["id"], "file_access": "check_file_info"} if it["_unseen"] else files.shown(it) for it in shared]
    message = _say(one, one.text, subtype="file_share", files=told, upload=False)
    for file in shared:
        files.share(file, one.channel(), message)
        event = {"type": "file_shared", "file_id": file["id"], "user_id": one.user.id, "file": {"id": file["id"]}}
        event |= {"channel_id": one.channel().id, "event_ts": one.slack.workspace.ts()}
        one.slack.events.emit(one.channel(), event)
    return message["ts"]


def _stored(one: Act, given: Json) -> Json:
    """One file: `filename`, `content` or `content_base64`; further fields, such as `mode`, as Slack would have them."""
    content = given.get("content")
    attachment = attached(given)
    data = content if isinstance(content, bytes) else attachment.content
    file = files.new_file(one.slack, attachment.name, one.user.id, len(data), one.slack.base_url)
    file |= {"_content": data, "_complete": True, "_unseen": bool(given.get("check_file_info"))}
    file |= {name: given[name] for name in ("mode", "is_external", "url_private_download") if name in given}
    return file


def _target(one: Act) -> tuple[Channel, Json]:
    channel = one.channel(writing=True)
    message = channel.message(one.ts)
    if message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    return channel, message


def edit(one: Act) -> str:
    """Change one's own message."""
    channel, message = _target(one)
    if message.get("user") != one.user.id or "bot_id" in message:
        raise Refused("cant_update_message")
    wire, blocks = compose(one.slack.workspace, one.text)
    one.record("message_changed", channel, message, wire, {"typed": one.text, "before": message["text"]})
    messages.change(one.slack, channel, message["ts"], {"text": wire, "blocks": blocks or None}, edited_by=one.user.id)
    return message["ts"]


def delete(one: Act) -> str:
    """Delete one's own message, or anybody's as an admin."""
    channel, message = _target(one)
    if (message.get("user") != one.user.id or "bot_id" in message) and not one.user.is_admin:
        raise Refused("cant_delete_message")
    one.record("message_deleted", channel, message, message["text"])
    messages.delete(one.slack, channel, message["ts"])
    return message["ts"]


def react(one: Act) -> str:
    """Add a reaction, or take it away with `remove`."""
    channel, message = _target(one)
    add = not one.more.get("remove")
    name = str(one.more.get("emoji") or one.text or "").strip(":")
    if not name:
        raise Refused("invalid_name")
    messages.react(one.slack, channel, message["ts"], one.user.id, name, add=add)
    one.record("reaction_added" if add else "reaction_removed", channel, message, name, {"reaction": name})
    return message["ts"]


def unfurl(one: Act) -> str:
    """Slack adds a preview to a message with a link: `message_changed`, although nobody edited anything."""
    channel, message = _target(one)
    preview: Json = {"id": 1, "title": one.text or "A page", "fallback": one.text or "A page"}
    messages.change(one.slack, channel, message["ts"], {"attachments": [preview]}, edited_by=None)
    one.record("unfurled", channel, message, message["text"])
    return message["ts"]
