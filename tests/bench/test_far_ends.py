"""The far ends speak HTTP, Socket Mode and the Bot API well enough for the real clients."""

import asyncio
from itertools import pairwise

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot

from bench.far_ends import FarEnds
from bench.slack import CHANNEL
from bench.wire import Wire, extent, frame, unmasked


async def test_a_customer_s_words_reach_a_poll_that_waits_and_are_confirmed_by_the_next(ends: FarEnds) -> None:
    settings = ends.environment()
    async with Bot(settings["TELEGRAM_BOT_TOKEN"], base_url=settings["TELEGRAM_API_URL"] + "/bot") as bot:
        waiting = asyncio.create_task(bot.get_updates())
        await ends.telegram.polled.wait()
        ends.say("in", 7)
        (first,) = await waiting
        ends.say("in", 7)
        (second,) = await bot.get_updates(offset=first.update_id + 1)
    assert first.message
    assert second.message
    assert first.message.chat == second.message.chat
    assert first.message.chat.first_name == "C00007"
    assert first.message.text != second.message.text


async def test_what_is_sent_to_a_customer_arrives_once_and_a_second_time_is_seen(ends: FarEnds) -> None:
    settings = ends.environment()
    ends.slack.threads[7] = b"1.000001"
    async with Bot(settings["TELEGRAM_BOT_TOKEN"], base_url=settings["TELEGRAM_API_URL"] + "/bot") as bot:
        ends.slack.say = lambda customer, text: None
        ends.say("out", 7)
        assert ends.under_way == 1
        sent = await bot.send_message(100_007, "M00000001 Thank you")
        assert (ends.under_way, len(ends.took), ends.twice) == (0, 1, 0)
        await bot.send_message(100_007, "M00000001 Thank you")
    assert sent.chat.id == 100_007
    assert ends.twice == 1


async def test_an_agent_s_words_come_over_a_socket_and_are_acknowledged(ends: FarEnds) -> None:
    heard: asyncio.Queue[SocketModeRequest] = asyncio.Queue()

    async def listener(client: SocketModeClient, request: SocketModeRequest) -> None:
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
        heard.put_nowait(request)

    web = AsyncWebClient("xoxb-bench", ends.environment()["SLACK_API_URL"])
    client = SocketModeClient("xapp-bench", web_client=web)
    client.socket_mode_request_listeners.append(listener)  # pyright: ignore[reportArgumentType]
    await client.connect()
    root = await web.chat_postMessage(channel=CHANNEL, text="C00007 writes")
    ends.say("out", 7)
    request = await heard.get()
    await client.close()
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)
    assert request.payload["event"]["thread_ts"] == root["ts"]
    assert ends.slack.unacknowledged == 0


async def test_a_ping_is_answered_with_the_same_words(ends: FarEnds) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{ends.slack.address}/link/", autoping=False) as socket,
    ):
        await socket.receive_json()
        await socket.ping(b"sdk-ping-pong:1.5")
        pong = await socket.receive()
    assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1.5")


async def test_a_card_with_a_claim_button_comes_back_as_an_event_and_is_claimed(ends: FarEnds) -> None:
    ends.slack.echoes = True
    button = {"type": "button", "action_id": "claim", "value": "1001"}
    card = {"text": "C00007", "blocks": [{"type": "actions", "elements": [button]}]}
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{ends.slack.address}/link/") as socket:
        await socket.receive_json()
        async with session.post(f"{ends.address}/slack/api/chat.postMessage", json=card) as posted:
            ts = (await posted.json())["ts"]
        echo = (await socket.receive_json(timeout=10))["payload"]["event"]
        payload = (await socket.receive_json(timeout=10))["payload"]
    assert (echo["ts"], echo["bot_id"]) == (ts, "B0BENCH")
    assert payload["actions"][0]["value"] == "1001"
    assert payload["container"]["message_ts"] == ts


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_a_request_may_come_in_any_pieces(size: int) -> None:
    seen: list[tuple[str, bytes]] = []
    wire = Wire(lambda _, path, body: seen.append((path, body)))
    whole = b"POST /a?b=c HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello" * 3
    for start, end in pairwise([*range(0, len(whole), size), len(whole)]):
        wire.data_received(whole[start:end])
    assert seen == [("/a?b=c", b"hello")] * 3


@pytest.mark.parametrize("size", [0, 1, 125, 126, 60_000])
def test_frames_say_how_long_they_are(size: int) -> None:
    payload = bytes(index % 251 for index in range(size))
    start, length = extent(frame(1, payload))
    assert length == size
    assert frame(1, payload)[start:] == payload
    assert unmasked(unmasked(payload, b"\x01\x02\x03\x04"), b"\x01\x02\x03\x04") == payload
