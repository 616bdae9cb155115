"""What customers share beside text and files: places, people, orders, forms. As the Cloud API gives it, or refused."""

import json
from collections.abc import Callable
from typing import Any

More = dict[str, Any]
FORWARDED, MANY = "forwarded", "frequently_forwarded"


class Wrong(Exception):
    """WhatsApp's app does not send this."""


def shared(kind: str, more: More) -> tuple[str, Any]:
    """Type and content of a message of this kind. What this look-alike does not know comes as WhatsApp tells it."""
    if kind in KINDS:
        return KINDS[kind](more)
    return "unsupported", {"type": kind}


def context(shop: str, reply_to: str, more: More) -> More:
    """What a message answers and where it comes from."""
    found: More = {"from": shop, "id": reply_to} if reply_to else {}
    found |= {name: True for name in (FORWARDED, MANY) if more.get(name)}
    if product := str(more.get("product") or ""):
        found["referred_product"] = {"catalog_id": "194836987003835", "product_retailer_id": product}
    return found


def referral(more: More) -> More:
    """By which advertisement they came."""
    if not (headline := str(more.get("advertisement") or "")):
        return {}
    ad = {"source_url": "https://fb.me/3cr4Wqqkv", "source_id": "120226305854810726", "source_type": "ad"}
    return {"referral": {**ad, "headline": headline, "body": "Chat with us", "media_type": "image"}}


def _location(more: More) -> tuple[str, Any]:
    latitude, longitude = more.get("latitude"), more.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Wrong("no_location")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Wrong("no_such_place")
    named = {name: str(more[name]) for name in ("name", "address", "url") if more.get(name)}
    return "location", {"latitude": latitude, "longitude": longitude, **named}


def _contacts(more: More) -> tuple[str, Any]:
    name, phone = str(more.get("name_of") or ""), str(more.get("phone") or "")
    if not name:
        raise Wrong("no_contact")
    phones = [{"phone": phone, "wa_id": phone.lstrip("+"), "type": "CELL"}] if phone else []
    return "contacts", [{"name": {"first_name": name.split()[0], "formatted_name": name}, "phones": phones}]


def _order(more: More) -> tuple[str, Any]:
    items = more.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, list) and len(item) == 4 for item in items):
        raise Wrong("no_order")
    names = ("product_retailer_id", "quantity", "item_price", "currency")
    products = [dict(zip(names, item, strict=True)) for item in items]
    words = {"text": str(more["words"])} if more.get("words") else {}
    return "order", {"catalog_id": "194836987003835", **words, "product_items": products}


def _form(more: More) -> tuple[str, Any]:
    fields = more.get("fields")
    if not isinstance(fields, dict):
        raise Wrong("no_form")
    answer = json.dumps({"flow_token": "unused", **fields})
    reply = {"name": "flow", "body": "Sent", "response_json": answer}
    return "interactive", {"type": "nfm_reply", "nfm_reply": reply}


KINDS: dict[str, Callable[[More], tuple[str, Any]]] = {
    "location": _location,
    "contact": _contacts,
    "order": _order,
    "form": _form,
}
