"""Reads Telegram updates: what happened, and under which keys it is known. Reads only what we use; no I/O."""

from datetime import UTC, datetime
from hashlib import sha256
from json import dumps
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from bridge.customer_channels._webhooks import storable
from bridge.ports import Corrected, CustomerEvent, Ignored, Reachable, Received, Said

Number = Annotated[int, Field(gt=-(2**53), lt=2**53)]
Moment = Annotated[int, Field(ge=0, lt=253_402_300_800)]  # up to the year 9999

# Telegram sends some kinds twice: an animation also as a document, a venue also as a location. The first one counts.
KINDS = (
    *("photo", "animation", "document", "video", "video_note", "voice", "audio", "sticker", "venue", "location"),
    *("contact", "poll", "dice", "story", "paid_media", "checklist", "game", "invoice"),
)
# What Telegram itself writes into a private chat; no one said it.
NOTICES = (
    *("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "connected_website"),
    *("chat_background_set", "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
)


class User(BaseModel):
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username or "Customer"


class Chat(BaseModel):
    id: Number
    type: str


class Message(BaseModel, extra="allow"):
    message_id: Number
    chat: Chat
    date: Moment = 0
    edit_date: Moment = 0
    sender: User = Field(default_factory=User, alias="from")
    text: str = ""
    caption: str = ""
    reply_markup: dict[str, Any] = {}

    @property
    def unsupported(self) -> str:
        """What came instead of text, in words; empty for text."""
        came = self.model_extra or {}
        if self.text or any(notice in came for notice in NOTICES):
            return ""
        return next((kind for kind in KINDS if kind in came), "message of an unknown kind").replace("_", " ")


class Press(BaseModel):
    id: str
    sender: User = Field(alias="from")
    message: Message
    data: str

    @property
    def choice(self) -> str:
        """The label of the button; from the data itself when Telegram no longer shows the message."""
        rows = self.message.reply_markup.get("inline_keyboard", [])
        labels = (button.get("text") for row in rows for button in row if button.get("callback_data") == self.data)
        return str(next(labels, "") or self.data.partition(":")[2] or self.data)


class Member(BaseModel):
    status: str


class Membership(BaseModel):
    chat: Chat
    date: Moment
    new_chat_member: Member


class Update(BaseModel):
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


def is_update(raw: dict[str, Any]) -> bool:
    """Whether it has a number, the one thing that every update has."""
    number = raw.get("update_id")
    return type(number) is int and 0 <= number < 2**53


def read(raw: dict[str, Any], bot: str, now: datetime) -> Received:
    """One update. `bot` is the bot's id: chats and message ids mean nothing without it."""
    try:
        raw = storable(raw)
        key, event = _read(Update.model_validate(raw), now)
    except (ValidationError, TypeError, AttributeError, RecursionError):
        key, event = "", Ignored("unreadable")
    # An update's number comes back after a quiet week with another meaning, so it is no key of a message.
    number = raw["update_id"]
    return Received((f"telegram:{bot}:{key or f'update:{number}'}",), event, dumps(raw).encode(), number + 1)


def _read(update: Update, now: datetime) -> tuple[str, CustomerEvent]:
    match update:
        case Update(message=Message(chat=Chat(type="private")) as message):
            return f"{message.chat.id}:{message.message_id}:{message.date}", _said(message)
        case Update(edited_message=Message(chat=Chat(type="private")) as message):
            return _edit_key(message), _corrected(message)
        case Update(callback_query=Press(message=Message(chat=Chat(type="private")) as message) as press):
            return _pressed(press, message, now)
        case Update(my_chat_member=Membership(chat=Chat(type="private")) as membership):
            status = membership.new_chat_member.status
            key = f"{membership.chat.id}:{status}:{membership.date}"
            return key, Reachable(str(membership.chat.id), yes=status not in ("kicked", "left"))
        case Update(message=None, edited_message=None, callback_query=None, my_chat_member=None):
            return "", Ignored("another update")
        case _:
            return "", Ignored("group")


def _said(message: Message) -> CustomerEvent:
    if message.sender.is_bot:
        return Ignored("bot")
    text, kind = message.text or message.caption, message.unsupported
    if not text and not kind:
        return Ignored("notice")
    sender, at = message.sender, datetime.fromtimestamp(message.date, UTC)
    chat, named = str(message.chat.id), str(message.message_id)
    return Said(chat, sender.name, named, text, at, sender.language_code, unsupported=kind)


def _edit_key(message: Message) -> str:
    words = sha256((message.text or message.caption).encode()).hexdigest()[:8]  # two edits may share a second
    return f"{message.chat.id}:{message.message_id}:edit:{message.edit_date}:{words}"


def _corrected(message: Message) -> CustomerEvent:
    text = message.text or message.caption  # without either it is a live location that moved, or the like
    return Corrected(str(message.chat.id), str(message.message_id), text) if text else Ignored("edit without text")


def _pressed(press: Press, message: Message, now: datetime) -> tuple[str, CustomerEvent]:
    """Apps repeat a press under a new number (tdlib/telegram-bot-api #699), so one choice counts once."""
    key = f"{message.chat.id}:{message.message_id}:pressed:{press.data}"
    sender = press.sender
    return key, Said(str(message.chat.id), sender.name, f"press:{press.id}", press.choice, now, sender.language_code)
