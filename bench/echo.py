"""The cheapest client there can be, to find out what the far ends can take: it passes on numbers, and reads no more."""

import asyncio
import os
import re
from collections import deque
from urllib.parse import urlsplit

from bench.wire import TEXT, Wire, extent, frame

NUMBERED = re.compile(rb"M\d{8}")
SAID = re.compile(rb'"id":(\d+),"first_name":"(C\d{5})"')
ENVELOPE = re.compile(rb'"envelope_id":"([^"]+)"')
CONNECTIONS = 32
HOST, PORT = urlsplit(os.environ["SLACK_API_URL"]).netloc.split(":")
POST, SEND = "/slack/api/chat.postMessage", "/telegram/bot0/sendMessage"


def request(path: str, body: bytes) -> bytes:
    """A call as bytes."""
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class Pool:
    """Connections that send what waits, one call at a time each."""

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self.free: list[asyncio.Transport] = []

    def send(self, call: bytes) -> None:
        """Send on a free connection, or when one becomes free."""
        if self.free:
            self.free.pop().write(call)
        else:
            self.waiting.append(call)

    def answered(self, transport: asyncio.Transport) -> None:
        """A connection is free again. Answers are short: they come in one piece."""
        if self.waiting:
            transport.write(self.waiting.popleft())
        else:
            self.free.append(transport)


class Caller(asyncio.Protocol):
    """One connection of the pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.pool.answered(transport)

    def data_received(self, data: bytes) -> None:
        self.pool.answered(self.transport)


async def poll(pool: Pool) -> None:
    """Telegram to Slack. A customer's first word begins a thread."""
    reader, writer = await asyncio.open_connection(HOST, int(PORT))
    offset, known = 0, set[bytes]()
    while True:
        writer.write(request("/telegram/bot0/getUpdates", b"offset=%d" % offset))
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(int(head.rpartition(b":")[2]))
        for _, name in SAID.findall(body):
            if name not in known:
                known.add(name)
                pool.send(request(POST, b"text=" + name))
        for number in NUMBERED.findall(body):
            pool.send(request(POST, b"thread_ts=1&text=" + number))
        offset = int(body.rpartition(b'"update_id":')[2].split(b",")[0]) + 1 if len(body) > 30 else offset


async def listen(pool: Pool) -> None:
    """Slack to Telegram."""
    reader, writer = await asyncio.open_connection(HOST, int(PORT))
    writer.write(b"GET /link/ HTTP/1.1\r\nSec-WebSocket-Key: x\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    while True:
        head = await reader.readexactly(2)
        long = head[1] & 0x7F == 126
        start, length = extent(head + (await reader.readexactly(2) if long else b"\0\0"))
        body = await reader.readexactly(length)
        assert start == (4 if long else 2)
        for envelope in ENVELOPE.findall(body)[:1]:
            answer = frame(TEXT, b'{"envelope_id":"%b"}' % envelope)
            masked = bytes((answer[0], answer[1] | 0x80)) + b"\0\0\0\0" + answer[2:]  # a mask of zeros changes nothing
            writer.write(masked)
        for number in NUMBERED.findall(body)[:1]:
            pool.send(request(SEND, b"chat_id=1&text=" + number))


async def main() -> None:
    """Pass on until stopped. Where webhooks come, they are only taken."""
    pool, loop = Pool(), asyncio.get_running_loop()
    if port := int(os.environ["PORT"]):
        server = await loop.create_server(lambda: Wire(lambda wire, path, body: wire.reply(b"{}")), "127.0.0.1", port)
        await server.serve_forever()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Caller(pool), HOST, int(PORT))
    await asyncio.gather(poll(pool), listen(pool))


if __name__ == "__main__":
    asyncio.run(main())
