"""What customers do on their phones, and the updates that the bot gets of it."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.sandbox.attachments import attached
from bridge.sandbox.telegram import business, files, groups, kinds, markup
from bridge.sandbox.telegram.asked import as_id
from bridge.sandbox.telegram.chats import Chat, Message

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

Answer = dict[str, Any]
More = dict[str, Any]


def act(telegram: "Telegram", actor: str, action: str, target: str, text: str, more: More) -> Answer:
    """One customer's action."""
    if action not in ACTIONS and action not in business.ACTIONS:
        return _no("unknown_action")
    if not actor.strip():
        return _no("no_actor")
    chat = telegram.chats.of(actor, str(more.get("name") or ""))
    if chat.blocked and action != "unblock":
        return _no("blocked")
    if action in business.ACTIONS:
        return _in_business(telegram, chat, text, business.ACTIONS[action](telegram, chat, target, text, more))
    try:
        return ACTIONS[action](telegram, chat, target, text, more)
    except kinds.Wrong as wrong:
        return _no(str(wrong))


def _write(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    if not text.strip():
        return _no("no_text")
    command = re.match(r"/[A-Za-z0-9_]{1,32}", text)
    entities = [{"type": "bot_command", "offset": 0, "length": command.end()}] if command else []
    entities += _marked(more)
    extra = _around(telegram, chat, more)
    message = telegram.new_message(chat, by_bot=False, text=text, entities=entities, extra=extra)
    return _tell(telegram, "message", chat, telegram.as_json(chat, message), message.id, text)


def _send_file(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    file = attached(more)
    kind = str(more.get("kind") or ("photo" if file.mime in ("image/jpeg", "image/png") else "document"))
    if kind not in files.KINDS:
        return _no("unknown_kind")
    extra = files.keep(telegram, file, kind) | _around(telegram, chat, more)
    if album := str(more.get("album") or ""):
        extra["media_group_id"] = album
    message = telegram.new_message(chat, by_bot=False, text=text, entities=_marked(more), extra=extra)
    return _tell(telegram, "message", chat, telegram.as_json(chat, message), message.id, text)


def _share(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    """A place, a person, a poll ...: `kind` says what."""
    extra = kinds.shared(str(more.get("kind") or "location"), more) | _around(telegram, chat, more)
    message = telegram.new_message(chat, by_bot=False, text="", extra=extra)
    return _tell(telegram, "message", chat, telegram.as_json(chat, message), message.id, "")


def _move(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    """A live location moves, which Telegram tells as an edit."""
    message = _message(chat, target)
    if message is None or "live_period" not in message.extra.get("location", {}):
        return _no("message_not_found")
    message.extra |= kinds.shared("location", {**message.extra["location"], **more})
    message.edited = telegram.world.now()
    return _tell(telegram, "edited_message", chat, telegram.as_json(chat, message), message.id, "")


def _edit(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    message = _message(chat, target)
    if message is None or message.by_bot:
        return _no("message_not_found")
    message.text, message.entities, message.edited = text, _marked(more), telegram.world.now()
    if "content_base64" in more:  # another file in its place
        file = attached(more)
        kind = next((kind for kind in files.KINDS if kind in message.extra), "document")
        message.extra |= files.keep(telegram, file, kind)
    return _tell(telegram, "edited_message", chat, telegram.as_json(chat, message), message.id, text)


def _delete(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    """The bot never learns of it (platform facts 2.2)."""
    message = _message(chat, target)
    if message is None:
        return _no("message_not_found")
    del chat.messages[message.id]
    _record(telegram, "deleted_message", chat, str(message.id), None, {})
    return _yes(str(message.id))


def _delete_topic(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    chat.topics.discard(as_id(target))
    return _yes(None)


def _react(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    message = _message(chat, target)
    if message is None:
        return _no("message_not_found")
    old = message.reactions.pop(False, "")
    new = "" if more.get("remove") else str(more.get("emoji") or text)
    if new:
        message.reactions[False] = new
    content = {
        "chat": chat.as_json(),
        "message_id": message.id,
        "user": chat.user(),
        "date": int(telegram.world.now()),
        "old_reaction": [{"type": "emoji", "emoji": old}] if old else [],
        "new_reaction": [{"type": "emoji", "emoji": new}] if new else [],
    }
    return _tell(telegram, "message_reaction", chat, content, message.id, new)


def _press(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    message, data = _message(chat, target), str(more.get("data") or text)
    if message is None:
        return _no("message_not_found")
    if not any(b.get("callback_data") == data for row in message.buttons() for b in row):
        return _no("no_such_button")
    query_id = str(len(telegram.queries) + 10_000_000_000_001)
    telegram.queries[query_id] = chat
    content = {
        "id": query_id,
        "from": chat.user(),
        "message": telegram.as_json(chat, message),
        "chat_instance": str(chat.id),
        "data": data,
    }
    update = telegram.updates.emit("callback_query", content)
    _record(telegram, "callback_query", chat, query_id, data, update)
    return _yes(query_id)


def _block(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    chat.blocked = True
    return _membership(telegram, chat, "member", "kicked")


def _unblock(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    if not chat.blocked:
        return _no("not_blocked")
    chat.blocked = False
    return _membership(telegram, chat, "kicked", "member")


def _take_in(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    """Take the bot into the group `target`."""
    update = groups.take_in(telegram, chat, target)
    _record(telegram, "my_chat_member", chat, None, target, update)
    return _yes(None)


def _write_in_group(telegram: "Telegram", chat: Chat, target: str, text: str, more: More) -> Answer:
    update = groups.write(telegram, chat, target, text)
    _record(telegram, "group_message", chat, None, text, update or {})
    return _yes(None)


def _in_business(telegram: "Telegram", chat: Chat, text: str, update: dict[str, Any] | None) -> Answer:
    if update is None:
        return _no("not_there")
    kind = next(name for name in update if name != "update_id")
    named = update[kind].get("message_id")
    _record(telegram, kind, chat, None if named is None else str(named), text, update)
    return _yes(None if named is None else str(named))


def _membership(telegram: "Telegram", chat: Chat, old: str, new: str) -> Answer:
    def member(status: str) -> dict[str, Any]:
        return {"user": telegram.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    content = {
        "chat": chat.as_json(),
        "from": chat.user(),
        "date": int(telegram.world.now()),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
    return _tell(telegram, "my_chat_member", chat, content, None, new)


def _tell(
    telegram: "Telegram", kind: str, chat: Chat, content: dict[str, Any], message_id: int | None, text: str
) -> Answer:
    """Pass an update on and write it down."""
    named = None if message_id is None else str(message_id)
    update = telegram.updates.emit(kind, content)
    _record(telegram, kind, chat, named, text, update)
    return _yes(named)


def _record(
    telegram: "Telegram", kind: str, chat: Chat, named: str | None, text: str | None, update: dict[str, Any]
) -> None:
    telegram.world.record(
        "telegram", kind, "in", chat=str(chat.id), id=named, author=chat.handle, text=text, raw=update
    )


def _message(chat: Chat, target: str) -> Message | None:
    return chat.messages.get(as_id(target))


def _around(telegram: "Telegram", chat: Chat, more: More) -> dict[str, Any]:
    answered = _message(chat, str(more.get("reply_to") or ""))
    content = telegram.as_json(chat, answered) if answered else None
    if content:
        content.pop("reply_to_message", None)
    topic = int(more.get("topic") or 0)
    if topic:
        chat.topics.add(topic)
    within = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
    return kinds.around(content, more, telegram.world.now()) | within


def _marked(more: More) -> list[markup.Entity]:
    """What the customer's app marked in the words, as entities."""
    return [dict(each) for each in more.get("entities") or ()]


def _yes(named: str | None) -> Answer:
    return {"ok": True, "id": named, "error": None}


def _no(error: str) -> Answer:
    return {"ok": False, "id": None, "error": error}


ACTIONS: dict[str, Callable[["Telegram", Chat, str, str, More], Answer]] = {
    "write": _write,
    "send_file": _send_file,
    "share": _share,
    "move": _move,
    "take_into_group": _take_in,
    "write_in_group": _write_in_group,
    "edit": _edit,
    "delete": _delete,
    "delete_topic": _delete_topic,
    "react": _react,
    "press": _press,
    "block": _block,
    "unblock": _unblock,
}
