"""Who may come in: admits strangers and those whom their site vouches for, and knows them by their token again."""

import hashlib
import secrets
from datetime import timedelta

from aiohttp import web
from pydantic import BaseModel, Field

from bridge.customer_channels.web import asked
from bridge.customer_channels.web.identity import LONGEST, identified, printable
from bridge.customer_channels.web.problem import Problem, storing
from bridge.ports import Clock, Journal, Visitor

# How long a token is good that nobody shows again. Whom a site knows gets a new one there at any time, and another
# person may sit at their computer tomorrow.
STRANGERS, KNOWN = timedelta(days=60), timedelta(days=1)
RENEWED = 0.9  # a token with less than this part of its time left is renewed when it is shown: not at every request


class NewVisitor(BaseModel):
    """The body of POST /web/session. A name is what somebody calls themselves, not who they are."""

    name: str = Field(default="", max_length=LONGEST)
    identity: str = Field(default="", max_length=4096)


class Visitors:
    """`secret` is shared with the sites that vouch for their visitors; blank: nobody does."""

    def __init__(self, journal: Journal, clock: Clock, secret: str) -> None:
        self._journal, self._clock, self._secret = journal, clock, secret

    async def admit(self, request: web.Request) -> web.Response:
        """POST /web/session: a new token. The same identity leads to the same chat from every device."""
        new, now = asked.parse(NewVisitor, await asked.body(request) or b"{}"), self._clock()
        who = identified(new.identity, self._secret, now) if new.identity else None
        chat, token = secrets.token_hex(12), secrets.token_urlsafe(32)
        name = (who.name or who.email if who else "") or printable(new.name) or f"Visitor {chat[:4].upper()}"
        visitor = Visitor(chat, name, who.email or who.id if who else "")
        with storing():
            visitor = await self._journal.admit(visitor, _hash(token), now + _life(visitor), who.id if who else "")
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
