"""Reads WhatsApp webhooks: each message and status in one, and the key under which it is known. No I/O."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bridge.customer_channels._about import corrected, unsupported
from bridge.customer_channels._json import written
from bridge.customer_channels._kinds import UNKNOWN, in_words
from bridge.customer_channels.whatsapp import about, formatting, media
from bridge.customer_channels.whatsapp.errors import failure, is_shut
from bridge.files import with_files
from bridge.i18n import joined, t
from bridge.ports import (
    CustomerEvent,
    Echoed,
    Ignored,
    Noticed,
    Reacted,
    Receipt,
    Received,
    Said,
    Troubled,
    Withdrawn,
)

Json = dict[str, Any]
WORDS = {"text": "body", "button": "text", "order": "text"}
Keyed = tuple[str, CustomerEvent]

LATEST = 253_402_300_800  # seconds: the year 10000

ECHOES = "smb_message_echoes"  # what people of the business write in WhatsApp's own app
# Of these they tell no words, and it answers nobody.
IN_THE_APP = {
    "revoke": t("The team deleted a message in WhatsApp's app."),
    "edit": t("The team changed a message in WhatsApp's app."),
    "reaction": t("The team reacted to a message in WhatsApp's app."),
}
KINDS = {
    "contacts": "contact",
    "ephemeral": "disappearing message",
    "interactive": "form",  # what is left of it when it is no button and no row of a list
    "unsupported": UNKNOWN,
    "unknown": UNKNOWN,
}


def read(payload: Json, number: str) -> list[Received]:
    """Everything in one webhook, in its order; `number` is the id of ours. What we do not know is kept as Ignored."""
    events = [event for change in _changes(payload) for event in _read_change(change, number)]
    return events or [_ignored("empty", payload)]


def _changes(payload: Json) -> Iterator[Any]:
    for entry in _list(payload, "entry"):
        yield from _list(entry, "changes")


def _read_change(change: Any, number: str) -> Iterator[Received]:
    value, field = _dict(change, "value"), _text(change, "field")
    messages, statuses, contacts = _list(value, "messages"), _list(value, "statuses"), _list(value, "contacts")
    echoes, errors = _list(value, "message_echoes"), _list(value, "errors")
    if not (field == "messages" and (messages or statuses or errors)) and not (field == ECHOES and echoes):
        yield _ignored("another change", change)
    elif _text(_dict(value, "metadata"), "phone_number_id") not in ("", number):  # one app may have several numbers
        yield _ignored("another number", change)
    elif field == ECHOES:
        for raw in echoes:
            yield from _received(raw, lambda raw: _echo(raw, contacts))
    else:
        for raw in messages:
            yield from _received(raw, lambda raw: _message(raw, contacts))
        for raw in statuses:
            yield from _received(raw, _status)
        if errors:
            body = written(errors)
            yield Received((f"whatsapp:errors:{sha256(body).hexdigest()}",), Troubled(failure(errors)), body)


def _received(raw: Any, read_it: Callable[[Any], list[Keyed]]) -> list[Received]:
    try:
        found = read_it(raw)
    except (LookupError, TypeError, ValueError):
        return [_ignored("unreadable", raw)]
    body = written(raw)
    return [Received((f"whatsapp:{key}",), event, body) for key, event in found]


def _ignored(kind: str, raw: Any) -> Received:
    body = written(raw)
    return Received((f"whatsapp:other:{sha256(body).hexdigest()}",), Ignored(kind), body)


def _message(raw: Json, contacts: list[Any]) -> list[Keyed]:
    named, kind, at = _needed(raw, "id"), _needed(raw, "type"), _moment(raw["timestamp"])
    contact = _contact(raw, contacts)
    chat = _text(raw, "from") or _text(raw, "from_user_id") or _text(contact, "user_id")
    if not chat:
        return [(named, Ignored("nobody"))]
    if kind == "reaction":
        return [(named, _reaction(_dict(raw, "reaction"), chat, at))]
    if kind == "system":
        return [(named, Noticed(chat, about.notice(_dict(raw, "system")), at))]
    if kind == "request_welcome":
        return [(named, Noticed(chat, t("The customer opened the chat."), at, _name(contact)))]
    if kind == "edit":
        return _edit(_dict(raw, "edit"), named, chat, contact, at)
    if kind == "revoke":
        return _revoke(_dict(raw, "revoke"), named, chat)
    return [(named, _said(raw, named, chat, contact, at))]


def _said(raw: Json, named: str, chat: str, contact: Json, at: datetime) -> CustomerEvent:
    kind = _text(raw, "type")
    files, text = media.read(kind, _dict(raw, kind)), _words(raw)
    shown = about.shown(kind, raw.get(kind)) if not text or kind == "order" else ()
    what = "" if files or shown else _unsupported(raw)
    if not text and not what and not files and not shown:
        return Ignored("empty")
    told, answers = (*about.around(raw), *shown), about.answers(raw)
    also, number = _also(raw, chat, contact), _number(chat)
    return Said(chat, _name(contact), named, text, at, "", what, told, answers, files=files, verified=number, also=also)


def _number(chat: str) -> str:
    """WhatsApp knows people by their phone number, or, where they hide it, by an id with letters in it."""
    return f"+{chat}" if chat.isascii() and chat.isdigit() else ""


def _also(raw: Json, chat: str, contact: Json) -> str:
    """The user id of a customer whose number is told with it: they may hide that later (platform facts, 3.2)."""
    own = _text(contact, "user_id") if _text(contact, "wa_id") == chat else ""
    also = _text(raw, "from_user_id") or own
    return also if also != chat else ""


def _name(contact: Json) -> str:
    profile = _dict(contact, "profile")
    return _text(profile, "name") or _text(profile, "username") or "Customer"


def _reaction(reaction: Json, chat: str, at: datetime) -> CustomerEvent:
    """Without an emoji it was taken back."""
    return Reacted(chat, _needed(reaction, "message_id"), _text(reaction, "emoji")[:20], at)


def _echo(raw: Json, contacts: list[Any]) -> list[Keyed]:
    """What somebody of the team wrote in WhatsApp's app; to whom, it says as ours do."""
    named, kind, at = _needed(raw, "id"), _needed(raw, "type"), _moment(raw["timestamp"])
    chat = _text(raw, "to") or _needed(raw, "to_user_id")
    contact = next((each for each in contacts if chat in (_text(each, "wa_id"), _text(each, "user_id"))), {})
    if told := IN_THE_APP.get(kind):
        return [(named, Noticed(chat, told, at))]
    said = _said(raw, named, chat, contact, at)
    if not isinstance(said, Said):
        return [(named, said)]
    text = with_files(joined([*said.about, *([said.text] if said.text else [])], "\n"), said.files)
    text = text or unsupported(said.unsupported)
    return [(named, Echoed(chat, _name(contact) if contact else chat, named, text, at))]


