"""One call to a platform over HTTP, and the one place that knows whether a call without an answer may have arrived."""

from dataclasses import dataclass
from json import loads
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError

from bridge.errors import TryLater, Uncertain

CONNECTING = 10.0  # seconds; well below the whole call's, so that running out of time here is known to be harmless


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform answered."""

    status: int
    body: bytes
    retry_after: float | None = None

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        try:
            content = loads(self.body)
        except (ValueError, RecursionError):
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


async def ask(session: ClientSession, method: str, url: str, *, patience: float = 30.0, **request: Any) -> Reply:
    """Call, and return any answer. TryLater: nothing was sent. Uncertain: it was, but no whole answer came back.

    The errors' texts carry no URL, because Telegram's contain the bot's token.
    """
    timeout = ClientTimeout(total=patience, connect=CONNECTING, sock_connect=CONNECTING)
    try:
        async with session.request(method, url, timeout=timeout, allow_redirects=False, **request) as response:
            return Reply(response.status, await response.read(), _seconds(response.headers.get("Retry-After", "")))
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise TryLater(f"No connection ({type(error).__name__}).") from None
    except TimeoutError:
        raise Uncertain(f"No answer within {patience:.0f} seconds.") from None
    except (ClientError, OSError) as error:
        raise Uncertain(f"The connection broke before the answer ({type(error).__name__}).") from None


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() and len(header) < 7 else None
