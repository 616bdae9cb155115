"""Where visitors knock: takes their messages, opens their streams. Says no in constant words."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from pydantic import BaseModel, Field

from bridge.customer_channels.web import asides, asked
from bridge.customer_channels.web.changes import change
from bridge.customer_channels.web.events import readable
from bridge.customer_channels.web.files import Files
from bridge.customer_channels.web.flood import Flood, address
from bridge.customer_channels.web.origins import PREFLIGHT, Origins
from bridge.customer_channels.web.problem import Problem, storing
from bridge.customer_channels.web.streams import Streams
from bridge.customer_channels.web.visitors import Visitors
from bridge.ports import Clock, Journal, Receipt, Receive, Received, Said

MOST_FILES = 10  # in one message
PATHS = ("session", "messages", "events", "files", "seen", "changes", "ratings", "typing")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Receiver = Callable[[web.Request, Receive], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class NewMessage(BaseModel):
    """The body of POST /web/messages."""

    id: str = Field(min_length=1, max_length=100, pattern=asked.ID)
    text: str
    files: list[str] = Field(default=[], max_length=MOST_FILES)


class Seen(BaseModel):
    """The body of POST /web/seen."""

    seq: int = Field(ge=0, le=asked.LARGEST_SEQ)


class Door:
    """The calls of the protocol."""

    def __init__(
        self, journal: Journal, visitors: Visitors, files: Files, streams: Streams, origins: Origins, clock: Clock
    ) -> None:
        self._journal = journal
        self._visitors = visitors
        self._files = files
        self._streams = streams
        self._origins = origins
        self._clock = clock
        self._strangers = Flood(0.2, 30, clock)
        self._callers = Flood(20, 200, clock)
        self._writers = Flood(5, 40, clock)
        self._readers = Flood(5, 40, clock)
        self._typists = Flood(1 / asides.EVERY, 2, clock)

    def routes(self, receive: Receive) -> list[web.RouteDef]:
        """What the server listens on."""

        def handing_over(handle: Receiver) -> Handler:
            async def handed(request: web.Request) -> web.StreamResponse:
                return await handle(request, receive)

            return self._guarded(handed)

        return [
            web.post("/web/session", handing_over(self._session)),
            web.post("/web/messages", handing_over(self._message)),
            web.post("/web/changes", handing_over(self._change)),
            web.post("/web/seen", handing_over(self._seen)),
            web.post("/web/ratings", handing_over(self._rate)),
            web.post("/web/typing", handing_over(self._typing)),
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

    async def _session(self, request: web.Request, receive: Receive) -> web.Response:
        _spend(self._strangers, _caller(request))
        return await self._visitors.admit(request, receive)

    async def _message(self, request: web.Request, receive: Receive) -> web.Response:
        visitor = await self._visitors.of(request)
        _spend(self._writers, visitor.chat)
        raw = await asked.body(request)
        message = asked.parse(NewMessage, raw)
        files = await self._files.of(visitor, message.files)
        text = asked.words(message.text, alone=not files)
        said = Said(
            visitor.chat, visitor.name, message.id, text, self._clock(), asked.language(request), files=files,
            verified=visitor.verified,
        )  # fmt: skip
        with storing():
            [stored] = await receive([Received((f"web:{visitor.chat}:{message.id}",), said, raw)])
        self._streams.wake(visitor.chat)
        return web.json_response({"seq": stored.seq})

    async def _seen(self, request: web.Request, receive: Receive) -> web.Response:
        """What they see now has been read. They cannot have seen what is not there yet."""
        visitor = await self._visitors.of(request)
        _spend(self._readers, visitor.chat)
        raw = await asked.body(request)
        seq = asked.parse(Seen, raw).seq
        chat, at = visitor.chat, visitor.seen
        with storing():
            while at < seq and (fresh := [it for it in await self._journal.after(chat, at) if it[0] <= seq]):
                read = [Receipt("read", key, key) for _, event in fresh if (key := readable(event))]
                await receive([Received((f"web:{chat}:read:{it.key}",), it, raw) for it in read])
                at = fresh[-1][0]
                await self._journal.saw(chat, at)
        return web.json_response({})

    async def _change(self, request: web.Request, receive: Receive) -> web.Response:
        visitor = await self._visitors.of(request)
        _spend(self._writers, visitor.chat)
        return await change(request, visitor, self._journal, self._clock, receive)

    async def _rate(self, request: web.Request, receive: Receive) -> web.Response:
        visitor = await self._visitors.of(request)
        _spend(self._writers, visitor.chat)
        answer = await asides.rate(request, visitor, self._journal, receive)
        self._streams.wake(visitor.chat)
        return answer

    async def _typing(self, request: web.Request, receive: Receive) -> web.Response:
        visitor = await self._visitors.of(request)
        return await asides.writing(request, visitor, self._typists, self._clock, receive)

    async def _upload(self, request: web.Request) -> web.Response:
        visitor = await self._visitors.of(request)
        _spend(self._writers, visitor.chat)
        return await self._files.take(request, visitor)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        visitor = await self._visitors.of(request, request.query.get("token", ""))
        after = asked.place(request.headers.get("Last-Event-ID") or request.query.get("after") or "0")
        if self._streams.closed:
            raise Problem(503, "closing", "The chat is restarting.", after=1)
        with storing():
            seq, first = await self._streams.begin(visitor.chat, after)
        return await self._streams.serve(request, visitor.chat, seq, first, self._origins.headers(request))


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204, headers=PREFLIGHT)


def _spend(flood: Flood, name: str) -> None:
    """Programs on this machine have no address to count against; visitors always have a name."""
    if name and (seconds := flood.wait(name)):
        raise Problem(429, "too_many", "Too many requests. Please wait a little.", after=seconds)


def _caller(request: web.Request) -> str:
    return address(request.remote, request.headers.getall("X-Forwarded-For", []))
