"""Who am I, which team is this, where is my socket."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.messages import root_of
from bridge.sandbox.slack.shapes import BOT_PROFILE, TEAM_JSON
from bridge.sandbox.slack.workspace import BOT, BOT_USER, DOMAIN, TEAM

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


@method("api.test", 0, token="")
def api_test(_slack: "Slack", call: Call) -> Json:
    if error := call.get("error"):
        raise Refused(error, args=call.args)
    return {"args": call.args}


@method("auth.test", 0, token="")
def auth_test(_slack: "Slack", _call: Call) -> Json:
    team: Json = {"url": f"https://{DOMAIN}.slack.com/", "team": TEAM_JSON["name"], "team_id": TEAM}
    return team | {"user": "bridge", "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}


@method("apps.connections.open", PER_MINUTE[3], token="xapp-")
def open_connection(slack: "Slack", call: Call) -> Json:
    address = call.origin.replace("http", "ws", 1)
    call.keep(raw={})
    return {"url": f"{address}/slack/socket/{slack.sockets.ticket()}"}


@method("team.info", PER_MINUTE[3])
def team_info(_slack: "Slack", _call: Call) -> Json:
    return {"team": TEAM_JSON}


@method("bots.info", PER_MINUTE[3], "users:read")
def bots_info(_slack: "Slack", call: Call) -> Json:
    if call.get("bot") not in (None, BOT):
        raise Refused("bot_not_found")
    return {"bot": BOT_PROFILE}


@method("assistant.threads.setStatus", 600, "chat:write", "assistant:write")
def set_status(slack: "Slack", call: Call) -> Json:
    """Shows a line such as "is typing" below a thread; it goes when the app posts, or with an empty status."""
    channel = slack.workspace.channel(call.need("channel_id"))
    thread_ts = call.need("thread_ts")
    root_of(channel, thread_ts)
    status = call.args.get("status")
    if status is None:
        call.need("status")
    key = (channel.id, thread_ts)
    slack.workspace.statuses.pop(key, None)
    if status:
        shown = {"channel": channel.id, "thread_ts": thread_ts, "status": status, "at": slack.world.now()}
        slack.workspace.statuses[key] = shown
    call.keep(chat=channel.id, thread=thread_ts, text=str(status))
    return {}
