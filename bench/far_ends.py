"""Both far ends on one port, and who says what to whom: each message has a number by which it is known on arrival."""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from bench.slack import APP_TOKEN, BOT_TOKEN, CHANNEL_NAME, Slack
from bench.telegram import TOKEN, Telegram
from bench.wire import Wire

Direction = Literal["in", "out"]  # from the customer into the thread, from the thread out to the customer
NUMBERED = re.compile(rb"\bM(\d{8})\b")
HELP = b"I want to talk to a human please."
WORDS = {
    "in": b"M%08d My order has not arrived yet, and it was due on Monday. Could you please look where it is?",
    "out": b"M%08d Thank you for waiting. Your parcel is at the depot and arrives tomorrow before noon.",
}


class FarEnds:
    """Telegram and Slack, and the messages that are under way between them."""

    def __init__(self) -> None:
        self.telegram, self.slack = Telegram(self._arrived), Slack(self._arrived)
        self.took: list[float] = []  # seconds, of what has arrived since `forget`
        self.twice = 0
        self.address = ""
        self.arrived: Callable[[int], None] = lambda customer: None
        self.swallows = False  # what is sent gets lost on the way, and is never answered
        self._under_way: dict[int, tuple[int, float]] = {}
        self._numbers = itertools.count(1)
        self._last_call = 0.0

    @property
    def under_way(self) -> int:
        """How many messages have not arrived yet."""
        return len(self._under_way)

    def forget(self) -> None:
        """Begin to count anew."""
        self.took, self.twice = [], 0
        self._under_way.clear()
        self.telegram.calls.clear()
        self.slack.calls.clear()

    def say(self, direction: Direction, customer: int) -> None:
        """Somebody says the next message. Its time counts from here."""
        number = next(self._numbers)
        self._under_way[number] = customer, time.perf_counter()
        (self.telegram if direction == "in" else self.slack).say(customer, WORDS[direction] % number)

    def ask_for_help(self, customer: int) -> None:
        """A customer asks for a person, so that a thread begins."""
        self.telegram.say(customer, HELP)

    def answer_after(self, seconds: float) -> None:
        """How long both take for a call. What a call brings has arrived before that."""
        self.telegram.delay = self.slack.delay = seconds

    async def listened(self) -> None:
        """Wait until somebody listens on both sides."""
        await self.telegram.polled.wait()
        await self.slack.connected.wait()

    @property
    def silence(self) -> float:
        """Seconds since the last call, other than polls."""
        return time.perf_counter() - self._last_call

    def environment(self) -> dict[str, str]:
        """The variables with which a subject finds its way here."""
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_QUEUE_CHANNEL": CHANNEL_NAME,
            "SLACK_API_URL": f"{self.address}/slack/api/",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"{self.address}/telegram",
        }

    def handle(self, wire: Wire, path: str, body: bytes) -> None:
        """Give a call to the platform that it is for."""
        method = path.partition("?")[0].rpartition("/")[2]
        if path.startswith("/link/"):
            self.slack.connect(wire)
            return
        if method != "getUpdates":
            self._last_call = time.perf_counter()
        if self.swallows and method in ("chat.postMessage", "sendMessage"):
            return
        (self.slack if path.startswith("/slack/") else self.telegram).handle(wire, method, body)

    def _arrived(self, body: bytes) -> None:
        now = time.perf_counter()
        for number in {int(number) for number in NUMBERED.findall(body)}:
            known = self._under_way.pop(number, None)
            if known is None:
                self.twice += 1
                continue
            customer, since = known
            self.took.append(now - since)
            self.arrived(customer)


@asynccontextmanager
async def far_ends() -> AsyncGenerator[FarEnds]:
    """Open both on a free port."""
    ends = FarEnds()
    server = await asyncio.get_running_loop().create_server(lambda: Wire(ends.handle), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    ends.address, ends.slack.address = f"http://{host}:{port}", f"ws://{host}:{port}"
    try:
        yield ends
    finally:
        server.close()
