"""Clicks, commands, shortcuts and submitted forms on their way to the app, and what its acknowledgement does."""

import re
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack import views
from bridge.sandbox.slack.blocks import interactive
from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.responses import answer_in_place
from bridge.sandbox.slack.transport import Undelivered
from bridge.sandbox.slack.triggers import LIFETIME, Reply
from bridge.sandbox.slack.workspace import APP, DOMAIN, TEAM, Channel, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

MENTION = re.compile(r"<@(\w+)>")
FAULTS = ("duplicate", "delay", "disconnect", "drop_after_accept")


def about(user: User) -> Json:
    """Who acted and where, as in every payload."""
    return {
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team},
        "api_app_id": APP,
        "token": "verification-token",
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def reply_for(slack: "Slack", channel: Channel, user: User, message: Json | None = None) -> Reply:
    until = slack.world.now() + LIFETIME
    if message is None:
        return Reply(channel.id, user.id, until)
    thread = message.get("thread_ts")
    return Reply(channel.id, user.id, until, message["ts"], thread if thread != message["ts"] else None)


def _used(slack: "Slack", part: Json, block: Json, value: Any) -> Json:
    """What one use of an element says in `actions`."""
    action: Json = {"type": part["type"], "action_id": part["action_id"], "block_id": block["block_id"]}
    if part["type"] in ("button", "workflow_button", "icon_button"):
        action |= {name: part[name] for name in ("text", "value", "style", "url") if name in part}
    elif part["type"] == "feedback_buttons":
        action["value"] = value
    else:
        action |= views.stated(part, value)
    return action | {"action_ts": slack.workspace.ts()}


def find_element(all_blocks: list[Json], action_id: str, value: Any) -> tuple[Json, Json, Any]:
    """The block, the element and the value that somebody means; `value` chooses among equals."""
    found = [(block, part) for block in all_blocks for part in interactive(block) if part.get("action_id") == action_id]
    if len(found) > 1 and value is not None:
        found = [pair for pair in found if pair[1].get("value") == value] or found
    if not found:
        return _in_menu(all_blocks, action_id, value)
    block, part = found[0]
    if part["type"] == "button" and value is not None and part.get("value") != value:
        raise Refused("action_not_found")
    return block, part, value


def _in_menu(all_blocks: list[Json], action_id: str, value: Any) -> tuple[Json, Json, Any]:
    """What would be a button of this name is an option of a "⋯" menu, with the value `action_id:value`."""
    for block in all_blocks:
        for part in interactive(block):
            for each in part["options"] if part["type"] == "overflow" else ():
                name, _, about = each["value"].partition(":")
                if name == action_id and value in (None, about):
                    return block, part, each["value"]
    raise Refused("action_not_found")


def click(slack: "Slack", user: User, channel: Channel, message: Json, action_id: str, value: Any) -> str:
    """Somebody uses an element of a message."""
    block, part, value = find_element(message.get("blocks") or [], action_id, value)
    action = _used(slack, part, block, value)
    ephemeral = message.get("is_ephemeral", False)
    container: Json = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id}
    container["is_ephemeral"] = ephemeral
    if thread_ts := message.get("thread_ts"):
        container["thread_ts"] = thread_ts
    shown = {name: each for name, each in message.items() if name not in ("is_ephemeral", "viewer", "shown")}
    state: Json = {"values": views.initial_values(message.get("blocks") or [])}
    if part["type"] not in views.STATELESS:
        state["values"][block["block_id"]][part["action_id"]] = views.stated(part, value)
    payload = {"type": "block_actions", **about(user), "container": container, "actions": [action], "state": state}
    payload |= {"trigger_id": slack.triggers.trigger(user.id), "channel": {"id": channel.id, "name": channel.label}}
    payload["response_url"] = slack.triggers.response_url(reply_for(slack, channel, user, message))
    if not ephemeral:
        payload["message"] = shown
    _send(slack, "interactive", payload, channel, message.get("thread_ts") or message["ts"], message["ts"], user)
    return action["action_ts"]


def click_in_view(slack: "Slack", user: User, view: Json, action_id: str, value: Any) -> str:
    """Somebody uses an element of a modal or of App Home."""
    block, part, value = find_element(view["blocks"], action_id, value)
    action = _used(slack, part, block, value)
    if part["type"] not in views.STATELESS:
        values = view["state"]["values"]
        inside = values.get(block["block_id"], {}) | {part["action_id"]: views.stated(part, value)}
        view["state"] = {"values": values | {block["block_id"]: inside}}
    payload = {"type": "block_actions", **about(user), "actions": [action], "view": dict(view)}
    payload["container"] = {"type": "view", "view_id": view["id"]}
    payload["trigger_id"] = slack.triggers.trigger(user.id, view["id"])
    _send(slack, "interactive", payload, None, None, view["id"], user)
    return action["action_ts"]


