"""Rate limits on the sandbox's clock, and every misbehaviour that can be asked for."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bridge.sandbox.slack import limits
from bridge.sandbox.world import Fault

from .conftest import CHANNEL, Sandbox, Seen, refusal


async def test_a_channel_takes_a_burst_of_three_and_then_about_one_a_second(sandbox: Sandbox):
    client = sandbox.client()
    for n in range(3):
        await client.chat_postMessage(channel=CHANNEL, text=f"{n}")
    answer = await refusal(client.chat_postMessage(channel=CHANNEL, text="too much"))
    assert (answer["error"], answer.status_code, answer.headers["Retry-After"]) == ("ratelimited", 429, "1")
    await client.chat_postMessage(channel="U0ANA", text="another channel is free")
    sandbox.world.set_speed(1_000)
    await sandbox.world.sleep(1.1)
    await client.chat_postMessage(channel=CHANNEL, text="3")
    assert sandbox.history("rejected")[0].raw == {"method": "chat.postMessage", "error": "ratelimited"}


async def test_a_tier_is_a_share_of_the_minute_for_each_method(sandbox: Sandbox):
    client = sandbox.client()
    for _ in range(20):
        await client.users_list()
    answer = await refusal(client.users_list())
    assert (answer["error"], int(answer.headers["Retry-After"]) <= 3) == ("ratelimited", True)
    await client.conversations_list()


async def test_limits_can_be_switched_off(sandbox: Sandbox):
    sandbox.world.strict = False
    for n in range(50):
        await sandbox.client().chat_postMessage(channel=CHANNEL, text=f"{n}")
    assert len(sandbox.history("chat.postMessage")) == 50


def fault(sandbox: Sandbox, method: str, kind: str, **more: Any) -> None:
    sandbox.world.faults.append(Fault("slack", method, kind, times=1, **more))


async def test_429_on_demand_carries_its_seconds(sandbox: Sandbox):
    fault(sandbox, "chat.update", "429", seconds=7)
    answer = await refusal(sandbox.client().chat_update(channel=CHANNEL, ts="1", text="x"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


async def test_500_on_demand_has_no_effect(sandbox: Sandbox):
    fault(sandbox, "chat.postMessage", "500")
    assert (await refusal(sandbox.client().chat_postMessage(channel=CHANNEL, text="x"))).status_code == 500
    assert sandbox.slack.view()["messages"][CHANNEL] == []


async def test_a_dropped_answer_leaves_the_message_posted(sandbox: Sandbox):
    fault(sandbox, "chat.postMessage", "drop_after_accept")
    with pytest.raises(aiohttp.ClientError):
        await sandbox.client().chat_postMessage(channel=CHANNEL, text="x")
    assert [message["text"] for message in sandbox.slack.view()["messages"][CHANNEL]] == ["x"]


async def test_garbage_is_no_json_although_the_message_is_posted(sandbox: Sandbox):
    fault(sandbox, "chat.postMessage", "garbage")
    with pytest.raises(SlackApiError):
        await sandbox.client().chat_postMessage(channel=CHANNEL, text="x")
    assert len(sandbox.slack.view()["messages"][CHANNEL]) == 1


async def heard(sandbox: Sandbox) -> Seen[str]:
    app = AsyncApp(client=sandbox.client())
    seen = Seen[str]()

    @app.middleware
    async def keep(body: dict[str, Any], next_: Any) -> None:
        await seen.put(body["event"]["text"])
        await next_()

    @app.event("message")
    async def message() -> None:
        pass

    await sandbox.bolt(app)
    return seen


async def test_a_duplicated_event_comes_twice(sandbox: Sandbox):
    seen = await heard(sandbox)
    fault(sandbox, "events", "duplicate")
    await sandbox.act("ana", "type", CHANNEL, "x")
    await sandbox.act("ana", "type", CHANNEL, "y")
    assert sorted([await seen.get() for _ in range(3)]) == ["x", "x", "y"]


async def test_a_reordered_event_comes_after_the_next(sandbox: Sandbox):
    seen = await heard(sandbox)
    fault(sandbox, "events", "reorder")
    await sandbox.act("ana", "type", CHANNEL, "first")
    await sandbox.act("ana", "type", CHANNEL, "second")
    assert [await seen.get(), await seen.get()] == ["second", "first"]


async def test_a_reordered_event_is_not_held_for_ever(sandbox: Sandbox):
    sandbox.world.set_speed(1_000)
    seen = await heard(sandbox)
    fault(sandbox, "events", "reorder")
    await sandbox.act("ana", "type", CHANNEL, "only")
    assert await seen.get() == "only"


async def test_a_lost_acknowledgement_brings_the_event_again(sandbox: Sandbox):
    seen = await heard(sandbox)
    fault(sandbox, "events", "drop_after_accept")
    await sandbox.act("ana", "type", CHANNEL, "x")
    assert [await seen.get(), await seen.get()] == ["x", "x"]


async def test_after_a_disconnect_the_app_comes_back_and_hears_again(sandbox: Sandbox):
    seen = await heard(sandbox)
    (before,) = sandbox.slack.sockets.open
    await sandbox.slack.sockets.disconnect()
    await sandbox.until(lambda: sandbox.slack.sockets.open and before not in sandbox.slack.sockets.open)
    await sandbox.act("ana", "type", CHANNEL, "still there")
    assert await seen.get() == "still there"


async def test_a_reset_forgets_the_messages_and_keeps_the_connection(sandbox: Sandbox):
    seen = await heard(sandbox)
    await sandbox.act("ana", "type", CHANNEL, "before")
    await seen.get()
    sandbox.world.reset()
    assert sandbox.slack.view()["messages"][CHANNEL] == []
    await sandbox.act("ana", "type", CHANNEL, "after")
    assert await seen.get() == "after"


async def test_more_than_the_hours_events_are_left_out_and_the_app_is_told(sandbox: Sandbox, monkeypatch: Any):
    monkeypatch.setattr(limits, "EVENTS_PER_HOUR", 2)
    seen = await frames(sandbox)
    for n in range(4):
        await sandbox.act("ana", "type", CHANNEL, f"{n}")
    kinds = [(await seen.get())["payload"]["type"] for _ in range(3)]
    assert kinds == ["event_callback", "event_callback", "app_rate_limited"]
    assert [entry.raw["reason"] for entry in sandbox.history("event_lost")] == ["app_rate_limited"] * 2


async def frames(sandbox: Sandbox) -> Seen[dict[str, Any]]:
    """A bare socket that acknowledges everything; what it got."""
    url = (await sandbox.client("xapp-1").apps_connections_open(app_token="xapp-1"))["url"]
    session = await sandbox.stack.enter_async_context(aiohttp.ClientSession())
    ws = await session.ws_connect(url)
    assert (await ws.receive_json())["type"] == "hello"
    seen = Seen[dict[str, Any]]()

    async def read() -> None:
        async for frame in ws:
            envelope = frame.json()
            if "envelope_id" in envelope:
                await ws.send_json({"envelope_id": envelope["envelope_id"]})
            await seen.put(envelope)

    task = asyncio.create_task(read())
    sandbox.stack.callback(task.cancel)
    return seen


async def test_a_socket_is_warned_and_then_refreshed_after_its_lifetime(sandbox: Sandbox):
    sandbox.world.set_speed(100_000)
    seen = await frames(sandbox)
    reasons = [(await seen.get())["reason"] for _ in range(2)]
    assert reasons == ["warning", "refresh_requested"]


async def test_a_response_url_and_an_interaction_can_misbehave_too(sandbox: Sandbox):
    seen = await frames(sandbox)
    fault(sandbox, "interactive", "duplicate")
    await sandbox.act("ana", "command", CHANNEL, "/queue")
    first, second = await seen.get(), await seen.get()
    assert first["payload"]["trigger_id"] == second["payload"]["trigger_id"]
    fault(sandbox, "response_url", "500")
    async with aiohttp.ClientSession() as session:
        url = first["payload"]["response_url"]
        answers = [(await session.post(url, json={"text": "x"})).status for _ in range(2)]
    assert answers == [500, 200]
