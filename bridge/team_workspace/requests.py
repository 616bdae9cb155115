"""HTTP mode: the one address to which Slack sends. Nothing is read or answered before its signature is right."""

import asyncio
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bridge.ports import Clock

PATH = "/slack/events"
LARGEST = 1024 * 1024  # bytes
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
WINDOW = 300.0  # seconds that a signature is good for
READING = 10.0  # seconds for a whole body; aiohttp itself waits for ever

log = structlog.get_logger()


def route(app: AsyncApp, secret: str, clock: Clock) -> web.RouteDef:
    """The route for events, interactions and commands alike."""

    async def take(request: web.Request) -> web.Response:
        try:
            body = await _body(request)
        except TimeoutError:
            return refusal(408, "too_slow", "The body did not arrive in time.")
        except (web.RequestPayloadError, ConnectionError):
            return refusal(400, "malformed", "The body cannot be read.")
        if body is None:
            return refusal(413, "too_large", "The body is too large.")
        headers = request.headers
        if not signed(body, headers.get(TIMESTAMP), headers.get(SIGNATURE), secret, clock()):
            return refusal(401, "bad_signature", "The signature is missing, wrong or too old.")
        try:
            payload = payload_of(body)
            # As over a socket: of a form, Bolt 1.30 would lose a command whose text has the word "payload" in it.
            asked = AsyncBoltRequest(mode="socket_mode", body=payload)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
            return refusal(400, "malformed", "The body cannot be read.")
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge"))})
        answered = await app.async_dispatch(asked)
        if answered.status == 500:  # Bolt's own: it stumbled over the body's shape before we saw it
            return refusal(400, "malformed", "The body cannot be read.")
        return await to_aiohttp_response(answered)

    return web.post(PATH, take)


def signed(body: bytes, timestamp: str | None, signature: str | None, secret: str, now: datetime) -> bool:
    """Whether Slack signed these bytes, with this secret, within the last five minutes."""
    if not timestamp or not signature or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW:
        log.warning("slack_signature_outside_window")
        return False
    expected = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={expected}".encode(), signature.encode("utf-8", "surrogateescape"))


def refusal(status: int, code: str, message: str) -> web.Response:
    """A short constant answer, which echoes nothing."""
    log.warning("slack_request_refused", code=code)
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


async def _body(request: web.Request) -> bytes | None:
    """The raw body; None when it is too large."""
    if (request.content_length or 0) > LARGEST:
        return None
    body = bytearray()
    async with asyncio.timeout(READING):
        async for chunk in request.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > LARGEST:
                return None
    return bytes(body)


def payload_of(body: bytes) -> dict[str, Any]:
    """The object that was sent: as JSON, as JSON in a form's `payload`, or as the form itself."""
    if not body:
        raise ValueError("empty")
    text = body.decode()
    if not text.startswith("{"):
        form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
        if "payload" not in form:
            return form
        text = form["payload"]
    payload = json.loads(text)
    if not isinstance(payload, dict):
        raise TypeError("not an object")
    return payload
