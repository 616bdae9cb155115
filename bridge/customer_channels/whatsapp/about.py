"""What WhatsApp says around a message, and what it shows beside text and files, as lines for agents. Pure."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from bridge.customer_channels._about import MOST, line, person, place
from bridge.i18n import t

Lines = tuple[str, ...]


def around(raw: Mapping[str, Any]) -> Lines:
    """Where it comes from: forwarded, by an advertisement, about one of our products."""
    context, referral = _dict(raw.get("context")), _dict(raw.get("referral"))
    found: list[str] = []
    if context.get("frequently_forwarded"):
        found.append(t("Forwarded many times"))
    elif context.get("forwarded"):
        found.append(t("Forwarded"))
    if referral:
        what = line(referral.get("headline")) or line(referral.get("body")) or line(referral.get("source_id"))
        found.append(t("Came by an advertisement: {what}", what=what) if what else t("Came by an advertisement"))
        found += [url] if (url := line(referral.get("source_url"))) else []
    if product := line(_dict(context.get("referred_product")).get("product_retailer_id")):
        found.append(t("About the product {product}", product=product))
    return tuple(found)


def answers(raw: Mapping[str, Any]) -> str:
    """The id of the message that it is a reply to. A choice says itself what it was asked for."""
    if raw.get("type") in ("interactive", "button"):
        return ""
    named = _dict(raw.get("context")).get("id")
    return named if isinstance(named, str) else ""


def shown(kind: str, content: Any) -> Lines:
    """A place, a person, an order, a form in words; nothing for what is not one of these, or has not their shape."""
    return SHOWN[kind](content) if kind in SHOWN else ()


def notice(system: Mapping[str, Any]) -> str:
    """What WhatsApp tells of a customer."""
    kind, words = system.get("type"), line(system.get("body"))
    if kind in ("user_changed_number", "customer_changed_number"):
        number = line(system.get("wa_id")) or line(system.get("new_wa_id")) or line(system.get("user_id"))
        if number:
            return t("The customer now writes from another number: {number}.", number=number)
    if kind in ("customer_identity_changed", "user_identity_changed"):
        return t("The customer has WhatsApp on another phone, or somebody else has this number now.")
    return t("WhatsApp says: {words}", words=words or line(kind) or "?")


def _location(content: Any) -> Lines:
    where = _dict(content)
    return place(where, where.get("name"), where.get("address"))


def _contacts(content: Any) -> Lines:
    people = [_dict(each) for each in content] if isinstance(content, list) else []
    return tuple(told for each in people[:MOST] if (told := _person(each)))


def _person(contact: Mapping[str, Any]) -> str:
    named, phones, emails = _dict(contact.get("name")), contact.get("phones"), contact.get("emails")
    full = f"{line(named.get('first_name'))} {line(named.get('last_name'))}".strip()
    numbers = [_dict(each).get("phone") for each in phones] if isinstance(phones, list) else []
    addresses = [_dict(each).get("email") for each in emails] if isinstance(emails, list) else []
    return person(line(named.get("formatted_name")) or full, [*numbers, *addresses])


def _order(content: Any) -> Lines:
    items = _dict(content).get("product_items")
    lines = [_item(_dict(each)) for each in items] if isinstance(items, list) else []
    return (t("Order:"), *lines[:MOST]) if lines else ()


def _item(item: Mapping[str, Any]) -> str:
    product, price, currency = line(item.get("product_retailer_id")), item.get("item_price"), item.get("currency")
    amount = f" · {price} {line(currency)}".rstrip() if type(price) in (int, float) else ""
    return f"- {_number(item.get('quantity'))} × {product or '?'}{amount}"


def _number(value: object) -> str:
    return str(value) if type(value) is int else line(value) or "?"


def _interactive(content: Any) -> Lines:
    """A form that was filled in: what stands in its fields."""
    reply = _dict(_dict(content).get("nfm_reply"))
    filled: Any = None
    with suppress(ValueError, TypeError, RecursionError):
        filled = json.loads(reply.get("response_json", ""))
    fields = [(name, value) for name, value in _dict(filled).items() if name != "flow_token"]
    if not fields:
        return ()
    return (t("Form: {name}", name=line(reply.get("name")) or "?"), *(_field(*field) for field in fields[:MOST]))


def _field(name: Any, value: Any) -> str:
    return f"- {line(name)}: {line(value) or line(json.dumps(value, ensure_ascii=False))}"


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


SHOWN: Mapping[str, Callable[[Any], Lines]] = {
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "interactive": _interactive,
}