def _edit(edit: Json, named: str, chat: str, contact: Json, at: datetime) -> list[Keyed]:
    """An edit holds the whole message, so one that overtakes its message stands in for it, under the same key."""
    original, message = _text(edit, "original_message_id"), _dict(edit, "message")
    said = _said({**message, "context": None}, original, chat, contact, at)  # it names anything there
    if not original or not isinstance(said, Said):
        return [(named, Ignored("edit of nothing"))]
    return [(original, said), (named, corrected(said))]


def _revoke(revoke: Json, named: str, chat: str) -> list[Keyed]:
    """One that overtakes its message takes that one's key: what was deleted before we had it is not shown."""
    if not (original := _text(revoke, "original_message_id")):
        return [(named, Ignored("deletion of nothing"))]
    return [(original, Ignored("deleted before it came", routine=True)), (named, Withdrawn(chat, original))]


def _words(raw: Json) -> str:
    """What the customer wrote or chose; a file's caption."""
    kind = _text(raw, "type")
    content = _dict(raw, kind)
    if kind == "interactive":
        return _chosen(_dict(content, _text(content, "type")))
    words = _text(content, WORDS.get(kind, "caption"))
    return words if kind == "button" else formatting.read(words)


def _chosen(reply: Json) -> str:
    """The label; from the id, which carries the whole choice, where the label had to be cut."""
    title, whole = _text(reply, "title"), _text(reply, "id")
    return whole if title.endswith("…") and whole.startswith(title[:-1]) else title


def _unsupported(raw: Json) -> str:
    kind = _text(raw, "type")
    if kind in ("text", "button") or (kind == "interactive" and _words(raw)):
        return ""
    if kind == "audio" and _dict(raw, kind).get("voice"):
        return in_words("voice message")
    return in_words(_text(_dict(raw, "unsupported"), "type") or KINDS.get(kind, kind))


def _status(raw: Json) -> list[Keyed]:
    named, status = _needed(raw, "id"), _needed(raw, "status")
    return [(f"status:{named}:{status}", _receipt(raw, named, status))]


def _receipt(raw: Json, named: str, status: str) -> CustomerEvent:
    ours = _text(raw, "biz_opaque_callback_data")
    match status:
        case "sent" | "delivered" | "read":
            return Receipt(status, named, ours)
        case "played":
            return Receipt("read", named, ours)
        case "failed":
            errors = raw.get("errors")
            return Receipt("failed", named, ours, failure(errors), is_shut(errors))
        case _:
            return Ignored("another status")


def _contact(raw: Json, contacts: list[Any]) -> Json:
    known = [contact for contact in contacts if isinstance(contact, dict)]
    ids = {_text(raw, "from"), _text(raw, "from_user_id")} - {""}
    own = [contact for contact in known if ids & {_text(contact, "wa_id"), _text(contact, "user_id")}]
    return next(iter(own or (known if len(known) == 1 else [])), {})


def _moment(value: Any) -> datetime:
    """Seconds, in digits."""
    seconds = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 13 else -1
    if not 0 <= seconds < LATEST:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(seconds, UTC)


def _needed(content: Any, name: str) -> str:
    if not (value := _text(content, name)):
        raise ValueError(name)
    return value


def _dict(content: Any, name: str) -> Json:
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, dict) else {}


def _text(content: Any, name: str) -> str:
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, str) else ""


def _list(content: Any, name: str) -> list[Any]:
    value = content.get(name) if isinstance(content, dict) else None
    return value if isinstance(value, list) else []
