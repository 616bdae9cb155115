"""The HTTP server: one port for webhooks, the web chat, health and metrics. Errors are short constant JSON."""

import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LARGEST_BODY = 4 * 1024 * 1024  # WhatsApp's webhooks may have 3 MB


@asynccontextmanager
async def serving(routes: Iterable[web.AbstractRouteDef], host: str, port: int) -> AsyncGenerator[int]:
    """Serve until the context ends; gives the port. Raises OSError when it is taken."""
    async with serving_on(routes, listening(host, port)) as address:
        yield address


def listening(host: str, port: int) -> socket.socket:
    """A socket that is bound already, so that its port is known before anything is built. Raises OSError."""
    return socket.create_server((host, port), backlog=1024)


@asynccontextmanager
async def serving_on(routes: Iterable[web.AbstractRouteDef], listener: socket.socket) -> AsyncGenerator[int]:
    """The same on a bound socket."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[in_words])
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=75, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield listener.getsockname()[1]
    finally:
        await runner.cleanup()


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
        log.error("http.failed", path=request.path, error=type(error).__name__, exc_info=True)
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
