"""What people do in the workspace, as their Slack clients would let them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bridge.sandbox.slack import files, forms, interactions, messages
from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT_USER, TEAM, Channel, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


@dataclass(slots=True)
class Act:
    """One action of one person, with its target resolved."""

    slack: "Slack"
    user: User
    target: str
    text: str
    more: Json = field(default_factory=dict[str, Any])

    @property
    def ts(self) -> str | None:
        return self.target.partition(":")[2] or None

    def channel(self, *, writing: bool = False) -> Channel:
        """The channel of the target, if this person is in it."""
        name = self.target.partition(":")[0].removeprefix("#")
        workspace = self.slack.workspace
        channel = workspace.channels.get(name) or workspace.names.get(name)
        if channel is None and name in workspace.users:
            channel = workspace.direct(self.user)
        if channel is None:
            raise Refused("channel_not_found")
        if self.user.id not in channel.members:
            raise Refused("not_in_channel")
        if writing:
            messages.writable(channel)
        return channel

    def record(self, kind: str, channel: Channel, message: Json, text: str, raw: Json | None = None) -> None:
        """Put this action into the history."""
        where = {"chat": channel.id, "thread": message.get("thread_ts"), "id": message["ts"], "author": self.user.id}
        self.slack.world.record("slack", kind, "in", text=text, raw=raw or {}, **where)


async def act(slack: "Slack", actor: str, action: str, target: str, text: str, more: Json) -> str | None:
    """Perform an action and return its id."""
    one = Act(slack, slack.workspace.person(actor), target, text, more)
    if action == "submit":
        return await forms.submit(slack, one.user, target, more.get("values") or {})
    if action not in ACTIONS:
        raise Refused("unknown_action")
    done = ACTIONS[action](one)
    slack.world.touch()
    return done


def _say(one: Act, text: str, **more: Any) -> Json:
    channel = one.channel(writing=True)
    wire, blocks = compose(one.slack.workspace, text)
    message: Json = {"user": one.user.id, "team": one.user.team, "text": wire, "client_msg_id": str(uuid4()), **more}
    if blocks:
        message["blocks"] = blocks
    if one.user.team != TEAM:
        message |= {"user_team": one.user.team, "source_team": one.user.team}
    if one.ts:
        message["thread_ts"] = one.ts
    broadcast = bool(one.more.get("broadcast"))
    message = messages.say(one.slack, channel, message, broadcast=broadcast)
    one.record("message", channel, message, wire, message | {"typed": text})
    return message


def type_(one: Act) -> str:
    """Write a message. A line that starts with a slash is a command, which Slack does not run in threads."""
    if one.text.startswith("/") and not one.text.startswith("/me "):
        if one.ts:
            raise Refused("command_not_in_thread")
        return command(one)
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
    content = one.more.get("content", "")
    data = content if isinstance(content, bytes) else str(content).encode()
    file = files.new_file(
        one.slack, str(one.more.get("filename") or "file.txt"), one.user.id, len(data), one.slack.base_url
    )
    file |= {"_content": data, "_complete": True}
    message = _say(one, one.text, subtype="file_share", files=[files.shown(file)], upload=False)
    files.share(file, one.channel(), message)
    event = {"type": "file_shared", "file_id": file["id"], "user_id": one.user.id, "file": {"id": file["id"]}}
    event |= {"channel_id": one.channel().id, "event_ts": one.slack.workspace.ts()}
    one.slack.events.emit(one.channel(), event)
    return message["ts"]


def _own(one: Act) -> tuple[Channel, Json]:
    channel = one.channel(writing=True)
    message = channel.message(one.ts)
    if message.get("subtype") == "tombstone":
        raise Refused("message_not_found")
    return channel, message


def edit(one: Act) -> str:
    """Change one's own message."""
    channel, message = _own(one)
    if message.get("user") != one.user.id or "bot_id" in message:
        raise Refused("cant_update_message")
    wire, blocks = compose(one.slack.workspace, one.text)
    one.record("message_changed", channel, message, wire, {"typed": one.text, "before": message["text"]})
    messages.change(one.slack, channel, message["ts"], {"text": wire, "blocks": blocks or None}, edited_by=one.user.id)
    return message["ts"]


def delete(one: Act) -> str:
    """Delete one's own message, or anybody's as an admin."""
    channel, message = _own(one)
    if (message.get("user") != one.user.id or "bot_id" in message) and not one.user.is_admin:
        raise Refused("cant_delete_message")
    one.record("message_deleted", channel, message, message["text"])
    messages.delete(one.slack, channel, message["ts"])
    return message["ts"]


def react(one: Act) -> str:
    """Add a reaction, or take it away with `remove`."""
    channel, message = _own(one)
    add = not one.more.get("remove")
    name = str(one.more.get("emoji") or one.text or "").strip(":")
    if not name:
        raise Refused("invalid_name")
    messages.react(one.slack, channel, message["ts"], one.user.id, name, add=add)
    one.record("reaction_added" if add else "reaction_removed", channel, message, name, {"reaction": name})
    return message["ts"]


