"""WhatsApp's files: which a message brings, which types and sizes it takes, and where it may send us for them. Pure.

Numbers: platform facts, 3.4. WhatsApp goes by a file's type, so a photo that is too large is too large as a document.
"""

from typing import Any

from bridge.files import MEGABYTE, UNKNOWN, File, FileKind, Loaded, too_large
from bridge.i18n import t

Json = dict[str, Any]

LONGEST_CAPTION = 1024
LARGEST = 100 * MEGABYTE
_OFFICE = "application/vnd.openxmlformats-officedocument."
IMAGES = ("image/jpeg", "image/png")
VIDEOS = ("video/mp4", "video/3gpp")
SOUNDS = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
DOCUMENTS = (
    *("text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"),
    *("application/vnd.ms-powerpoint", f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"),
    f"{_OFFICE}presentationml.presentation",
)
LIMITS = {
    **dict.fromkeys(IMAGES, 5 * MEGABYTE),
    **dict.fromkeys((*VIDEOS, *SOUNDS), 16 * MEGABYTE),
    **dict.fromkeys(DOCUMENTS, LARGEST),
}
_SAME = {"audio/x-m4a": "audio/mp4", "audio/opus": "audio/ogg", "text/csv": "text/plain", "text/markdown": "text/plain"}
_KINDS: dict[str, FileKind] = {"image": "photo", "video": "video", "document": "file", "sticker": "sticker"}
HOSTS = (".fbsbx.com", ".whatsapp.net")


def read(kind: str, content: Json) -> tuple[File, ...]:
    """What came along with a message of this type."""
    ref, name, mime = content.get("id"), content.get("filename"), content.get("mime_type")
    if not isinstance(ref, str) or not ref or (kind not in _KINDS and kind != "audio"):
        return ()
    what: FileKind = _KINDS.get(kind) or ("voice" if content.get("voice") else "audio")
    shown = mime if isinstance(mime, str) and mime else UNKNOWN
    return (File(what, name if isinstance(name, str) else "", shown, 0, ref),)


def type_of(mime: str) -> str:
    """As WhatsApp calls it."""
    mime = mime.partition(";")[0].strip().lower()
    return _SAME.get(mime, mime)


def refuses(file: File | Loaded) -> str:
    """Why WhatsApp does not take it; empty when it does."""
    limit = LIMITS.get(type_of(file.mime))
    if limit is None:
        return t("WhatsApp does not take files of this type. A PDF, a Word file, a JPEG or a PNG it takes.")
    return too_large(file, limit, "WhatsApp")


def message(file: Loaded, id: str, caption: str) -> Json:
    """The part of a message that says what it is."""
    mime = type_of(file.mime)
    said = {"caption": caption} if caption else {}
    if file.kind == "photo" and mime in IMAGES:
        return {"type": "image", "image": {"id": id, **said}}
    if file.kind == "video" and mime in VIDEOS:
        return {"type": "video", "video": {"id": id, **said}}
    if file.kind in ("voice", "audio") and mime in SOUNDS:
        return {"type": "audio", "audio": {"id": id}}
    return {"type": "document", "document": {"id": id, "filename": file.name, **said}}
