"""What strangers and broken programs send, on every path: a 4xx in constant words, one line in the log, no effect.

What is authentic but means nothing to us is stored and acknowledged.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
import structlog

from bridge import customer_events
from bridge.content import Line
from bridge.conversation import Conversation, Decision
from bridge.demo.stage import APP_SECRET
from bridge.errors import StoreAway
from bridge.store.tables import SQLModel

from ..conftest import Rig, Rigs

SLACK_SECRET, TELEGRAM_SECRET = "a-signing-secret", "a-telegram-secret"
WORDS = "some-words-of-a-customer"
Headers = dict[str, str]


def slack(body: bytes, secret: str = SLACK_SECRET, at: float = 0.0) -> Headers:
    stamp = str(int(at or time.time()))
    mark = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


def whatsapp(body: bytes, secret: str = APP_SECRET) -> Headers:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def telegram(_body: bytes) -> Headers:
    return {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}


def unsigned(_body: bytes) -> Headers:
    return {}


def text(content: Any) -> bytes:
    return json.dumps(content).encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad request and what it gets."""

    path: str
    status: int
    code: str
    body: bytes = text({"words": WORDS})
    sign: Callable[[bytes], Headers] = unsigned
    method: str = "POST"
    lines: int = 1
    more: Headers = field(default_factory=dict[str, str])


SLACK, TELEGRAM, WHATSAPP = "/slack/events", "/telegram/webhook", "/whatsapp/webhook"
DEEP = b"[" * 50_000 + b"]" * 50_000

BAD = {
    "slack unsigned": Bad(SLACK, 401, "bad_signature"),
    "slack signed by another": Bad(SLACK, 401, "bad_signature", sign=lambda body: slack(body, "other")),
    "slack signed long ago": Bad(
        SLACK, 401, "bad_signature", sign=lambda body: slack(body, at=time.time() - 400), lines=2
    ),
    "slack signed with no number": Bad(SLACK, 401, "bad_signature", more={"X-Slack-Request-Timestamp": "now"}),
    "slack too large": Bad(SLACK, 413, "too_large", b" " * 1_100_000, slack),
    "slack no JSON": Bad(SLACK, 400, "malformed", b"{" + WORDS.encode(), slack),
    "slack no object": Bad(SLACK, 400, "malformed", b"[]", slack),
    "slack nothing": Bad(SLACK, 400, "malformed", b"", slack),
    "slack no UTF-8": Bad(SLACK, 400, "malformed", b"\xff\xfe" + WORDS.encode(), slack),
    "slack too deep": Bad(SLACK, 400, "malformed", b'{"a":' + DEEP + b"}", slack),
    "telegram without secret": Bad(TELEGRAM, 401, "not_authentic"),
    "telegram with another's": Bad(TELEGRAM, 401, "not_authentic", more={"X-Telegram-Bot-Api-Secret-Token": "é"}),
    "telegram too large": Bad(TELEGRAM, 413, "too_large", b" " * 1_100_000, telegram),
    "telegram no JSON": Bad(TELEGRAM, 400, "malformed", WORDS.encode(), telegram),
    "telegram no update": Bad(TELEGRAM, 400, "malformed", text({"words": WORDS}), telegram),
    "telegram too deep": Bad(TELEGRAM, 400, "malformed", DEEP, telegram),
    "whatsapp unsigned": Bad(WHATSAPP, 401, "not_authentic"),
    "whatsapp signed by another": Bad(WHATSAPP, 401, "not_authentic", sign=lambda body: whatsapp(body, "other")),
    "whatsapp too large": Bad(WHATSAPP, 413, "too_large", b" " * 3_200_000, whatsapp),
    "whatsapp no JSON": Bad(WHATSAPP, 400, "malformed", WORDS.encode(), whatsapp),
    "whatsapp no object": Bad(WHATSAPP, 400, "malformed", b'"' + WORDS.encode() + b'"', whatsapp),
    "whatsapp handshake of a stranger": Bad(
        f"{WHATSAPP}?hub.mode=subscribe&hub.verify_token={WORDS}&hub.challenge=1", 403, "not_authentic", method="GET"
    ),
    "web no visitor": Bad("/web/messages", 401, "token"),
    "web unknown visitor": Bad("/web/messages", 401, "token", more={"Authorization": f"Bearer {WORDS}"}),
    "web no stream": Bad("/web/events", 401, "token", method="GET"),
    "web no object": Bad("/web/session", 400, "malformed", WORDS.encode()),
    "web too large": Bad("/web/session", 413, "too_large", b" " * 40_000),
    "web too deep": Bad("/web/session", 400, "malformed", DEEP[:100] + DEEP[-100:]),
    "nowhere": Bad(f"/{WORDS}", 404, "not_found", lines=0),
    "the wrong way": Bad("/healthz", 405, "method_not_allowed", lines=0),
}


@pytest.fixture
async def open_rig(rigs: Rigs) -> AsyncGenerator[Rig]:
    """Everything comes over HTTP."""
    env = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SLACK_SECRET, "TELEGRAM_MODE": "webhook"}
    async with rigs(**env, TELEGRAM_WEBHOOK_SECRET=TELEGRAM_SECRET) as rig:
        async with asyncio.timeout(20):
            while rig.bridge.waiting_for or not rig.sandbox.telegram.updates.webhook:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        yield rig


async def rows(rig: Rig) -> dict[str, int]:
    """How much is in the database."""
    found = {name: await rig.read(lambda tx, it=name: tx.one(f"SELECT COUNT(*) FROM {it}")) for name in TABLES}
    return {name: row[0] for name, row in found.items() if row}


