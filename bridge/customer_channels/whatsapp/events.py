"""Reads WhatsApp webhooks: each message and status in one, and the key under which it is known. No I/O."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from json import dumps
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from bridge.customer_channels.whatsapp.errors import failure
from bridge.ports import Corrected, CustomerEvent, Ignored, Receipt, Received, Said

Json = dict[str, Any]

NOT_SAID = ("reaction", "revoke", "system", "request_welcome", "ephemeral")
KINDS = {
    "contacts": "contact",
    "interactive": "form",  # what is left of it when it is no button and no row of a list
    "unsupported": "message of an unknown kind",
    "unknown": "message of an unknown kind",
}


class Message(BaseModel):
    id: Annotated[str, Field(min_length=1)]
    type: str
    timestamp: Annotated[int, Field(ge=0, lt=253_402_300_800)]
    number: str = Field("", alias="from")  # absent when the customer shows only a username
    from_user_id: str = ""


class Status(BaseModel):
    id: Annotated[str, Field(min_length=1)]
    status: str
    biz_opaque_callback_data: str = ""
    errors: Any = None


def read(payload: Json) -> list[Received]:
    """Everything in one webhook, in its order. What we do not know is kept as Ignored."""
    events = [event for change in _changes(payload) for event in _read_change(change)]
    return events or [_ignored("empty", payload)]


def _changes(payload: Json) -> Iterator[Any]:
    for entry in _list(payload, "entry"):
        yield from _list(entry, "changes")


def _read_change(change: Any) -> Iterator[Received]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict) or change.get("field") != "messages":
        yield _ignored("another change", change)
        return
    messages, statuses = _list(value, "messages"), _list(value, "statuses")
    for raw in messages:
        yield _received(raw, lambda raw=raw: _message(raw, _list(value, "contacts")))
    for raw in statuses:
        yield _received(raw, lambda raw=raw: _status(raw))
    if not messages and not statuses:
        yield _ignored("another change", change)


def _received(raw: Any, read_it: Any) -> Received:
    try:
        key, event = read_it()
    except (ValidationError, TypeError, AttributeError):
        return _ignored("unreadable", raw)
    return Received((f"whatsapp:{key}",), event, dumps(raw).encode())


def _ignored(kind: str, raw: Any) -> Received:
    body = dumps(raw).encode()
    return Received((f"whatsapp:other:{sha256(body).hexdigest()}",), Ignored(kind), body)


def _message(raw: Json, contacts: list[Any]) -> tuple[str, CustomerEvent]:
    message = Message.model_validate(raw)
    contact = _contact(message, contacts)
    chat = message.number or message.from_user_id or _text(contact, "user_id")
    return message.id, _event(message, raw, chat, contact) if chat else Ignored("nobody")


def _event(message: Message, raw: Json, chat: str, contact: Json) -> CustomerEvent:
    if message.type in NOT_SAID:
        return Ignored(message.type)
    if message.type == "edit":
        edit = raw.get("edit")
        original, text = _text(edit, "original_message_id"), _words(_dict(edit, "message"))
        return Corrected(chat, original, text) if original and text else Ignored("edit without text")
    text, unsupported = _words(raw), _unsupported(raw)
    if not text and not unsupported:
        return Ignored("empty")
    name = _text(contact, "profile", "name") or _text(contact, "profile", "username") or "Customer"
    at = datetime.fromtimestamp(message.timestamp, UTC)
    return Said(chat, name, message.id, text, at, unsupported=unsupported)


def _words(raw: Json) -> str:
    """What the customer wrote or chose; a file's caption."""
    kind = _text(raw, "type")
    if kind == "interactive":
        return _chosen(_dict(raw, kind, _text(raw, kind, "type")))
    return _text(raw, kind, {"text": "body", "button": "text"}.get(kind, "caption"))


def _chosen(reply: Json) -> str:
    """The label; from the id, which carries the whole choice, where the label had to be cut."""
    title, whole = _text(reply, "title"), _text(reply, "id")
    return whole if title.endswith("…") and whole.startswith(title[:-1]) else title


def _unsupported(raw: Json) -> str:
    kind = _text(raw, "type")
    if kind in ("text", "button") or (kind == "interactive" and _words(raw)):
        return ""
    if kind == "audio" and _dict(raw, kind).get("voice"):
        return "voice message"
    return KINDS.get(kind, kind.replace("_", " ")[:40] or KINDS["unknown"])


def _status(raw: Json) -> tuple[str, CustomerEvent]:
    status = Status.model_validate(raw)
    key, reported = f"status:{status.id}:{status.status}", status.biz_opaque_callback_data
    match status.status:
        case "sent" | "delivered" | "read" as known:
            return key, Receipt(known, status.id, reported)
        case "played":
            return key, Receipt("read", status.id, reported)
        case "failed":
            return key, Receipt("failed", status.id, reported, failure(status.errors))
        case _:
            return key, Ignored("another status")


def _contact(message: Message, contacts: list[Any]) -> Json:
    known = [contact for contact in contacts if isinstance(contact, dict)]
    ids = {message.number, message.from_user_id} - {""}
    own = [contact for contact in known if ids & {contact.get("wa_id"), contact.get("user_id")}]
    return next(iter(own or (known if len(known) == 1 else [])), {})


def _dict(content: Any, *path: str) -> Json:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}


def _text(content: Any, *path: str) -> str:
    value = _dict(content, *path[:-1]).get(path[-1])
    return value if isinstance(value, str) else ""


def _list(content: Any, name: str) -> list[Any]:
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, list) else []
