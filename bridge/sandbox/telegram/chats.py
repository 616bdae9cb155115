"""What the Telegram look-alike holds: the customers' private chats and their messages."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zlib import crc32

from bridge.sandbox.limits import Bucket
from bridge.sandbox.telegram import markup
from bridge.sandbox.telegram.asked import as_id
from bridge.sandbox.world import World

FILES = frozenset(("photo", "document", "voice", "audio", "video", "video_note", "sticker"))
SHOWN = 300  # messages of a chat that the page shows

# About one message a second to one chat, with bursts tolerated (platform facts 2.3; the burst's size is ours).
PER_CHAT, CHAT_BURST = 1.0, 5.0


@dataclass(slots=True)
class Message:
    """One message of a chat."""

    id: int
    by_bot: bool
    at: float
    text: str
    entities: list[markup.Entity] = field(default_factory=list[markup.Entity])
    edited: float | None = None
    keyboard: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])  # photo, document, reply_to_message
    reactions: dict[bool, str] = field(default_factory=dict[bool, str])  # by the bot (True), by the customer

    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of its inline keyboard."""
        return (self.keyboard or {}).get("inline_keyboard", [])

    def shown(self) -> dict[str, Any]:
        """As the page shows it."""
        rows = [
            [{"text": b["text"], "data": b.get("callback_data"), "url": b.get("url")} for b in row]
            for row in self.buttons()
        ]
        return {
            "id": str(self.id),
            "from": "bot" if self.by_bot else "customer",
            "text": self.text,
            "html": markup.as_html(self.text, self.entities),
            "at": self.at,
            "edited": self.edited is not None,
            "reactions": list(self.reactions.values()),
            "file": next((_named(kind, self.extra[kind]) for kind in sorted(FILES) if kind in self.extra), None),
            "buttons": rows or None,
        }


def _named(kind: str, file: Any) -> str:
    return (file.get("file_name") if isinstance(file, dict) else "") or kind


@dataclass(slots=True)
class Chat:
    """One customer's private chat with the bot; its id is the customer's."""

    id: int
    handle: str
    name: str
    limit: Bucket
    blocked: bool = False
    typing_until: float = 0.0
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    topics: set[int] = field(default_factory=set[int])

    def user(self) -> dict[str, Any]:
        """The customer as a Bot API User."""
        first, _, last = self.name.partition(" ")
        user = {"id": self.id, "is_bot": False, "first_name": first, "username": self.handle, "language_code": "en"}
        return {**user, "last_name": last} if last else user

    def as_json(self) -> dict[str, Any]:
        """As a Bot API Chat."""
        user = self.user()
        return {"id": self.id, "type": "private"} | {
            k: user[k] for k in ("first_name", "last_name", "username") if k in user
        }

    def shown(self, now: float) -> dict[str, Any]:
        """As the page shows it."""
        return {
            "chat": str(self.id),
            "name": self.name,
            "handle": self.handle,
            "blocked": self.blocked,
            "typing": now < self.typing_until,
            "messages": [m.shown() for m in islice(self.messages.values(), max(0, len(self.messages) - SHOWN), None)],
        }


class Chats:
    """All chats, by customer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_id: dict[int, Chat] = {}
        self._by_handle: dict[str, Chat] = {}
        world.on_reset(self.forget)

    def forget(self) -> None:
        """Start afresh."""
        self.by_id.clear()
        self._by_handle.clear()

    def of(self, actor: str, name: str = "") -> Chat:
        """The chat of a customer, by handle or id; made on first sight, with the same id every time."""
        given = as_id(actor)
        chat = self._by_handle.get(actor) or self.by_id.get(given)
        if chat is None:
            chat_id = given if given > 0 else 1_000_000_000 + crc32(actor.encode())
            while chat_id in self.by_id:
                chat_id += 1
            limit = Bucket(self.world, rate=PER_CHAT, burst=CHAT_BURST)
            chat = Chat(chat_id, actor, name or actor.replace("_", " ").title(), limit)
            self.by_id[chat_id] = self._by_handle[actor] = chat
        return chat

    def as_json(self, chat: Chat, message: Message, bot: dict[str, Any]) -> dict[str, Any]:
        """A message as the Bot API gives it."""
        out: dict[str, Any] = {
            "message_id": message.id,
            "from": bot if message.by_bot else chat.user(),
            "chat": chat.as_json(),
            "date": int(message.at),
            **message.extra,
        }
        if message.edited is not None:
            out["edit_date"] = int(message.edited)
        words = "text" if FILES.isdisjoint(message.extra) else "caption"
        if message.text:
            out[words] = message.text
        if message.entities:
            out["entities" if words == "text" else "caption_entities"] = message.entities
        if message.buttons():
            out["reply_markup"] = message.keyboard
        return out
