"""What somebody tried against the bridge and the sandbox, and what came of it: nothing."""

import asyncio
import gzip
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs
from yarl import URL

from bridge import customer_events
from bridge.content import Author, Line
from bridge.customer_channels.telegram import updates
from bridge.customer_channels.web.flood import address
from bridge.logs import strike_out
from bridge.ports import Ignored
from bridge.summaries import plain
from bridge.team_workspace import requests
from bridge.team_workspace.answers import answer
from bridge.team_workspace.inert import Message
from bridge.team_workspace.posts import speaker
from bridge.team_workspace.rich_text import read

from .conftest import Rig, Rigs

NOW = datetime.now(UTC)
SIGNING = "a-signing-secret"
SLACK_BY_HTTP = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING}
PATIENCE = 60  # seconds; what these attacks wanted took hours

# --------------------------------------------------------------------------------------------------- to keep us reading

STALLING = {
    "digits": "'+' + '1' * 4000 + 'a'",
    "an address without end": "'a' * 200_000",
    "orders without a number": "'order-' * 40_000",
    "many numbers": "' '.join(f'order {n}x' for n in range(1000, 20_000))",
}


@pytest.mark.parametrize("text", STALLING.values(), ids=STALLING.keys())
def test_no_text_makes_the_search_for_facts_take_long(text: str) -> None:
    program = f"from bridge.summaries.facts import facts; facts({text})"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE)


def test_a_summary_reads_the_beginning_and_the_end_of_a_very_long_conversation() -> None:
    author = Author("customer", "Maria")
    lines = [
        Line(author, f"Line {number} about order MK-{number}" + " again" * 1000, NOW) for number in range(1000, 1400)
    ]
    read = plain.telling(lines)
    assert sum(len(line.text) for line in read) <= 60_000
    assert (read[0].text[:9], read[-1].text[:9]) == ("Line 1000", "Line 1399")
    assert plain.summary(lines).facts[0] == "order MK-1000"


async def test_words_in_an_open_handoff_are_not_searched_for_a_reason_to_open_one(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, card = await rig.waiting()
    monkeypatch.delattr(customer_events, "why_a_human")
    await customer.says("I want a human, a human, a human")
    await rig.team.sees_post(card, "a human, a human", 0)


def test_a_list_cannot_be_indented_beyond_the_memory_we_have() -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "deep"}]}
    lists = {"type": "rich_text_list", "style": "bullet", "indent": 10**12, "elements": [item]}
    assert len(read({"blocks": [{"type": "rich_text", "elements": [lists]}]}, {}).text) < 30


# ------------------------------------------------------------------------------------------------- bodies and headers


async def said_by(url: str, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    async with asyncio.timeout(PATIENCE):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        body = await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()
    return head + body


@pytest.mark.parametrize("path", ["/web/session", "/nowhere"])
async def test_what_a_caller_expects_is_not_repeated_to_it(rig: Rig, path: str) -> None:
    request = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nExpect: <script>\r\n\r\n"
    told = await said_by(rig.url, request.encode())
    assert told.startswith(b"HTTP/1.1 417 ")
    assert b"script" not in told
    assert json.loads(told.partition(b"\r\n\r\n")[2])["error"]["code"] == "expectation_failed"


@pytest.mark.parametrize("body", [gzip.compress(b" " * 30_000_000), b"no gzip"], ids=["a bomb", "broken"])
@pytest.mark.parametrize("path", ["/slack/events", "/whatsapp/webhook", "/web/session"])
async def test_compressed_bodies_are_not_unpacked(rigs: Rigs, path: str, body: bytes) -> None:
    async with rigs(**SLACK_BY_HTTP) as rig:
        with capture_logs() as lines:
            headers = {"Content-Encoding": "gzip"}
            async with rig.session.post(rig.url + path, data=body, headers=headers) as response:
                assert response.status in (400, 401)
        assert not [line for line in lines if line.get("exc_info")]


async def test_a_body_that_never_ends_is_given_up(rigs: Rigs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "READING", 0.05)
    async with rigs(**SLACK_BY_HTTP) as rig:
        told = await said_by(rig.url, b"POST /slack/events HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n{")
    assert told.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("127.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", [], ""),
        ("9.9.9.9", ["127.0.0.1"], "9.9.9.9"),
    ],
)
def test_the_caller_is_whom_the_nearest_proxy_named_last(remote: str, forwarded: list[str], counted: str) -> None:
    assert address(remote, forwarded) == counted


# ---------------------------------------------------------------------------------------- authentic, but out of shape


async def sent_by_slack(rig: Rig, payload: Any) -> int:
    body, at = json.dumps(payload).encode(), str(int(time.time()))
    mark = hmac.new(SIGNING.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mark}"}
    async with rig.session.post(f"{rig.url}/slack/events", data=body, headers=headers) as response:
        return response.status


def nested(depth: int) -> Any:
    """A thing in a thing in a thing."""
    thing: Any = []
    for _ in range(depth):
        thing = {"type": "rich_text", "elements": [thing]}
    return thing


