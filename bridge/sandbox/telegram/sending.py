"""The Bot API methods that change what a customer sees: send, edit, delete, type, react, answer."""

from typing import TYPE_CHECKING, Any

from bridge.sandbox.telegram import markup
from bridge.sandbox.telegram.asked import Asked, Refused, as_id, bad_request
from bridge.sandbox.telegram.chats import Chat, Message
from bridge.sandbox.telegram.groups import say
from bridge.sandbox.telegram.reactions import ALLOWED

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

# Platform facts 2.3.
LONGEST_TEXT = 4096
LONGEST_CALLBACK_DATA = 64  # bytes
LONGEST_ANSWER = 200
TYPING_LASTS = 5.0
DELETABLE_FOR = 48 * 3600.0

_ACTIONS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
ACTIONS = frozenset(_ACTIONS.split())
BUTTON_KINDS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")
UNMODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


async def send_message(telegram: "Telegram", asked: Asked) -> Any:
    """`sendMessage`."""
    if group := telegram.groups.named(asked):
        return say(telegram, group, asked.text("text"))
    chat = find_chat(telegram, asked)
    text, entities = read_text(asked, "text", "parse_mode", "entities")
    if not text:
        raise bad_request("text must be non-empty" if asked.text("text") else "message text is empty")
    if markup.units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    asked.json("link_preview_options", dict)
    return send(telegram, chat, asked, "sendMessage", text, entities, {})


def send(
    telegram: "Telegram",
    chat: Chat,
    asked: Asked,
    method: str,
    text: str,
    entities: list[markup.Entity],
    extra: dict[str, Any],
) -> dict[str, Any]:
    """Put a checked message into the chat and the history."""
    keyboard = read_keyboard(asked)
    if answered := _reply_target(chat, asked):
        extra["reply_to_message"] = telegram.as_json(chat, answered)
        extra["reply_to_message"].pop("reply_to_message", None)
    telegram.pace(chat)
    extra |= topic_of(chat, asked)
    if connection := asked.text("business_connection_id"):
        extra["business_connection_id"] = connection
    message = telegram.new_message(chat, by_bot=True, text=text, entities=entities, keyboard=keyboard, extra=extra)
    chat.typing_until = 0.0
    record(telegram, method, chat, asked, message.id, text)
    return telegram.as_json(chat, message)


async def edit_message_text(telegram: "Telegram", asked: Asked) -> Any:
    """`editMessageText`."""
    chat, message = find_message(telegram, asked, "message to edit not found")
    text, entities = read_text(asked, "text", "parse_mode", "entities")
    keyboard = read_keyboard(asked)
    if not message.by_bot:
        raise bad_request("message can't be edited")
    if not text:
        raise bad_request("text must be non-empty" if asked.text("text") else "message text is empty")
    if markup.units(text) > LONGEST_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(UNMODIFIED)
    telegram.pace(chat)
    message.text, message.entities, message.keyboard, message.edited = text, entities, keyboard, telegram.world.now()
    record(telegram, "editMessageText", chat, asked, message.id, text)
    return telegram.as_json(chat, message)


async def edit_message_reply_markup(telegram: "Telegram", asked: Asked) -> Any:
    """`editMessageReplyMarkup`."""
    chat, message = find_message(telegram, asked, "message to edit not found")
    keyboard = read_keyboard(asked)
    if not message.by_bot:
        raise bad_request("message can't be edited")
    if keyboard == message.keyboard:
        raise bad_request(UNMODIFIED)
    message.keyboard = keyboard
    record(telegram, "editMessageReplyMarkup", chat, asked, message.id, message.text)
    return telegram.as_json(chat, message)


async def delete_message(telegram: "Telegram", asked: Asked) -> Any:
    """`deleteMessage`."""
    chat, message = find_message(telegram, asked, "message to delete not found")
    if telegram.world.now() - message.at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message.id]
    record(telegram, "deleteMessage", chat, asked, message.id)
    return True


