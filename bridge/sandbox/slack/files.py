"""Files: the three steps of an upload, and downloads that want the token."""

import mimetypes
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bridge.sandbox import misbehaviour
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT, Channel

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

Door = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREVIEW = 500  # bytes
SIGN_IN = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to Sandbox</body></html>"


def new_file(slack: "Slack", name: str, user: str, size: int, origin: str) -> Json:
    """A file that is not shared anywhere yet. Fields that start with _ stay inside the sandbox."""
    identifier, now = slack.workspace.number("F0"), int(slack.world.now())
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    address = f"{origin}/slack/files/{identifier}/{name.replace('/', '_')}"
    file: Json = {
        "id": identifier,
        "created": now,
        "timestamp": now,
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": name.rpartition(".")[2].lower() if "." in name else "binary",
        "pretty_type": mimetype.rpartition("/")[2].upper(),
        "user": user,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
        "size": size,
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
        "shares": {},
        "_content": None,
        "_complete": False,
        "_unseen": False,
    }
    slack.workspace.files[identifier] = file
    return file


def shown(file: Json) -> Json:
    """The file as others see it; of text Slack shows the beginning."""
    about = {name: value for name, value in file.items() if not name.startswith("_")}
    if file["_content"] is not None and file["mimetype"].startswith("text/"):
        about["preview"] = file["_content"][:PREVIEW].decode(errors="replace")
    return about


def share(file: Json, channel: Channel, message: Json) -> None:
    """Note where a file was posted."""
    reach = "public" if channel.kind == "channel" else "private"
    entry: Json = {"ts": message["ts"], "channel_name": channel.name}
    if "thread_ts" in message:
        entry["thread_ts"] = message["thread_ts"]
    file["shares"].setdefault(reach, {}).setdefault(channel.id, []).append(entry)


def find(slack: "Slack", identifier: Any) -> Json:
    file = slack.workspace.files.get(str(identifier))
    if file is None:
        raise Refused("file_not_found")
    return file


async def _content(request: web.Request) -> bytes:
    """The bytes of an upload, raw or as a form; read in pieces, past the server's limit for ordinary bodies."""
    if not request.content_type.startswith("multipart/"):
        return await request.content.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename:
            return bytes(await part.read())
    return b""


def upload_door(slack: "Slack") -> Door:
    """Serves the upload_url of a file."""

    async def take(request: web.Request) -> web.Response:
        file = slack.workspace.files.get(request.match_info["file"])
        if file is None or file["_complete"]:
            return web.Response(status=404, text="not found")
        content = await _content(request)
        if len(content) != file["size"]:
            return web.Response(status=400, text="length mismatch")
        file["_content"] = content
        slack.world.record("slack", "upload", "out", id=file["id"], author=BOT, raw={"size": len(content)})
        return web.Response(text=f"OK - {len(content)}")

    async def upload(request: web.Request) -> web.StreamResponse:
        return await misbehaviour.answer(slack.world, request, "slack", "upload", lambda: take(request), _fault)

    return upload


def _fault(status: int, seconds: float) -> web.Response:
    return web.Response(status=status, text="try again later")


def download_door(slack: "Slack") -> Door:
    """Serves `url_private`. Without a good token Slack answers 200 with a sign-in page."""

    async def download(request: web.Request) -> web.Response:
        file = slack.workspace.files.get(request.match_info["file"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token.startswith("xoxb-") or "files:read" not in slack.scopes:
            return web.Response(text=SIGN_IN, content_type="text/html")
        if file is None or file["_content"] is None:
            return web.Response(status=404, text="not found")
        slack.world.record("slack", "download", "out", id=file["id"], author=BOT, raw={"size": file["size"]})
        return web.Response(body=file["_content"], content_type=file["mimetype"])

    async def answer(request: web.Request) -> web.StreamResponse:
        return await misbehaviour.answer(slack.world, request, "slack", "download", lambda: download(request), _fault)

    return answer
