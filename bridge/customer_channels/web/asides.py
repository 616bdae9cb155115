"""What visitors tell beside their messages: how it was with a person, and that they are writing."""

from typing import Literal

import orjson
from aiohttp import web
from pydantic import BaseModel, Field

from bridge.customer_channels.web import asked
from bridge.customer_channels.web.asked import ID
from bridge.customer_channels.web.flood import Flood
from bridge.customer_channels.web.problem import Problem, storing
from bridge.ports import Clock, Journal, Rated, Receive, Received, Visitor, Writing

LONGEST = 1000  # of what is added to a rating
EVERY = 4  # seconds between two times that it is worth saying that somebody writes


class Rating(BaseModel):
    """The body of POST /web/ratings: the answer to the question `of`."""

    of: str = Field(min_length=1, max_length=100, pattern=ID)
    good: bool
    text: str = Field(default="", max_length=LONGEST)


class Nothing(BaseModel):
    """The body of POST /web/typing: that it came says all."""

    kind: Literal["typing"] = "typing"


async def rate(request: web.Request, visitor: Visitor, journal: Journal, receive: Receive) -> web.Response:
    """The first answer counts, and the first words that are added to it."""
    raw = await asked.body(request)
    rating = asked.parse(Rating, raw)
    text = rating.text.replace("\0", "").strip()
    chat = visitor.chat
    with storing():
        question = orjson.loads(await journal.kept(chat, rating.of) or "{}")
        if question.get("kind") != "rating":
            raise Problem(404, "rating", "There is no such question.")
        key = f"web:{chat}:rated:{rating.of}"
        told = [Received((key,), Rated(chat, rating.of, rating.good), raw)]
        if any(map(str.isprintable, text)):
            told.append(Received((f"{key}:words",), Rated(chat, rating.of, rating.good, text), raw))
        await receive(told)
    return web.json_response({})


async def writing(
    request: web.Request, visitor: Visitor, writers: Flood, clock: Clock, receive: Receive
) -> web.Response:
    """Of what is told too often nothing is stored."""
    raw = await asked.body(request)
    asked.parse(Nothing, raw or b"{}")
    if not writers.wait(visitor.chat):
        moment = int(clock().timestamp()) // EVERY
        with storing():
            await receive([Received((f"web:{visitor.chat}:writes:{moment}",), Writing(visitor.chat), raw)])
    return web.json_response({})
