"""Answers to interactions: through a response_url, or in the body of the acknowledgement."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bridge.sandbox import misbehaviour
from bridge.sandbox.slack import live, messages
from bridge.sandbox.slack.blocks import checked
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.triggers import Reply
from bridge.sandbox.slack.workspace import APP, BOT, BOT_USER, TEAM

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

Door = Callable[[web.Request], Awaitable[web.StreamResponse]]


def door(slack: "Slack") -> Door:
    """Serves `/slack/response/{ticket}`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        do = partial(_use, slack, request)
        return await misbehaviour.answer(slack.world, request, "slack", "response_url", do, _fault)

    return answer


def _fault(status: int, seconds: float) -> web.Response:
    return web.Response(status=status, headers={"Retry-After": f"{seconds:.0f}"} if status == 429 else {})


async def _use(slack: "Slack", request: web.Request) -> web.Response:
    try:
        reply = slack.triggers.reply(request.match_info["ticket"])
        answer_in_place(slack, reply, await _body(request))
    except Refused as refused:
        slack.world.record("slack", "rejected", "out", raw={"method": "response_url", "error": refused.error})
        return web.json_response(refused.body(), status=refused.status if refused.status != 200 else 400)
    reply.left -= 1
    return web.Response(text="ok")


async def _body(request: web.Request) -> Json:
    raw = await request.text()
    if request.content_type != "application/json":
        raw = str((await request.post()).get("payload", raw))
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused("invalid_payload") from None
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body


def answer_in_place(slack: "Slack", reply: Reply, answer: Json) -> None:
    """Show, replace or delete something for the person who acted, or for all in the channel."""
    channel = slack.workspace.channels[reply.channel]
    blocks = checked(answer["blocks"]) if answer.get("blocks") else None
    original = channel.messages.get(reply.ts or "")
    ephemeral = slack.workspace.ephemerals.get(reply.ts or "")
    ours = original is not None and original.get("bot_id") == BOT
    shown: Json = {"text": answer.get("text") or "", **({"blocks": blocks} if blocks else {})}
    identifier = reply.ts
    if answer.get("delete_original"):
        if ephemeral:
            del slack.workspace.ephemerals[ephemeral["ts"]]
        elif ours and reply.ts:
            messages.delete(slack, channel, reply.ts)
    elif not shown["text"] and not blocks:
        raise Refused("no_text")
    elif answer.get("replace_original") and ephemeral:
        ephemeral |= {"blocks": None, **shown}
    elif answer.get("replace_original") and ours and reply.ts:
        messages.change(slack, channel, reply.ts, {"blocks": None, **shown}, edited_by=None if blocks else BOT_USER)
    elif answer.get("response_type") == "in_channel":
        thread_ts = answer.get("thread_ts")
        message = {"user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM, "subtype": "bot_message", **shown}
        identifier = messages.say(slack, channel, message | ({"thread_ts": thread_ts} if thread_ts else {}))["ts"]
    else:
        identifier = whisper(slack, reply.channel, reply.user, shown, answer.get("thread_ts") or reply.thread_ts)
    raw = answer | {"user": reply.user, "live": live.in_message(answer, slack.workspace.names)}
    where = {"chat": reply.channel, "thread": reply.thread_ts, "id": identifier, "author": BOT}
    slack.world.record("slack", "response_url", "out", text=shown["text"], raw=raw, **where)


def whisper(slack: "Slack", channel: str, user: str, shown: Json, thread_ts: str | None) -> str:
    """Show something to one person only. In a thread that nobody has answered in yet, Slack does not show it."""
    workspace = slack.workspace
    message: Json = {"type": "message", "subtype": "bot_message", "ts": workspace.ts(), "bot_id": BOT, "app_id": APP}
    thread = workspace.channels[channel].threads.get(thread_ts or "")
    message |= {**shown, "channel": channel, "is_ephemeral": True, "viewer": user}
    message["shown"] = not thread_ts or bool(thread and thread.replies)
    if thread_ts:
        message["thread_ts"] = thread_ts
    workspace.ephemerals[message["ts"]] = message
    slack.world.touch()
    return message["ts"]
