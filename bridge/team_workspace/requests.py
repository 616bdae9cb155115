"""HTTP mode: the one address to which Slack sends. Nothing is read or answered before its signature is right."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response

from bridge.ports import Clock
from bridge.team_workspace.clicks import Clicks
from bridge.team_workspace.gaps import Gaps
from bridge.team_workspace.intake import Intake
from bridge.team_workspace.quota import LIMITED
from bridge.team_workspace.reading import UNREADABLE, parsed

PATH = "/slack/events"
LARGEST = 1024 * 1024  # bytes
TIMESTAMP, SIGNATURE, REPEAT = "X-Slack-Request-Timestamp", "X-Slack-Signature", "X-Slack-Retry-Num"
WINDOW = 300.0  # seconds that a signature is good for
READING = 10.0  # seconds for a whole body; aiohttp itself waits for ever

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """The route for events, interactions and commands alike."""

    intake: Intake
    clicks: Clicks
    gaps: Gaps
    secret: str
    clock: Clock

    def route(self) -> web.RouteDef:
        """Where Slack knocks."""
        return web.post(PATH, self._take)

    async def _take(self, request: web.Request) -> web.Response:
        try:
            body = await _body(request)
        except TimeoutError:
            return refusal(408, "too_slow", "The body did not arrive in time.")
        except (web.RequestPayloadError, ConnectionError):
            return refusal(400, "malformed", "The body cannot be read.")
        if body is None:
            return refusal(413, "too_large", "The body is too large.")
        headers = request.headers
        if not signed(body, headers.get(TIMESTAMP), headers.get(SIGNATURE), self.secret, self.clock()):
            return refusal(401, "bad_signature", "The signature is missing, wrong or too old.")
        try:
            return await self._answered(payload_of(body), headers)
        except UNREADABLE:
            return refusal(400, "malformed", "The body cannot be read.")

    async def _answered(self, payload: Mapping[str, Any], headers: Mapping[str, str]) -> web.Response:
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge"))})
        if payload.get("type") == "event_callback":
            if not isinstance(payload["event"], Mapping):
                raise TypeError("not an event")
            self.gaps.heard(str(payload.get("event_id")), repeated=REPEAT in headers)
        if payload.get("type") in ("event_callback", LIMITED):
            return web.Response(status=503 if await self.intake.take(payload) is None else 200)
        answered = await self.clicks.dispatch(payload)
        if answered.status == 500:  # Bolt's own: it stumbled over the body's shape before we saw it
            raise ValueError("not a shape that Bolt knows")
        return await to_aiohttp_response(answered)


def signed(body: bytes, timestamp: str | None, signature: str | None, secret: str, now: datetime) -> bool:
    """Whether Slack signed these bytes, with this secret, within the last five minutes."""
    if not timestamp or not signature or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW:
        log.warning("slack_signature_outside_window")
        return False
    expected = hmac.digest(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hex()
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


def payload_of(body: bytes) -> Mapping[str, Any]:
    """The object that was sent: as JSON, as JSON in a form's `payload`, or as the form itself."""
    if not body:
        raise ValueError("empty")
    sent: bytes | str = body
    if not body.startswith(b"{"):
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        if "payload" not in form:
            return form
        sent = form["payload"]
    payload = parsed(sent)
    if not isinstance(payload, dict):
        raise TypeError("not an object")
    return payload
