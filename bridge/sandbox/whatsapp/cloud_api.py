"""The door of the WhatsApp look-alike: tokens, versions, messages, numbers and media."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bridge.sandbox import misbehaviour
from bridge.sandbox.limits import Bucket
from bridge.sandbox.whatsapp import messages, people
from bridge.sandbox.whatsapp.content import check_media
from bridge.sandbox.whatsapp.customers import Customer, Customers, Message
from bridge.sandbox.whatsapp.errors import THROUGHPUT, UNAVAILABLE, Refused, invalid, refused
from bridge.sandbox.whatsapp.templates import Templates
from bridge.sandbox.whatsapp.webhooks import Subscription, Webhooks
from bridge.sandbox.world import World

# Platform facts 3.4: how long an upload, a customer's file and the address of either are good for.
UPLOADED_FOR, RECEIVED_FOR, ADDRESS_FOR = 30 * 86_400.0, 7 * 86_400.0, 300.0
THROUGHPUT_RATE = 80.0  # messages a second of one number (platform facts 3.4)

Json = dict[str, Any]


@dataclass(slots=True)
class Medium:
    """A file, and until when its id is good."""

    mime: str
    data: bytes
    until: float
    url: str = ""  # somewhere else, for a test


class WhatsApp:
    """The Cloud API for one business number; every number id and every bearer token is right."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.customers, self.webhooks = Customers(world), Webhooks(world)
        self.templates = Templates()
        self.media: dict[str, Medium] = {}
        self.owners: dict[str, Customer] = {}  # of every message
        self.base_url = ""
        self._handshake: asyncio.Task[None] | None = None
        self.forget()
        world.on_reset(self.forget)

    def forget(self) -> None:
        """Start afresh."""
        self.templates.forget()
        self.media.clear()
        self.owners.clear()
        self._ids = itertools.count(1)
        self.limit = Bucket(self.world, rate=THROUGHPUT_RATE, burst=THROUGHPUT_RATE)

    def routes(self) -> list[web.RouteDef]:
        """The paths of the Cloud API. A version starts with v and a digit, so none is the bridge's own webhook."""
        return [
            web.get("/whatsapp/media/{id}", self._bytes),
            web.post(r"/whatsapp/{version:v\d+\.\d+}/{number}/messages", self._call),
            web.post(r"/whatsapp/{version:v\d+\.\d+}/{number}/media", self._call),
            web.get(r"/whatsapp/{version:v\d+\.\d+}/{id}", self._call),
            web.get(r"/whatsapp/{version:v\d+\.\d+}/{account}/message_templates", self._call),
        ]

    async def start(self, base_url: str) -> None:
        """Begin to post webhooks."""
        self.base_url = base_url
        await self.webhooks.deliveries.start()

    async def close(self) -> None:
        """Stop."""
        if self._handshake:
            self._handshake.cancel()
        await self.webhooks.close()

    def connect(self, settings: Json) -> None:
        """`webhook_url`, `app_secret`, `phone_number_id`; with `verify_token` the handshake is done."""
        url, token = settings.get("webhook_url", ""), settings.get("verify_token", "")
        self.webhooks.phone_number_id = settings.get("phone_number_id", self.webhooks.phone_number_id)
        self.webhooks.subscription = Subscription(url, settings.get("app_secret", ""), token) if url else None
        if self.webhooks.subscription and token:
            self._handshake = asyncio.create_task(self.webhooks.verify(self.webhooks.subscription))

    async def act(self, actor: str, action: str, target: str, text: str, **more: Any) -> Json:
        """What a customer does on the phone."""
        return people.act(self, actor, action, target, text, more)

    def view(self) -> Json:
        """What the page shows."""
        now = self.world.now()
        business = {"name": "Sandbox Shop", "phone": self.webhooks.display_phone}
        return {"business": business, "chats": [customer.shown(now) for customer in self.customers.all]}

    def keep(self, customer: Customer, message: Message) -> None:
        """Put a message into a customer's chat."""
        customer.messages[message.id] = message
        self.owners[message.id] = customer

    def add_media(self, mime: str, data: bytes, *, by_customer: bool = False) -> str:
        """Store a file; its media id."""
        named = str(700_000_000_000 + len(self.media))
        until = self.world.now() + (RECEIVED_FOR if by_customer else UPLOADED_FOR)
        self.media[named] = Medium(mime, data, until)
        return named

    def has_media(self, named: str) -> bool:
        """Whether a media id is known, and still good."""
        return named in self.media and self.world.now() < self.media[named].until

    def new_id(self) -> str:
        """A wamid."""
        return f"wamid.SANDBOX{next(self._ids):012d}"

    async def _call(self, request: web.Request) -> web.Response:
        last = request.path.rpartition("/")[2]
        method = last if request.method == "POST" or last == "message_templates" else "info"
        if method == "messages" and await _only_marks(request):
            method = "mark"

        async def answer() -> web.Response:
            try:
                _authenticate(request)
                return web.json_response(await self._do(method, request))
            except Refused as refusal:
                raw = {"method": method, "error": refusal.code}
                self.world.record("whatsapp", "rejected", "out", raw=raw)
                return refusal.answer()

        return await misbehaviour.answer(self.world, request, "whatsapp", method, answer, _fault)

    async def _do(self, method: str, request: web.Request) -> Json:
        if method == "info":
            return self._info(request.match_info["id"])
        if method == "message_templates":
            return self._templates(request)
        self.webhooks.phone_number_id = request.match_info["number"]
        if method == "media":
            return await self._upload(request)
        try:
            body = await request.json()
        except ValueError:
            raise invalid("Invalid parameter") from None
        return messages.call(self, body)

    async def _upload(self, request: web.Request) -> Json:
        form = await request.post()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, FileField):
            raise invalid("The parameters messaging_product and file are required.")
        mime, data = str(form.get("type") or file.content_type), file.file.read()
        check_media(mime, data)
        named = self.add_media(mime, data)
        self.world.record(
            "whatsapp", "media", "out", id=named, author="business", raw={"type": mime, "size": len(data)}
        )
        return {"id": named}

    def _templates(self, request: web.Request) -> Json:
        """A page of what the business account has; any number is its id."""
        if not (account := request.match_info["account"]).isdecimal():
            raise Refused(400, 100, f"Unsupported get request. Object with ID '{account}' does not exist")
        page = self.templates.page(request.query, f"{self.base_url}{request.path}")
        self.world.record("whatsapp", "message_templates", "out", author="business", raw={"count": len(page["data"])})
        return page

    def _info(self, named: str) -> Json:
        """A medium, or else a business number."""
        if named in self.media:
            if not self.has_media(named):
                raise Refused(400, 100, f"Unsupported get request. Object with ID '{named}' does not exist")
            it = self.media[named]
            url = f"{self.base_url}/whatsapp/media/{named}?ext={int(self.world.now() + ADDRESS_FOR)}"
            about = {"messaging_product": "whatsapp", "mime_type": it.mime, "file_size": len(it.data), "id": named}
            return about | {"url": it.url or url}
        if not named.isdecimal():
            raise Refused(400, 100, f"Unsupported get request. Object with ID '{named}' does not exist")
        return {
            "verified_name": "Sandbox Shop",
            "display_phone_number": self.webhooks.display_phone,
            "quality_rating": "GREEN",
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "id": named,
        }

    async def _bytes(self, request: web.Request) -> web.Response:
        try:
            _authenticate(request)
        except Refused as refusal:
            return refusal.answer()

        async def answer() -> web.Response:
            it, until = self.media.get(request.match_info["id"]), request.query.get("ext", "")
            if it is None or not until.isdecimal() or self.world.now() > int(until):
                return Refused(404, 100, "Media not found").answer()
            self.world.record("whatsapp", "download", "out", author="business", raw={"size": len(it.data)})
            return web.Response(body=it.data, headers={"Content-Type": it.mime})

        return await misbehaviour.answer(self.world, request, "whatsapp", "download", answer, _fault)


def _authenticate(request: web.Request) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token.strip():
        raise Refused(401, 190, "Invalid OAuth access token - Cannot parse access token")


async def _only_marks(request: web.Request) -> bool:
    """A read mark goes to the same address as messages. So that a fault meant for one does not hit the other."""
    try:
        body = await request.json()
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("status") == "read" and not body.get("typing_indicator")


def _fault(code: int, seconds: float) -> web.Response:
    return refused(THROUGHPUT, 429).answer() if code == 429 else refused(UNAVAILABLE, 500).answer()
