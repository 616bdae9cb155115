"""What customers do on their phones, and the webhooks that the business gets of it."""

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.sandbox.attachments import attached
from bridge.sandbox.whatsapp import kinds
from bridge.sandbox.whatsapp.customers import Customer, Message

if TYPE_CHECKING:
    from bridge.sandbox.whatsapp.cloud_api import WhatsApp

WINDOW = 24 * 3600.0  # platform facts 3.3
MEDIA_KINDS = {"image/jpeg": "image", "image/png": "image", "video/mp4": "video", "audio/ogg": "audio"}

Answer = dict[str, Any]
More = dict[str, Any]


def act(whatsapp: "WhatsApp", actor: str, action: str, target: str, text: str, more: More) -> Answer:
    """One customer's action."""
    do = ACTIONS.get(action)
    if do is None:
        return _no("unknown_action")
    if not actor.strip():
        return _no("no_actor")
    customer = whatsapp.customers.of(actor, str(more.get("name") or ""))
    if customer.blocked and action not in ("unblock", "read"):
        return _no("blocked")
    try:
        return do(whatsapp, customer, target, text, more)
    except kinds.Wrong as wrong:
        return _no(str(wrong))


def _write(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    if not text.strip():
        return _no("no_text")
    return _tell(whatsapp, customer, "text", {"body": text}, text, more=more)


def _send_file(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    file = attached(more)
    kind = MEDIA_KINDS.get(file.mime, "document")
    digest = base64.b64encode(hashlib.sha256(file.content).digest()).decode()
    content = {
        "mime_type": file.mime,
        "sha256": digest,
        "id": whatsapp.add_media(file.mime, file.content, by_customer=True),
    }
    if text:
        content["caption"] = text
    if kind == "document":
        content["filename"] = file.name
    return _tell(whatsapp, customer, kind, content, text or file.name, more=more)


def _share(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """A place, a person, an order, a form: `kind` says what."""
    kind, content = kinds.shared(str(more.get("kind") or "location"), more)
    return _tell(whatsapp, customer, kind, content, "", more=more)


def _change_number(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """From the old number WhatsApp tells of the new one, `target`."""
    if not target.isdecimal() or customer.wa_id is None:
        return _no("no_number")
    body = f"User {customer.name} changed from {customer.wa_id} to {target}"
    content = {"body": body, "wa_id": target, "type": "user_changed_number"}
    told = _notice(whatsapp, customer, "system", content)
    whatsapp.customers.renumber(customer, target)
    return told


def _open(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """Open the chat for the first time, without writing."""
    return _notice(whatsapp, customer, "request_welcome", {})


def _notice(whatsapp: "WhatsApp", customer: Customer, kind: str, content: dict[str, Any]) -> Answer:
    """What WhatsApp tells of a customer; it opens no window."""
    named = whatsapp.new_id()
    told = {**customer.sender(), "id": named, "timestamp": str(int(whatsapp.world.now())), "type": kind}
    payload = whatsapp.webhooks.message(customer, told | ({kind: content} if content else {}))
    whatsapp.world.record("whatsapp", kind, "in", chat=customer.chat, id=named, author=customer.handle, raw=payload)
    return _yes(named)


def _answered_in_app(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """Somebody of the business writes to this customer in WhatsApp's app (platform facts 3.1)."""
    if not text.strip():
        return _no("no_text")
    now = whatsapp.world.now()
    message = Message(whatsapp.new_id(), True, now, text, {"text": {"body": text}})
    whatsapp.keep(customer, message)
    payload = whatsapp.webhooks.echo(customer, message)
    whatsapp.world.record("whatsapp", "echo", "in", chat=customer.chat, id=message.id, text=text, raw=payload)
    return _yes(message.id)


def _trouble(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """WhatsApp complains about the account, with the code `target`."""
    payload = whatsapp.webhooks.trouble(int(target), text)
    whatsapp.world.record("whatsapp", "trouble", "in", text=text, raw=payload)
    return _yes(None)


def _react(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    message = customer.messages.get(target)
    if message is None:
        return _no("message_not_found")
    emoji = "" if more.get("remove") else str(more.get("emoji") or text)
    message.react(emoji, by_business=False)
    return _tell(whatsapp, customer, "reaction", {"message_id": target, "emoji": emoji}, emoji)


def _press(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    message, data = customer.messages.get(target), str(more.get("data") or text)
    if message is None:
        return _no("message_not_found")
    for kind, named, title in message.buttons():
        if named == data:
            content = {"type": kind, kind: {"id": named, "title": title}}
            return _tell(whatsapp, customer, "interactive", content, title, more={"reply_to": target})
    return _no("no_such_button")


def _invisible(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """An edit or a deletion: on a plain Cloud API number the business never learns of it (platform facts 3.1)."""
    message = customer.messages.get(target)
    if message is None or message.by_business:
        return _no("message_not_found")
    message.text = text
    kind = "edited_message" if text else "deleted_message"
    whatsapp.world.record("whatsapp", kind, "in", chat=customer.chat, id=target, author=customer.handle, text=text)
    return _yes(target)


def _block(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    """The business is not told; its messages fail from now on."""
    customer.blocked = True
    whatsapp.world.record("whatsapp", "block", "in", chat=customer.chat, author=customer.handle)
    return _yes(None)


def _unblock(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    if not customer.blocked:
        return _no("not_blocked")
    customer.blocked = False
    whatsapp.world.record("whatsapp", "unblock", "in", chat=customer.chat, author=customer.handle)
    return _yes(None)


def _read(whatsapp: "WhatsApp", customer: Customer, target: str, text: str, more: More) -> Answer:
    unread = customer.unread[:]
    customer.unread.clear()
    for message in unread:
        whatsapp.webhooks.status(customer, message, "read")
    return _yes(unread[-1].id if unread else None)


def _tell(
    whatsapp: "WhatsApp", customer: Customer, kind: str, content: Any, text: str, more: More | None = None
) -> Answer:
    """Pass a customer's message on and write it down; it opens the window."""
    more = more or {}
    reply_to = str(more.get("reply_to") or "")
    whatsapp.limit.take()  # the throughput counts in and out together (platform facts 3.4)
    now = whatsapp.world.now()
    customer.window_until = now + WINDOW
    message = Message(whatsapp.new_id(), False, now, text, {kind: content}, reply_to=reply_to or None)
    if kind != "reaction":
        whatsapp.keep(customer, message)
    told = {**customer.sender(), "id": message.id, "timestamp": str(int(now)), "type": kind, kind: content}
    if kind == "unsupported":
        told["errors"] = [{"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}]
    told |= kinds.referral(more)
    if context := kinds.context(whatsapp.webhooks.display_phone, reply_to, more):
        told["context"] = context
    payload = whatsapp.webhooks.message(customer, told)
    whatsapp.world.record(
        "whatsapp", "message", "in", chat=customer.chat, id=message.id, author=customer.handle, text=text, raw=payload
    )
    return _yes(message.id)


def _yes(named: str | None) -> Answer:
    return {"ok": True, "id": named, "error": None}


def _no(error: str) -> Answer:
    return {"ok": False, "id": None, "error": error}


ACTIONS: dict[str, Callable[["WhatsApp", Customer, str, str, More], Answer]] = {
    "write": _write,
    "send_file": _send_file,
    "share": _share,
    "change_number": _change_number,
    "open": _open,
    "answered_in_app": _answered_in_app,
    "trouble": _trouble,
    "react": _react,
    "press": _press,
    "edit": _invisible,
    "delete": _invisible,
    "block": _block,
    "unblock": _unblock,
    "read": _read,
}