def click(one: Act) -> str:
    """Press a button or choose from a menu, in a message, an ephemeral message, a modal or App Home."""
    action_id, value = str(one.more.get("action_id") or ""), one.more.get("value")
    if one.target.startswith("V"):
        return interactions.click_in_view(
            one.slack, one.user, forms.seen(one.slack, one.user, one.target), action_id, value
        )
    channel = one.channel()
    whispered = one.slack.workspace.ephemerals.get(one.ts or "")
    if whispered and (whispered["viewer"] != one.user.id or not whispered["shown"]):
        raise Refused("message_not_found")
    message = whispered or channel.message(one.ts)
    return interactions.click(one.slack, one.user, channel, message, action_id, value)


def command(one: Act) -> str:
    """Run a slash command."""
    if one.ts:
        raise Refused("command_not_in_thread")
    if one.user.is_stranger:
        raise Refused("restricted_action")
    return interactions.command(one.slack, one.user, one.channel(), one.text)


def shortcut(one: Act) -> str:
    """Use a message shortcut, or a global one where the target is empty. Outsiders have neither."""
    if one.user.is_stranger:
        raise Refused("restricted_action")
    callback_id = str(one.more.get("callback_id") or one.text)
    known = one.slack.workspace.shortcuts
    if known and callback_id not in [each["callback_id"] for each in known]:
        raise Refused("unknown_shortcut")
    if not one.ts:
        return interactions.shortcut(one.slack, one.user, callback_id, None, None)
    channel = one.channel()
    return interactions.shortcut(one.slack, one.user, callback_id, channel, channel.message(one.ts))


def close(one: Act) -> str:
    """Close a modal."""
    return forms.close(one.slack, one.user, one.target, clear=bool(one.more.get("clear")))


def open_home(one: Act) -> str:
    """Open the app's Home tab, or another one with `tab`."""
    home = one.slack.views.homes.get(one.user.id)
    channel = one.slack.workspace.direct(one.user)
    event: Json = {"type": "app_home_opened", "user": one.user.id, "channel": channel.id}
    event |= {"tab": one.more.get("tab", "home"), "event_ts": one.slack.workspace.ts()}
    if home:
        event["view"] = home
    one.slack.events.tell(event)
    one.slack.world.record("slack", "app_home_opened", "in", author=one.user.id, id=event["event_ts"])
    return event["event_ts"]


def _channel_event(one: Act, kind: str, **more: Any) -> str:
    channel = one.channel()
    event: Json = {"type": kind, "user": one.user.id, "event_ts": one.slack.workspace.ts(), "channel": channel.id}
    one.slack.events.emit(channel, event | more)
    one.slack.world.record("slack", kind, "in", chat=channel.id, author=one.user.id, id=event["event_ts"])
    return event["event_ts"]


def archive_channel(one: Act) -> str:
    """Archive a channel; nobody can write there any more."""
    channel = one.channel(writing=True)
    done = _channel_event(one, "channel_archive" if channel.kind == "channel" else "group_archive")
    channel.is_archived = True
    return done


def unarchive_channel(one: Act) -> str:
    """Open an archived channel again."""
    one.channel().is_archived = False
    return _channel_event(one, "channel_unarchive")


def join(one: Act) -> str:
    """Join a public channel."""
    channel = one.slack.workspace.channel(one.target)
    channel.members.add(one.user.id)
    return _channel_event(one, "member_joined_channel", channel_type="C", team=TEAM)


def leave(one: Act) -> str:
    """Leave a channel."""
    done = _channel_event(one, "member_left_channel", channel_type="C", team=TEAM)
    one.channel().members.discard(one.user.id)
    return done


def remove_bot(one: Act) -> str:
    """Take the app out of a channel; it is told, and nothing more after that."""
    done = _channel_event(one, "member_left_channel", channel_type="C", team=TEAM, user=BOT_USER)
    one.channel().members.discard(BOT_USER)
    return done


def invite_bot(one: Act) -> str:
    """Bring the app into a channel."""
    one.channel().members.add(BOT_USER)
    return _channel_event(one, "member_joined_channel", channel_type="C", team=TEAM, user=BOT_USER, inviter=one.user.id)


def share_channel(one: Act) -> str:
    """Share a channel with another workspace."""
    one.channel().is_ext_shared = True
    return _channel_event(one, "channel_shared", connected_team_id="T0EXTERN")


ACTIONS: dict[str, Callable[[Act], str]] = {
    "type": type_,
    **{
        each.__name__: each
        for each in (
            *(mention, upload, edit, delete, react, click, command, shortcut, close, open_home),
            *(archive_channel, unarchive_channel, join, leave, invite_bot, remove_bot, share_channel),
        )
    },
}
