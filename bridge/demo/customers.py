"""Customers of the demo: each writes and reads on their own channel, as the far end shows it."""

import asyncio
import base64
import itertools
import json
import mimetypes
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from bridge.demo.watch import NotSeen, Watch
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Entry

Heard = Callable[[str], bool]
SENDS_FILE = ("sendPhoto", "sendDocument", "sendVoice", "sendAudio", "sendVideo", "sendMediaGroup")
MEDIA = ("image", "video", "audio", "document")


class Customer(Protocol):
    """Somebody who writes to the business."""

    channel: str
    name: str
    chat: str  # as the channel knows them, once they have written

    @property
    def heard(self) -> list[str]:
        """What was received, in order, as it reads now."""
        ...

    async def says(self, text: str) -> None:
        """Write."""
        ...

    async def sends(self, name: str, content: bytes, text: str = "", **more: Any) -> None:
        """Send a file, and words with it."""
        ...

    async def hears(self, fits: Heard, what: str, after: int = 0) -> str:
        """Wait for a text that fits, among those from position `after` on."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class PhoneCustomer:
    """Somebody on Telegram or WhatsApp."""

    def __init__(self, sandbox: Sandbox, watch: Watch, channel: str, handle: str) -> None:
        self.channel, self.name = channel, handle.capitalize()
        self._sandbox, self._watch, self._handle = sandbox, watch, handle
        self._position = 0
        self._ids: list[str] = []
        self._texts: list[str] = []
        self.files: list[Entry] = []
        self.chat = ""

    @property
    def heard(self) -> list[str]:
        """What was received so far and is still there, with later edits."""
        history = self._watch.world.history
        while self._position < len(history):
            self._note(history[self._position])
            self._position += 1
        return self._texts

    def _note(self, entry: Entry) -> None:
        if entry.platform != self.channel or entry.chat != self.chat or entry.direction != "out":
            return
        if entry.kind in SENDS_FILE or (entry.kind == "messages" and entry.raw.get("type") in MEDIA):
            self.files.append(entry)
        if entry.kind in ("sendMessage", "messages", *SENDS_FILE) and entry.text:
            self._ids.append(entry.id or "")
            self._texts.append(entry.text)
        elif entry.kind in ("editMessageText", "editMessageCaption") and entry.id in self._ids:
            self._texts[self._ids.index(entry.id)] = entry.text or ""
        elif entry.kind == "deleteMessage":
            self._forget(entry.id or "")

    def _forget(self, gone: str) -> None:
        self.files = [file for file in self.files if file.id != gone]
        if gone in self._ids:
            del self._texts[self._ids.index(gone)]
            self._ids.remove(gone)

    async def says(self, text: str) -> None:
        """Write from the phone."""
        await self._does("write", text)

    async def sends(self, name: str, content: bytes, text: str = "", **more: Any) -> None:
        """Send a file from the phone."""
        encoded = base64.b64encode(content).decode()
        await self._does("send_file", text, filename=name, content_base64=encoded, **more)

    async def _does(self, action: str, text: str, **more: Any) -> None:
        before = self._watch.now
        done = await self._sandbox.act(self.channel, self._handle, action, "", text, **more)
        if not done["ok"]:
            raise NotSeen(f"{self.channel} refused: {done['error']}")
        written = next(e for e in self._watch.world.history[before:] if e.author == self._handle)
        self.chat = written.chat or ""

    async def hears(self, fits: Heard, what: str, after: int = 0) -> str:
        """Wait for a text that fits."""
        return await self._watch.until(lambda: next(filter(fits, self.heard[after:]), None), what)

    async def close(self) -> None:
        """Nothing to leave."""


class WebCustomer:
    """Somebody on the web page: its own far end, over HTTP like a browser."""

    channel = "web"

    def __init__(self, url: str, name: str, session: aiohttp.ClientSession, watch: Watch, **who: str) -> None:
        self.name, self._url, self._session, self._watch = name, url, session, watch
        self._who = {"name": name, **{claim: what for claim, what in who.items() if what}}
        self.events: list[dict[str, Any]] = []
        self._token = ""
        self._ids = itertools.count(1)
        self._reading: asyncio.Task[None] | None = None
        self.chat = ""

    @property
    def heard(self) -> list[str]:
        """What the bot, an agent or the desk said and is still there, with later edits."""
        texts: dict[str, str] = {}
        for event in self.events:
            if event["kind"] == "message" and event["author"]["kind"] != "customer":
                texts[event["id"]] = event["text"]
            elif event["kind"] == "edit" and event["of"] in texts:
                texts[event["of"]] = event["text"]
            elif event["kind"] == "delete":
                texts.pop(event["of"], None)
        return list(texts.values())

    async def says(self, text: str) -> None:
        """Post a message, again until it is taken: as the widget does."""
        await self._post("/web/messages", json={"id": f"m{next(self._ids)}", "text": text})

    async def sends(self, name: str, content: bytes, text: str = "", mime: str = "", **_: Any) -> None:
        """Upload a file, and post a message with it."""
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        query = urlencode({"name": name})
        kept = await self._post(f"/web/files?{query}", data=content, headers={"Content-Type": kind})
        body = {"id": f"m{next(self._ids)}", "text": text, "files": [kept["id"]]}
        await self._post("/web/messages", json=body)

    async def rewrites(self, of: str, text: str | None) -> None:
        """Change what they wrote, or take it back."""
        await self._post("/web/changes", json={"id": f"c{next(self._ids)}", "of": of, "text": text})

    async def types(self) -> None:
        """Press keys, and send nothing yet."""
        await self._post("/web/typing")

    async def rates(self, of: str, text: str = "", *, good: bool) -> None:
        """Answer how it was."""
        await self._post("/web/ratings", json={"of": of, "good": good, "text": text})

    async def looks(self) -> None:
        """Have everything so far in front of their eyes."""
        await self._post("/web/seen", json={"seq": self.events[-1]["seq"]})

    async def _post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        if not self._token:
            await self._begin()
        return await self._answer(path, headers={"Authorization": f"Bearer {self._token}", **(headers or {})}, **body)

    async def _answer(self, path: str, **request: Any) -> Any:
        """As a browser asks: again where the bridge is away or has too much to do. Raises NotSeen where it refuses."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.post(f"{self._url}{path}", **request) as response:
                    if response.status < 400:
                        return await response.json()
                    if response.status not in (429, 503):
                        raise NotSeen(f"the web chat refused {path.partition('?')[0]} with {response.status}")
            await asyncio.sleep(0.1)

    async def hears(self, fits: Heard, what: str, after: int = 0) -> str:
        """Wait for a text that fits."""
        return await self._watch.until(lambda: next(filter(fits, self.heard[after:]), None), what)

    async def close(self) -> None:
        """Close the page."""
        if self._reading:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    async def _begin(self) -> None:
        begun = await self._answer("/web/session", json=self._who)
        self._token, self.chat = begun["token"], begun["visitor"]
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Follow the stream, and take it up again where it broke."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                await self._follow(self.events[-1]["seq"] if self.events else 0)
            await asyncio.sleep(0.1)

    async def _follow(self, after: int) -> None:
        async with self._session.get(
            f"{self._url}/web/events",
            params={"after": str(after)},
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5),
        ) as response:
            numbered = False
            async for line in response.content:
                if line.startswith(b"id:"):
                    numbered = True
                elif line.startswith(b"data:") and numbered:
                    self.events.append(json.loads(line[5:]))
                    self._watch.world.touch()
                elif not line.strip():
                    numbered = False
