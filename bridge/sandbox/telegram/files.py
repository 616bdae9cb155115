"""The Bot API methods for photos, documents, voice messages and videos, both ways."""

import uuid
from typing import TYPE_CHECKING, Any

from bridge.sandbox.attachments import Attachment
from bridge.sandbox.telegram import markup, sending
from bridge.sandbox.telegram.asked import Asked, bad_request
from bridge.sandbox.telegram.sending import find_chat, read_text, send

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

# Platform facts 2.3.
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOCUMENT = 50 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")
KINDS = ("photo", "document", "voice", "audio", "video", "video_note", "sticker")


async def send_photo(telegram: "Telegram", asked: Asked) -> Any:
    """`sendPhoto`."""
    return _send_file(telegram, asked, "sendPhoto", "photo", LARGEST_PHOTO)


async def send_document(telegram: "Telegram", asked: Asked) -> Any:
    """`sendDocument`."""
    return _send_file(telegram, asked, "sendDocument", "document", LARGEST_DOCUMENT)


async def send_voice(telegram: "Telegram", asked: Asked) -> Any:
    """`sendVoice`."""
    return _send_file(telegram, asked, "sendVoice", "voice", LARGEST_DOCUMENT)


async def send_audio(telegram: "Telegram", asked: Asked) -> Any:
    """`sendAudio`."""
    return _send_file(telegram, asked, "sendAudio", "audio", LARGEST_DOCUMENT)


async def send_video(telegram: "Telegram", asked: Asked) -> Any:
    """`sendVideo`."""
    return _send_file(telegram, asked, "sendVideo", "video", LARGEST_DOCUMENT)


async def get_file(telegram: "Telegram", asked: Asked) -> Any:
    """`getFile`: where to download a file that a message named."""
    file_id = asked.text("file_id")
    upload = telegram.files.get(file_id)
    if upload is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(upload.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    sending.record(telegram, "getFile", None, asked, text=file_id)
    return _file(file_id, upload) | {"file_path": f"files/{file_id}"}


def keep(telegram: "Telegram", upload: Attachment, kind: str) -> dict[str, Any]:
    """Store a file; what a message says about it."""
    file_id = f"sandbox-{uuid.uuid4().hex}"
    telegram.files[file_id] = upload
    return describe(file_id, upload, kind)


def describe(file_id: str, upload: Attachment, kind: str) -> dict[str, Any]:
    """The `photo` or `document` of a message."""
    about = _file(file_id, upload)
    if kind == "photo":
        return {"photo": [about | {"width": 90, "height": 60}, about | {"width": 900, "height": 600}]}
    if kind == "sticker":
        return {"sticker": about | {"type": "regular", "width": 512, "height": 512, "emoji": "🫖"}}
    if kind in ("voice", "video_note"):
        return {kind: about | {"duration": 3} | ({"mime_type": upload.mime} if kind == "voice" else {"length": 240})}
    if kind == "video":
        return {"video": about | {"file_name": upload.name, "mime_type": upload.mime, "width": 9, "height": 6}}
    return {kind: about | {"file_name": upload.name, "mime_type": upload.mime}}


def _file(file_id: str, upload: Attachment) -> dict[str, Any]:
    return {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": len(upload.content)}


def _send_file(telegram: "Telegram", asked: Asked, method: str, kind: str, largest: int) -> dict[str, Any]:
    chat = find_chat(telegram, asked)
    caption, entities = read_text(asked, "caption", "parse_mode", "caption_entities")
    if markup.units(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    named = asked.text(kind)
    upload = asked.files.get(named.removeprefix("attach://") if named.startswith("attach://") else kind)
    if upload and len(upload.content) > largest:
        raise bad_request("file is too big")
    if upload and not upload.content:
        raise bad_request("file must be non-empty")
    if upload and kind == "photo" and (telegram.unshowable or not upload.content.startswith(IMAGES)):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if upload:
        return send(telegram, chat, asked, method, caption, entities, keep(telegram, upload, kind))
    if not named:
        raise bad_request(f"there is no {kind} in the request")
    if named not in telegram.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return send(telegram, chat, asked, method, caption, entities, describe(named, telegram.files[named], kind))


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendAudio": send_audio,
    "sendVideo": send_video,
    "getFile": get_file,
}
