"""Visitors change and delete what they wrote themselves. Agents have read it: they are told, and keep it."""

import orjson
from aiohttp import web
from pydantic import BaseModel, Field

from bridge.customer_channels.web import asked, events
from bridge.customer_channels.web.problem import Problem, storing
from bridge.ports import Clock, Corrected, Journal, Receive, Received, Visitor, Withdrawn


class Change(BaseModel):
    """The body of POST /web/changes. Without a text the message goes."""

    id: str = Field(min_length=1, max_length=100, pattern=asked.ID)
    of: str = Field(min_length=1, max_length=100, pattern=asked.ID)
    text: str | None = None


async def change(
    request: web.Request, visitor: Visitor, journal: Journal, clock: Clock, receive: Receive
) -> web.Response:
    """First for the team, then for their own pages. Again with the same id it is only done as far as it was not."""
    raw = await asked.body(request)
    wanted = asked.parse(Change, raw)
    text = "" if wanted.text is None else asked.words(wanted.text)
    chat, key = visitor.chat, f"change:{wanted.id}"
    with storing():
        author = events.own(await journal.kept(chat, wanted.of))
        done = await journal.kept(chat, key)
    if not author and orjson.loads(done or "{}").get("of") != wanted.of:
        raise Problem(404, "message", "There is no such message of yours.")
    event = Corrected(chat, wanted.of, text) if text else Withdrawn(chat, wanted.of)
    with storing():
        await receive([Received((f"web:{chat}:{key}",), event, raw)])
        if author:
            told = events.changed_by_visitor(text, author, wanted.of, key, clock())
            await journal.append(chat, key, told)
        if not text:
            await journal.change(chat, wanted.of, lambda it: events.without_words(it, wanted.of))
    return web.json_response({})
