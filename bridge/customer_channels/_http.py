"""One call to a platform over HTTP, and the one place that knows whether a call without an answer may have arrived."""

from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError

from bridge.customer_channels._json import NoJson, parsed
from bridge.errors import TryLater, Uncertain
from bridge.i18n import t

PATIENCE = 30.0  # seconds for a whole call
CONNECTING = 10.0  # seconds; well below the whole call's, so that running out of time here is known to be harmless
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform answered."""

    status: int
    body: bytes
    retry_after: float | None = None

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            content = parsed(self.body)
        except NoJson:
            return {}
        return content if isinstance(content, dict) else {}


def is_address(text: str) -> bool:
    """Whether it is the address of an HTTP API."""
    try:
        url = urlsplit(text)
        known = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False
    return known and text.isprintable() and not (" " in text or url.query or url.fragment)


async def ask(
    session: ClientSession,
    method: str,
    url: str,
    content: Any = None,
    headers: Mapping[str, str] = JSON,
    *,
    patience: float = PATIENCE,
) -> Reply:
    """Call with `content` as JSON, and return any answer.

    TryLater: nothing was sent. Uncertain: it was, but no whole answer came back. Their texts carry no URL, because
    Telegram's contain the bot's token.
    """
    return await bring(
        session, method, url, None if content is None else orjson.dumps(content), headers, patience=patience
    )


async def bring(
    session: ClientSession,
    method: str,
    url: str,
    body: bytes | AsyncIterator[bytes] | None,
    headers: Mapping[str, str],
    *,
    patience: float,
) -> Reply:
    """The same with bytes of any kind."""
    with calling(patience):
        async with session.request(
            method, url, data=body, headers=headers, timeout=_timeout(patience), allow_redirects=False
        ) as response:
            return Reply(response.status, await response.read(), _seconds(response.headers.get("Retry-After")))


@contextmanager
def calling(patience: float) -> Generator[None]:
    """What a call that gets no answer means."""
    try:
        yield
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise TryLater(t("No connection ({error}).", error=type(error).__name__)) from None
    except TimeoutError:
        raise Uncertain(t("No answer within {seconds} seconds.", seconds=f"{patience:.0f}")) from None
    except (ClientError, OSError) as error:
        broken = t("The connection broke before the answer ({error}).", error=type(error).__name__)
        raise Uncertain(broken) from None


@cache
def _timeout(patience: float) -> ClientTimeout:
    return ClientTimeout(total=patience, connect=CONNECTING, sock_connect=CONNECTING)


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() and len(header) < 7 else None
