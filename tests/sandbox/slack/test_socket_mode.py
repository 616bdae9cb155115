"""The look-alike against a real Bolt app over Socket Mode."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp

from .conftest import CHANNEL, Sandbox, Seen


def collecting(sandbox: Sandbox) -> tuple[AsyncApp, Seen[dict[str, Any]]]:
    """A Bolt app that puts every event into a queue, its own messages included."""
    app = AsyncApp(client=sandbox.client(), ignoring_self_events_enabled=False)
    seen = Seen[dict[str, Any]]()

    async def keep(body: dict[str, Any]) -> None:
        await seen.put(body)

    for kind in ("message", "app_mention", "reaction_added", "reaction_removed", "channel_archive", "app_home_opened"):
        app.event(kind)(keep)
    return app, seen


async def test_a_typed_reply_reaches_the_app_with_its_thread_and_author(sandbox: Sandbox):
    app, seen = collecting(sandbox)
    await sandbox.bolt(app)
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    ts = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "hi & <bye> @ben see https://example.com/x.")
    await seen.get()
    event = (await seen.get())["event"]
    assert (event["user"], event["ts"], event["thread_ts"]) == ("U0ANA", ts, root)
    assert event["text"] == "hi &amp; &lt;bye&gt; <@U0BEN> see <https://example.com/x>."
    assert event["channel_type"] == "channel"
    assert event["blocks"][0]["elements"][0]["elements"][1] == {"type": "user", "user_id": "U0BEN"}


async def test_a_mention_arrives_as_message_and_as_app_mention(sandbox: Sandbox):
    app, seen = collecting(sandbox)
    await sandbox.bolt(app)
    await sandbox.act("ana", "mention", CHANNEL, "handback")
    events = [(await seen.get())["event"] for _ in range(2)]
    assert {event["type"] for event in events} == {"message", "app_mention"}
    assert {event["text"] for event in events} == {"<@U0BRIDGE> handback"}


async def test_the_bots_own_post_comes_back_as_an_event_with_its_metadata(sandbox: Sandbox):
    app, seen = collecting(sandbox)
    await sandbox.bolt(app)
    data = {"event_type": "outbox", "event_payload": {"obx": "7"}}
    await sandbox.client().chat_postMessage(channel=CHANNEL, text="x", username="Maria", metadata=data)
    event = (await seen.get())["event"]
    assert (event["bot_id"], event["subtype"], event["username"]) == ("B0BRIDGE", "bot_message", "Maria")
    assert event["metadata"] == data
    assert "user" not in event


async def test_edits_and_deletions_arrive_with_what_was_before(sandbox: Sandbox):
    app, seen = collecting(sandbox)
    await sandbox.bolt(app)
    ts = await sandbox.act("ana", "type", CHANNEL, "first")
    await sandbox.act("ana", "edit", f"{CHANNEL}:{ts}", "second")
    await sandbox.act("ana", "delete", f"{CHANNEL}:{ts}")
    _, changed, deleted = [(await seen.get())["event"] for _ in range(3)]
    assert changed["subtype"] == "message_changed"
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("first", "second")
    assert changed["message"]["edited"]["user"] == "U0ANA"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


async def test_nothing_is_told_of_a_channel_without_the_bot(sandbox: Sandbox):
    app, seen = collecting(sandbox)
    await sandbox.bolt(app)
    await sandbox.act("ana", "type", "C0GENERAL", "unheard")
    await sandbox.act("ana", "type", CHANNEL, "heard")
    assert (await seen.get())["event"]["text"] == "heard"


async def test_each_payload_goes_to_exactly_one_of_several_sockets(sandbox: Sandbox):
    apps = [collecting(sandbox) for _ in range(3)]
    for app, _ in apps:
        await sandbox.bolt(app)
    sent = [await sandbox.act("ana", "type", CHANNEL, f"{n}") for n in range(30)]
    await sandbox.settled()
    counts = [queue.qsize() for _, queue in apps]
    got = [queue.get_nowait()["event"]["ts"] for _, queue in apps for _ in range(queue.qsize())]
    assert sorted(got) == sorted(sent)
    assert all(0 < count < 30 for count in counts)


async def test_an_event_without_acknowledgement_comes_again_with_the_same_id(sandbox: Sandbox):
    sandbox.world.set_speed(600)
    sandbox.slack.grace = 0.05
    app = AsyncApp(client=sandbox.client())
    seen: list[tuple[str, str | None, str | None]] = []

    @app.middleware
    async def fail_twice(req: Any, body: dict[str, Any], next_: Any) -> None:
        headers = req.headers
        seen.append((body["event_id"], *(headers.get(f"x-slack-retry-{x}", [None])[0] for x in ("num", "reason"))))
        if len(seen) < 3:
            raise RuntimeError("not stored")
        await next_()

    @app.event("message")
    async def handle() -> None:
        sandbox.world.touch()

    await sandbox.bolt(app)
    await sandbox.act("ana", "type", CHANNEL, "again")
    await sandbox.until(lambda: len(seen) == 3)
    assert len({event_id for event_id, _, _ in seen}) == 1
    assert [(num, reason) for _, num, reason in seen] == [("0", ""), ("1", "timeout"), ("2", "timeout")]


async def test_an_event_that_nobody_ever_takes_is_given_up_and_said_so(sandbox: Sandbox):
    sandbox.world.set_speed(20_000)
    sandbox.slack.grace = 0.05
    await sandbox.act("ana", "type", CHANNEL, "into the void")
    await sandbox.until(lambda: sandbox.history("event_lost"))
    assert sandbox.history("event_lost")[0].raw["reason"] == "connection_failed"


async def test_an_eleventh_socket_is_turned_away(sandbox: Sandbox):
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            answer = await sandbox.client("xapp-test").apps_connections_open(app_token="xapp-test")
            sockets.append(await session.ws_connect(answer["url"]))
        first = [await ws.receive_json() for ws in sockets]
        assert [frame["type"] for frame in first] == ["hello"] * 10 + ["disconnect"]
        assert first[9]["num_connections"] == 10
        assert first[10]["reason"] == "too_many_websockets"


async def test_a_socket_ticket_opens_once(sandbox: Sandbox):
    answer = await sandbox.client("xapp-test").apps_connections_open(app_token="xapp-test")
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(answer["url"]) as ws:
            assert (await ws.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])
