"""python-telegram-bot's `Bot` on the shared aiohttp session. Its own client is slower, and logs URLs with the token."""

from json import loads
from typing import Any

from aiohttp import ClientSession
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bridge.customer_channels._http import ask
from bridge.customer_channels.telegram.updates import is_update
from bridge.errors import TryLater

LONG_POLL = 25  # seconds
ALLOWED = ["message", "edited_message", "my_chat_member", "callback_query"]


class Unreadable(TelegramError):
    """An answer that is not Telegram's: from a proxy, or cut short."""


class Request(BaseRequest):
    """PTB's way out to the network. A DeliveryError of `ask` reaches the caller as the cause of a NetworkError."""

    def __init__(self, session: ClientSession, patience: float) -> None:
        self._session, self._patience = session, patience

    @property
    def read_timeout(self) -> float:
        return self._patience

    async def initialize(self) -> None:
        """Nothing to do: the session is shared."""

    async def shutdown(self) -> None:
        """Nothing to do: the session is shared."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """One call. PTB's own timeouts are not used: ours is for the whole call."""
        form = request_data.json_parameters if request_data else None
        reply = await ask(self._session, method, url, patience=self._patience, data=form)
        if reply.status == 429:  # here, because PTB warns about its own way of telling how long
            wait = reply.json().get("parameters", {}).get("retry_after")
            raise TryLater("Telegram asks us to slow down.", float(wait) if isinstance(wait, int) else None)
        return reply.status, reply.body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse without PTB's logging of what cannot be parsed: it may be customers' words."""
        try:
            content = loads(payload)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict) or not ("result" in content or content.get("ok") is False):
            raise Unreadable("Not an answer of the Bot API.")
        return content


class TelegramBot(Bot):
    """PTB's Bot, which also hands out updates as they came: one that PTB cannot read must not hold up the others."""

    def __init__(self, token: str, api: str, session: ClientSession) -> None:
        super().__init__(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=Request(session, 30.0),
            get_updates_request=Request(session, LONG_POLL + 10.0),
        )

    async def raw_updates(self, offset: int) -> list[dict[str, Any]]:
        """Wait for updates from `offset` on; 0 means from the oldest one that is not confirmed."""
        wanted = {"timeout": LONG_POLL, "allowed_updates": ALLOWED} | ({"offset": offset} if offset else {})
        updates: Any = await self._post("getUpdates", wanted)
        if not isinstance(updates, list) or not all(isinstance(u, dict) and is_update(u) for u in updates):
            raise Unreadable("Not a list of updates.")
        return updates
