"""The chat as a script for other sites, with its words in other languages, and as a page of its own."""

import hashlib
from html import escape
from importlib.resources import files

from aiohttp import ETag, web

from bridge.customer_channels.web.origins import Origins

DIST = ("widget", "dist")

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%230d6b5a' "
    "d='M6 2h12a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4h-6l-6 4v-4a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z'/%3E%3C/svg%3E"
)
VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="{viewport}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{icon}">
<title>{title}</title>
</head>
<body>
<noscript>This chat needs JavaScript.</noscript>
<script src="widget.js" data-page data-title="{title}"></script>
</body>
</html>
"""

# Styles are made by the script itself as constructed sheets, which need no permission.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {ancestors}"
)


class Pages:
    """Serves them. `asks` is what visitors are asked before they first write, as the script reads it."""

    def __init__(self, title: str, origins: Origins, asks: str = "") -> None:
        self._page = PAGE.format(title=escape(title), viewport=VIEWPORT, icon=ICON)
        self._policy = POLICY.format(ancestors=origins.ancestors)
        built = files("bridge.customer_channels").joinpath(*DIST)
        told = f'document.currentScript.dataset.asks="{asks}";\n' if asks else ""
        self._script = _Built(told.encode() + built.joinpath("widget.js").read_bytes(), "text/javascript")
        words = [it for it in built.iterdir() if it.name.endswith(".json")]
        self._words = {it.name: _Built(it.read_bytes(), "application/json") for it in words}

    async def chat(self, _request: web.Request) -> web.Response:
        """GET /chat."""
        headers = {
            "Content-Security-Policy": self._policy,
            "Cache-Control": "no-cache",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=self._page, content_type="text/html", charset="utf-8", headers=headers)

    async def script(self, request: web.Request) -> web.Response:
        """GET /widget.js."""
        return self._script.answer(request)

    async def words(self, request: web.Request) -> web.Response:
        """GET /widget/de.json and its like."""
        found = self._words.get(request.match_info["file"])
        if found is None:
            raise web.HTTPNotFound
        return found.answer(request)


class _Built:
    """A file that any site may load, and that browsers keep."""

    def __init__(self, content: bytes, kind: str) -> None:
        self._content, self._kind = content, kind
        # Weak, because the same tag stands for the file and for its compressed form.
        self._tag = ETag(hashlib.sha256(content).hexdigest()[:32], is_weak=True)

    def answer(self, request: web.Request) -> web.Response:
        known = any(tag.value in (self._tag.value, "*") for tag in request.if_none_match or ())
        response = web.Response(status=304) if known else web.Response(body=self._content)
        response.etag = self._tag
        response.headers.update(
            {
                "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
                "Vary": "Accept-Encoding",
                "Access-Control-Allow-Origin": "*",
                "Cross-Origin-Resource-Policy": "cross-origin",
                "X-Content-Type-Options": "nosniff",
            }
        )
        if not known:
            response.content_type, response.charset = self._kind, "utf-8"
            response.enable_compression()
        return response
