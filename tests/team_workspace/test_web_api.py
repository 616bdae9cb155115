"""How calls go out: with the token in a header, in the form that Slack takes, once, and to nobody else."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.team_workspace.web_api import WebApi, proxy_for


@dataclass
class There:
    """What arrives, and what is answered."""

    url: str = ""
    seen: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])  # type, body, authorization
    answer: web.Response | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.seen.append((request.content_type, await request.text(), request.headers.get("Authorization", "")))
        if self.answer is None and request.transport:
            request.transport.abort()
        return self.answer or web.Response()


@pytest.fixture
async def there() -> AsyncGenerator[There]:
    there, app = There(), web.Application()
    app.router.add_post("/{method}", there.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield there
    await runner.cleanup()


@pytest.fixture
def api(there: There, session: aiohttp.ClientSession) -> WebApi:
    return WebApi(session, "xoxb-1", there.url)


async def test_what_writes_goes_out_as_json(api: WebApi, there: There) -> None:
    there.answer = web.json_response({"ok": True, "ts": "1.0"})
    said = {"text": "Olá & <more>", "blocks": [], "thread_ts": None}
    assert (await api.call("chat.postMessage", said, repeatable=False))["ts"] == "1.0"
    assert there.seen == [("application/json", '{"text":"Olá & <more>","blocks":[]}', "Bearer xoxb-1")]


async def test_what_reads_goes_out_as_a_form_for_slack_takes_no_json_there(api: WebApi, there: There) -> None:
    there.answer = web.json_response({"ok": True})
    await api.call("conversations.replies", {"ts": "1.0", "cursor": None, "limit": 200}, repeatable=True)
    assert there.seen == [("application/x-www-form-urlencoded", "ts=1.0&limit=200", "Bearer xoxb-1")]


async def test_an_app_token_takes_the_bot_tokens_place(api: WebApi, there: There) -> None:
    there.answer = web.json_response({"ok": True})
    await api.call("apps.connections.open", {}, repeatable=True, token="xapp-1")
    assert there.seen[0][2] == "Bearer xapp-1"


@pytest.mark.parametrize(("repeatable", "expected"), [(False, Uncertain), (True, TryLater)])
async def test_what_a_broken_connection_may_have_carried_is_not_sent_again(
    api: WebApi, there: There, repeatable: bool, expected: type[Exception]
) -> None:
    """slack_sdk does: the message would stand there twice."""
    with pytest.raises(expected):
        await api.call("chat.postMessage", {"text": "once"}, repeatable=repeatable)
    assert len(there.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_carries_words_or_token_elsewhere(
    api: WebApi, there: There, session: aiohttp.ClientSession, status: int
) -> None:
    there.answer = web.Response(status=status, headers={"Location": f"{there.url}elsewhere"})
    with pytest.raises(Undeliverable):
        await api.call("chat.postMessage", {"text": "for Slack"}, repeatable=False)
    assert len(there.seen) == 1


@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("0", 0.0), ("3600", 3600.0), ("soon", None), (None, None)])
async def test_how_long_to_wait_is_what_slack_says(
    api: WebApi, there: There, told: str | None, seconds: float | None
) -> None:
    headers = {"Retry-After": told} if told is not None else {}
    there.answer = web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    with pytest.raises(TryLater) as caught:
        await api.call("chat.postMessage", {"text": "hello"}, repeatable=False)
    assert caught.value.after == seconds


@pytest.mark.parametrize("body", [{"ok": "yes"}, {"ok": 1}, {"ok": None}, {}, {"ok": False}])
async def test_only_ok_is_ok(api: WebApi, there: There, body: dict[str, object]) -> None:
    there.answer = web.json_response(body)
    with pytest.raises(Uncertain):
        await api.call("chat.postMessage", {"text": "hello"}, repeatable=False)


def test_a_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://slack.com/api/") is None
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    monkeypatch.setenv("no_proxy", "slack.com")
    assert proxy_for("https://slack.com/api/") is None
