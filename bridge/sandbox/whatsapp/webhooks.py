"""What WhatsApp tells the business: messages and statuses, signed and sent again until they are taken."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from bridge.sandbox.deliveries import Deliveries, Parcel
from bridge.sandbox.misbehaviour import Line
from bridge.sandbox.whatsapp.customers import Customer, Message
from bridge.sandbox.whatsapp.errors import Kind, in_status
from bridge.sandbox.world import World

KEPT_FOR = 7 * 24 * 3600.0  # platform facts 3.1
ACCOUNT = "102290129340398"

Json = dict[str, Any]


@dataclass(slots=True)
class Subscription:
    """Where webhooks go, and what proves where they come from."""

    url: str
    app_secret: str
    verify_token: str = ""


class Webhooks:
    """The webhooks of one business number. Without a subscription they are lost, as at Meta."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.subscription: Subscription | None = None
        self.phone_number_id, self.display_phone = "", "15550001111"  # the id is learnt: every one is right
        self.deliveries = Deliveries(world, give_up_after=KEPT_FOR)
        self._line = Line[tuple[str, Json]](world, "whatsapp", self._post, _message_id)
        world.on_reset(self.deliveries.clear)

    async def close(self) -> None:
        """Stop."""
        self._line.clear()
        await self.deliveries.close()

    async def verify(self, subscription: Subscription) -> None:
        """The handshake that Meta does when a callback URL is set; the history says how it went."""
        verified = await self._handshake(subscription)
        self.world.record("whatsapp", "verification", "in", text="verified" if verified else "failed")

    async def _handshake(self, subscription: Subscription) -> bool:
        challenge = str(self.world.random.randrange(10**9))
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": subscription.verify_token,
            "hub.challenge": challenge,
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
                session.get(subscription.url, params=query) as response,
            ):
                return response.status == 200 and await response.text() == challenge
        except (aiohttp.ClientError, TimeoutError):
            return False

    def message(self, customer: Customer, message: Json, kind: str = "message") -> Json:
        """A customer's message; `kind` is what a fault's method names."""
        return self._tell(kind, customer.chat, {"contacts": [customer.contact()], "messages": [message]})

    def status(self, customer: Customer, message: Message, status: str, error: Kind | None = None) -> Json:
        """How far a message of the business got."""
        message.status, message.error = status, error[1] if error else None
        recipient = {"recipient_id": customer.wa_id} if customer.wa_id else {}
        told: Json = {"id": message.id, "status": status, "timestamp": self._timestamp(), **recipient}
        told["recipient_user_id"] = customer.user_id
        if message.tracker is not None:
            told["biz_opaque_callback_data"] = message.tracker
        if error:
            told["errors"] = [in_status(error)]
        else:
            told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
        value = {"contacts": [customer.contact()], "statuses": [told]}
        payload = self._tell("status", customer.chat, value)
        self.world.record("whatsapp", "status", "in", chat=customer.chat, id=message.id, text=status, raw=payload)
        return payload

    def echo(self, customer: Customer, message: Message) -> Json:
        """What somebody of the business wrote in WhatsApp's app."""
        to = {"to": customer.wa_id} if customer.wa_id else {"to_user_id": customer.user_id}
        told = {"from": self.display_phone, **to, "id": message.id, "timestamp": self._timestamp(), "type": "text"}
        echoes = [{**told, **message.content}]
        value = {"contacts": [customer.contact()], "message_echoes": echoes}
        return self._tell("echo", customer.chat, value, "smb_message_echoes")

    def trouble(self, code: int, title: str) -> Json:
        """A complaint about the account, which belongs to no message."""
        error = {"code": code, "title": title, "message": title, "error_data": {"details": title}}
        return self._tell("trouble", "", {"errors": [error]})

    def _tell(self, kind: str, lane: str, value: Json, field: str = "messages") -> Json:
        metadata = {"display_phone_number": self.display_phone, "phone_number_id": self.phone_number_id}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"value": value, "field": field}
        payload = {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": [change]}]}
        self._line.put(kind, (lane, payload))
        return payload

    def _post(self, item: tuple[str, Json]) -> None:
        lane, payload = item
        if self.subscription is None:
            return
        # Meta signs the bytes that it sends, with everything outside ASCII escaped (platform facts 3.1).
        body = json.dumps(payload, separators=(",", ":")).encode()
        signature = hmac.new(self.subscription.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        self.deliveries.put(lane, Parcel(self.subscription.url, body, headers))

    def _timestamp(self) -> str:
        return str(int(self.world.now()))


def _message_id(item: tuple[str, Json]) -> str:
    messages: list[Json] = item[1]["entry"][0]["changes"][0]["value"].get("messages", [])
    return str(messages[0]["id"]) if messages else ""
