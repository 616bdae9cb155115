"""Slack's end: a workspace with one queue channel, where one agent claims and answers. Checks nothing, forgets all."""

import asyncio
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.limit import Limit
from bench.wire import Wire

BOT_TOKEN, APP_TOKEN = "xoxb-bench", "xapp-bench"
TEAM, CHANNEL, BOT, BOT_USER, AGENT = "T0BENCH", "C0QUEUE", "B0BENCH", "U0BENCH", "U0ANA"
CHANNEL_NAME = "support-queue"
CUSTOMER = re.compile(rb"\bC(\d{5})\b")
CLAIM = "claim"  # the action of the card's button

WHERE = {"id": CHANNEL, "name": CHANNEL_NAME, "is_channel": True, "is_member": True, "is_archived": False}
PERSON = {"id": AGENT, "team_id": TEAM, "name": "ana", "profile": {"display_name": "Ana Ruiz"}, "is_bot": False}
ME = {"url": "https://bench.slack.com/", "team": "Bench", "user": "bench", "team_id": TEAM, "user_id": BOT_USER}
ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {**ME, "bot_id": BOT},
    "conversations.list": {"channels": [WHERE], "response_metadata": {"next_cursor": ""}},
    "conversations.info": {"channel": WHERE},
    "conversations.members": {"members": [BOT_USER, AGENT], "response_metadata": {"next_cursor": ""}},
    "conversations.replies": {"messages": [], "has_more": False},
    "users.info": {"user": PERSON},
}
READY = {method: json.dumps({"ok": True, **answer}).encode() for method, answer in ANSWERS.items()}
POSTED = b'{"ok":true,"channel":"C0QUEUE","ts":"%b","message":{"type":"message","text":"Taken.","ts":"%b"}}'
WORDS = (
    b'{"envelope_id":"%b","type":"events_api","accepts_response_payload":false,"retry_attempt":0,"retry_reason":"",'
    b'"payload":{"token":"x","team_id":"T0BENCH","api_app_id":"A0BENCH","type":"event_callback","event_id":"Ev%b",'
    b'"event_time":%d,"authorizations":[{"enterprise_id":null,"team_id":"T0BENCH","user_id":"U0BENCH","is_bot":true,'
    b'"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"4-bench","event":{'
    b'"client_msg_id":"%b","type":"message","user":"U0ANA","text":"%b","ts":"%b","thread_ts":"%b","team":"T0BENCH",'
    b'"blocks":[{"type":"rich_text","block_id":"b","elements":[{"type":"rich_text_section","elements":['
    b'{"type":"text","text":"%b"}]}]}],"parent_user_id":"U0BENCH","channel":"C0QUEUE","event_ts":"%b",'
    b'"channel_type":"channel"}}}'
)
ECHO = (
    b'{"envelope_id":"%b","type":"events_api","accepts_response_payload":false,"retry_attempt":0,"retry_reason":"",'
    b'"payload":{"token":"x","team_id":"T0BENCH","api_app_id":"A0BENCH","type":"event_callback","event_id":"Ev%b",'
    b'"event_time":%d,"authorizations":[],"event":{"type":"message","user":"U0BENCH","bot_id":"B0BENCH",'
    b'"text":"What the bot posted.","ts":"%b","thread_ts":"%b","team":"T0BENCH","channel":"C0QUEUE","event_ts":"%b",'
    b'"channel_type":"channel"}}}'
)


