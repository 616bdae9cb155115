"""What people do with channels: make, archive, join, leave and share them, and bring the app in or out."""

from typing import Any

from bridge.sandbox.slack.act import Act
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT_USER, TEAM, Channel


def _tell(one: Act, kind: str, **more: Any) -> str:
    channel = one.channel()
    event: Json = {"type": kind, "user": one.user.id, "event_ts": one.slack.workspace.ts(), "channel": channel.id}
    one.slack.events.emit(channel, event | more)
    one.slack.world.record("slack", kind, "in", chat=channel.id, author=one.user.id, id=event["event_ts"])
    return event["event_ts"]


def archive_channel(one: Act) -> str:
    """Archive a channel; nobody can write there any more."""
    channel = one.channel(writing=True)
    done = _tell(one, "channel_archive" if channel.kind == "channel" else "group_archive")
    channel.is_archived = True
    return done


def unarchive_channel(one: Act) -> str:
    """Open an archived channel again."""
    one.channel().is_archived = False
    return _tell(one, "channel_unarchive")


def delete_channel(one: Act) -> str:
    """Delete a channel with everything in it."""
    channel, workspace = one.channel(), one.slack.workspace
    done = _tell(one, "channel_deleted" if channel.kind == "channel" else "group_deleted")
    del workspace.channels[channel.id], workspace.names[channel.name]
    return done


def join(one: Act) -> str:
    """Join a public channel."""
    channel = one.slack.workspace.channel(one.target)
    channel.members.add(one.user.id)
    return _tell(one, "member_joined_channel", channel_type="C", team=TEAM)


def leave(one: Act) -> str:
    """Leave a channel."""
    done = _tell(one, "member_left_channel", channel_type="C", team=TEAM)
    one.channel().members.discard(one.user.id)
    return done


def remove_bot(one: Act) -> str:
    """Take the app out of a channel; it is told, and nothing more after that."""
    done = _tell(one, "member_left_channel", channel_type="C", team=TEAM, user=BOT_USER)
    one.channel().members.discard(BOT_USER)
    return done


def invite_bot(one: Act) -> str:
    """Bring the app into a channel."""
    one.channel().members.add(BOT_USER)
    return _tell(one, "member_joined_channel", channel_type="C", team=TEAM, user=BOT_USER, inviter=one.user.id)


def share_channel(one: Act) -> str:
    """Share a channel with another workspace."""
    one.channel().is_ext_shared = True
    return _tell(one, "channel_shared", connected_team_id="T0EXTERN")


def create_channel(one: Act) -> str:
    """Make a channel with everybody in it; `private` hides it, `bot: false` leaves the app out."""
    workspace, name = one.slack.workspace, one.target.removeprefix("#").lower()
    if not name or name in workspace.names:
        raise Refused("name_taken" if name else "invalid_name")
    plain = "".join(letter for letter in name if letter.isalnum()).upper()
    members = {user.id for user in workspace.users.values() if not user.is_stranger}
    channel = Channel(f"C0{plain}", name, "group" if one.more.get("private") else "channel", members)
    if not one.more.get("bot", True):
        members.discard(BOT_USER)
    one.slack.world.record("slack", "channel_created", "in", chat=channel.id, author=one.user.id, text=name)
    return workspace.add_channel(channel).id


def presence(one: Act) -> str:
    """Become `away` or `active`. Apps are not told; they have to ask."""
    if one.text not in ("active", "away"):
        raise Refused("invalid_presence")
    one.user.presence = one.text
    return one.user.id
