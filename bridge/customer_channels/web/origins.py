"""Which sites may use the chat. There are no cookies, so this keeps strangers' sites out, not thieves."""

from aiohttp import web


class Origins:
    """The allowed origins; when none are named, every site may call with a token it was given."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = frozenset(allowed)
        self.ancestors = " ".join(("'self'", *sorted(allowed)))

    def allow(self, request: web.Request) -> bool:
        """Whether a request from this page is welcome. Programs that are not browsers send no Origin."""
        origin = request.headers.get("Origin")
        if origin is None or not self._allowed or origin.lower() in self._allowed:
            return True
        return origin.lower().partition("://")[2] == request.host.lower()

    def headers(self, request: web.Request) -> dict[str, str]:
        """What lets the calling page read the answer."""
        origin = request.headers.get("Origin")
        if origin is None or not self.allow(request):
            return {"Vary": "Origin"}
        return {
            "Vary": "Origin",
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After",
        }


PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "7200",
}