class Slack:
    """The workspace. `arrived` hears the body of each post; `opened` the customer whose thread has begun."""

    def __init__(self, arrived: Callable[[bytes], None]) -> None:
        self.arrived = arrived
        self.opened: Callable[[int], None] = lambda customer: None
        self.delay = 0.0  # seconds until a call is answered
        self.limit: Limit | None = None  # none: posts are taken as fast as they come
        self.echoes = False  # whether the bot's own posts come back as events, as they do where it subscribes to them
        self.calls: Counter[str] = Counter()
        self.threads: dict[int, bytes] = {}
        self.numbers: dict[int, str] = {}  # of the handoffs
        self.claimed = asyncio.Event()
        self.unacknowledged = self.claims = 0
        self.connected = asyncio.Event()
        self.address = ""
        self._sockets: list[Wire] = []
        self._numbers = itertools.count(1)
        self._micros = time.time_ns() // 1000

    def say(self, customer: int, text: bytes) -> None:
        """The agent writes in a customer's thread."""
        ts, number, thread = self._ts(), b"%010d" % next(self._numbers), self.threads[customer]
        self._send(WORDS % (number, number, time.time(), number, text, ts, thread, text, ts))

    def handle(self, wire: Wire, method: str, body: bytes) -> None:
        """Answer one call."""
        self.calls[method] += 1
        if method == "chat.postMessage":
            if self.limit and (wait := self.limit.wait()):
                wire.refuse(wait)
                return
            ts = self._ts()
            wire.reply(POSTED % (ts, ts), self.delay)
            self._posted(body, ts)
        elif method == "apps.connections.open":
            wire.reply(json.dumps({"ok": True, "url": f"{self.address}/link/?ticket=t"}).encode())
        else:
            wire.reply(READY.get(method, b'{"ok":true}'), self.delay)

    def connect(self, wire: Wire) -> None:
        """Greet a new socket."""
        self._sockets.append(wire)
        wire.hears = self._acknowledged
        wire.closed = lambda: self._sockets.remove(wire)
        wire.send(b'{"type":"hello","num_connections":1,"connection_info":{"app_id":"A0BENCH"}}')
        self.connected.set()

    def _acknowledged(self, _frame: bytes) -> None:
        self.unacknowledged -= 1

    def _posted(self, body: bytes, ts: bytes) -> None:
        if self.echoes:
            number = b"%010d" % next(self._numbers)
            self._send(ECHO % (number, number, time.time(), ts, ts, ts))
        if b"thread_ts" in body:
            self.arrived(body)
        elif customer := CUSTOMER.search(body):
            who = int(customer[1])
            self.threads[who] = ts
            if number := _claimable(body):
                self.numbers[who] = number
                self.claims += 1
                self.press(CLAIM, who)
                self.claimed.set()
            self.opened(who)

    def press(self, what: str, customer: int) -> None:
        """The agent presses a button of a customer's card."""
        number, ts = self.numbers[customer], self.threads[customer]
        now, place = self._ts().decode(), ts.decode()
        container = {"type": "message", "message_ts": place, "channel_id": CHANNEL, "is_ephemeral": False}
        action = {"type": "button", "action_id": what, "block_id": "b", "value": number, "action_ts": now}
        payload = {
            "type": "block_actions", "user": {"id": AGENT, "username": "ana", "team_id": TEAM}, "trigger_id": now,
            "api_app_id": "A0BENCH", "team": {"id": TEAM, "domain": "bench"}, "container": container,
            "channel": {"id": CHANNEL, "name": CHANNEL_NAME}, "message": {"type": "message", "ts": place},
            "response_url": "", "actions": [action],
        }  # fmt: skip
        envelope = {"envelope_id": now, "type": "interactive", "accepts_response_payload": True, "payload": payload}
        self._send(json.dumps(envelope).encode())

    def _send(self, envelope: bytes) -> None:
        """To any one of the sockets, as Slack does."""
        self.unacknowledged += 1
        self._sockets[self.unacknowledged % len(self._sockets)].send(envelope)

    def _ts(self) -> bytes:
        self._micros += 1
        return b"%d.%06d" % divmod(self._micros, 1_000_000)


def _claimable(body: bytes) -> str:
    """The number behind a card's button; nothing where there is no card."""
    if b'"claim"' not in body:
        return ""
    blocks = json.loads(body)["blocks"]
    elements = (element for block in blocks for element in block.get("elements", ()))
    return next((element["value"] for element in elements if element.get("action_id") == CLAIM), "")
