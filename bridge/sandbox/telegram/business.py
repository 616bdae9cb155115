"""People's own accounts that the bot answers for, and the private chats of those accounts (platform facts 2.4)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bridge.sandbox.attachments import attached
from bridge.sandbox.limits import Bucket
from bridge.sandbox.telegram import files
from bridge.sandbox.telegram.asked import Asked, as_id, bad_request
from bridge.sandbox.telegram.chats import CHAT_BURST, PER_CHAT, Chat, Message

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

Update = dict[str, Any]
More = dict[str, Any]
ACTIVE_FOR = 24 * 3600.0  # a chat can be answered for so long after its last message


@dataclass(slots=True)
class Connection:
    """One account that the bot is, or was, connected to."""

    id: str
    owner: Chat
    at: float
    rights: set[str] = field(default_factory=lambda: {"can_reply", "can_delete_sent_messages"})
    enabled: bool = True
    chats: dict[int, Chat] = field(default_factory=dict[int, Chat])
    active: dict[int, float] = field(default_factory=dict[int, float])

    def as_json(self) -> dict[str, Any]:
        """As a BusinessConnection."""
        about = {"id": self.id, "user": self.owner.user(), "user_chat_id": self.owner.id, "date": int(self.at)}
        return about | {"is_enabled": self.enabled, "rights": dict.fromkeys(sorted(self.rights), True)}


class Business:
    """All connections, by id."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}

    def of(self, owner: Chat) -> Connection | None:
        """The one that this person has now."""
        return next((it for it in self.connections.values() if it.owner is owner and it.enabled), None)

    def chat(self, telegram: "Telegram", asked: Asked, right: str = "can_reply") -> Chat | None:
        """The chat that a call names, if it is about somebody's account and the bot may do that there."""
        if not (named := asked.text("business_connection_id")):
            return None
        connection = self.connections.get(named)
        if connection is None or not connection.enabled:
            raise bad_request("BUSINESS_CONNECTION_INVALID")
        if right not in connection.rights:
            raise bad_request("BUSINESS_CONNECTION_NOT_ALLOWED")
        chat = connection.chats.get(as_id(asked.text("chat_id").strip()))
        if chat is None:
            raise bad_request("BUSINESS_PEER_INVALID")
        if telegram.world.now() - connection.active[chat.id] > ACTIVE_FOR:
            raise bad_request("BUSINESS_PEER_USAGE_MISSING")
        return chat


def connect(telegram: "Telegram", owner: Chat, target: str, text: str, more: More) -> Update | None:
    """Somebody connects the bot to their account, or changes its `rights`; with `ended` they take it out."""
    connection = telegram.business.of(owner)
    if connection is None and more.get("ended"):
        return None
    if connection is None:
        named = f"connection{len(telegram.business.connections) + 1}"
        connection = telegram.business.connections[named] = Connection(named, owner, telegram.world.now())
    connection.enabled = not more.get("ended")
    connection.rights = set(more.get("rights", connection.rights))
    return telegram.updates.emit("business_connection", connection.as_json())


def write_to(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Update | None:
    """A customer writes to the account of `target`."""
    return _write(telegram, chat, telegram.chats.of(target), text, more, {})


def write_as(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Update | None:
    """The owner of an account writes to the customer `target`, on their own phone."""
    return _write(telegram, telegram.chats.of(target), chat, text, more, {"from": chat.user()})


def _write(
    telegram: "Telegram", customer: Chat, owner: Chat, text: str, more: More, extra: dict[str, Any]
) -> Update | None:
    """None: the bot does not see it."""
    if (connection := telegram.business.of(owner)) is None:
        return None
    if more.get("filename"):
        extra = extra | files.keep(telegram, attached(more), str(more.get("kind") or "photo"))
    chat = _chat(telegram, connection, customer)
    extra = extra | {"business_connection_id": connection.id}
    message = telegram.new_message(chat, by_bot=False, text=text, extra=extra)
    connection.active[chat.id] = telegram.world.now()
    return telegram.updates.emit("business_message", telegram.as_json(chat, message))


def edit(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Update | None:
    """Somebody changes the message `target`, in the account `of` somebody."""
    if not (found := _found(telegram, telegram.chats.of(str(more.get("of"))), target)):
        return None
    there, message = found
    message.text, message.edited = text, telegram.world.now()
    return telegram.updates.emit("edited_business_message", telegram.as_json(there, message))


def delete(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Update | None:
    """Or takes it away, from both phones."""
    if not (found := _found(telegram, telegram.chats.of(str(more.get("of"))), target)):
        return None
    there, message = found
    del there.messages[message.id]
    gone = {"business_connection_id": message.extra["business_connection_id"], "chat": there.as_json()}
    return telegram.updates.emit("deleted_business_messages", gone | {"message_ids": [message.id]})


def _chat(telegram: "Telegram", connection: Connection, customer: Chat) -> Chat:
    limit = Bucket(telegram.world, rate=PER_CHAT, burst=CHAT_BURST)
    return connection.chats.setdefault(customer.id, Chat(customer.id, customer.handle, customer.name, limit))


def _found(telegram: "Telegram", owner: Chat, named: str) -> tuple[Chat, Message] | None:
    connection = telegram.business.of(owner)
    chats = connection.chats.values() if connection else ()
    return next(((chat, chat.messages[as_id(named)]) for chat in chats if as_id(named) in chat.messages), None)


async def get_business_connection(telegram: "Telegram", asked: Asked) -> Any:
    """`getBusinessConnection`."""
    connection = telegram.business.connections.get(asked.text("business_connection_id"))
    if connection is None:
        raise bad_request("business connection not found")
    return connection.as_json()


async def delete_business_messages(telegram: "Telegram", asked: Asked) -> Any:
    """`deleteBusinessMessages`, here only of what the bot sent."""
    connection = telegram.business.connections.get(asked.text("business_connection_id"))
    if connection is None or not connection.enabled:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    if "can_delete_sent_messages" not in connection.rights:
        raise bad_request("BUSINESS_CONNECTION_NOT_ALLOWED")
    for named in asked.listed("message_ids", int) or []:
        for chat in connection.chats.values():
            chat.messages.pop(named, None)
    telegram.world.record("telegram", "deleteBusinessMessages", "out", author="bot", raw=asked.values)
    return True


METHODS = {
    "getBusinessConnection": get_business_connection,
    "deleteBusinessMessages": delete_business_messages,
}
ACTIONS: dict[str, Callable[["Telegram", Chat, str, str, More], Update | None]] = {
    "connect_account": connect,
    "write_to_account": write_to,
    "write_as_owner": write_as,
    "edit_in_account": edit,
    "delete_in_account": delete,
}