TABLES = tuple(SQLModel.metadata.tables)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_bad_input_is_refused(open_rig: Rig, bad: Bad, caplog: pytest.LogCaptureFixture) -> None:
    before = await rows(open_rig)
    headers = {"Content-Type": "application/json", **bad.sign(bad.body), **bad.more}
    with structlog.testing.capture_logs() as lines:
        async with open_rig.session.request(
            bad.method,
            open_rig.url + bad.path,
            data=BytesIO(bad.body) if bad.method == "POST" else None,
            headers=headers,
        ) as response:
            answer = await response.json()
    assert (response.status, answer["error"]["code"]) == (bad.status, bad.code)
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message"}
    assert WORDS not in json.dumps(answer)
    assert await rows(open_rig) == before
    lines = [line for line in lines if line["event"] != "ready"]  # said once, at the start
    assert len(lines) == bad.lines, lines
    assert not [line for line in lines if line.get("exc_info") or WORDS in str(line)]
    assert not [record for record in caplog.records if record.exc_info or WORDS in record.getMessage()]


async def test_what_is_no_http_is_refused_without_an_echo(open_rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    host, port = open_rig.url.removeprefix("http://").split(":")
    for sent in (WORDS.encode() + b"\r\n\r\n", b"GET /\x00 HTTP/1.1\r\n\r\n", b"POST / HTTP/1.1\r\nA\r\n\r\n"):
        with structlog.testing.capture_logs() as lines:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(sent)
            answer = await asyncio.wait_for(reader.read(), 20)
            writer.close()
            await writer.wait_closed()
        assert answer.split(b" ")[1] == b"400"
        assert WORDS.encode() not in answer
        assert len(lines) == 1
        assert WORDS not in str(lines)
    assert not [record for record in caplog.records if record.exc_info or WORDS in record.getMessage()]


# ------------------------------------------------------------------------------------------- authentic, but unknown

UNKNOWN_UPDATE = {"update_id": 7, "poll": {"id": "1", "question": "Tea?"}}
UNKNOWN_EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "emoji_changed", "subtype": "add", "event_ts": "1.0"},
}
UNKNOWN_CHANGE = {
    "object": "whatsapp_business_account",
    "entry": [{"id": "1", "changes": [{"field": "account_update", "value": {"event": "PARTNER_ADDED"}}]}],
}

UNKNOWN = {
    "slack event": (SLACK, UNKNOWN_EVENT, slack),
    "slack interaction": (SLACK, {"type": "message_action", "trigger_id": "1.2", "user": {"id": "U0ANA"}}, slack),
    "slack without sense": (SLACK, {"type": "event_callback", "event_id": "Ev2", "event": {"type": "message"}}, slack),
    "telegram": (TELEGRAM, UNKNOWN_UPDATE, telegram),
    "telegram without sense": (TELEGRAM, {"update_id": 8, "message": {"message_id": "x"}}, telegram),
    "whatsapp": (WHATSAPP, UNKNOWN_CHANGE, whatsapp),
    "whatsapp without sense": (WHATSAPP, {"object": "whatsapp_business_account", "entry": [{"changes": 3}]}, whatsapp),
}


@pytest.mark.parametrize("kind", UNKNOWN)
async def test_what_is_authentic_but_unknown_is_stored_acknowledged_and_without_effect(
    open_rig: Rig, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    path, content, sign = UNKNOWN[kind]
    body, before = text(content), await rows(open_rig)
    for _ in range(2):
        headers = {"Content-Type": "application/json", **sign(body)}
        async with open_rig.session.post(open_rig.url + path, data=body, headers=headers) as response:
            assert response.status == 200
    changed = {name: count - before[name] for name, count in (await rows(open_rig)).items() if count != before[name]}
    assert changed.pop("inbox") == 1
    assert changed.pop("inbox_key") >= 1
    assert not changed
    assert not [record for record in caplog.records if record.exc_info]


async def test_what_cannot_be_stored_is_not_acknowledged(open_rig: Rig) -> None:
    class Full:
        async def write(self, work: object) -> None:
            raise StoreAway("the disk is full")

    open_rig.bridge.desk._store = Full()  # type: ignore[assignment]
    for path, content, sign in (UNKNOWN[kind] for kind in ("slack event", "telegram", "whatsapp")):
        body = text(content)
        async with open_rig.session.post(open_rig.url + path, data=body, headers=sign(body)) as response:
            assert response.status == 503


async def test_the_whole_main_job_works_over_http(open_rig: Rig) -> None:
    for channel, name in (("telegram", "maria"), ("whatsapp", "jonas"), ("web", "priya")):
        customer, card = await open_rig.claimed(channel, name)
        await open_rig.hears_next(customer, "ana", card)
        await open_rig.team.commands("ana", "/handback")
        await customer.hears(lambda text: "assistant is back" in text, "the bot's return")


async def test_an_event_whose_rule_crashes_is_kept_and_stops_nobody(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    customer, card = await rig.claimed("telegram")
    sound = customer_events.customer_says

    def bug(conversation: Conversation, line: Line, *more: Any) -> Decision:
        if line.text == "Line 0":
            raise KeyError("a bug")
        return sound(conversation, line, *more)

    monkeypatch.setattr(customer_events, "customer_says", bug)
    await customer.says("Line 0")
    await customer.says("Line 1")
    await rig.team.sees_post(card, "Line 1")
    failed = await rig.read(lambda tx: tx.all("SELECT source, raw, failed FROM inbox WHERE failed <> ''"))
    assert [(row[0], row[2]) for row in failed] == [("telegram", "KeyError")]
    assert "Line 0" in failed[0][1]
    assert await rig.read(lambda tx: tx.all("SELECT 1 FROM message WHERE text = 'Line 0'")) == []
