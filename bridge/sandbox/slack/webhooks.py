"""HTTP mode: signed requests to the app's one address, for events, interactions and commands alike."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, TooManyRedirects

from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.transport import Undelivered, patience

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

FORM = "application/x-www-form-urlencoded"


class Webhooks:
    """Carries payloads to `events_url`, each signed with `signing_secret`."""

    def __init__(self, slack: "Slack") -> None:
        self.slack, self.world = slack, slack.world
        self.url = self.secret = ""
        self._session: ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        """Post a payload; the body of a 200 answer is the app's reply."""
        if kind == "events_api":
            content, body = "application/json", json.dumps(payload, ensure_ascii=False)
        else:
            content = FORM
            body = urlencode(payload if kind == "slash_commands" else {"payload": json.dumps(payload)})
        headers = self._signed(body) | {"Content-Type": content}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        self._session = self._session or ClientSession()
        try:
            async with asyncio.timeout(patience(self.world, self.slack.grace) / self.world.speed):
                async with self._session.post(self.url, data=body, headers=headers, max_redirects=2) as response:
                    return await self._answer(response)
        except TimeoutError:
            raise Undelivered("http_timeout") from None
        except TooManyRedirects:
            raise Undelivered("too_many_redirects") from None
        except ClientError:
            raise Undelivered("connection_failed") from None

    def _signed(self, body: str) -> dict[str, str]:
        at = str(int(time.time()))  # the receiver compares with the real clock, however fast the sandbox's runs
        mark = hmac.new(self.secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mark}"}

    async def _answer(self, response: ClientResponse) -> Json:
        text = await response.text(errors="replace")
        if not 200 <= response.status < 300:
            raise Undelivered("http_error", final=response.headers.get("X-Slack-No-Retry") == "1")
        if not text.strip():
            return {}
        try:
            answer = json.loads(text)
        except ValueError:
            return {"text": text}
        return answer if isinstance(answer, dict) else {"text": text}