async def send_chat_action(telegram: "Telegram", asked: Asked) -> Any:
    """`sendChatAction`."""
    chat = find_chat(telegram, asked)
    if asked.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_until = telegram.world.now() + TYPING_LASTS
    record(telegram, "sendChatAction", chat, asked)
    return True


async def set_message_reaction(telegram: "Telegram", asked: Asked) -> Any:
    """`setMessageReaction`: at most one emoji, from the fixed list."""
    chat, message = find_message(telegram, asked, "message to react not found")
    reactions = asked.listed("reaction", dict) or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = str(reactions[0].get("emoji", "")) if reactions else ""
    if reactions and emoji not in ALLOWED:
        raise bad_request("REACTION_INVALID")
    message.reactions.pop(True, None)
    if emoji:
        message.reactions[True] = emoji
    record(telegram, "setMessageReaction", chat, asked, message.id, emoji)
    return True


async def answer_callback_query(telegram: "Telegram", asked: Asked) -> Any:
    """`answerCallbackQuery`."""
    chat = telegram.queries.get(asked.text("callback_query_id"))
    if chat is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(asked.text("text")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    record(telegram, "answerCallbackQuery", chat, asked, text=asked.text("text"))
    return True


def find_chat(telegram: "Telegram", asked: Asked) -> Chat:
    """The chat that a call names, if the bot may write there."""
    if of_an_account := telegram.business.chat(telegram, asked):
        return of_an_account
    named = asked.text("chat_id").strip()
    if not named:
        raise bad_request("chat_id is empty")
    chat = telegram.chats.by_id.get(as_id(named))
    if chat is None:
        raise bad_request("chat not found")
    if chat.blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return chat


def topic_of(chat: Chat, asked: Asked) -> dict[str, Any]:
    """The topic of the chat that a call names, as fields of a message."""
    if not (topic := asked.integer("message_thread_id")):
        return {}
    if topic not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": topic, "is_topic_message": True}


def find_message(telegram: "Telegram", asked: Asked, otherwise: str) -> tuple[Chat, Message]:
    """The message that a call names."""
    chat = find_chat(telegram, asked)
    if "message_id" not in asked.values:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(asked.integer("message_id"))
    if message is None:
        raise bad_request(otherwise)
    return chat, message


def read_text(asked: Asked, name: str, mode: str, entities: str) -> tuple[str, list[markup.Entity]]:
    """Text and entities, from HTML or from entities given beside."""
    text, parse_mode = asked.text(name), asked.text(mode).lower()
    if parse_mode == "html":
        return markup.parse(text)
    if parse_mode:  # Markdown is a legitimate mode that this look-alike does not know
        raise bad_request("unsupported parse_mode")
    return markup.trimmed(text, markup.checked(text, asked.listed(entities, dict) or []))


def read_keyboard(asked: Asked) -> dict[str, Any] | None:
    """A valid `reply_markup`."""
    keyboard = asked.json("reply_markup", dict)
    rows = (keyboard or {}).get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: expected an Array of Arrays")
    for button in (button for row in rows for button in row):
        if not isinstance(button, dict) or not button.get("text"):
            raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object with a text")
        if sum(kind in button for kind in BUTTON_KINDS) != 1:
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 0 < len(str(button["callback_data"]).encode()) <= LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    return keyboard


def record(
    telegram: "Telegram",
    method: str,
    chat: Chat | None,
    asked: Asked,
    message_id: int | None = None,
    text: str | None = None,
) -> None:
    """An accepted call, into the history."""
    raw = asked.values | {name: {"file": file.name, "size": len(file.content)} for name, file in asked.files.items()}
    named = None if message_id is None else str(message_id)
    telegram.world.record(
        "telegram", method, "out", chat=chat and str(chat.id), id=named, author="bot", text=text, raw=raw
    )


def _reply_target(chat: Chat, asked: Asked) -> Message | None:
    parameters = asked.json("reply_parameters", dict) or {}
    wanted = parameters.get("message_id") or asked.integer("reply_to_message_id")
    if not wanted:
        return None
    message = chat.messages.get(as_id(str(wanted)))
    if message is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


METHODS = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
}
