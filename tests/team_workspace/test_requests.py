"""HTTP mode lets in what Slack signed, and answers everything else with a short constant refusal."""

import hashlib
import hmac
import io
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bridge.ports import Commanded, Ignored
from bridge.team_workspace.requests import LARGEST, signed

from .conftest import SECRET, Rig

EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "something_new"}}


def signature(body: bytes, at: str, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


async def send(
    rig: Rig, session: aiohttp.ClientSession, body: bytes, *, sign: bool = True, **headers: str
) -> tuple[int, str]:
    """Send a request; the answer's status and body."""
    at = str(int(time.time()))
    marks = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(body, at)} if sign else {}
    headers = {"Content-Type": "application/json"} | marks | {k.replace("_", "-"): v for k, v in headers.items()}
    async with session.post(rig.events_url, data=body, headers=headers) as response:
        return response.status, await response.text()


async def send_event(
    rig: Rig, session: aiohttp.ClientSession, event: object, event_id: str = "Ev1", repeat: str = ""
) -> int:
    """Send an event; the answer's status."""
    body = json.dumps({"type": "event_callback", "event_id": event_id, "event": event}).encode()
    more: dict[str, Any] = {"X_Slack_Retry_Num": repeat} if repeat else {}
    return (await send(rig, session, body, **more))[0]


def test_the_signature_of_slacks_own_example_is_right() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    mark = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    at = datetime.fromtimestamp(1531420618, UTC)
    assert signed(body, "1531420618", mark, SECRET, at)
    assert not signed(body + b" ", "1531420618", mark, SECRET, at)


@pytest.mark.parametrize(("off", "good"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_a_signature_is_good_for_five_minutes(off: int, good: bool) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    at = str(int(now.timestamp()) + off)
    assert signed(b"{}", at, signature(b"{}", at), SECRET, now) is good


@pytest.mark.parametrize("at", ["abc", "", "1e9", "-1", "١٥٣١٤٢٠٦١٨", "9" * 400, "1531420618.5"])
def test_a_strange_timestamp_is_refused(at: str) -> None:
    assert not signed(b"{}", at, signature(b"{}", at), SECRET, datetime.now(UTC))


@pytest.mark.parametrize("mark", [None, "", "v0=", "v1=abc", "v0=é", "v0=\udce9", "x" * 100_000])
def test_a_strange_signature_is_refused(mark: str | None) -> None:
    assert not signed(b"{}", str(int(time.time())), mark, SECRET, datetime.now(UTC))


async def test_the_address_is_verified_only_for_slack(over_http: Rig, session: aiohttp.ClientSession) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"}).encode()
    status, answer = await send(over_http, session, body)
    assert (status, json.loads(answer)) == (200, {"challenge": "c1"})
    assert (await send(over_http, session, body, sign=False))[0] == 401
    assert over_http.desk.stored == []


async def test_an_authentic_but_unknown_event_is_stored_and_acknowledged(
    over_http: Rig, session: aiohttp.ClientSession
) -> None:
    assert (await send(over_http, session, json.dumps(EVENT).encode()))[0] == 200
    assert await over_http.desk.next() == Ignored("something_new")


async def test_what_cannot_be_stored_is_answered_503(over_http: Rig, session: aiohttp.ClientSession) -> None:
    over_http.desk.broken = True
    assert await send(over_http, session, json.dumps(EVENT).encode()) == (503, "")
    assert (await send(over_http, session, json.dumps(EVENT).encode()))[0] == 200


async def test_nothing_is_taken_before_it_is_known_where_we_work(
    over_http: Rig, session: aiohttp.ClientSession
) -> None:
    over_http.slack.here.channel = ""
    assert (await send(over_http, session, json.dumps(EVENT).encode()))[0] == 503
    assert over_http.desk.stored == []


HOSTILE = {
    "no JSON": b"hello",
    "broken JSON": b'{"type": ',
    "a list": b"[1, 2]",
    "a number in a form": b"payload=5",
    "broken JSON in a form": b"payload=%7B",
    "not UTF-8": b'{"type": "\xff\xfe"}',
    "nothing": b"",
    "very deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an odd envelope": b'{"authorizations": [5]}',
    "an odd event": b'{"type": "event_callback", "event": [], "authorizations": "x"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("sign", [True, False], ids=["signed", "unsigned"])
async def test_hostile_bodies_are_refused_without_effect_or_echo(
    over_http: Rig, session: aiohttp.ClientSession, body: bytes, sign: bool
) -> None:
    status, answer = await send(over_http, session, body, sign=sign)
    assert status == (400 if sign else 401)
    assert json.loads(answer)["error"]["code"] == ("malformed" if sign else "bad_signature")
    assert set(json.loads(answer)["error"]) == {"code", "message"}
    assert over_http.desk.stored == []


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_over_a_megabyte_is_refused(over_http: Rig, session: aiohttp.ClientSession, chunked: bool) -> None:
    async def parts():
        yield b"x" * LARGEST
        yield b"x"

    whole = io.BytesIO(b"x" * (LARGEST + 1))
    async with session.post(over_http.events_url, data=parts() if chunked else whole) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/json; charset=klingon", "a/b/c", ""])
async def test_the_declared_type_of_a_body_changes_nothing(
    over_http: Rig, session: aiohttp.ClientSession, kind: str
) -> None:
    assert (await send(over_http, session, json.dumps(EVENT).encode(), Content_Type=kind))[0] == 200
    assert await over_http.desk.next() == Ignored("something_new")


async def test_a_command_with_the_word_payload_is_not_lost(over_http: Rig, session: aiohttp.ClientSession) -> None:
    form = {"command": "/handback", "text": "the payload= is here", "user_id": "U0ANA", "channel_id": "C0SUPPORT"}
    body = "&".join(f"{name}={quote(value)}" for name, value in form.items()).encode()
    assert (await send(over_http, session, body, Content_Type="application/x-www-form-urlencoded"))[0] == 200
    assert (await over_http.desk.next(Commanded)).text == "the payload= is here"


async def test_no_secret_and_no_body_is_logged(
    over_http: Rig, session: aiohttp.ClientSession, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    over_http.desk.broken = True
    secret = json.dumps(EVENT | {"event": {"type": "message", "text": "my card is 4111"}}).encode()
    for sign in (True, False):
        await send(over_http, session, secret, sign=sign)
    seen = "".join(capsys.readouterr()) + caplog.text
    assert "slack_event_not_stored" in seen
    assert "Traceback" not in seen
    assert not [word for word in ("4111", SECRET, "xoxb") if word in seen]
