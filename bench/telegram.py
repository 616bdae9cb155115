"""Telegram's end: customers who write, and a Bot API that takes what is sent to them. Checks nothing, forgets all."""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Callable

from bench.wire import Wire

TOKEN = "4242424242:bench-bench-bench-bench-bench-benc"  # noqa: S105  it opens nothing
FIRST_CHAT = 100_000
MOST_AT_ONCE = 100  # updates in one answer, as at Telegram's
LONGEST_POLL = 5.0  # seconds
OFFSET = re.compile(rb'offset"?[=:] ?(\d+)')
CHAT = re.compile(rb'chat_id"?[=:] ?"?(\d+)')

UPDATE = (
    b'{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"%b",'
    b'"last_name":"Example","username":"customer","language_code":"en"},"chat":{"id":%d,"first_name":"%b",'
    b'"last_name":"Example","username":"customer","type":"private"},"date":%d,"text":"%b"}}'
)
SENT = (
    b'{"ok":true,"result":{"message_id":%d,"from":{"id":4242424242,"is_bot":true,"first_name":"Bench",'
    b'"username":"bench_bot"},"chat":{"id":%d,"first_name":"Customer","type":"private"},"date":%d,"text":"Taken."}}'
)
ME = (
    b'{"ok":true,"result":{"id":4242424242,"is_bot":true,"first_name":"Bench","username":"bench_bot",'
    b'"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}}'
)


class Telegram:
    """One bot and its customers, who have numbers. `arrived` hears the body of each message sent to them."""

    def __init__(self, arrived: Callable[[bytes], None]) -> None:
        self.arrived = arrived
        self.delay = 0.0  # seconds until a call is answered
        self.calls: Counter[str] = Counter()
        self.polled = asyncio.Event()
        self.webhook: Callable[[int, bytes], None] | None = None  # takes a customer's update; none: it is polled
        self._updates: deque[tuple[int, bytes]] = deque()
        self._number = 0
        self._poll: Wire | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushing = False

    def say(self, customer: int, text: bytes) -> None:
        """A customer writes."""
        self._number += 1
        number, name, chat = self._number, name_of(customer), FIRST_CHAT + customer
        update = UPDATE % (number, number, chat, name, chat, name, time.time(), text)
        if self.webhook:
            self.webhook(customer, update)
            return
        self._updates.append((number, update))
        if self._poll and not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    @property
    def unconfirmed(self) -> int:
        """How many updates the bot has not taken yet."""
        return len(self._updates)

    def handle(self, wire: Wire, method: str, body: bytes) -> None:
        """Answer one call."""
        if method == "getUpdates":
            self._asked(wire, body)
            return
        self.calls[method] += 1
        if method == "sendMessage":
            self._number += 1
            chat = CHAT.search(body)
            self.arrived(body)
            wire.reply(SENT % (self._number, int(chat[1]) if chat else 0, time.time()), self.delay)
        else:
            wire.reply(ME if method == "getMe" else b'{"ok":true,"result":true}', self.delay)

    def _asked(self, wire: Wire, body: bytes) -> None:
        """A poll. It confirms what is older than its offset."""
        offset = OFFSET.search(body)
        while offset and self._updates and self._updates[0][0] < int(offset[1]):
            self._updates.popleft()
        self._poll = wire
        self.polled.set()
        if self._updates:
            self._flush()
        else:
            self._timer = asyncio.get_running_loop().call_later(LONGEST_POLL, self._flush)

    def _flush(self) -> None:
        """Answer the waiting poll."""
        self._flushing = False
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._poll:
            some = [update for _, update in list(self._updates)[:MOST_AT_ONCE]]
            self._poll.reply(b'{"ok":true,"result":[' + b",".join(some) + b"]}")
            self._poll = None


def name_of(customer: int) -> bytes:
    """The name by which a customer is known again on the other side."""
    return b"C%05d" % customer
