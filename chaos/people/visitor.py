"""A visitor of the web chat: their browser is a far end of its own, and it reconnects whenever it likes."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import aiohttp

from chaos import reading

PAUSE = 0.1  # seconds between two tries
AGAIN = 0.2  # share of posts that are sent once more although they were taken
Event = dict[str, Any]


class Visitor:
    """Speaks the web chat's protocol with any of the bridges."""

    def __init__(self, urls: Sequence[str], session: aiohttp.ClientSession, name: str, dice: random.Random) -> None:
        self.name, self._urls, self._session, self._dice = name, urls, session, dice
        self.events: list[Event] = []
        self.heard: set[tuple[str, str]] = set()  # speaker and id
        self.seen: Callable[[], None] = lambda: None
        self.refused = 0  # posts that were answered with 503
        self._token = ""
        self._number = 0
        self._reading: asyncio.Task[None] | None = None

    async def say(self, text: str) -> None:
        """Post a message until it is taken; sometimes once more after that."""
        await self._begin()
        self._number += 1
        body = {"id": f"m{self._number}", "text": text}
        await self._post("messages", body)
        if self._dice.random() < AGAIN:
            await self._post("messages", body)

    async def leave(self) -> None:
        """Close the page."""
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _begin(self) -> None:
        if not self._token:
            self._token = (await self._post("session", {"name": self.name}))["token"]
            self._reading = asyncio.create_task(self._read())

    async def _post(self, path: str, body: Event) -> Event:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.post(self._url(path), json=body, headers=self._headers()) as response:
                    if response.status < 400:
                        return await response.json()
                    self.refused += response.status == 503
                    if response.status not in (429, 503):
                        raise ValueError(f"the web chat refused {path} with {response.status}")
            await asyncio.sleep(PAUSE)

    async def _read(self) -> None:
        """Follow the stream, and take it up again where it broke."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with asyncio.timeout(self._dice.uniform(1, 20)):  # people close their laptops
                    await self._follow(self.events[-1]["seq"] if self.events else 0)
            await asyncio.sleep(PAUSE)

    async def _follow(self, after: int) -> None:
        no_end = aiohttp.ClientTimeout(total=None, sock_connect=5)
        async with self._session.get(
            self._url("events"), params={"after": str(after)}, headers=self._headers(), timeout=no_end
        ) as response:
            numbered = False
            async for line in response.content:
                if line.startswith(b"id:"):
                    numbered = True
                elif line.startswith(b"data:") and numbered:
                    self._take(json.loads(line[5:]))
                elif not line.strip():
                    numbered = False

    def _take(self, event: Event) -> None:
        """A browser shows each seq once."""
        if not self.events or event["seq"] > self.events[-1]["seq"]:
            self.events.append(event)
            if event["kind"] == "message" and event["author"]["kind"] != "customer":
                text = reading.text(event["text"])
                self.heard.add((text.speaker, text.id))
            self.seen()

    def _url(self, path: str) -> str:
        return f"{self._dice.choice(self._urls)}/web/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}
