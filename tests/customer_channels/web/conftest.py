"""The web chat on a real server on loopback, with a journal in memory and a desk that only writes lines down."""

import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, ClientTimeout, web

from bridge.content import Author, Part
from bridge.customer_channels.web import Web
from bridge.ports import Corrected, Introduced, Rated, Receipt, Received, Said, Stored, Withdrawn, Writing

from ..conftest import Memory, MemoryUploads

ANA = Author("agent", "Ana")
BOT = Author("bot", "Shop assistant")

# Nothing but a wake-up moves a stream, unless the test says so.
QUIET: dict[str, Any] = {"heartbeat": 30.0, "title": "Acme Support"}

Json = dict[str, Any]


@dataclass
class Frame:
    """One server-sent event as it came."""

    event: str = "message"
    id: int | None = None
    data: Json = field(default_factory=dict[str, Any])


class Reader:
    """Reads one open stream."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def block(self) -> str:
        """The next block, comments too; "" when the stream has ended in order."""
        lines: list[str] = []
        while line := (await self.response.content.readline()).decode().rstrip("\n"):
            lines.append(line)
        return "\n".join(lines)

    async def next(self) -> Frame:
        """The next event."""
        while block := await self.block():
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            if "data" in fields:
                number = int(fields["id"]) if "id" in fields else None
                return Frame(fields.get("event", "message"), number, json.loads(fields["data"]))
        raise EOFError


class Site:
    """A site with the chat, and everything a test wants to do to it."""

    def __init__(self, url: str, channel: Web, journal: Memory, http: ClientSession) -> None:
        self.url = url
        self.channel = channel
        self.journal = journal
        self.http = http
        self.now = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
        self.received: list[Received] = []
        self.receipts: list[Receipt] = []
        self.changes: dict[str, Corrected | Withdrawn] = {}  # by key
        self.told: dict[str, Introduced | Rated | Writing] = {}  # by key
        self.open: list[ClientResponse] = []
        self._keys = 0

    async def admit(self, name: str = "Maria", **more: str) -> tuple[str, str]:
        """A new visitor's token and chat."""
        async with self.http.post("/web/session", json={"name": name, **more}) as response:
            assert response.status == 200
            answer = await response.json()
            return answer["token"], answer["visitor"]

    async def say(self, token: str, text: Any, id: Any = "m1", **headers: str) -> tuple[int, Json]:
        """What a visitor's message is answered with."""
        body = json.dumps({"id": id, "text": text})
        headers = {"Authorization": f"Bearer {token}", **headers}
        async with self.http.post("/web/messages", data=body, headers=headers) as response:
            return response.status, await response.json()

    async def listen(self, token: str, after: int = 0, more: Mapping[str, str] | None = None) -> Reader:
        """Open a stream; it is closed with the test."""
        headers = {**bearer(token), **(more or {})}
        response = await self.http.get(f"/web/events?after={after}", headers=headers)
        self.open.append(response)
        assert response.status == 200, await response.text()
        return Reader(response)

    async def answers(self, chat: str, text: str, author: Author = BOT, choices: tuple[str, ...] = ()) -> str:
        """The bot or an agent says something through the channel."""
        return await self.channel.send(chat, Part(author, text, choices), self.key())

    def key(self) -> str:
        """A new key, as the outbox gives to everything it sends."""
        self._keys += 1
        return f"key-{self._keys}"

    async def receive(self, events: Sequence[Received]) -> list[Stored]:
        """The desk's part: a customer's line is written into the journal with the event."""
        return [await self._store(received) for received in events]

    async def _store(self, received: Received) -> Stored:
        if isinstance(received.event, Receipt):
            self.receipts.append(received.event)
            return Stored(True)
        if isinstance(received.event, Corrected | Withdrawn):
            self.changes[received.keys[0]] = received.event
            return Stored(True)
        if isinstance(received.event, Introduced | Rated | Writing):
            if received.keys[0] not in self.told:
                self.told[received.keys[0]] = received.event
                await self._rated(received.event)
            return Stored(True)
        assert isinstance(received.event, Said)
        said, key = received.event, received.keys[0]
        new = key not in self.journal.keys
        author = {"kind": "customer", "name": said.name}
        line: Json = {"kind": "message", "author": author, "text": said.text, "id": said.id, "at": said.at.isoformat()}
        if said.files:
            line["files"] = [{"id": it.ref, "name": it.name, "mime": it.mime, "size": it.size} for it in said.files]
        seq = await self.journal.append(said.chat, key, json.dumps(line))
        if new:
            self.received.append(received)
        return Stored(new, seq)

    async def _rated(self, event: Introduced | Rated | Writing) -> None:
        if isinstance(event, Rated) and not event.text:
            author = {"kind": "customer", "name": ""}
            line = {"kind": "rated", "author": author, "text": "", "of": event.id, "good": event.good}
            line |= {"id": f"rated:{event.id}", "at": self.now.isoformat()}
            await self.journal.append(event.chat, f"rated:{event.id}", json.dumps(line))

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


OpenSite = Callable[..., Awaitable[Site]]


@asynccontextmanager
async def sites() -> AsyncGenerator[OpenSite]:
    """Opens sites, `await opens(origins=..., heartbeat=...)`, and closes them all."""
    closing: list[Callable[[], Awaitable[None]]] = []

    async def opens(**options: Any) -> Site:
        journal = Memory()
        channel = Web(journal, MemoryUploads(), clock=lambda: site.now, **{**QUIET, **options})
        app = web.Application()
        app.add_routes([*channel.routes(lambda events: site.receive(events)), web.get("/shop", _shop)])
        runner = web.AppRunner(app, shutdown_timeout=5)
        await runner.setup()
        await (place := web.TCPSite(runner, "127.0.0.1", 0)).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        http = ClientSession(url, timeout=ClientTimeout(total=20))
        site = Site(url, channel, journal, http)

        async def closes() -> None:
            for response in site.open:
                response.close()
            await http.close()
            await channel.close()
            await place.stop()
            await runner.cleanup()

        closing.append(closes)
        return site

    try:
        yield opens
    finally:
        for closes in closing:
            await closes()


@pytest.fixture
async def open_site() -> AsyncIterator[OpenSite]:
    """Opens sites that close with the test."""
    async with sites() as opens:
        yield opens


@pytest.fixture
async def site(open_site: OpenSite) -> Site:
    """A site with nothing special about it."""
    return await open_site()


async def _shop(request: web.Request) -> web.Response:
    """Somebody's own page with the widget on it, which may come from elsewhere."""
    script = request.query.get("from", "") + "/widget.js"
    data = "".join(f' data-{name}="{value}"' for name, value in request.query.items())
    page = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><main><h1>Shop</h1>
    <p>Shoes, hats and umbrellas.</p></main><script src="{script}" data-title="Acme Support"{data} async></script>"""
    return web.Response(text=page, content_type="text/html")


def hashed(token: str) -> str:
    """As the journal knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def bearer(token: str) -> Mapping[str, str]:
    """The header that says whose request it is."""
    return {"Authorization": f"Bearer {token}"}