async def test_what_slack_signed_in_a_strange_shape_is_kept_or_refused_and_the_next_event_is_heard(rigs: Rigs) -> None:
    async with rigs(**SLACK_BY_HTTP) as rig:
        _, card = await rig.waiting()
        here = {"type": "message", "channel": card.chat, "user": "U0ANA", "ts": "1.2", "event_ts": "1.2", "text": "x"}
        strange = {
            "actions that are none": {"type": "block_actions", "actions": "x", "container": 5, "user": "y"},
            "a person that is none": {"type": "block_actions", "actions": [{"action_id": "claim"}], "user": "y"},
            "half a character": {"type": "event_callback", "event_id": "\ud800", "event": {"type": "x"}},
            "blocks without end": {
                "type": "event_callback",
                "event_id": "E1",
                "event": {**here, "thread_ts": card.id, "blocks": [nested(400)]},
            },
        }
        assert {name: await sent_by_slack(rig, payload) for name, payload in strange.items()} == dict.fromkeys(
            strange, 200
        )
        bad_for_bolt = {"type": "event_callback", "event": 5}
        assert await sent_by_slack(rig, bad_for_bolt) == 400
        await rig.team.clicks("ana", card, "claim")
        await rig.team.sees_card(card, "Ana has this")


def test_an_update_too_deep_to_read_is_kept_and_holds_up_nothing() -> None:
    [received] = updates.read({"update_id": 7, "message": nested(450)}, "42", NOW)
    assert received.event == Ignored("unreadable")


# ------------------------------------------------------------------------------------- where an answer to a click goes


@asynccontextmanager
async def elsewhere() -> AsyncGenerator[tuple[str, list[str]]]:
    """A server that is not Slack, and the calls that it got."""
    calls: list[str] = []

    async def take(request: web.Request) -> web.Response:
        calls.append(request.path)
        if request.path == "/moved":
            raise web.HTTPTemporaryRedirect("/inside")
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", calls
    await runner.cleanup()


@pytest.mark.parametrize("form", ["{0}/x", "{0}@hooks.slack.com/x", "http://[", "file:///etc/passwd", "//x"])
async def test_an_answer_goes_to_slack_and_nowhere_else(form: str) -> None:
    async with elsewhere() as (url, calls), aiohttp.ClientSession() as session:
        assert not await answer(session, form.format(url), Message("No.", []), "https://slack.com/api/")
    assert calls == []


async def test_an_answer_follows_no_redirect() -> None:
    async with elsewhere() as (url, calls), aiohttp.ClientSession() as session:
        assert not await answer(session, f"{url}/moved", Message("No.", []), f"{url}/slack/api/")
    assert calls == ["/moved"]


# -------------------------------------------------------------------------------------------------- keys in addresses


@pytest.mark.parametrize(
    ("line", "struck"),
    [
        ("/bot4242424242:AAHdqTcvCH1vGWJxfSeofSAs0K5/getMe", "/bot***/getMe"),
        ("https://hooks.slack.com/actions/T0/1/aBcD failed", "https://hooks.slack.com/*** failed"),
        ("wss://a.slack.com/link/?ticket=a-b&app_id=1", "wss://a.slack.com/link/?ticket=***&app_id=1"),
        ("GET /web/events?after=1&token=a_b-c", "GET /web/events?after=1&token=***"),
        (r'{"exception": "lost:\nEAAGm0PX4ZCpsBAKZCabcdefghij"}', r'{"exception": "lost:\n***"}'),
    ],
)
def test_keys_inside_addresses_and_finished_lines_are_struck_out(line: str, struck: str) -> None:
    assert strike_out(None, "", line) == struck


# ---------------------------------------------------------------------------------------------- who somebody pretends


@pytest.mark.parametrize("name", ["👤 Ana", "\u3164👤 Ana", "\u2800🤖 Ana", "Ana 👤", "ℹ️ Ana"])
def test_a_customers_name_has_no_sign_of_the_team(name: str) -> None:
    assert not set(speaker(Author("customer", name), "")) & set("👤🤖ℹ️")


# --------------------------------------------------------------------------------------- other sites and the sandbox


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {"Host": "rebound.example"}),
        ("POST", {"Origin": "https://evil.example"}),
        ("POST", {"Sec-Fetch-Site": "cross-site"}),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ],
)
async def test_another_site_cannot_use_a_look_alike(rig: Rig, method: str, headers: dict[str, str]) -> None:
    query = {"token": "xoxb-1", "channel": "C0SUPPORT", "text": "owned"}
    url = f"{rig.sandbox_url}/slack/api/chat.postMessage"
    async with rig.session.request(method, url, params=query, headers=headers) as response:
        assert response.status == 403
    assert rig.history("slack", "chat.postMessage") == []


@pytest.mark.parametrize("path", ["%00", "x" * 300, "..%2f..%2fserver.py", "/etc/passwd"])
async def test_the_sandboxs_page_is_all_that_its_folder_gives(rig: Rig, path: str) -> None:
    url = f"{rig.sandbox_url}/sandbox/{path}"
    async with rig.session.get(URL(url, encoded=True)) as response:
        assert response.status == 404
