"""HTTP and WebSocket by hand, for far ends that must cost much less than what they measure.

It reads what the clients of this benchmark send and no more: whole bodies with a length, one request at a time,
frames in one piece.
"""

import asyncio
import base64
import hashlib
import math
import re
from collections.abc import Callable
from typing import cast

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
SOCKET_KEY = re.compile(rb"\r\nsec-websocket-key: *(\S+)", re.IGNORECASE)
SOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10

Handle = Callable[["Wire", str, bytes], None]
"""Takes a wire, the path with its query, and the body; answers now or later by `wire.reply`."""


class Wire(asyncio.Protocol):
    """One connection from a client."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._data = b""
        self._framed = False
        self._transport: asyncio.Transport | None = None
        self.hears: Callable[[bytes], None] = lambda text: None  # each text frame
        self.closed: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.closed()

    def data_received(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        while self._data and (self._frame() if self._framed else self._request()):
            pass

    def reply(self, body: bytes, after: float = 0.0) -> None:
        """Answer with JSON, after so many seconds."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if after:
            asyncio.get_running_loop().call_later(after, self._write, head + body)
        else:
            self._write(head + body)

    def refuse(self, after: float) -> None:
        """Answer that it is too much, as Slack does: it names whole seconds."""
        body = b'{"ok":false,"error":"ratelimited"}'
        head = b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: %d\r\n"
        self._write(head % max(1, math.ceil(after)) + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def send(self, text: bytes) -> None:
        """Send a text frame."""
        self._write(frame(TEXT, text))

    def _write(self, data: bytes) -> None:
        if self._transport:
            self._transport.write(data)

    def _request(self) -> bool:
        """Take one whole request, if it is there."""
        data = self._data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = LENGTH.search(data, 0, end)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(data) < whole:
            return False
        self._data = data[whole:]
        key = SOCKET_KEY.search(data, 0, end)
        if key:
            self._upgrade(key[1])
        self._handle(self, data[: data.index(b"\r\n")].split(b" ")[1].decode(), data[end + 4 : whole])
        return True

    def _upgrade(self, key: bytes) -> None:
        self._framed = True
        accept = base64.b64encode(hashlib.sha1(key + SOCKET_GUID, usedforsecurity=False).digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self._write(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")

    def _frame(self) -> bool:
        """Take one whole frame, if it is there. Frames from clients are masked."""
        data = self._data
        if len(data) < 2:
            return False
        start, length = extent(data)
        if len(data) < start + 4 + length:
            return False
        mask, payload = data[start : start + 4], data[start + 4 : start + 4 + length]
        self._data = data[start + 4 + length :]
        self._heard(data[0] & 0x0F, unmasked(payload, mask))
        return True

    def _heard(self, kind: int, payload: bytes) -> None:
        if kind == TEXT:
            self.hears(payload)
        elif kind == PING:
            self._write(frame(PONG, payload))
        elif kind == CLOSE and self._transport:
            self._write(frame(CLOSE, payload))
            self._transport.close()


def frame(kind: int, payload: bytes) -> bytes:
    """A frame as servers send it: in one piece, not masked."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | kind, size)) + payload
    return bytes((0x80 | kind, 126)) + size.to_bytes(2, "big") + payload


def extent(data: bytes) -> tuple[int, int]:
    """Where the mask or the payload of a frame begins, and how long the payload is."""
    length = data[1] & 0x7F
    if length < 126:
        return 2, length
    return (4, int.from_bytes(data[2:4], "big")) if length == 126 else (10, int.from_bytes(data[2:10], "big"))


def unmasked(payload: bytes, mask: bytes) -> bytes:
    """The payload of a client's frame."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
