"""Calls the Bot API, JSON there and back, on the session that all share. PTB's own client is slower and logs URLs."""

from typing import Any

from aiohttp import ClientSession

from bridge.customer_channels._http import PATIENCE, ask
from bridge.customer_channels.telegram.errors import result


class BotApi:
    """One bot's way to Telegram. Its address contains the token, so it is shown to nobody."""

    def __init__(self, token: str, api: str, session: ClientSession) -> None:
        self._session, self._address = session, f"{api}/bot{token}/"

    async def call(self, method: str, wanted: Any = None, patience: float = PATIENCE) -> Any:
        """The result of a method, or the DeliveryError that its refusal means."""
        return result(await ask(self._session, "POST", self._address + method, wanted or {}, patience=patience))
