"""The Bot API methods for photos, documents, voice messages and videos, both ways."""

import uuid
from dataclasses import dataclass
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
    return _send_file(telegram, asked, "sendPhoto", "photo")


async def send_document(telegram: "Telegram", asked: Asked) -> Any:
    """`sendDocument`."""
    return _send_file(telegram, asked, "sendDocument", "document")


async def send_voice(telegram: "Telegram", asked: Asked) -> Any:
    """`sendVoice`."""
    return _send_file(telegram, asked, "sendVoice", "voice")


async def send_audio(telegram: "Telegram", asked: Asked) -> Any:
    """`sendAudio`."""
    return _send_file(telegram, asked, "sendAudio", "audio")


async def send_video(telegram: "Telegram", asked: Asked) -> Any:
    """`sendVideo`."""
    return _send_file(telegram, asked, "sendVideo", "video")


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


@dataclass(frozen=True, slots=True)
class Part:
    """A file that may be sent, and its caption."""

    kind: str
    caption: str
    entities: list[markup.Entity]
    upload: Attachment
    known: str = ""  # its file_id, if it has one already

    def kept(self, telegram: "Telegram") -> dict[str, Any]:
        """What a message says about it."""
        return describe(self.known, self.upload, self.kind) if self.known else keep(telegram, self.upload, self.kind)


def checked(telegram: "Telegram", asked: Asked, kind: str, field: str) -> Part:
    """A file of a call, or the refusal that it gets."""
    caption, entities = read_text(asked, "caption", "parse_mode", "caption_entities")
    if markup.units(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    named = asked.text(field)
    upload = asked.files.get(named.removeprefix("attach://") if named.startswith("attach://") else field)
    if upload and len(upload.content) > (LARGEST_PHOTO if kind == "photo" else LARGEST_DOCUMENT):
        raise bad_request("file is too big")
    if upload and not upload.content:
        raise bad_request("file must be non-empty")
    if upload and kind == "photo" and (telegram.unshowable or not upload.content.startswith(IMAGES)):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if upload:
        return Part(kind, caption, entities, upload)
    if not named:
        raise bad_request(f"there is no {kind} in the request")
    if named not in telegram.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return Part(kind, caption, entities, telegram.files[named], named)


def _send_file(telegram: "Telegram", asked: Asked, method: str, kind: str) -> dict[str, Any]:
    chat = find_chat(telegram, asked)
    part = checked(telegram, asked, kind, kind)
    return send(telegram, chat, asked, method, part.caption, part.entities, part.kept(telegram))


async def edit_message_caption(telegram: "Telegram", asked: Asked) -> Any:
    """`editMessageCaption`; without a caption it is taken away."""
    chat, message = sending.find_message(telegram, asked, "message to edit not found")
    caption, entities = read_text(asked, "caption", "parse_mode", "caption_entities")
    keyboard = sending.read_keyboard(asked)
    if not message.by_bot:
        raise bad_request("message can't be edited")
    if not any(kind in message.extra for kind in KINDS):
        raise bad_request("there is no caption in the message to edit")
    if markup.units(caption) > LONGEST_CAPTION:
        raise bad_request("MEDIA_CAPTION_TOO_LONG")
    if (caption, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(sending.UNMODIFIED)
    telegram.pace(chat)
    message.text, message.entities, message.keyboard = caption, entities, keyboard
    message.edited = telegram.world.now()
    sending.record(telegram, "editMessageCaption", chat, asked, message.id, caption)
    return telegram.as_json(chat, message)


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendAudio": send_audio,
    "sendVideo": send_video,
    "editMessageCaption": edit_message_caption,
    "getFile": get_file,
}
