"""HTTP by hand, so that anything can be sent: one connection, opened anew whenever the other side has closed it."""

import asyncio
import re
from dataclasses import dataclass
from types import TracebackType

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
LONGEST_HEAD = 65_536
UNFINISHED = 0.1  # seconds until a request that may be unfinished is ended
PATIENCE = 20.0  # seconds for an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Of a stream only the head is read."""

    status: int
    body: bytes


class Wire:
    """A client that checks nothing."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> "Wire":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._hang_up()

    async def ask(self, request: bytes, *, whole: bool = True) -> Answer | None:
        """Send, and read the answer; None when the connection was closed without one. A part of a request is ended."""
        if not whole:
            self._hang_up()
        kept = self._writer is not None
        answer = await self._once(request, whole=whole)
        if answer is None and kept:  # the other side had closed it, which it may
            answer = await self._once(request, whole=whole)
        return answer

    async def _once(self, request: bytes, *, whole: bool) -> Answer | None:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=LONGEST_HEAD)
        self._writer.write(request)
        ending = None if whole else asyncio.get_running_loop().call_later(UNFINISHED, self._end)
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._answer(self._reader, head_only=request.startswith(b"HEAD "))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, TimeoutError):
            self._hang_up()
            return None
        finally:
            if ending:
                ending.cancel()

    async def _answer(self, reader: asyncio.StreamReader, *, head_only: bool) -> Answer:
        head, status = b"", 100
        while 100 <= status < 200:  # "100 Continue" is no answer yet
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1])) if length and not head_only else b""
        if CLOSES.search(head) or not length:
            self._hang_up()
        return Answer(status, body)

    def _end(self) -> None:
        if self._writer:
            self._writer.write_eof()

    def _hang_up(self) -> None:
        if self._writer:
            self._writer.transport.abort()
        self._reader = self._writer = None
