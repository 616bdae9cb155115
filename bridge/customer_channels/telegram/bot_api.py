"""Calls the Bot API, JSON there and back, on the session that all share. PTB's own client is slower and logs URLs."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from json import dumps
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession

from bridge.customer_channels._files import TRANSFER, download, form
from bridge.customer_channels._http import PATIENCE, ask, bring
from bridge.customer_channels.telegram.errors import result
from bridge.customer_channels.telegram.media import LARGEST_DOWNLOAD
from bridge.errors import Undeliverable
from bridge.files import Loaded
from bridge.i18n import t


class BotApi:
    """One bot's way to Telegram. Its address contains the token, so it is shown to nobody."""

    def __init__(self, token: str, api: str, session: ClientSession) -> None:
        self._session, self._address, self._files = session, f"{api}/bot{token}/", f"{api}/file/bot{token}/"

    async def call(self, method: str, wanted: Any = None, patience: float = PATIENCE) -> Any:
        """The result of a method, or the DeliveryError that its refusal means."""
        return result(await ask(self._session, "POST", self._address + method, wanted or {}, patience=patience))

    async def upload(self, method: str, wanted: Mapping[str, Any], files: Mapping[str, Loaded]) -> Any:
        """The same with files, straight from the disk."""
        fields = {name: it if isinstance(it, str) else dumps(it) for name, it in wanted.items()}
        headers, body = form(fields, files)
        url = self._address + method
        return result(await bring(self._session, "POST", url, body, headers, patience=TRANSFER))

    async def download(self, path: str) -> AsyncGenerator[bytes]:
        """A file that getFile told the path of."""
        if ".." in path.split("/"):
            raise Undeliverable(t("Telegram does not say where it is."))
        url = self._files + quote(path.lstrip("/"))
        async with aclosing(download(self._session, url, {}, LARGEST_DOWNLOAD, "Telegram")) as pieces:
            async for some in pieces:
                yield some
