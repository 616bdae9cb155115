"""Writes what the Cloud API is asked to send: text, and choices as buttons or a list where they fit. Pure."""

from typing import Any

from bridge.content import Part, units
from bridge.customer_channels.whatsapp import media, templates
from bridge.customer_channels.whatsapp.formatting import written
from bridge.files import Loaded

Json = dict[str, Any]

# Limits of interactive messages (platform facts, 3.4).
LONGEST_BODY = 1024
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_ROW, LONGEST_DESCRIPTION, LONGEST_ID = 10, 24, 72, 200
LONGEST_TEXT = 4096
OPENER = "☰"  # opens the list; a sign, because we do not know the customer's language


def message(chat: str, part: Part, key: str) -> Json:
    """A message to a phone number or, for who hides it, to a user id. Statuses bring the key back to us."""
    return _to(chat, key) | _content(part)


def with_file(chat: str, part: Part, file: Loaded, id: str, key: str) -> Json:
    """A message with a file that was uploaded under this id."""
    return _to(chat, key) | media.message(file, id, written(part.text, media.LONGEST_CAPTION))


def reaction(chat: str, message_id: str, emoji: str) -> Json:
    """Our emoji on the customer's message; blank: none any more."""
    return _addressed(chat) | {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}


def _to(chat: str, key: str) -> Json:
    return _addressed(chat) | {"biz_opaque_callback_data": key}


def _addressed(chat: str) -> Json:
    whom = {"to": chat} if chat.isdecimal() else {"recipient": chat}
    return {"messaging_product": "whatsapp", "recipient_type": "individual"} | whom


def read(message_id: str) -> Json:
    """Marks the customer's message as read, and all before it."""
    return {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}


def typing(message_id: str) -> Json:
    """Shows typing for 25 seconds, and marks the customer's message as read: WhatsApp has no other way."""
    return read(message_id) | {"typing_indicator": {"type": "text"}}


def _content(part: Part) -> Json:
    if part.template:
        return templates.content(part.template)
    choices = list(dict.fromkeys(choice.strip() for choice in part.choices if choice.strip()))
    body = written(part.text, LONGEST_TEXT)
    if not choices:
        return _plain(body)
    fits = len(body) <= LONGEST_BODY and max(map(len, choices)) <= LONGEST_ID
    if fits and len(choices) <= MOST_BUTTONS and max(map(len, choices)) <= LONGEST_BUTTON:
        return _interactive(body, "button", {"buttons": [_button(choice) for choice in choices]})
    if fits and len(choices) <= MOST_ROWS:
        return _interactive(body, "list", {"button": OPENER, "sections": [{"rows": [_row(c) for c in choices]}]})
    listed = "\n".join([body, "", *(f"• {choice}" for choice in choices)])
    return _plain(listed if units(listed) <= LONGEST_TEXT else body)


def _plain(text: str) -> Json:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _interactive(text: str, kind: str, action: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}


def _button(choice: str) -> Json:
    return {"type": "reply", "reply": {"id": choice, "title": choice}}


def _row(choice: str) -> Json:
    if len(choice) <= LONGEST_ROW:
        return {"id": choice, "title": choice}
    return {"id": choice, "title": choice[: LONGEST_ROW - 1] + "…", "description": choice[:LONGEST_DESCRIPTION]}
