"""Reads Telegram updates: what happened, and under which keys it is known. Reads only what we use; no I/O."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bridge.customer_channels._about import corrected, line
from bridge.customer_channels._json import written
from bridge.customer_channels.telegram import about, business, entities, media
from bridge.files import with_files
from bridge.i18n import joined, t
from bridge.language.words import cut
from bridge.marks import packed
from bridge.ports import CustomerEvent, Echoed, Ignored, Noticed, Reachable, Reacted, Received, Said, Withdrawn

Json = Mapping[str, Any]
Keyed = tuple[str, CustomerEvent]

UNREADABLE = Ignored("unreadable")
LATEST = 253_402_300_800  # seconds: the year 10000

GROUP = Ignored("group")  # where the bot is to say that it does not answer there, and to leave
BEGINS = re.compile(r"(/start)(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")  # what a link to the bot brought along
DAY = 86_400  # seconds
# What Telegram itself writes into a private chat; no one said it.
NOTICES = {
    *("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "connected_website"),
    *("chat_background_set", "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
}


def is_update(raw: Any) -> bool:
    """Whether it has a number, the one thing that every update has."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return type(number) is int and 0 <= number < 2**53


def read(raw: Json, bot: str, now: datetime) -> list[Received]:
    """One update: one event, or two for an edit. `bot` is the bot's id: chats and messages mean nothing without it."""
    try:
        found = _read(raw, now)
    except (LookupError, TypeError, ValueError, AttributeError):
        found = [("", UNREADABLE)]
    # An update's number comes back after a quiet week with another meaning, so it is no key of a message.
    number, body = raw["update_id"], written(raw)
    return [Received((f"telegram:{bot}:{key or f'update:{number}'}",), event, body) for key, event in found]


def _read(update: Json, now: datetime) -> list[Keyed]:
    if "business_connection" in update:
        return [("", business.changed(update["business_connection"]))]
    for kind, reader in READERS.items():
        if kind in update:
            content = update[kind]
            shown = content["message"] if kind == "callback_query" else content
            chat = shown["chat"]
            through = _text(shown, "business_connection_id") if kind in IN_ACCOUNTS else ""
            named = business.named(through, str(_number(chat["id"])))
            return reader(content, named, now) if chat["type"] == "private" else _elsewhere(kind, content, named)
    return [("", Ignored("another update"))]


def _elsewhere(kind: str, content: Json, chat: str) -> list[Keyed]:
    """In a group or channel: said there once, and left each time that somebody takes the bot in, or once a day."""
    at, taken_in = _moment(content.get("date", 0)), kind == "my_chat_member"
    if taken_in and _text(content["new_chat_member"], "status") in ("left", "kicked"):
        return [("", Ignored("not in that group any more", routine=True))]
    if kind not in ("message", "my_chat_member"):
        return [("", Ignored("in a group", routine=True))]
    said = [(f"{chat}:group", GROUP)] if content["chat"]["type"] != "channel" else []
    return [*said, (f"{chat}:group:{at if taken_in else at // DAY}", GROUP)]


def _written(message: Json, chat: str, now: datetime) -> list[Keyed]:
    """A new message."""
    at = _moment(message.get("date", 0))
    return [(f"{chat}:{_number(message['message_id'])}:{at}", _said(message, chat, at))]


def _said(message: Json, chat: str, at: int) -> CustomerEvent:
    sender = message.get("from", {})
    if sender.get("is_bot"):
        return Ignored("bot")
    files, shown = media.read(message), about.shown(message)
    words, kind = _words(message), "" if files or shown else _unsupported(message)
    if not words and not kind and not files and not shown:
        return Ignored("notice")
    when, named = datetime.fromtimestamp(at, UTC), str(message["message_id"])
    around, link = about.around(message), ""
    if begins := BEGINS.fullmatch(words):
        words, link = begins.groups()
        around = (*around, t("Came by link: {link}", link=link))
    return Said(
        chat, _name(sender), named, words, when, _text(sender, "language_code"), kind, (*around, *shown), link=link,
        files=files, verified=_own_number(message, sender), album=_text(message, "media_group_id"),
        topic=_topic(message),
    )  # fmt: skip


def _own_number(message: Json, sender: Json) -> str:
    """Of somebody who shares their own contact: Telegram says itself whose a number is. An old one may be passed on."""
    shared, who = message.get("contact"), sender.get("id")
    if not isinstance(shared, Mapping) or "forward_origin" in message or not who or shared.get("user_id") != who:
        return ""
    digits = "".join(sign for sign in line(shared.get("phone_number")) if sign in "0123456789")
    return f"+{digits}" if digits else ""


def _edited(message: Json, chat: str, now: datetime) -> list[Keyed]:
    """An edit holds the whole message, so one that overtakes its message stands in for it, under the same key."""
    [(named, said)] = _written(message, chat, now)
    if "location" in message:
        return [("", Ignored("a live location that moved", routine=True))]
    if not isinstance(said, Said):
        return [("", Ignored("edit of a notice"))]
    edit = corrected(said)
    words = _hash(packed(edit.text), *edit.about, *(file.ref for file in edit.files))  # two edits may share a second
    key = f"{chat}:{message['message_id']}:edit:{_moment(message.get('edit_date', 0))}:{words}"
    return [(named, said), (key, edit)]


