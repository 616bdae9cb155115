"""Telegram Business: the bot answers for a person's own account, in that account's private chats.

Their owner decides in Telegram which chats, and whether it may reply at all; @BotFather, whether there can be such
connections. A chat's name here holds the connection. (Platform facts, 2.4.)
"""

from collections.abc import Mapping
from typing import Any, cast

from bridge.customer_channels.telegram.bot_api import BotApi
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.i18n import t
from bridge.ports import CustomerEvent, Ignored, Troubled

Json = Mapping[str, Any]

ENDED = t("The bot is not connected to this Telegram account any more.")
MAY_NOT_REPLY = t("The owner of this Telegram account does not let the bot reply.")


def named(connection: str, chat: str) -> str:
    """A chat of somebody's account."""
    return f"{connection}:{chat}" if connection else chat


def place(chat: str) -> dict[str, str]:
    """How a call says which chat it is about."""
    connection, _, number = chat.rpartition(":")
    return {"chat_id": number} | ({"business_connection_id": connection} if connection else {})


def connection_of(chat: str) -> str:
    """Through which account it goes; blank: the bot's own."""
    return chat.rpartition(":")[0]


def changed(connection: Json) -> CustomerEvent:
    """What an admin hears of a new, a changed or an ended connection: only what is wrong with it."""
    owner = connection.get("user", {}).get("first_name")
    if why := trouble(connection):
        return Troubled(t("{owner}: {why}", owner=owner if isinstance(owner, str) else "Telegram Business", why=why))
    return Ignored("business connection", routine=True)


def trouble(connection: Json) -> str:
    """Why nothing can be sent through it; blank: it can."""
    if connection.get("is_enabled") is not True:
        return ENDED
    rights = connection.get("rights")
    return "" if isinstance(rights, Mapping) and rights.get("can_reply") is True else MAY_NOT_REPLY


class Connections:
    """Through which of them we may reply. Those through which we may not are asked about each time."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._open: set[str] = set()

    async def check(self, chat: str) -> None:
        """Raises Undeliverable where we may not reply."""
        connection = connection_of(chat)
        if not connection or connection in self._open:
            return
        try:
            found = await self._api.call("getBusinessConnection", {"business_connection_id": connection})
        except Uncertain as error:  # of the question: nothing has been sent
            raise TryLater(str(error)) from None
        if why := trouble(found if isinstance(found, dict) else {}):
            raise Undeliverable(why)
        self._open.add(connection)

    def forget(self, connection: object) -> None:
        """It has changed; whatever came as one."""
        if isinstance(connection, dict):
            self._open.discard(str(cast(Json, connection).get("id")))
