"""Telegram as it calls webhooks: updates are posted to the processes in turn, and count once they are acknowledged."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Sequence

SECRET = "bench-bench-bench"  # noqa: S105  it opens nothing
PATH = "/telegram/webhook"
CONNECTIONS = 32  # to each process
HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: "
).encode()
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Waiting = tuple[int, bytes, float]  # the customer, what is posted, and since when


class Postman:
    """Connections to every process. `taken` hears whose update has just been acknowledged."""

    def __init__(self) -> None:
        self.taken: Callable[[int], None] = lambda customer: None
        self.took: list[float] = []  # seconds, of what was acknowledged since `forget`
        self.refused = 0
        self._queues: list[deque[Waiting]] = []
        self._free: list[list[Connection]] = []
        self._all: list[asyncio.Transport] = []
        self._next = 0

    async def connect(self, ports: Sequence[int]) -> None:
        """Open the connections."""
        loop = asyncio.get_running_loop()
        for process, port in enumerate(ports):
            self._queues.append(deque())
            self._free.append([])
            for _ in range(CONNECTIONS):
                await loop.create_connection(lambda process=process: Connection(self, process), "127.0.0.1", port)

    def close(self) -> None:
        """Close every connection."""
        for transport in self._all:
            transport.close()

    def joined(self, transport: asyncio.Transport, connection: "Connection", process: int) -> None:
        """A connection is open."""
        self._all.append(transport)
        self.free(connection, process)

    @property
    def posted(self) -> int:
        """How many are not acknowledged yet."""
        return sum(map(len, self._queues)) + sum(CONNECTIONS - len(free) for free in self._free)

    def forget(self) -> None:
        """Begin to count anew."""
        self.took, self.refused = [], 0

    def post(self, customer: int, update: bytes) -> None:
        """Post to the next process, as soon as a connection to it is free."""
        self._next = (self._next + 1) % len(self._queues)
        request = HEAD + b"%d\r\n\r\n" % len(update) + update
        waiting = customer, request, time.perf_counter()
        if free := self._free[self._next]:
            free.pop().send(waiting)
        else:
            self._queues[self._next].append(waiting)

    def free(self, connection: "Connection", process: int) -> None:
        """A connection can take the next one."""
        if queue := self._queues[process]:
            connection.send(queue.popleft())
        else:
            self._free[process].append(connection)

    def answered(self, waiting: Waiting, accepted: bool) -> None:
        """One update is acknowledged, or refused."""
        customer, _, since = waiting
        if accepted:
            self.took.append(time.perf_counter() - since)
            self.taken(customer)
        else:
            self.refused += 1


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, postman: Postman, process: int) -> None:
        self._postman, self._process = postman, process
        self._data = b""
        self._waiting: Waiting | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._postman.joined(transport, self, self._process)

    def send(self, waiting: Waiting) -> None:
        """Post one update."""
        self._waiting = waiting
        self._transport.write(waiting[1])

    def data_received(self, data: bytes) -> None:
        self._data += data
        end = self._data.find(b"\r\n\r\n")
        length = LENGTH.search(self._data, 0, end + 2) if end >= 0 else None
        if length is None or len(self._data) < end + 4 + int(length[1]) or self._waiting is None:
            return
        accepted, waiting = self._data[9:12] == b"200", self._waiting
        self._data, self._waiting = b"", None
        self._postman.answered(waiting, accepted)
        self._postman.free(self, self._process)
