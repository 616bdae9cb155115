"""Keeps other web sites away from the sandbox: loopback names only, and no cross-site request but a link."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_SITES = frozenset({"same-origin", "none", ""})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler) -> Handler:
    """Answer 403 to a name that is not loopback (DNS rebinding) and to another site's request."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not allowed(request):
            return web.json_response({"ok": False, "error": "loopback_only"}, status=403)
        return await handler(request)

    return checked


def allowed(request: web.Request) -> bool:
    """Whether a request comes from this machine and, if from a page, from the sandbox's own."""
    host = request.headers.get("Host", "")
    try:
        named = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if named not in LOOPBACK:
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return False
    link = request.method in ("GET", "HEAD") and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return link or request.headers.get("Sec-Fetch-Site", "") in SAFE_SITES
