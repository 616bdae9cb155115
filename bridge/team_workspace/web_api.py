"""Slack's Web API over the shared HTTP session: one call is one request, and nothing is tried again here.

slack_sdk would post a second time what a broken connection had carried, and costs several times as much a call.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from yarl import URL

from bridge.errors import TryLater, Uncertain
from bridge.i18n import t
from bridge.team_workspace.refusals import Perhaps, refusal

# Seconds for a whole call, and of them until there is a connection: before that, nothing was said.
PATIENCE = aiohttp.ClientTimeout(15.0, 5.0, sock_connect=5.0)
TRANSFER = aiohttp.ClientTimeout(180.0, 5.0, sock_connect=5.0, sock_read=30.0)  # for a file
JSON, FORM = "application/json; charset=utf-8", "application/x-www-form-urlencoded"
Answer = tuple[int, Mapping[str, str], bytes]  # status, headers, body


class WebApi:
    """Calls Slack's methods with the bot's token. Every failure is a DeliveryError: never, later, or perhaps done."""

    def __init__(self, session: aiohttp.ClientSession, token: str, url: str) -> None:
        self.session, self.token, self.url, self.proxy = session, token, url, proxy_for(url)
        self._urls: dict[str, URL] = {}

    async def call(
        self,
        method: str,
        arguments: Mapping[str, Any],
        *,
        repeatable: bool,
        fine: Collection[str] = (),
        token: str = "",
    ) -> Any:
        """What Slack answers; None when it refuses with one of `fine`, which say that it is so already.

        What may or may not be done is tried again if `repeatable`, and else Uncertain.
        """
        perhaps = TryLater if repeatable else Uncertain
        status, headers, raw = await self._answer(method, arguments, token or self.token, perhaps)
        body = _parsed(raw)
        if status == 200 and body.get("ok") is True:
            return body
        code = str(body.get("error") or "")
        if code in fine:
            return None
        raise refusal(status, code, headers, perhaps)

    async def put(self, url: str, content: AsyncIterator[bytes], size: int) -> int:
        """Bring bytes to an address that Slack named for that, without the token; the status that it answers."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        with _calling(TryLater):
            async with self.session.post(
                url, data=content, headers=headers, timeout=TRANSFER, proxy=proxy_for(url), allow_redirects=False
            ) as response:
                await response.read()
                return response.status

    @asynccontextmanager
    async def get(self, url: str) -> AsyncGenerator[aiohttp.ClientResponse]:
        """An answer to read piece by piece. The caller has made sure that the token may be seen there."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with _calling(TryLater):
            async with self.session.get(
                url, headers=headers, timeout=TRANSFER, proxy=proxy_for(url), allow_redirects=False
            ) as response:
                yield response

    async def scopes(self) -> set[str]:
        """What the token allows."""
        _, headers, _ = await self._answer("auth.test", {}, self.token, TryLater)
        return {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}

    async def _answer(self, method: str, arguments: Mapping[str, Any], token: str, perhaps: Perhaps) -> Answer:
        url = self._urls.get(method) or self._urls.setdefault(method, URL(self.url + method))
        kind, data = _written(method, arguments)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
        with _calling(perhaps):
            async with self.session.post(
                url, data=data, headers=headers, timeout=PATIENCE, proxy=self.proxy, allow_redirects=False
            ) as response:
                return response.status, response.headers, await response.read()


@contextmanager
def _calling(perhaps: Perhaps) -> Generator[None]:
    """What becomes of a call that gets no answer."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise TryLater(t("Slack cannot be reached.")) from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise perhaps(t("Slack did not answer.")) from None


def proxy_for(url: str) -> str | None:
    """What the environment says (HTTPS_PROXY, NO_PROXY ...); aiohttp would look it up for every call."""
    there = urlsplit(url)
    return None if proxy_bypass(there.hostname or "") else getproxies().get(there.scheme)


def _written(method: str, arguments: Mapping[str, Any]) -> tuple[str, bytes]:
    """Slack takes JSON where something is written (docs.slack.dev/apis/web-api), and forms everywhere."""
    given = {name: value for name, value in arguments.items() if value is not None}
    if method.startswith(("chat.", "views.")):
        return JSON, orjson.dumps(given)
    return FORM, urlencode(given).encode()


def _parsed(raw: bytes) -> Mapping[str, Any]:
    """The answer's object; empty where it is none."""
    try:
        body = orjson.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
