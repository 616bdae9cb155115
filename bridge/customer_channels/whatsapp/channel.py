"""The WhatsApp channel as the bridge sees it: a signed webhook in, plain HTTP out."""

import asyncio
import hmac
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, web

from bridge.content import Part, Presence
from bridge.customer_channels._files import TRANSFER, download, form
from bridge.customer_channels._http import JSON, Reply, ask, bring
from bridge.customer_channels._webhooks import Rejected, body_of, guarded, json_object, stored
from bridge.customer_channels.whatsapp import media, messages
from bridge.customer_channels.whatsapp.errors import TemplateGone, refusal
from bridge.customer_channels.whatsapp.events import read
from bridge.customer_channels.whatsapp.templates import Templates
from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable, WrongSetting
from bridge.files import File, Loaded, may_see_token
from bridge.i18n import t
from bridge.ports import Capabilities, Clock, Limit, Receive
from bridge.templates import Template

PATH = "/whatsapp/webhook"
LARGEST = 3 * 1_048_576  # bytes: Meta's own limit for a webhook
REMEMBERED = 10_000  # chats of which we know what was marked as read
NEEDED = {
    "WHATSAPP_TOKEN": "create a system user's token in Meta's business settings",
    "WHATSAPP_PHONE_NUMBER_ID": "copy it from WhatsApp > API setup in Meta's app dashboard",
    "WHATSAPP_APP_SECRET": "copy it from App settings > Basic in Meta's app dashboard",
    "WHATSAPP_VERIFY_TOKEN": "make up a secret, and enter the same one where Meta asks for the callback URL",
}

