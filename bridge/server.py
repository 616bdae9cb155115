"""The HTTP server: one port for webhooks, the web chat, health and metrics. Errors are short constant JSON."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bridge.errors import where

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_BODY = 4 * 1024 * 1024  # WhatsApp's webhooks may have 3 MB
HEAD = 10.0  # seconds in which a request's headers must have arrived, from their first byte
CONNECTION: dict[str, Any] = {
    "access_log": None,  # addresses may hold a visitor's token
    "keepalive_timeout": 75,
    "auto_decompress": False,  # nobody sends us compressed bodies, but for those that swell to gigabytes
}


def listening(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that its port is known before anything is built. Raises OSError."""
    return socket.create_server((host, port), backlog=1024)


@asynccontextmanager
async def serving_on(
    routes: Iterable[web.AbstractRouteDef], listener: socket.socket, leave: Callable[[], Awaitable[None]]
) -> AsyncGenerator[int]:
    """Serve until the context ends; gives the port. `leave` lets open streams end before they are waited for."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[in_words])
    app.on_response_prepare.append(_no_echo)
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=2.0)
    await runner.setup()
    loop, manager = asyncio.get_running_loop(), runner.server
    assert manager is not None
    server = await loop.create_server(lambda: Connection(manager, loop=loop, **CONNECTION), sock=listener)
    try:
        yield listener.getsockname()[1]
    finally:
        server.close()
        await leave()
        await runner.cleanup()


async def _no_echo(_: web.Request, response: web.StreamResponse) -> None:
    """No answer of aiohttp's own to a strange `Expect`, which no middleware sees: it repeats what was sent."""
    if response.status == HTTPStatus.EXPECTATION_FAILED and isinstance(response, web.Response):
        response.content_type = "application/json"
        body = json.dumps({"error": {"code": "expectation_failed", "message": "Expectation Failed."}}).encode()
        response.body, response.headers["Content-Length"] = body, str(len(body))


class Connection(RequestHandler):
    """aiohttp's, but what is no HTTP gets a constant answer and one line in the log: no echo, no traceback.

    And who begins a request must come to the end of its headers in time: aiohttp would wait for as long as for the next
    request on an idle connection. Bodies are timed where they are read.
    """

    __slots__ = ("_late",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has come, and has said nothing yet."""
        self._late: asyncio.TimerHandle | None = None
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Part of a request, or all of it."""
        super().data_received(data)
        reading = not self._messages and self._current_request is None
        if not reading:
            self._in_time()
        elif self._late is None:
            self._late = asyncio.get_running_loop().call_later(HEAD, self._give_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        """They have gone."""
        self._in_time()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        self._late = None
        if not self._messages and self._current_request is None:  # else it has just come to its end
            self.force_close()

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what the parser refused."""
        log.info("http.refused", status=status, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        answer = refusal(status, "bad_request" if status < 500 else "failed", "This request cannot be read.")
        answer.force_close()
        return answer


@web.middleware
async def in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what went wrong into a status and a constant body; never an echo, never a traceback to the caller."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        if refused.status < 400:
            raise
        return refusal(refused.status, refused.reason.lower().replace(" ", "_"), refused.reason + ".")
    except Exception as error:
        log.error("http.failed", path=request.path, error=type(error).__name__, where=where(error))
        return refusal(503, "not_stored", "Try again later.")


def refusal(status: int, code: str, message: str) -> web.Response:
    """A 4xx or 5xx as everybody gets it."""
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


def health(ready: Callable[[], str]) -> list[web.RouteDef]:
    """`/healthz`: the process lives. `/readyz`: it can do its work; else the reason."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def able(_: web.Request) -> web.Response:
        reason = ready()
        return web.json_response({"ok": not reason, "reason": reason}, status=503 if reason else 200)

    return [web.get("/healthz", alive), web.get("/readyz", able)]
