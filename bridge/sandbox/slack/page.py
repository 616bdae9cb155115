"""What the sandbox's page shows of the workspace: the newest part of each channel, whole threads included."""

from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.shapes import TEAM_JSON
from bridge.sandbox.slack.workspace import LOCALES, Channel, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

STATUS_LASTS = 120  # seconds, says the page of assistant.threads.setStatus
ROOTS, REPLIES = 100, 200  # the newest messages per channel and per thread
SHOWN = (
    *("ts", "thread_ts", "user", "bot_id", "username", "text", "blocks", "attachments", "edited", "subtype"),
    *("reply_count", "reply_users", "latest_reply", "files", "reactions"),
)


def view_of(slack: "Slack") -> Json:
    """The Slack part of the page's view."""
    workspace = slack.workspace
    channels = [channel for channel in workspace.channels.values() if channel.kind != "im" or channel.timeline]
    whispers = [each for each in list(workspace.ephemerals.values())[-REPLIES:] if each["shown"]]
    return {
        "team": TEAM_JSON,
        "locales": list(LOCALES),
        "users": [_user(user) for user in workspace.users.values()],
        "channels": [_channel(channel) for channel in channels],
        "messages": {channel.id: _messages(channel) for channel in channels},
        "ephemerals": [_whisper(each) for each in whispers],
        "views": [
            {"id": identifier, "user": shown.user, "view": shown.view, "errors": shown.errors}
            for identifier, shown in slack.views.open_views.items()
        ],
        "homes": slack.views.homes,
        "home_tab": workspace.home_tab,
        "commands": workspace.commands,
        "shortcuts": workspace.shortcuts,
        "connected": len(slack.sockets.open),
        "statuses": [each for each in workspace.statuses.values() if slack.world.now() < each["at"] + STATUS_LASTS],
    }


def _user(user: User) -> Json:
    flags = {name: getattr(user, name) for name in ("is_bot", "is_admin", "is_restricted", "is_stranger", "color")}
    return {"id": user.id, "handle": user.handle, "name": user.name, "locale": user.locale, **flags}


def _channel(channel: Channel) -> Json:
    private = channel.kind != "channel"
    about: dict[str, Any] = {"id": channel.id, "name": channel.name, "is_private": private, "kind": channel.kind}
    return about | {"is_archived": channel.is_archived, "pins": list(channel.pins)}


def _messages(channel: Channel) -> list[Json]:
    shown: list[str] = []
    for ts in channel.timeline[-ROOTS:]:
        shown.append(ts)
        if thread := channel.threads.get(ts):
            shown += thread.replies[-REPLIES:]
    return [_message(channel.messages[ts]) for ts in dict.fromkeys(shown)]


def _message(message: Json) -> Json:
    seen = {name: message[name] for name in SHOWN if name in message}
    if icon := (message.get("icons") or {}).get("emoji"):
        seen["icon_emoji"] = icon
    return seen


def _whisper(message: Json) -> Json:
    seen = {name: message[name] for name in ("channel", "ts", "thread_ts", "text", "blocks") if message.get(name)}
    return {"text": "", **seen, "user": message["viewer"]}
