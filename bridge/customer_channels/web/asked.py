"""What a request brings along, read within limits, or a Problem."""

import asyncio
import re
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bridge.content import units
from bridge.customer_channels.web.problem import PATIENCE, Problem

BODY = 32 * 1024  # the longest text fits even when all of it is written as \uXXXX
TEXT = 4000  # UTF-16 units of a message
ID = r"^[!-~]+$"  # of a message, which the browser makes up
LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
LARGEST_SEQ = 2**53  # what a browser can count to

Model = TypeVar("Model", bound=BaseModel)


async def body(request: web.Request) -> bytes:
    """All of it."""
    read = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                read += chunk
                if len(read) > BODY:
                    raise Problem(413, "too_large", f"A request may have {BODY} bytes.")
    except TimeoutError:
        raise Problem(408, "too_slow", "The request did not arrive in time.") from None
    except (web.RequestPayloadError, ConnectionResetError):
        raise Problem(400, "malformed", "The request is malformed.") from None
    return bytes(read)


def parse(model: type[Model], read: bytes) -> Model:
    """As what it should be."""
    try:
        return model.model_validate_json(read, strict=True)
    except ValidationError:
        raise Problem(400, "malformed", "The request is malformed.") from None


def words(text: str, *, alone: bool = True) -> str:
    """What somebody wrote, as they wrote it. Unless it comes alone, there may be nothing in it that anybody sees."""
    said = text.replace("\0", "")
    if not any(letter.isprintable() and not letter.isspace() for letter in said):
        if alone:
            raise Problem(400, "blank", "The message is blank.")
        return ""
    if units(said) > TEXT:
        raise Problem(413, "too_long", f"A message may have {TEXT} characters.")
    return said


def place(text: str) -> int:
    """A place in a journal."""
    if not (text.isascii() and text.isdigit() and len(text) < 17 and int(text) <= LARGEST_SEQ):
        raise Problem(400, "after", "`after` must be a number.")
    return int(text)


def language(request: web.Request) -> str:
    """The browser's first choice, without its region."""
    first = LANGUAGE.match(request.headers.get("Accept-Language", "").lower())
    return first[0] if first else ""


def bearer(request: web.Request) -> str:
    """The token in the header Authorization."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if kind.lower() == "bearer" else ""
