"""Telegram's files: which a message brings, and by which method ours are sent. Pure. Numbers: platform facts, 2.3."""

from collections.abc import Mapping, Sequence
from typing import Any

from bridge.files import MEGABYTE, UNKNOWN, File, FileKind, Loaded

Json = Mapping[str, Any]

LARGEST_DOWNLOAD = 20 * MEGABYTE
LARGEST_UPLOAD = 50 * MEGABYTE
LARGEST_PHOTO = 10 * MEGABYTE
LONGEST_CAPTION = 1024
LARGEST_ALBUM = 10
TOGETHER: tuple[tuple[FileKind, ...], ...] = (("photo", "video"), ("file",), ("audio",))  # in one album

KINDS = ("photo", "animation", "document", "video", "video_note", "voice", "audio", "sticker")
_OURS: dict[str, FileKind] = {
    "animation": "video", "document": "file", "video": "video", "video_note": "video", "voice": "voice",
    "audio": "audio",
}  # fmt: skip
_MIME = {"video_note": "video/mp4", "animation": "video/mp4", "video": "video/mp4", "voice": "audio/ogg"}


def read(message: Json) -> tuple[File, ...]:
    """What came along; empty when there is nothing that can be fetched."""
    kind = next((kind for kind in KINDS if kind in message), "")
    try:
        found = _file(kind, message[kind]) if kind else None
    except (LookupError, TypeError, AttributeError):
        return ()
    return (found,) if found else ()


def emoji(message: Json) -> str:
    """What a sticker says."""
    sticker = message.get("sticker")
    said = sticker.get("emoji") if isinstance(sticker, Mapping) else None
    return said if isinstance(said, str) else ""


def way_of(file: Loaded) -> tuple[str, str]:
    """The method for a file, and its field there."""
    if file.kind == "photo" and file.size <= LARGEST_PHOTO and file.mime in ("image/jpeg", "image/png"):
        return "sendPhoto", "photo"
    if file.kind == "voice" and file.mime in ("audio/ogg", "audio/opus"):
        return "sendVoice", "voice"
    if file.kind in ("voice", "audio") and file.mime in ("audio/mpeg", "audio/mp4", "audio/x-m4a"):
        return "sendAudio", "audio"
    if file.kind == "video" and file.mime == "video/mp4":
        return "sendVideo", "video"
    return "sendDocument", "document"


def kinds_together(files: Sequence[Loaded]) -> list[str]:
    """As what each goes into one album: whatever they are, all of them can be documents."""
    kinds = [way_of(file)[1] for file in files]
    alike = set(kinds) == {"audio"} or set(kinds) <= {"photo", "video"}
    return kinds if alike else ["document"] * len(files)


def _file(kind: str, content: Any) -> File:
    if kind == "photo":  # in several sizes, the largest last
        return _described("photo", content[-1], "image/jpeg")
    if kind != "sticker":
        return _described(_OURS[kind], content, _MIME.get(kind, UNKNOWN))
    if content.get("is_animated") and isinstance(content.get("thumbnail"), Mapping):  # nobody else can show those
        return _described("sticker", content["thumbnail"], "image/webp")
    return _described("sticker", content, "video/webm" if content.get("is_video") else "image/webp")


def _described(kind: FileKind, content: Json, mime: str) -> File:
    ref, name, size = content["file_id"], content.get("file_name"), content.get("file_size")
    if not isinstance(ref, str) or not ref:
        raise TypeError("a file has an id")
    given = content.get("mime_type")
    return File(
        kind,
        name if isinstance(name, str) else "",
        given if isinstance(given, str) and given else mime,
        size if type(size) is int and 0 < size < 2**53 else 0,
        ref,
    )
