"""Where visitors knock: admits them, takes their messages, opens their streams. Says no in constant words."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from bridge.content import units
from bridge.customer_channels.web.files import Files
from bridge.customer_channels.web.flood import Flood, address
from bridge.customer_channels.web.origins import PREFLIGHT, Origins
from bridge.customer_channels.web.problem import PATIENCE, Problem, storing
from bridge.customer_channels.web.streams import Streams
from bridge.ports import Clock, Journal, Receive, Received, Said, Visitor

TEXT = 4000
MOST_FILES = 10  # in one message
BODY = 32 * 1024  # the longest text fits even when all of it is written as \uXXXX
PATHS = ("session", "messages", "events", "files")
LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
LARGEST_SEQ = 2**53  # what a browser can count to

Model = TypeVar("Model", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class NewVisitor(BaseModel):
    """The body of POST /web/session. A name is what somebody calls themselves, not who they are."""

    name: str = Field(default="", max_length=80)


class NewMessage(BaseModel):
    """The body of POST /web/messages."""

    id: str = Field(min_length=1, max_length=100, pattern=r"^[!-~]+$")
    text: str
    files: list[str] = Field(default=[], max_length=MOST_FILES)


class Door:
    """The calls of the protocol."""

    def __init__(self, journal: Journal, files: Files, streams: Streams, origins: Origins, clock: Clock) -> None:
        self._journal = journal
        self._files = files
        self._streams = streams
        self._origins = origins
        self._clock = clock
        self._strangers = Flood(0.2, 30, clock)
        self._callers = Flood(20, 200, clock)
        self._writers = Flood(5, 40, clock)

    def routes(self, receive: Receive) -> list[web.RouteDef]:
        """What the server listens on."""

        async def message(request: web.Request) -> web.Response:
            return await self._message(request, receive)

        return [
            web.post("/web/session", self._guarded(self._session)),
            web.post("/web/messages", self._guarded(message)),
            web.get("/web/events", self._guarded(self._events), allow_head=False),
            web.post("/web/files", self._guarded(self._upload)),
            web.get("/web/files/{id}", self._guarded(self._files.give), allow_head=False),
            *(web.options(f"/web/{path}", self._guarded(_preflight)) for path in PATHS),
        ]

    def _guarded(self, handle: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                if not self._origins.allow(request):
                    raise Problem(403, "origin", "This site may not use the chat.")
                _spend(self._callers, _caller(request))
                response = await handle(request)
            except Problem as problem:
                cause = type(problem.__cause__).__name__ if problem.__cause__ else ""
                log.info("web_refused", path=request.path, status=problem.status, code=problem.code, cause=cause)
                response = problem.response()
            if not response.prepared:
                response.headers.update(self._origins.headers(request))
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    async def _session(self, request: web.Request) -> web.Response:
        _spend(self._strangers, _caller(request))
        name = _parse(NewVisitor, await _body(request) or b"{}").name
        chat, token = secrets.token_hex(12), secrets.token_urlsafe(32)
        name = "".join(filter(str.isprintable, name)).strip() or f"Visitor {chat[:4].upper()}"
        with storing():
            await self._journal.admit(Visitor(chat, name), _hash(token))
        return web.json_response({"token": token, "visitor": chat})

    async def _message(self, request: web.Request, receive: Receive) -> web.Response:
        visitor = await self._visitor(request)
        _spend(self._writers, visitor.chat)
        raw = await _body(request)
        message = _parse(NewMessage, raw)
        text = message.text.replace("\0", "")
        files = await self._files.of(visitor, message.files)
        if not files and not any(character.isprintable() and not character.isspace() for character in text):
            raise Problem(400, "blank", "The message is blank.")
        if units(text) > TEXT:
            raise Problem(413, "too_long", f"A message may have {TEXT} characters.")
        said = Said(
            visitor.chat, visitor.name, message.id, text.strip() if files else text, self._clock(),
            _language(request), files=files,
        )  # fmt: skip
        with storing():
            [stored] = await receive([Received((f"web:{visitor.chat}:{message.id}",), said, raw)])
        self._streams.wake(visitor.chat)
        return web.json_response({"seq": stored.seq})

    async def _upload(self, request: web.Request) -> web.Response:
        visitor = await self._visitor(request)
        _spend(self._writers, visitor.chat)
        return await self._files.take(request, visitor)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitor(request, request.query.get("token", ""))
        after = _place(request.headers.get("Last-Event-ID") or request.query.get("after") or "0")
        if self._streams.closed:
            raise Problem(503, "closing", "The chat is restarting.", after=1)
        with storing():
            seq, first = await self._streams.begin(visitor.chat, after)
        return await self._streams.serve(request, visitor.chat, seq, first, self._origins.headers(request))

    async def _visitor(self, request: web.Request, token: str = "") -> Visitor:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        token = given.strip() if kind.lower() == "bearer" else token
        with storing():
            visitor = await self._journal.visitor(_hash(token)) if token else None
        if visitor is None:
            raise Problem(401, "token", "The token is missing or unknown.")
        return visitor


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204, headers=PREFLIGHT)


def _spend(flood: Flood, name: str) -> None:
    """Programs on this machine have no address to count against; visitors always have a name."""
    if name and (seconds := flood.wait(name)):
        raise Problem(429, "too_many", "Too many requests. Please wait a little.", after=seconds)


def _caller(request: web.Request) -> str:
    return address(request.remote, request.headers.getall("X-Forwarded-For", []))


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY:
                    raise Problem(413, "too_large", f"A request may have {BODY} bytes.")
    except TimeoutError:
        raise Problem(408, "too_slow", "The request did not arrive in time.") from None
    except (web.RequestPayloadError, ConnectionResetError):
        raise Problem(400, "malformed", "The request is malformed.") from None
    return bytes(body)


def _parse(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError:
        raise Problem(400, "malformed", "The request is malformed.") from None


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 17 and int(text) <= LARGEST_SEQ):
        raise Problem(400, "after", "`after` must be a number.")
    return int(text)


def _language(request: web.Request) -> str:
    """The browser's first choice, without its region."""
    first = LANGUAGE.match(request.headers.get("Accept-Language", "").lower())
    return first[0] if first else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