BUSINESS = "copy it from WhatsApp > API setup, let the token do whatsapp_business_management, or leave it out"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose number, and the secrets in both directions."""

    token: str
    phone_number_id: str
    app_secret: str
    verify_token: str
    url: str  # with the version
    business: str = ""  # the business account's id; blank: nobody said, so there are no templates


class WhatsApp:
    """The customer channel."""

    name = "whatsapp"
    label = "WhatsApp"
    variables = (*NEEDED, "WHATSAPP_BUSINESS_ID", "WHATSAPP_API_URL", "WHATSAPP_API_VERSION")
    # Free text only within a day of what the customer wrote last, else 131047 (platform facts, 3.3).
    can = Capabilities(
        formatting="both",
        image="both",
        file="both",
        voice="both",
        video="both",
        sticker="in",
        location="in",
        contact="in",
        reply_to="in",
        reaction="both",
        edit="in",
        delete="in",
        buttons="both",
        typing="out",
        delivered="in",
        read="both",
        confirms="status",
        reply_window=timedelta(hours=24),
    )
    # To one customer a message every six seconds, after a burst that is quoted as 45 (platform facts, 3.4).
    limit = Limit(
        length=4096, per_second=80, per_chat_second=1 / 6, per_chat_burst=40, joins=True, caption=media.LONGEST_CAPTION
    )

    def __init__(self, account: Account, session: ClientSession, clock: Clock) -> None:
        self._account, self._session = account, session
        self.can = replace(type(self).can, templates=bool(account.business))
        self._messages = f"{account.url}/{account.phone_number_id}/messages"
        self._bearer = {"Authorization": f"Bearer {account.token}"}
        self._headers = {**JSON, **self._bearer}
        self._read: OrderedDict[str, str] = OrderedDict()
        self._marking: set[asyncio.Task[bool]] = set()
        listed = f"{account.url}/{account.business}/message_templates"
        self._templates = Templates(session, listed, self._bearer, clock)

    async def check(self) -> str:
        """Who we are, for `bridge doctor`."""
        url = f"{self._account.url}/{self._account.phone_number_id}?fields=verified_name,display_phone_number"
        try:
            reply = await ask(self._session, "GET", url, headers=self._headers)
        except DeliveryError as error:
            raise WrongSetting(
                f"WHATSAPP_API_URL does not answer: {error} Check the address and the network."
            ) from None
        about = reply.json()
        if reply.status in (401, 403):
            raise WrongSetting(f"WHATSAPP_TOKEN is refused by WhatsApp: {NEEDED['WHATSAPP_TOKEN']}.")
        if reply.status != 200 or "display_phone_number" not in about:
            mend = NEEDED["WHATSAPP_PHONE_NUMBER_ID"]
            raise WrongSetting(f"WHATSAPP_PHONE_NUMBER_ID is not known to WhatsApp ({reply.status}): {mend}.")
        known = ""
        if self.can.templates:
            try:
                known = f", {len(await self.templates())} templates"
            except DeliveryError as error:
                raise WrongSetting(f"WHATSAPP_BUSINESS_ID shows no templates: {error} Mend: {BUSINESS}.") from None
        return f"{about.get('verified_name') or 'WhatsApp'} ({about['display_phone_number']}) reachable{known}"

    # ------------------------------------------------------------------------------------------------ events coming in

    async def run(self, receive: Receive) -> None:
        """Nothing to poll."""

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """Meta's handshake, and the webhook."""

        async def verify(request: web.Request) -> web.Response:
            return self._verified(request.query)

        async def take(request: web.Request) -> web.Response:
            body = await body_of(request, LARGEST)
            self._authenticate(body, request.headers.get("X-Hub-Signature-256", ""))
            return await stored(self.name, receive(read(json_object(body), self._account.phone_number_id)))

        return (
            web.get(PATH, guarded(self.name, verify), allow_head=False),
            web.post(PATH, guarded(self.name, take)),
        )

    def _verified(self, query: Mapping[str, str]) -> web.Response:
        given, challenge = query.get("hub.verify_token", ""), query.get("hub.challenge", "")
        known = hmac.compare_digest(_bytes(given), _bytes(self._account.verify_token))
        if query.get("hub.mode") != "subscribe" or not known:
            raise Rejected(403, "not_authentic", "The verify token is missing or wrong.")
        if not re.fullmatch(r"[\w-]{1,128}", challenge, re.ASCII):
            raise Rejected(400, "malformed", "The challenge is missing or wrong.")
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    def _authenticate(self, body: bytes, signature: str) -> None:
        """Over the raw bytes: the same JSON written anew has another signature."""
        due = "sha256=" + hmac.digest(_bytes(self._account.app_secret), body, "sha256").hex()
        if not hmac.compare_digest(_bytes(signature), due.encode()):
            raise Rejected(401, "not_authentic", "The signature is missing or wrong.")

    # ---------------------------------------------------------------------------------------------------- going out

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        """Send; accepted is not delivered, which statuses tell later."""
        if isinstance(part, Presence):
            raise Undeliverable("WhatsApp does not show who joins or leaves.")
        body = messages.message(chat, part, key)
        if part.file:
            body = messages.with_file(chat, part, part.file, await self._uploaded(part.file), key)
        try:
            named = _id_in(await self._post(body))
        except TemplateGone:
            self._templates.forget()
            raise
        self._mark_read(chat, part.heard)
        return named

    async def templates(self) -> Sequence[Template]:
        """What Meta has approved, as it was told in the last ten minutes."""
        return await self._templates.all()

    async def _uploaded(self, file: Loaded) -> str:
        """The id under which WhatsApp has a file. Nobody sees it yet, so it may be done twice."""
        if why := media.refuses(file):
            raise Undeliverable(why)
        mime = media.type_of(file.mime)
        headers, body = form({"messaging_product": "whatsapp", "type": mime}, {"file": replace(file, mime=mime)})
        url = f"{self._account.url}/{self._account.phone_number_id}/media"
        try:
            reply = await bring(self._session, "POST", url, body, {**headers, **self._bearer}, patience=TRANSFER)
            if reply.status != 200:
                raise refusal(reply)
        except Uncertain as error:
            raise TryLater(str(error)) from None
        match reply.json():
            case {"id": str(named)}:
                return named
            case _:
                raise TryLater("WhatsApp's answer cannot be read.")

    def refuses(self, file: File) -> str:
        """By type and size."""
        return media.refuses(file)

    async def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A customer's file, piece by piece. Its address is good for five minutes, so it is asked for each time."""
        reply = await ask(self._session, "GET", f"{self._account.url}/{quote(file.ref, safe='')}", None, self._bearer)
        if reply.status in (400, 404):
            raise Undeliverable(t("{where} does not have it any more.", where="WhatsApp"))
        if reply.status != 200:
            raise refusal(reply)
        url = reply.json().get("url")
        if not isinstance(url, str) or not may_see_token(url, self._account.url, media.HOSTS):
            raise Undeliverable(t("WhatsApp keeps it where our token must not be shown."))
        async with aclosing(download(self._session, url, self._bearer, media.LARGEST, "WhatsApp")) as pieces:
            async for some in pieces:
                yield some

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        """There is no such call."""
        raise Undeliverable(t("WhatsApp does not let us change a message that was sent."))

    async def delete(self, chat: str, id: str, key: str) -> None:
        """There is no such call."""
        raise Undeliverable(t("WhatsApp does not let us delete a message that was sent."))

    async def react(self, chat: str, id: str, emoji: str) -> str:
        """A message of its own kind; the same again changes nothing. Without an emoji it takes ours back."""
        try:
            return _id_in(await self._post(messages.reaction(chat, id, emoji)))
        except Uncertain as error:
            raise TryLater(str(error)) from None

    async def typing(self, chat: str, heard: str = "") -> None:
        """Needs a message of the customer, which is marked as read thereby."""
        if heard and await self._courtesy(messages.typing(heard)):
            self._remember(chat, heard)

    def _mark_read(self, chat: str, heard: str) -> None:
        """Somebody has answered: then the customer may see that what they wrote was read. Nobody waits for it."""
        if heard and self._read.get(chat) != heard:
            self._remember(chat, heard)
            marking = asyncio.create_task(self._courtesy(messages.read(heard)))
            self._marking.add(marking)
            marking.add_done_callback(self._marking.discard)

    async def _courtesy(self, body: Mapping[str, Any]) -> bool:
        try:
            return (await self._post(body)).status == 200
        except DeliveryError:
            return False

    def _remember(self, chat: str, heard: str) -> None:
        """Once is enough: a mark also marks all before it."""
        self._read[chat] = heard
        self._read.move_to_end(chat)
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)

    async def close(self) -> None:
        """Give up marking what was read. The session is not ours."""
        for marking in self._marking:
            marking.cancel()

    async def _post(self, body: Mapping[str, Any]) -> Reply:
        return await ask(self._session, "POST", self._messages, body, self._headers)


def _id_in(reply: Reply) -> str:
    """Of what was accepted; else raises what the answer means."""
    if reply.status != 200:
        raise refusal(reply)
    match reply.json():
        case {"messages": [{"id": str(id)}, *_]}:
            return id
        case _:
            raise Uncertain("WhatsApp's answer cannot be read.")


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")
