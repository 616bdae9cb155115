"""Files as plain values: what came along with a message, what it is called, and what its first bytes say it is. Pure.

A file's own name and type are claims of whoever sent it. Nothing here reads a file.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bridge.graphemes import whole
from bridge.i18n import again, joined, t

FileKind = Literal["photo", "file", "voice", "audio", "video", "sticker"]

UNKNOWN = "application/octet-stream"
HEAD = 512  # bytes, from which a type is told
LONGEST_NAME = 100
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """Something that came along with a message. `ref` is understood only where it came from.

    `size` is what that side said; 0: it did not say.
    """

    kind: FileKind
    name: str
    mime: str
    size: int
    ref: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that is here, under a safe name and with the type that its bytes have. `content` begins anew each time."""

    kind: FileKind
    name: str
    mime: str
    size: int
    content: Callable[[], AsyncIterator[bytes]]


# ------------------------------------------------------------------------------------------------------------ in words


KINDS: Mapping[FileKind, str] = {
    "photo": t("photo"),
    "file": t("file"),
    "voice": t("voice"),
    "audio": t("audio"),
    "video": t("video"),
    "sticker": t("sticker"),
}


def described(file: File) -> str:
    """One file in a line of text."""
    kind = again(KINDS[file.kind])
    return t("{kind}: {name}", kind=kind, name=safe_name(file.name, "")) if file.name else kind


def with_files(text: str, files: Sequence[File]) -> str:
    """What was said, and what came along, where only text can be shown."""
    came = [t("[{file}]", file=described(file)) for file in files]
    return joined([text, *came] if text else came, "\n")


def megabytes(size: int) -> str:
    """A limit, for people."""
    return f"{size // MEGABYTE} MB"


def too_large(file: File | Loaded, limit: int, where: str) -> str:
    """Why a file cannot go there; empty when it can."""
    if file.size <= limit:
        return ""
    return t("It is larger than the {size} that {where} takes.", size=megabytes(limit), where=where)


# ------------------------------------------------------------------------------------------------------ where they are


def may_see_token(url: str, api: str, hosts: Sequence[str]) -> bool:
    """Whether an address is the API's own host, or over https one of these; `.example.com` is each below that."""
    try:
        there, ours = urlsplit(url), urlsplit(api)
        host, port = there.hostname or "", there.port
    except ValueError:
        return False
    if (there.scheme, host, port) == (ours.scheme, ours.hostname, ours.port):
        return True
    known = any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts)
    return known and there.scheme == "https" and port in (None, 443)


# ------------------------------------------------------------------------------------------------------ what they are

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE = {  # a type that only its name tells from another of the same make
    "application/zip": (
        f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    ),
    "application/msword": ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    "audio/ogg": ("audio/ogg", "audio/opus", "video/ogg"),
    "video/mp4": ("video/mp4", "audio/mp4", "audio/x-m4a", "video/quicktime", "video/3gpp"),
    "video/webm": ("video/webm", "audio/webm", "video/x-matroska"),
}  # fmt: skip
_ENDINGS: dict[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg", "jpe"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "text/plain": ("txt", "text", "csv", "md", "log"),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/opus": ("opus", "ogg"),
    "video/ogg": ("ogv", "ogg"),
    "audio/mpeg": ("mp3",),
    "audio/amr": ("amr",),
    "audio/mp4": ("m4a", "mp4"),
    "audio/x-m4a": ("m4a",),
    "video/mp4": ("mp4", "m4v"),
    "video/quicktime": ("mov", "qt"),
    "video/3gpp": ("3gp",),
    "video/webm": ("webm",),
    "audio/webm": ("weba", "webm"),
    "video/x-matroska": ("mkv",),
    "application/zip": ("zip",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    f"{_OFFICE}wordprocessingml.document": ("docx",),
    f"{_OFFICE}spreadsheetml.sheet": ("xlsx",),
    f"{_OFFICE}presentationml.presentation": ("pptx",),
}
_TEXT = ("text/plain", "text/csv", "text/markdown")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sniffed(head: bytes, claimed: str) -> str:
    """The type that the first bytes have. What is claimed counts only where they cannot tell, and for nothing alive."""
    found = next((mime for magic, mime in _MAGIC if head.startswith(magic)), "")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "image/webp"
    elif head[4:8] == b"ftyp":
        found = "video/mp4"
    elif not found and head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0:
        found = "audio/mpeg"
    claimed = claimed.partition(";")[0].strip().lower()
    if not found:
        return "text/plain" if claimed in _TEXT and not _BINARY.search(head) else UNKNOWN
    return claimed if claimed in _INSIDE.get(found, ()) else found


def kind_of(mime: str) -> FileKind:
    """How a file of this type is shown."""
    if mime in ("image/jpeg", "image/png"):
        return "photo"
    if mime in ("audio/ogg", "audio/opus"):
        return "voice"
    if mime in ("audio/mpeg", "audio/mp4", "audio/x-m4a"):
        return "audio"
    return "video" if mime == "video/mp4" else "file"


def actual(kind: FileKind, mime: str) -> FileKind:
    """The kind that a file was said to be of, if its bytes allow that."""
    possible = {"photo": "image/", "sticker": "image/", "voice": "audio/", "audio": "audio/", "video": "video/"}
    return kind if kind == "file" or mime.startswith(possible[kind]) else "file"


# ------------------------------------------------------------------------------------------------- what they are called


def safe_name(name: str, mime: str) -> str:
    """A name that is one, in one line, without a path or anything invisible, and that ends as its type does."""
    name = whole(name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(" " if sign.isspace() else sign for sign in name if _is_seen(sign))
    stem, dot, ending = " ".join(shown.split()).lstrip(". ").rpartition(".")
    if not dot or not ending.isascii() or not ending.isalnum() or len(ending) > 8:
        stem, ending = f"{stem}{dot}{ending}", ""
    fitting = _ENDINGS.get(mime, ())
    if fitting and ending.lower() not in fitting:
        stem, ending = ".".join(filter(None, (stem, ending))), fitting[0]
    stem = stem.rstrip(". ")[: LONGEST_NAME - 10].rstrip(". ") or "file"
    return f"{stem}.{ending}" if ending else stem


def _is_seen(sign: str) -> bool:
    """Not a control character, nothing that turns the direction of writing, and nothing that file systems mind."""
    return sign not in '<>:"|?*' and (
        sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
