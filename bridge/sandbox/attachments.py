"""Files that people and programs send."""

import base64
import binascii
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file."""

    name: str
    mime: str
    content: bytes


def attached(more: Mapping[str, Any]) -> Attachment:
    """The file of a `send_file`: `filename`, and `content` as text or `content_base64`; `mime` is guessed if absent."""
    name = str(more.get("filename") or "file.txt")
    try:
        content = base64.b64decode(str(more.get("content_base64") or ""), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    mime = str(more.get("mime") or mimetypes.guess_type(name)[0] or UNKNOWN)
    return Attachment(name, mime, content or str(more.get("content") or "").encode())
