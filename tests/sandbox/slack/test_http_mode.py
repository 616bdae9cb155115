"""Signed webhooks to a real Bolt app in HTTP mode, and Slack's retries."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from .conftest import CHANNEL, Sandbox, Seen

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(sandbox: Sandbox, app: web.Application, secret: str = SECRET) -> None:
    """Put an app behind the sandbox's webhooks."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    sandbox.stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    sandbox.slack.connect({"events_url": url, "signing_secret": secret})


async def serve_plain(sandbox: Sandbox, handler: Handler) -> None:
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    await serve(sandbox, app)


def bolt(sandbox: Sandbox) -> AsyncApp:
    return AsyncApp(client=sandbox.client(), signing_secret=SECRET)


async def test_events_commands_and_clicks_reach_a_bolt_app_signed(sandbox: Sandbox):
    app = bolt(sandbox)
    seen = Seen[str]()

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        await seen.put(event["text"])

    @app.command("/queue")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack({"text": "here", "response_type": "ephemeral"})
        await seen.put(body["text"])

    @app.action("claim")
    async def click(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await seen.put(body["actions"][0]["value"])

    await serve(sandbox, app.web_app())
    button = {"type": "button", "action_id": "claim", "value": "1042", "text": {"type": "plain_text", "text": "Claim"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = (await sandbox.client().chat_postMessage(channel=CHANNEL, text="card", blocks=blocks))["ts"]
    await sandbox.act("ana", "type", CHANNEL, "ñandú & co")
    assert await seen.get() == "ñandú &amp; co"
    await sandbox.act("ana", "command", CHANNEL, "/queue mine")
    assert await seen.get() == "mine"
    await sandbox.act("ana", "click", f"{CHANNEL}:{ts}", action_id="claim")
    assert await seen.get() == "1042"
    await sandbox.until(lambda: sandbox.history("response_url"))
    assert sandbox.slack.view()["ephemerals"][0]["text"] == "here"
    assert sandbox.history("no_ack") == []


async def test_a_wrong_secret_is_refused_by_the_app(sandbox: Sandbox):
    sandbox.world.set_speed(20_000)
    await serve(sandbox, bolt(sandbox).web_app(), secret="another")
    await sandbox.act("ana", "type", CHANNEL, "x")
    await sandbox.until(lambda: sandbox.history("event_lost"))
    assert sandbox.history("event_lost")[0].raw["reason"] == "http_error"


async def test_a_failing_app_gets_four_tries_in_all_with_retry_headers(sandbox: Sandbox):
    sandbox.world.set_speed(20_000)
    tries: list[tuple[str | None, str | None, str]] = []

    async def fail(request: web.Request) -> web.Response:
        headers = request.headers
        event_id = (await request.json())["event_id"]
        tries.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason"), event_id))
        return web.Response(status=500)

    await serve_plain(sandbox, fail)
    await sandbox.act("ana", "type", CHANNEL, "x")
    await sandbox.until(lambda: sandbox.history("event_lost"))
    assert [each[:2] for each in tries] == [(None, None), *((str(n), "http_error") for n in (1, 2, 3))]
    assert len({event_id for _, _, event_id in tries}) == 1


async def test_no_retry_is_honoured(sandbox: Sandbox):
    tries: list[str] = []

    async def fail(request: web.Request) -> web.Response:
        tries.append(request.path)
        return web.Response(status=503, headers={"X-Slack-No-Retry": "1"})

    await serve_plain(sandbox, fail)
    await sandbox.act("ana", "type", CHANNEL, "x")
    await sandbox.until(lambda: sandbox.history("event_lost"))
    assert len(tries) == 1


async def test_a_slow_app_gets_the_event_again_for_http_timeout(sandbox: Sandbox):
    sandbox.world.set_speed(600)
    sandbox.slack.grace = 0.1
    reasons = Seen[str | None]()
    never = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        reason = request.headers.get("X-Slack-Retry-Reason")
        await reasons.put(reason)
        if reason is None:
            await never.wait()
        return web.Response()

    await serve_plain(sandbox, slow)
    await sandbox.act("ana", "type", CHANNEL, "x")
    assert [await reasons.get(), await reasons.get()] == [None, "http_timeout"]
    never.set()