def _reacted(update: Json, chat: str, now: datetime) -> list[Keyed]:
    """Telegram tells which reactions there were before, and which there are now."""
    number, at = _number(update["message_id"]), _moment(update["date"])
    before, after = about.reaction(update["old_reaction"]), about.reaction(update["new_reaction"])
    key = f"{chat}:{number}:reaction:{at}:{_hash(before, after)}"
    return [(key, Reacted(chat, str(number), after, datetime.fromtimestamp(at, UTC)))]


def _pressed(press: Json, chat: str, now: datetime) -> list[Keyed]:
    """Apps repeat a press under a new number (tdlib/telegram-bot-api #699), so one choice counts once."""
    message, sender, data = press["message"], press["from"], press["data"]
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = (_text(button, "text") for row in rows for button in row if button.get("callback_data") == data)
    choice = next(labels, "") or data.partition(":")[2] or data  # the data when Telegram no longer shows the message
    key, named = f"{chat}:{_number(message['message_id'])}:pressed:{data}", f"press:{_text(press, 'id')}"
    return [(key, Said(chat, _name(sender), named, choice, now, _text(sender, "language_code"), topic=_topic(message)))]


def _joined_or_left(membership: Json, chat: str, now: datetime) -> list[Keyed]:
    """The customer blocked the bot, or came back."""
    status = _text(membership["new_chat_member"], "status")
    key = f"{chat}:{status}:{_moment(membership['date'])}"
    return [(key, Reachable(chat, yes=status not in ("kicked", "left")))]


def _in_business(message: Json, chat: str, now: datetime) -> list[Keyed]:
    """A message in a chat of somebody's own account: the customer's, or that person's own, sent past us."""
    if "sender_business_bot" in message:
        return [("", Ignored("our own", routine=True))]
    found = _written(message, chat, now)
    [(key, said)] = found
    if _is_customers(message) or not isinstance(said, Said):
        return found
    text = with_files(joined([*said.about, *([said.text] if said.text else [])], "\n"), said.files)
    text = text or t("[unsupported: {what}]", what=said.unsupported)
    return [(key, Echoed(chat, _name(message["chat"]), said.id, text, said.at))]


def _edited_in_business(message: Json, chat: str, now: datetime) -> list[Keyed]:
    if _is_customers(message):
        return _edited(message, chat, now)
    [(_, echoed)] = _in_business(message, chat, now)
    if not isinstance(echoed, Echoed):
        return [("", Ignored("edit of our own", routine=True))]
    told = t("The account's owner changed a message in Telegram's app: {words}", words=cut(echoed.text, about.QUOTED))
    key = f"{chat}:{message['message_id']}:edit:{_moment(message.get('edit_date', 0))}:{_hash(echoed.text)}"
    return [(key, Noticed(chat, told, now))]


def _is_customers(message: Json) -> bool:
    """In a private chat of somebody's account all else is that person's."""
    return message.get("from", {}).get("id") == message["chat"]["id"]


def _deleted_in_business(deleted: Json, chat: str, now: datetime) -> list[Keyed]:
    ids = [_number(each) for each in deleted["message_ids"]]
    gone: list[Keyed] = [(f"{chat}:{each}:deleted", Withdrawn(chat, str(each))) for each in ids]
    return gone or [("", Ignored("deletion of nothing", routine=True))]


IN_ACCOUNTS = ("callback_query", "business_message", "edited_business_message", "deleted_business_messages")
READERS = {
    "message": _written,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _joined_or_left,
    "message_reaction": _reacted,
    "business_message": _in_business,
    "edited_business_message": _edited_in_business,
    "deleted_business_messages": _deleted_in_business,
}


def _words(message: Json) -> str:
    if words := _text(message, "text"):
        return entities.read(words, message.get("entities"))
    return entities.read(_text(message, "caption"), message.get("caption_entities")) or media.emoji(message)


def _unsupported(message: Json) -> str:
    """What came instead of text, in words; empty for text."""
    return "" if message.get("text") or not NOTICES.isdisjoint(message) else about.kind_of(message)


def _topic(message: Json) -> str:
    """Of a chat that has some; blank: the general one."""
    return str(_number(message["message_thread_id"])) if message.get("is_topic_message") is True else ""


def _name(sender: Json) -> str:
    full = f"{_text(sender, 'first_name')} {_text(sender, 'last_name')}".strip()
    return full or _text(sender, "username") or "Customer"


def _text(content: Json, name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _hash(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:8]


def _number(value: Any) -> int:
    if type(value) is not int or abs(value) >= 2**53:
        raise ValueError("not a number of Telegram's")
    return value


def _moment(value: Any) -> int:
    if type(value) is not int or not 0 <= value < LATEST:
        raise ValueError("not a moment")
    return value
