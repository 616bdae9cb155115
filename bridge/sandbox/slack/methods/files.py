"""The three steps of an upload, and what is known of a file."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack import files, live, messages
from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.methods.chat import place
from bridge.sandbox.slack.workspace import APP, BOT, BOT_USER, TEAM

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


@method("files.getUploadURLExternal", PER_MINUTE[4], "files:write")
def upload_url(slack: "Slack", call: Call) -> Json:
    name, length = call.need("filename"), call.number("length", 0)
    if length <= 0:
        raise Refused("missing_argument")
    if len(call.get("alt_txt") or "") > 1000:
        raise Refused("invalid_arguments", "[ERROR] must be less than 1001 characters [json-pointer:/alt_txt]")
    file = files.new_file(slack, name, BOT_USER, length, call.origin)
    call.keep(id=file["id"])
    return {"upload_url": f"{call.origin}/slack/upload/{file['id']}", "file_id": file["id"]}


@method("files.completeUploadExternal", PER_MINUTE[4], "files:write")
def complete(slack: "Slack", call: Call) -> Json:
    """Share uploaded files. The answer does not say under which ts; `files.info` does."""
    named = call.structured("files", "invalid_arguments")
    if not isinstance(named, list) or not named or not all(isinstance(each, dict) for each in named):
        raise Refused("invalid_arguments", "[ERROR] missing required field: files")
    found = [_uploaded(slack, each) for each in named]
    identifier = call.get("channel_id") or call.get("channels")
    if identifier:
        call.args["channel"] = identifier
        _share(slack, call, found)
    for file in found:
        file["_complete"] = True
    return {"files": [files.shown(file) | {"shares": {}} for file in found]}


def _uploaded(slack: "Slack", named: Json) -> Json:
    file = files.find(slack, named.get("id"))
    if file["_content"] is None or file["_complete"]:
        raise Refused("file_not_found")
    file["title"] = named.get("title") or file["title"]
    return file


def _share(slack: "Slack", call: Call, found: list[Json]) -> None:
    channel, thread_ts = place(slack, call), call.get("thread_ts")
    message: Json = {"subtype": "file_share", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM}
    message |= {"text": call.get("initial_comment") or "", "files": [files.shown(file) for file in found]}
    if thread_ts:
        message["thread_ts"] = thread_ts
    message = messages.say(slack, channel, message)
    for file in found:
        files.share(file, channel, message)
        event: Json = {"type": "file_shared", "file_id": file["id"], "user_id": BOT_USER, "file": {"id": file["id"]}}
        slack.events.emit(channel, event | {"channel_id": channel.id, "event_ts": slack.workspace.ts()})
    raw = call.args | {"live": live.in_message({"text": message["text"]}, slack.workspace.names)}
    call.keep(chat=channel.id, thread=thread_ts, id=message["ts"], text=message["text"], raw=raw)


@method("files.info", PER_MINUTE[4], "files:read")
def info(slack: "Slack", call: Call) -> Json:
    file = files.find(slack, call.need("file"))
    if file["mode"] == "tombstone":
        raise Refused("file_deleted")
    call.keep(id=file["id"])
    return {"file": files.shown(file)}
