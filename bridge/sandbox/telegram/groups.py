"""Groups that somebody takes the bot into. It sees of them what its privacy mode lets it see (platform facts 2.2)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bridge.sandbox.telegram.asked import Asked, Refused, bad_request

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram
    from bridge.sandbox.telegram.chats import Chat


@dataclass(slots=True)
class Group:
    """One of them."""

    id: int
    title: str
    has_bot: bool = False
    told: list[str] = field(default_factory=list[str])  # by the bot

    def as_json(self) -> dict[str, Any]:
        """As a Bot API Chat."""
        return {"id": self.id, "title": self.title, "type": "supergroup"}


class Groups:
    """All groups, by title."""

    def __init__(self) -> None:
        self.by_title: dict[str, Group] = {}

    def of(self, title: str) -> Group:
        """Made on first sight."""
        return self.by_title.setdefault(title, Group(-1_000_000_000_000 - crc32(title.encode()), title))

    def named(self, asked: Asked) -> Group | None:
        """The group that a call names, if the bot may act there."""
        found = next((it for it in self.by_title.values() if str(it.id) == asked.text("chat_id").strip()), None)
        if found and not found.has_bot:
            raise Refused(403, "Forbidden: bot is not a member of the supergroup chat")
        return found


def take_in(telegram: "Telegram", chat: "Chat", title: str) -> dict[str, Any]:
    """Somebody adds the bot."""
    group = telegram.groups.of(title)
    group.has_bot = True
    return _membership(telegram, chat, group, "left", "member")


def write(telegram: "Telegram", chat: "Chat", title: str, text: str) -> dict[str, Any] | None:
    """Somebody writes there. None: the bot does not get it, for it was neither called nor commanded."""
    group = telegram.groups.of(title)
    if not group.has_bot or not (text.startswith("/") or f"@{telegram.bot['username']}" in text):
        return None
    message = telegram.new_message(chat, by_bot=False, text=text)
    return telegram.updates.emit("message", telegram.as_json(chat, message) | {"chat": group.as_json()})


def say(telegram: "Telegram", group: Group, text: str) -> dict[str, Any]:
    """The bot writes there."""
    if not text:
        raise bad_request("message text is empty")
    group.told.append(text)
    telegram.world.record("telegram", "sendMessage", "out", chat=str(group.id), author="bot", text=text)
    return {"message_id": len(group.told), "date": int(telegram.world.now()), "chat": group.as_json(), "text": text}


async def leave_chat(telegram: "Telegram", asked: Asked) -> Any:
    """`leaveChat`; the bot is told of it, too."""
    group = telegram.groups.named(asked)
    if group is None:
        raise bad_request("chat not found")
    group.has_bot = False
    telegram.world.record("telegram", "leaveChat", "out", chat=str(group.id), author="bot", raw=asked.values)
    _membership(telegram, None, group, "member", "left")
    return True


def _membership(telegram: "Telegram", chat: "Chat | None", group: Group, old: str, new: str) -> dict[str, Any]:
    content = {
        "chat": group.as_json(),
        "from": chat.user() if chat else telegram.bot,
        "date": int(telegram.world.now()),
        "old_chat_member": {"user": telegram.bot, "status": old},
        "new_chat_member": {"user": telegram.bot, "status": new},
    }
    return telegram.updates.emit("my_chat_member", content)


METHODS = {"leaveChat": leave_chat}
