"""What the WhatsApp look-alike holds: customers and their messages with the business."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zlib import crc32

from bridge.sandbox.limits import Bucket
from bridge.sandbox.world import World

SHOWN = 300  # messages of a chat that the page shows

# One message per 6 s to one user, bursts of 45 (platform facts 3.4).
PAIR_RATE, PAIR_BURST = 1 / 6, 45.0


@dataclass(slots=True)
class Message:
    """One message between a customer and the business."""

    id: str
    by_business: bool
    at: float
    text: str
    content: dict[str, Any]
    status: str | None = None  # of the business's: sent, delivered, read or failed
    error: str | None = None
    reply_to: str | None = None
    tracker: str | None = None  # biz_opaque_callback_data
    read: bool = False  # of a customer's: marked so by the business
    reactions: dict[bool, str] = field(default_factory=dict[bool, str])  # by the business (True), by the customer

    def react(self, emoji: str, *, by_business: bool) -> None:
        """Replace a side's reaction; an empty emoji takes it away."""
        self.reactions.pop(by_business, None)
        if emoji:
            self.reactions[by_business] = emoji

    def buttons(self) -> list[tuple[str, str, str]]:
        """What a customer can press: kind, id, title."""
        action: dict[str, Any] = self.content.get("interactive", {}).get("action", {})
        replies = [b["reply"] for b in action.get("buttons", [])]
        rows = [row for section in action.get("sections", []) for row in section.get("rows", [])]
        return [("button_reply", b["id"], b["title"]) for b in replies] + [
            ("list_reply", r["id"], r["title"]) for r in rows
        ]

    def shown(self) -> dict[str, Any]:
        """As the page shows it."""
        return {
            "id": self.id,
            "from": "business" if self.by_business else "customer",
            "text": self.text,
            "at": self.at,
            "status": self.status,
            "error": self.error,
            "reply_to": self.reply_to,
            "reactions": list(self.reactions.values()),
            "buttons": [{"text": title, "data": button_id} for _, button_id, title in self.buttons()] or None,
        }


@dataclass(slots=True)
class Customer:
    """One customer. Without `wa_id`: someone who has a user name and hides the number (platform facts 3.2)."""

    handle: str
    name: str
    wa_id: str | None
    user_id: str
    limit: Bucket
    blocked: bool = False
    window_until: float = 0.0
    typing_until: float = 0.0
    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    unread: list[Message] = field(default_factory=list[Message])  # delivered to the customer, not yet read

    @property
    def chat(self) -> str:
        """How the bridge addresses this customer."""
        return self.wa_id or self.user_id

    def contact(self) -> dict[str, Any]:
        """As in `contacts` of a webhook."""
        profile = {"name": self.name} | ({} if self.wa_id else {"username": self.handle.lstrip("@")})
        return {"profile": profile} | ({"wa_id": self.wa_id} if self.wa_id else {}) | {"user_id": self.user_id}

    def sender(self) -> dict[str, Any]:
        """The `from` fields of a message in a webhook."""
        return ({"from": self.wa_id} if self.wa_id else {}) | {"from_user_id": self.user_id}

    def shown(self, now: float) -> dict[str, Any]:
        """As the page shows it."""
        return {
            "chat": self.chat,
            "name": self.name,
            "handle": self.handle,
            "blocked": self.blocked,
            "typing": now < self.typing_until,
            "window_until": self.window_until,
            "messages": [m.shown() for m in islice(self.messages.values(), max(0, len(self.messages) - SHOWN), None)],
        }


class Customers:
    """All customers, by number, by user id and by handle."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._known: dict[str, Customer] = {}
        self.all: list[Customer] = []
        world.on_reset(self.forget)

    def forget(self) -> None:
        """Start afresh."""
        self._known.clear()
        self.all.clear()

    def find(self, named: str) -> Customer | None:
        """By number (also with a plus), user id or handle."""
        return self._known.get(named.lstrip("+"))

    def renumber(self, customer: Customer, number: str) -> None:
        """They have another number now, and so another user id (platform facts 3.2)."""
        customer.wa_id, customer.user_id = number, f"US.{number}"
        self._known |= {number: customer, customer.user_id: customer}

    def of(self, actor: str, name: str = "") -> Customer:
        """By handle or number; made on first sight, with the same ids every time. `@name` hides the number."""
        customer = self.find(actor)
        if customer is None:
            number = crc32(actor.encode())
            wa_id = actor.lstrip("+") if actor.lstrip("+").isdecimal() else f"1555{number:010d}"
            while wa_id in self._known:
                wa_id = str(int(wa_id) + 1)
            shown = name or actor.lstrip("@").replace("_", " ").title()
            hidden = actor.startswith("@")
            limit = Bucket(self.world, rate=PAIR_RATE, burst=PAIR_BURST)
            customer = Customer(actor, shown, None if hidden else wa_id, f"US.{wa_id}", limit)
            self.all.append(customer)
            self._known |= {key: customer for key in (actor, customer.wa_id, customer.user_id) if key}
        return customer
