"""How people use the app: buttons, menus, commands, shortcuts, modals and its Home."""

from bridge.sandbox.slack import forms, interactions
from bridge.sandbox.slack.act import Act
from bridge.sandbox.slack.errors import Json, Refused


def click(one: Act) -> str:
    """Press a button or choose from a menu, in a message, an ephemeral message, a modal or App Home.

    What stands in a "⋯" menu may also be named as if it were a button.
    """
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
