"""What people can do in the workspace, as their Slack clients would let them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge.sandbox.slack import directory, forms, rooms, using, writing
from bridge.sandbox.slack.act import Act
from bridge.sandbox.slack.errors import Json, Refused

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

ACTIONS: dict[str, Callable[[Act], str]] = {
    "type": writing.type_,
    "mention": writing.mention,
    "upload": writing.upload,
    "edit": writing.edit,
    "delete": writing.delete,
    "react": writing.react,
    "unfurl": writing.unfurl,
    "click": using.click,
    "command": using.command,
    "shortcut": using.shortcut,
    "close": using.close,
    "open_home": using.open_home,
    "create_channel": rooms.create_channel,
    "archive_channel": rooms.archive_channel,
    "delete_channel": rooms.delete_channel,
    "unarchive_channel": rooms.unarchive_channel,
    "share_channel": rooms.share_channel,
    "join": rooms.join,
    "leave": rooms.leave,
    "invite_bot": rooms.invite_bot,
    "remove_bot": rooms.remove_bot,
    "presence": rooms.presence,
    "change_user": directory.change_user,
    "choose_language": directory.choose_language,
    "change_group": directory.change_group,
}


async def act(slack: "Slack", actor: str, action: str, target: str, text: str, more: Json) -> str:
    """Perform an action and return its id."""
    if action != "submit" and action not in ACTIONS:
        raise Refused("unknown_action")
    one = Act(slack, slack.workspace.person(actor), target, text, more)
    if action == "submit":
        return await forms.submit(slack, one.user, target, more.get("values") or {})
    done = ACTIONS[action](one)
    slack.world.touch()
    return done
