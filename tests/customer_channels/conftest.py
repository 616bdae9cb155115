"""The outside of the channels: sandbox platforms over real HTTP, a server for webhooks, and an inbox that can fail."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession, test_utils, web

from bridge.ports import CustomerEvent, KeptFile, Kit, Loaded, Received, Stored, Visitor
from bridge.sandbox.server import Sandbox, serve

PATIENCE = 10.0  # seconds until a test gives up; nothing is measured


class Inbox:
    """Stores events once by their keys, as the desk does; `failures` says how often it cannot."""

    def __init__(self) -> None:
        self.batches: list[list[Received]] = []
        self.events: list[CustomerEvent] = []
        self.tries = 0
        self.failures = 0
        self._keys: set[str] = set()
        self._changed = asyncio.Condition()

    async def receive(self, received: Sequence[Received]) -> list[Stored]:
        async with self._changed:
            self.tries += 1
            self._changed.notify_all()
            if self.failures:
                self.failures -= 1
                raise RuntimeError("the disk is full")
            self.batches.append(list(received))
            return [self._store(one) for one in received]

    def _store(self, one: Received) -> Stored:
        if self._keys & {*one.keys}:
            return Stored(new=False)
        self._keys |= {*one.keys}
        self.events.append(one.event)  # type: ignore[arg-type]
        return Stored(new=True)

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for something that only the inbox changes."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(met)

    async def has(self, count: int) -> list[Any]:
        """The first `count` events that were new."""
        await self.until(lambda: len(self.events) >= count)
        return self.events[:count]


class Memory:
    """A Journal that forgets with the test."""

    def __init__(self) -> None:
        self.events: defaultdict[str, list[str]] = defaultdict(list)
        self.visitors: dict[str, Visitor] = {}  # by chat
        self.identities: dict[str, str] = {}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.keys: dict[str, int] = {}
        self.broken = False
        self.looks = self.sweeps = 0
        self.watching: list[Callable[[str], None]] = []

    def watch(self, wake: Callable[[str], None]) -> None:
        self.watching.append(wake)

    def wake(self, chat: str) -> None:
        """As a signal of another process does."""
        for wake in self.watching:
            wake(chat)

    def add(self, chat: str, key: str, event: str) -> int:
        """As another process does, whose signal has yet to come."""
        if key not in self.keys:
            self.events[chat].append(event)
            self.keys[key] = len(self.events[chat])
        return self.keys[key]

    async def append(self, chat: str, key: str, event: str) -> int:
        self._check()
        seq = self.add(chat, key, event)
        self.wake(chat)
        return seq

    async def change(self, chat: str, holding: str, change: Callable[[str], str]) -> None:
        self._check()
        self.events[chat] = [change(event) if holding in event else event for event in self.events[chat]]

    async def kept(self, chat: str, key: str) -> str:
        self._check()
        seq = self.keys.get(key) or self.keys.get(f"web:{chat}:{key}")
        return self.events[chat][seq - 1] if seq and seq <= len(self.events[chat]) else ""

    async def after(self, chat: str, seq: int, most: int = 500) -> list[tuple[int, str]]:
        self._check()
        self.looks += 1
        return list(enumerate(self.events[chat], start=1))[seq : seq + most]

    def lose(self) -> None:
        """Nobody is known any more, as when a database is gone."""
        self.visitors.clear()
        self.tokens.clear()

    async def newest(self, chats: Sequence[str]) -> dict[str, int]:
        self.sweeps += 1
        self._check()
        return {chat: len(self.events[chat]) for chat in chats if self.events[chat]}

    async def visitor(self, token_hash: str, now: datetime) -> tuple[Visitor, datetime] | None:
        self._check()
        chat, until = self.tokens.get(token_hash, ("", now))
        return (self.visitors[chat], until) if until > now else None

    async def admit(self, visitor: Visitor, token_hash: str, until: datetime, identity: str = "") -> Visitor:
        self._check()
        chat = self.identities.setdefault(identity, visitor.chat) if identity else visitor.chat
        self.visitors[chat] = replace(visitor, chat=chat)
        self.tokens[token_hash] = chat, until
        return self.visitors[chat]

    async def renew(self, token_hash: str, until: datetime) -> None:
        self.tokens[token_hash] = self.tokens[token_hash][0], until

    async def saw(self, chat: str, seq: int) -> None:
        self._check()
        self.visitors[chat] = replace(self.visitors[chat], seen=seq)

    def _check(self) -> None:
        if self.broken:
            raise OSError("the disk is full")


class MemoryUploads:
    """The kept files of the web chat, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[KeptFile, bytes]] = {}

    async def keep(self, id: str, chat: str, file: Loaded, *, sent: bool) -> None:
        content = b"".join([some async for some in file.content()])
        self.kept.setdefault(id, (KeptFile(id, chat, file.name, file.mime, file.size), content))

    async def unsent(self, chat: str) -> int:
        return sum(kept.size for kept, _ in self.kept.values() if kept.chat == chat)

    async def find(self, id: str) -> KeptFile | None:
        return self.kept[id][0] if id in self.kept else None

    async def drop(self, id: str) -> None:
        self.kept.pop(id, None)

    async def read(self, id: str) -> AsyncIterator[bytes]:
        yield self.kept[id][1]


Platform = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Stand:
    """Starts servers for a test and stops them after it."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def serve(self, routes: Sequence[Any]) -> str:
        """A server with these routes; its base URL."""
        app = web.Application()
        app.add_routes(routes)
        server = test_utils.TestServer(app)
        self._stack.push_async_callback(server.close)
        await server.start_server(access_log=None)
        return str(server.make_url("")).rstrip("/")

    async def answering(self, answer: Platform) -> str:
        """A server that gives this answer to everything."""
        return await self.serve([web.route("*", "/{path:.*}", answer)])

    def running(self, work: Awaitable[None]) -> None:
        """A task beside the test."""
        task = asyncio.ensure_future(work)

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._stack.push_async_callback(stop)


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with AsyncExitStack() as stack:
        yield Stand(stack)


@pytest.fixture
async def kit() -> AsyncIterator[Kit]:
    async with ClientSession() as session:
        yield Kit(session, Memory(), lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC), MemoryUploads())


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def sandbox_url(sandbox: Sandbox) -> AsyncIterator[str]:
    async with serve(sandbox=sandbox) as url:
        yield url


@pytest.fixture
def logged() -> Any:
    """What was logged, line by line."""
    with structlog.testing.capture_logs() as lines:
        yield lines
