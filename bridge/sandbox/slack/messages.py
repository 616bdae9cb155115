"""What can happen to a message, whoever does it: said, edited, deleted, reacted to. Each tells the app."""

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import Channel, Thread

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def writable(channel: Channel) -> None:
    if channel.is_archived:
        raise Refused("is_archived")


def root_of(channel: Channel, thread_ts: str) -> Json:
    """The message that a reply may be put under."""
    root = channel.messages.get(thread_ts)
    if root is None:
        raise Refused("thread_not_found")
    if root.get("thread_ts", thread_ts) != thread_ts:
        raise Refused("cannot_reply_to_message")
    return root


def author_of(message: Json) -> str:
    return message.get("user") or message.get("bot_id") or ""


def say(slack: "Slack", channel: Channel, message: Json, *, broadcast: bool = False) -> Json:
    """Put a new message into a channel or thread and tell the app."""
    message = {"type": "message", "ts": slack.workspace.ts(), **message}
    ts, thread_ts = message["ts"], message.get("thread_ts")
    if thread_ts:
        _reply(channel, root_of(channel, thread_ts), message)
    if broadcast and thread_ts:
        message |= {"subtype": "thread_broadcast", "root": dict(channel.messages[thread_ts])}
    channel.messages[ts] = message
    if broadcast or not thread_ts:
        channel.timeline.append(ts)
    if thread_ts:
        slack.workspace.statuses.pop((channel.id, thread_ts), None)
    slack.events.emit(channel, message | {"event_ts": ts})
    return message


def _reply(channel: Channel, root: Json, message: Json) -> None:
    thread = channel.threads.setdefault(root["ts"], Thread())
    thread.replies.append(message["ts"])
    thread.authors[author_of(message)] += 1
    message["parent_user_id"] = author_of(root)
    _count(root, thread)


def _count(root: Json, thread: Thread) -> None:
    """Bring the root's account of its thread up to date. Slack names at most five of the writers."""
    if not thread.replies:
        for name in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked"):
            root.pop(name, None)
        return
    root |= {
        "thread_ts": root["ts"],
        "reply_count": len(thread.replies),
        "reply_users_count": len(thread.authors),
        "reply_users": list(thread.authors)[:5],
        "latest_reply": thread.replies[-1],
        "is_locked": False,
    }


def change(slack: "Slack", channel: Channel, ts: str, fields: Json, *, edited_by: str | None) -> Json:
    """Replace fields of a message (None removes one) and send `message_changed`."""
    message = channel.message(ts)
    before = dict(message)
    now = slack.workspace.ts()
    if edited_by:
        fields = fields | {"edited": {"user": edited_by, "ts": now}}
    message |= fields
    for name, value in fields.items():
        if value is None:
            del message[name]
    event: dict[str, Any] = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": dict(message),
        "previous_message": before,
        "ts": now,
        "event_ts": now,
    }
    slack.events.emit(channel, event)
    return message


def delete(slack: "Slack", channel: Channel, ts: str) -> None:
    """Take a message away. A root with replies leaves a tombstone, so that its thread can be reached."""
    message = channel.message(ts)
    channel.pins.pop(ts, None)
    if message.get("reply_count"):
        _bury(slack, channel, message)
        return
    del channel.messages[ts]
    _drop(channel.timeline, ts)
    channel.threads.pop(ts, None)
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != ts and (thread := channel.threads.get(thread_ts)):
        _unreply(channel, thread, message)
    now = slack.workspace.ts()
    event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": ts}
    slack.events.emit(channel, event | {"previous_message": message, "ts": now, "event_ts": now})


def _bury(slack: "Slack", channel: Channel, message: Json) -> None:
    kept = {"type", "ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply", "is_locked"}
    gone: Json = {name: None for name in message if name not in kept}
    stone = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
    change(slack, channel, message["ts"], gone | stone, edited_by=None)


def _unreply(channel: Channel, thread: Thread, message: Json) -> None:
    _drop(thread.replies, message["ts"])
    author = author_of(message)
    thread.authors[author] -= 1
    if thread.authors[author] <= 0:
        del thread.authors[author]
    root = channel.messages[message["thread_ts"]]
    _count(root, thread)
    if not thread.replies and root.get("subtype") == "tombstone":
        del channel.messages[root["ts"]]
        _drop(channel.timeline, root["ts"])


def _drop(ordered: list[str], ts: str) -> None:
    at = bisect_left(ordered, ts)
    if at < len(ordered) and ordered[at] == ts:
        del ordered[at]


def react(slack: "Slack", channel: Channel, ts: str, user: str, name: str, *, add: bool) -> None:
    """Add or take away a reaction. Lists are replaced, never changed, because events still hold the old ones."""
    message = channel.message(ts)
    reactions: dict[str, list[str]] = {each["name"]: each["users"] for each in message.get("reactions", ())}
    users = reactions.get(name, [])
    if add == (user in users):
        raise Refused("already_reacted" if add else "no_reaction")
    reactions[name] = [*users, user] if add else [each for each in users if each != user]
    kept = [{"name": each, "users": who, "count": len(who)} for each, who in reactions.items() if who]
    message.pop("reactions", None)
    if kept:
        message["reactions"] = kept
    event = {"type": "reaction_added" if add else "reaction_removed", "user": user, "reaction": name}
    item = {"type": "message", "channel": channel.id, "ts": ts}
    event |= {"item": item, "event_ts": slack.workspace.ts()}
    if "user" in message:
        event["item_user"] = message["user"]
    slack.events.emit(channel, event)
