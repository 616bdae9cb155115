"""What all webhooks share: a bounded body, constant answers to bad input, and 503 when nothing was stored."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError, web

from bridge.customer_channels._json import NoJson, parsed

log = structlog.get_logger()

READING = 10.0  # seconds for a whole body; aiohttp itself waits for ever

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Rejected(Exception):
    """Bad input. Nothing of what was sent is repeated in the answer or in the log."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def guarded(channel: str, handle: Handler) -> Handler:
    """Answer what `handle` rejects with a short constant body, and log one line."""

    async def guard(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except Rejected as no:
            log.warning("webhook.rejected", channel=channel, status=no.status, code=no.code)
            error = {"error": {"code": no.code, "message": no.message}}
            return web.json_response(error, status=no.status, headers={"X-Content-Type-Options": "nosniff"})

    return guard


async def body_of(request: web.Request, most: int) -> bytes:
    """The raw body, if it is whole, in time and at most `most` bytes."""
    too_large = Rejected(413, "too_large", "The body is too large.")
    if (request.content_length or 0) > most:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(READING):
            async for chunk in request.content.iter_chunked(65_536):
                body += chunk
                if len(body) > most:
                    raise too_large
    except TimeoutError:
        raise Rejected(408, "too_slow", "The body did not arrive in time.") from None
    except (web.RequestPayloadError, ClientError, OSError, ValueError):
        raise Rejected(400, "malformed", "The body cannot be read.") from None
    return bytes(body)


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object that can be stored anywhere."""
    try:
        content = parsed(body)
    except NoJson:
        content = None
    if not isinstance(content, dict):
        raise Rejected(400, "malformed", "The body is not a JSON object.")
    return content


async def stored(channel: str, storing: Awaitable[object]) -> web.Response:
    """Acknowledge once everything is committed; else 503, so that the platform repeats it."""
    try:
        await storing
    except Exception as error:  # whatever kept it from being stored, it must come again
        log.error("webhook.not_stored", channel=channel, why=type(error).__name__)
        body = {"error": {"code": "not_stored", "message": "Please send this again later."}}
        return web.json_response(body, status=503, headers={"Retry-After": "5"})
    return web.json_response({"ok": True})
