"""Who may come in: admits strangers and those whom their site vouches for, and knows them by their token again."""

import hashlib
import secrets
from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel, Field

from bridge.customer_channels.web import asked
from bridge.customer_channels.web.asks import NO_ASKS, Asks
from bridge.customer_channels.web.identity import LONGEST, identified, printable
from bridge.customer_channels.web.problem import Problem, storing
from bridge.ports import Clock, Introduced, Journal, Receive, Received, Visitor

# How long a token is good that nobody shows again. Whom a site knows gets a new one there at any time, and another
# person may sit at their computer tomorrow.
STRANGERS, KNOWN = timedelta(days=60), timedelta(days=1)
RENEWED = 0.9  # a token with less than this part of its time left is renewed when it is shown: not at every request


EMAIL = r"^([^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+)?$"


class NewVisitor(BaseModel):
    """The body of POST /web/session. A name is what somebody calls themselves, not who they are; so is an address."""

    name: str = Field(default="", max_length=LONGEST)
    email: str = Field(default="", max_length=254, pattern=EMAIL)
    identity: str = Field(default="", max_length=4096)


class Visitors:
    """`secret` is shared with the sites that vouch for their visitors; blank: nobody does. `asks` are for strangers."""

    def __init__(self, journal: Journal, clock: Clock, secret: str, asks: Asks = NO_ASKS) -> None:
        self._journal, self._clock, self._secret, self._asks = journal, clock, secret, asks

    async def admit(self, request: web.Request, receive: Receive) -> web.Response:
        """POST /web/session: a new token. The same identity leads to the same chat from every device."""
        raw = await asked.body(request)
        new, now = asked.parse(NewVisitor, raw or b"{}"), self._clock()
        who = identified(new.identity, self._secret, now) if new.identity else None
        if who is None and not self._asks.answered_by(printable(new.name), new.email):
            raise Problem(400, "missing", "This chat asks who you are before you write.")
        chat, token = secrets.token_hex(12), secrets.token_urlsafe(32)
        name = (who.name or who.email if who else "") or printable(new.name) or f"Visitor {chat[:4].upper()}"
        visitor = Visitor(chat, name, who.email or who.id if who else "")
        with storing():
            visitor = await self._journal.admit(visitor, _hash(token), now + _life(visitor), who.id if who else "")
        if new.email and who is None:
            told = Introduced(visitor.chat, visitor.name, new.email, asked.language(request))
            with storing():
                await receive([Received((f"web:{visitor.chat}:introduced",), told, raw)])
        return web.json_response({"token": token, "visitor": visitor.chat})

    async def of(self, request: web.Request, token: str = "") -> Visitor:
        """Whose request it is."""
        token, now = asked.bearer(request) or token, self._clock()
        with storing():
            found = await self._journal.visitor(_hash(token), now) if token else None
        if found is None:
            raise Problem(401, "token", "The token is missing, unknown or over.")
        visitor, until = found
        if until - now < _life(visitor) * RENEWED:
            with storing():
                await self._journal.renew(_hash(token), now + _life(visitor))
        return visitor


def _life(visitor: Visitor) -> timedelta:
    return KNOWN if visitor.verified else STRANGERS


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