def command(slack: "Slack", user: User, channel: Channel, line: str) -> str:
    """Somebody runs a slash command in the composer of a channel."""
    name, _, text = line.partition(" ")
    known = {each["command"]: each for each in slack.workspace.commands}
    if not name.startswith("/") or (name not in known and not slack.any_command):
        raise Refused("unknown_command")
    payload: Json = {
        "token": "verification-token",
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.label,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": escaped(slack, text.strip()) if known.get(name, {}).get("should_escape") else text.strip(),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": slack.triggers.response_url(reply_for(slack, channel, user)),
        "trigger_id": slack.triggers.trigger(user.id),
    }
    _send(slack, "slash_commands", payload, channel, None, payload["trigger_id"], user)
    return payload["trigger_id"]


def escaped(slack: "Slack", text: str) -> str:
    """What follows a command, with names as `<@U0BEN|ben>`, as `should_escape` of the manifest wants it."""
    users = slack.workspace.users
    wire, _ = compose(slack.workspace, text)
    return MENTION.sub(lambda found: f"<@{found[1]}|{users[found[1]].handle}>" if found[1] in users else found[0], wire)


def shortcut(slack: "Slack", user: User, callback_id: str, channel: Channel | None, message: Json | None) -> str:
    """Somebody picks a message shortcut, or a global one where there is no message."""
    at = slack.workspace.ts()
    payload: Json = {"type": "message_action" if message else "shortcut", **about(user), "callback_id": callback_id}
    payload |= {"trigger_id": slack.triggers.trigger(user.id), "action_ts": at}
    thread = None
    if message and channel:
        thread = message.get("thread_ts") or message["ts"]
        payload |= {"message_ts": message["ts"], "message": dict(message)}
        payload["channel"] = {"id": channel.id, "name": channel.label}
        # A reply through this address lands in the channel, not in the thread. (Slack's page on shortcuts.)
        reply = Reply(channel.id, user.id, slack.world.now() + LIFETIME)
        payload["response_url"] = slack.triggers.response_url(reply)
    _send(slack, "interactive", payload, channel, thread, message["ts"] if message else at, user)
    return at


def _send(
    slack: "Slack", kind: str, payload: Json, channel: Channel | None, thread: str | None, identifier: str, user: User
) -> None:
    """Record an interaction and carry it to the app in the background."""
    where = {"chat": channel.id if channel else None, "thread": thread, "author": user.id}
    text = payload["text"] and f"{payload['command']} {payload['text']}" if kind == "slash_commands" else None
    name = payload.get("type") or kind
    slack.world.record("slack", name, "in", id=identifier, text=text or payload.get("command"), raw=payload, **where)
    slack.spawn(_carry(slack, kind, payload, where))


async def _carry(slack: "Slack", kind: str, payload: Json, where: Json) -> None:
    answer = await ask(slack, kind, payload, where)
    if answer and (answer.get("text") or answer.get("blocks")) and where["chat"]:
        channel, user = slack.workspace.channels[where["chat"]], slack.workspace.users[where["author"]]
        try:
            answer_in_place(slack, reply_for(slack, channel, user), answer)
        except Refused as refused:
            slack.world.record("slack", "rejected", "out", raw={"method": "ack", "error": refused.error})


async def ask(slack: "Slack", kind: str, payload: Json, where: Json) -> Json | None:
    """Carry an interaction to the app; None if it was not acknowledged in time. There is no second try."""
    fault = slack.world.fault("slack", "interactive", *FAULTS)
    name = fault.fault if fault else ""
    if fault and name == "delay":
        await slack.world.sleep(fault.seconds)
    if name == "disconnect":
        await slack.sockets.disconnect()
    try:
        answer = await slack.carry(kind, payload)
        if name == "duplicate":
            answer = await slack.carry(kind, payload)
        if name == "drop_after_accept":
            raise Undelivered("lost")
    except Undelivered as failure:
        raw = {"reason": failure.reason, "shown": "operation_timeout", "payload": payload}
        slack.world.record("slack", "no_ack", "in", **where, raw=raw)
        return None
    return answer
