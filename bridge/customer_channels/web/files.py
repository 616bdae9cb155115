"""Files of the web chat over HTTP: taken from visitors who are known, and given to whoever knows their id.

An id is 128 random bits or more, which nobody guesses. What a browser could run it only downloads.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import quote

from aiohttp import web

from bridge.customer_channels.web.problem import PATIENCE, Problem, storing
from bridge.errors import StoreAway, TryLater
from bridge.files import HEAD, MEGABYTE, File, Loaded, kind_of, safe_name, sniffed
from bridge.i18n import t
from bridge.pictures import HEAD as PICTURE
from bridge.pictures import MOST, pixels
from bridge.ports import KeptFile, Uploads, Visitor

LARGEST = 10 * MEGABYTE
LARGEST_SENT = 50 * MEGABYTE
UNSENT = 30 * MEGABYTE  # that one visitor may have uploaded and not sent
SLOWEST = 120.0  # seconds for a whole upload
PIECE = 64 * 1024
SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
ID = re.compile(r"[\w-]{22,64}", re.ASCII)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the widget is on other sites
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=86400, immutable",
}


class Files:
    """What comes in and what goes out."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def take(self, request: web.Request, visitor: Visitor) -> web.Response:
        """POST /web/files?name=NAME: the body is the file. Answers its id, under which a message can bring it along."""
        size = request.content_length
        if size is None:
            raise Problem(411, "length", "A file needs a length.")
        if size > LARGEST:
            raise Problem(413, "too_large", f"A file may have {LARGEST // MEGABYTE} MB.")
        if not size:
            raise Problem(400, "empty", "The file is empty.")
        with storing():
            unsent = await self._uploads.unsent(visitor.chat)
        if unsent + size > UNSENT:
            raise Problem(429, "too_many", "Send first what is uploaded already.")
        named = secrets.token_urlsafe(24)
        try:
            async with asyncio.timeout(SLOWEST):
                file = await _described(request, size)
                with storing():
                    await self._uploads.keep(named, visitor.chat, file, sent=False)
        except TimeoutError:
            raise Problem(408, "too_slow", "The file took too long. Try again.") from None
        about = {"id": named, "name": file.name, "mime": file.mime, "size": file.size}
        return web.json_response(about)

    async def of(self, visitor: Visitor, ids: list[str]) -> tuple[File, ...]:
        """What this visitor uploaded under these ids."""
        with storing():
            found = [await self._uploads.find(named) for named in ids if ID.fullmatch(named)]
        own = [kept for kept in found if kept and kept.chat == visitor.chat]
        if len(own) < len(ids):
            raise Problem(400, "file", "There is no such file.")
        return tuple(File(kind_of(it.mime), it.name, it.mime, it.size, it.id) for it in own)

    async def give(self, request: web.Request) -> web.StreamResponse:
        """GET /web/files/ID."""
        named = request.match_info["id"]
        with storing():
            kept = await self._uploads.find(named) if ID.fullmatch(named) else None
        if kept is None:
            raise Problem(404, "file", "There is no such file.")
        response = web.StreamResponse(headers=_headers(kept))
        await response.prepare(request)
        async for some in self._uploads.read(kept.id):
            async with asyncio.timeout(SLOWEST):
                await response.write(some)
        await response.write_eof()
        return response

    async def keep(self, id: str, chat: str, file: Loaded) -> None:
        """What an agent sends."""
        await self._uploads.keep(id, chat, file, sent=True)

    async def drop(self, id: str) -> None:
        """What an agent sent is not there any more."""
        await self._uploads.drop(id)

    async def read(self, id: str) -> AsyncGenerator[bytes]:
        """What a visitor sent."""
        try:
            async for some in self._uploads.read(id):
                yield some
        except StoreAway as away:
            raise TryLater(t("The file cannot be read now")) from away


async def _described(request: web.Request, size: int) -> Loaded:
    """The file with the type that its beginning has."""
    pieces = _pieces(request)
    head = b""
    async for some in pieces:
        head += some
        if len(head) >= min(PICTURE, size):
            break

    async def content() -> AsyncIterator[bytes]:
        yield head
        got = len(head)
        async for some in pieces:
            got += len(some)
            yield some
        if got != size:
            raise Problem(400, "malformed", "The file did not arrive whole.")

    mime = sniffed(head[:HEAD], request.content_type)
    if pixels(head, mime) > MOST:
        raise Problem(413, "too_large", f"A picture may have {MOST // 1_000_000} million pixels.")
    name = safe_name(request.query.get("name", ""), mime)
    return Loaded(kind_of(mime), name, mime, size, content)


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    try:
        while True:
            async with asyncio.timeout(PATIENCE):
                if not (some := await request.content.read(PIECE)):
                    return
            yield some
    except TimeoutError:
        raise Problem(408, "too_slow", "The request did not arrive in time.") from None
    except (web.RequestPayloadError, ConnectionResetError):
        raise Problem(400, "malformed", "The request is malformed.") from None


def _headers(kept: KeptFile) -> dict[str, str]:
    shown = kept.mime in SHOWN
    way = "inline" if shown else "attachment"
    return {
        **HEADERS,
        "Content-Type": kept.mime if shown else "application/octet-stream",
        "Content-Length": str(kept.size),
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(kept.name, safe='')}",
    }
