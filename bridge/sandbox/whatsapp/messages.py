"""The messages call: what the business sends, marks as read and shows while typing."""

import re
from typing import TYPE_CHECKING, Any

from bridge.sandbox.whatsapp import content
from bridge.sandbox.whatsapp.customers import Customer, Message
from bridge.sandbox.whatsapp.errors import (
    INVALID_VALUE,
    PAIR_LIMIT,
    THROUGHPUT,
    UNDELIVERABLE,
    WINDOW_SHUT,
    Refused,
    invalid,
    refused,
)

if TYPE_CHECKING:
    from bridge.sandbox.whatsapp.cloud_api import WhatsApp

TYPING_LASTS = 25.0  # platform facts 3.4
LONGEST_TRACKER = 512
NUMBER = re.compile(r"\+?[0-9]{5,20}")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")

Json = dict[str, Any]


def call(whatsapp: "WhatsApp", body: Any) -> Json:
    """One call, checked and done."""
    if not isinstance(body, dict) or body.get("messaging_product") != "whatsapp":
        raise invalid("The parameter messaging_product is required.")
    if body.get("status") == "read":
        return _mark_read(whatsapp, body)
    named = _named(body)
    kind = str(body.get("type") or "text")
    words = content.check(kind, body, whatsapp.has_media, whatsapp.templates.said)
    tracker = body.get("biz_opaque_callback_data")
    if tracker is not None and (not isinstance(tracker, str) or len(tracker) > LONGEST_TRACKER):
        raise invalid(f"Param biz_opaque_callback_data must be at most {LONGEST_TRACKER} characters long.")
    return _send(whatsapp, named, kind, words, body)


def _named(body: Json) -> str:
    """Whom a message is for: a number in `to`, which wins, or a user id in `recipient` (platform facts 3.2)."""
    for field, shape in (("to", NUMBER), ("recipient", USER_ID)):
        if named := body.get(field):
            if not isinstance(named, str) or not shape.fullmatch(named):
                raise Refused(400, 131009, INVALID_VALUE, f"{field} is not valid")
            return named
    raise invalid("The parameter to is required.")


def _send(whatsapp: "WhatsApp", named: str, kind: str, words: str, body: Json) -> Json:
    customer = whatsapp.customers.find(named)
    stranger = customer is None
    if kind != "template" and (customer is None or whatsapp.world.now() > customer.window_until):
        raise refused(WINDOW_SHUT)
    customer = customer or whatsapp.customers.of(named)
    target = _reaction_target(customer, body) if kind == "reaction" else None
    _pace(whatsapp, customer)
    message = Message(whatsapp.new_id(), True, whatsapp.world.now(), words, body)
    message.tracker, message.reply_to = body.get("biz_opaque_callback_data"), _reply_to(body)
    customer.typing_until = 0.0
    _record(whatsapp, customer, message.id, words, body)
    if target is None:
        whatsapp.keep(customer, message)
    else:
        target.react(words, by_business=True)
    _report(whatsapp, customer, message, fails=stranger or customer.blocked)
    contact = {"input": named} | ({"wa_id": customer.wa_id} if customer.wa_id else {}) | {"user_id": customer.user_id}
    sent = {"id": message.id} | ({"message_status": "accepted"} if kind == "template" else {})
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def _report(whatsapp: "WhatsApp", customer: Customer, message: Message, *, fails: bool) -> None:
    if fails:
        whatsapp.webhooks.status(customer, message, "failed", UNDELIVERABLE)
        return
    whatsapp.webhooks.status(customer, message, "sent")
    whatsapp.webhooks.status(customer, message, "delivered")
    customer.unread.append(message)


def _mark_read(whatsapp: "WhatsApp", body: Json) -> Json:
    """A read receipt, with a typing line if asked for."""
    named = str(body.get("message_id") or "")
    customer = whatsapp.owners.get(named)
    if customer is None or customer.messages[named].by_business:
        raise Refused(400, 131009, INVALID_VALUE, "Message id is not valid")
    for message in customer.messages.values():  # all before it, too
        message.read = message.read or not message.by_business
        if message.id == named:
            break
    if body.get("typing_indicator"):
        customer.typing_until = whatsapp.world.now() + TYPING_LASTS
    _record(whatsapp, customer, named, None, body, "messages" if body.get("typing_indicator") else "mark")
    return {"success": True}


def _reaction_target(customer: Customer, body: Json) -> Message:
    target = customer.messages.get(body["reaction"]["message_id"])
    if target is None:
        raise Refused(400, 131009, INVALID_VALUE, "Message id is not valid")
    return target


def _reply_to(body: Json) -> str | None:
    """The message that this one answers; an unknown one is silently not shown (platform facts 3.4)."""
    context = body.get("context")
    return str(context["message_id"]) if isinstance(context, dict) and context.get("message_id") else None


def _pace(whatsapp: "WhatsApp", customer: Customer) -> None:
    if not whatsapp.world.strict:
        return
    if whatsapp.limit.wait():
        raise refused(THROUGHPUT, 429)
    if customer.limit.wait():
        raise refused(PAIR_LIMIT)
    whatsapp.limit.take()
    customer.limit.take()


def _record(
    whatsapp: "WhatsApp", customer: Customer, named: str, words: str | None, body: Json, kind: str = "messages"
) -> None:
    whatsapp.world.record(
        "whatsapp", kind, "out", chat=customer.chat, id=named, author="business", text=words, raw=body
    )
