"""The open event streams. A stream only ever tells what the journal holds, so it can break off anywhere."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

import structlog
from aiohttp import web

from bridge.customer_channels.web.events import frame
from bridge.ports import Journal

MOST = 10  # streams of one visitor; one more ends the oldest, which is most likely a connection nobody told us was lost
SLOW = 30.0  # seconds in which a reader must take what was written; it will read the rest when it comes back

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
RETRY = b"retry: 2000\n\n"
RESET = b"event: reset\ndata: {}\n\n"
TYPING = b'event: typing\ndata: {"kind":"typing"}\n\n'
HEARTBEAT = b": still here\n\n"

log = structlog.get_logger()


class Stream:
    """One open stream's view of the world: has something happened, and is it over?"""

    def __init__(self) -> None:
        self.typing = False
        self.over = False
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look into the journal now."""
        self._news.set()

    def end(self) -> None:
        """Finish after what is being written."""
        self.over = True
        self.wake()

    async def nothing_for(self, seconds: float) -> bool:
        """Wait for a wake-up; True when none came."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return True
        self._news.clear()
        return False


class Streams:
    """All streams of this process, by chat. They look into the journal when woken.

    A wake-up may get lost between processes. So before a heartbeat they compare with what is newest in all chats, which
    is one query for all of them: ten thousand that have nothing to tell must not slow down those that have.
    """

    def __init__(self, journal: Journal, heartbeat: float) -> None:
        self._journal = journal
        self._heartbeat = heartbeat
        self._newest: dict[str, int] = {}
        self._swept = 0.0
        self._sweeping = asyncio.Lock()
        self._open: defaultdict[str, list[Stream]] = defaultdict(list)
        self.closed = False

    def wake(self, chat: str) -> None:
        """Something was added to this chat's journal, so what was being typed has been said; to any when it is ""."""
        for stream in self._open.get(chat, ()) if chat else self._all():
            stream.typing = False
            stream.wake()

    def typing(self, chat: str) -> None:
        """An answer is being prepared."""
        for stream in self._open.get(chat, ()):
            stream.typing = True
            stream.wake()

    def close(self) -> None:
        """End all streams, and open no more."""
        self.closed = True
        for stream in self._all():
            stream.end()

    async def begin(self, chat: str, after: int) -> tuple[int, bytes]:
        """Where to start, and what to say first. A place that the journal does not reach is no place of ours."""
        if after and not await self._journal.after(chat, after - 1, 1):
            return 0, RETRY + RESET
        return after, RETRY

    async def serve(
        self, request: web.Request, chat: str, seq: int, first: bytes, headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Tell everything after `seq`, and go on telling until the reader leaves or we close."""
        response = web.StreamResponse(headers={**HEADERS, **headers})
        await response.prepare(request)
        stream = self._enter(chat)
        try:
            await _write(response, first)
            await self._follow(request, response, stream, chat, seq)
            await response.write_eof()
        except (ConnectionResetError, TimeoutError):
            pass  # the reader left or is too slow; it comes back with the last seq it saw
        finally:
            self._leave(chat, stream)
        return response

    async def _follow(
        self, request: web.Request, response: web.StreamResponse, stream: Stream, chat: str, seq: int
    ) -> None:
        while not stream.over and request.transport is not None:
            chunk, seq = await self._news(stream, chat, seq)
            if chunk:
                await _write(response, chunk)
                continue
            while await stream.nothing_for(self._heartbeat) and not await self._missed(stream, chat, seq):
                await _write(response, HEARTBEAT)

    async def _news(self, stream: Stream, chat: str, seq: int) -> tuple[bytes, int]:
        try:
            events = await self._journal.after(chat, seq)
        except Exception as error:
            _unreadable([stream], error)
            return b"", seq
        told = [frame(number, event) for number, event in events]
        if stream.typing:
            told.append(TYPING)
            stream.typing = False
        return b"".join(told), events[-1][0] if events else seq

    async def _missed(self, stream: Stream, chat: str, seq: int) -> bool:
        """Whether there is more in the chat than this stream has told; the first who asks looks for all."""
        async with self._sweeping:
            now = asyncio.get_running_loop().time()
            if now - self._swept >= self._heartbeat and not stream.over:
                try:
                    self._newest = await self._journal.newest(list(self._open))
                except Exception as error:
                    return _unreadable(self._all(), error)
                self._swept = now
        return stream.over or self._newest.get(chat, 0) > seq

    def _all(self) -> list[Stream]:
        return [stream for streams in self._open.values() for stream in streams]

    def _enter(self, chat: str) -> Stream:
        stream = Stream()
        streams = self._open[chat]
        streams.append(stream)
        if len(streams) > MOST:
            streams[0].end()
        if self.closed:
            stream.end()
        return stream

    def _leave(self, chat: str, stream: Stream) -> None:
        self._open[chat].remove(stream)
        if not self._open[chat]:
            del self._open[chat]


def _unreadable(streams: Iterable[Stream], error: Exception) -> bool:
    """Their readers ask again, and are then told 503 for as long as this lasts."""
    log.warning("web_journal_unreadable", error=type(error).__name__)
    for stream in streams:
        stream.end()
    return True


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    async with asyncio.timeout(SLOW):
        await response.write(chunk)
