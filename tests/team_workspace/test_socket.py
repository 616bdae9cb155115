"""Sockets that come back by themselves, whatever Slack does to them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from itertools import chain
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bridge.ports import Pressed, Typed
from bridge.team_workspace import link, socket

from .conftest import CARD, Rig


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.05)


async def say(rig: Rig, text: str) -> None:
    """Ana writes in a thread."""
    thread = await rig.slack.open_thread(CARD, text)
    await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", text)


async def both_open(rig: Rig) -> None:
    await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 2)


async def test_two_sockets_are_open_so_that_one_may_be_renewed(over_sockets: Rig) -> None:
    assert len(over_sockets.sandbox.slack.sockets.open) == socket.SOCKETS == 2


async def test_after_a_refresh_of_all_sockets_nothing_is_lost(over_sockets: Rig) -> None:
    rig = over_sockets
    rig.sandbox.world.set_speed(1000)
    await rig.sandbox.slack.sockets.disconnect()
    await say(rig, "in the gap")
    assert (await rig.desk.next(Typed)).text == "in the gap"
    await both_open(rig)
    assert rig.history("event_lost") == []


async def test_a_warned_socket_hears_until_the_next_one_is_open(
    over_sockets: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack warns some seconds before it closes a socket."""
    rig, sockets = over_sockets, over_sockets.sandbox.slack.sockets
    before, fewest = list(sockets.open), [2]
    monkeypatch.setattr(socket, "WARNED", 0.2)
    gone = sockets._gone
    monkeypatch.setattr(sockets, "_gone", lambda each: (gone(each), fewest.append(len(sockets.open))))
    for each in before:
        await each.ws.send_json(sockets._goodbye("warning"))
    await rig.until(lambda: len(sockets.open) == 2 and not set(before) & set(sockets.open))
    assert min(fewest) == 2
    await say(rig, "hello")
    assert (await rig.desk.next(Typed)).text == "hello"


async def test_no_two_sockets_are_made_at_once(over_sockets: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = over_sockets.sandbox.slack.sockets
    ticket, serve, making, most = sockets.ticket, sockets._serve, [0], [0]

    def issued() -> str:
        making[0] += 1
        most.append(making[0])
        return ticket()

    async def served(*about: Any) -> None:
        making[0] -= 1
        await serve(*about)

    monkeypatch.setattr(sockets, "ticket", issued)
    monkeypatch.setattr(sockets, "_serve", served)
    for _ in range(3):
        await sockets.disconnect()
        await both_open(over_sockets)
    assert max(most) == 1
    assert len(most) == 1 + 6  # and each with a ticket of its own


async def test_a_dead_ticket_is_thrown_away(over_sockets: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk tries the same one for ever."""
    sockets = over_sockets.sandbox.slack.sockets
    tickets = chain(["dead", "dead"], iter(sockets.ticket, None))
    monkeypatch.setattr(sockets, "ticket", lambda: next(tickets))
    await sockets.disconnect()
    await both_open(over_sockets)


async def test_slack_being_away_at_the_start_is_waited_out(over_sockets: Rig) -> None:
    rig = over_sockets
    rig.fault("apps.connections.open", "500", times=3)
    running = asyncio.create_task(rig.slack.run(rig.desk.receive))
    await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 4)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await both_open(rig)


async def test_one_socket_too_many_is_waited_out(over_sockets: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from bridge.sandbox.slack import sockets as theirs

    monkeypatch.setattr(theirs, "MOST", 1)
    first = over_sockets.sandbox.slack.sockets.open[0]
    await first.ws.close()
    await over_sockets.until(lambda: len(over_sockets.sandbox.slack.sockets.open) == 1)
    await say(over_sockets, "over the other")
    assert (await over_sockets.desk.next(Typed)).text == "over the other"
    monkeypatch.setattr(theirs, "MOST", 10)
    await both_open(over_sockets)


@pytest.mark.parametrize(
    "frame", ["", "hello", "[]", "{", "5", "{}", '{"type": "events_api"}', '{"type": "new", "payload": []}']
)
async def test_frames_that_make_no_sense_are_passed_over(over_sockets: Rig, frame: str) -> None:
    before = list(over_sockets.sandbox.slack.sockets.open)
    for each in before:
        await each.ws.send_str(frame)
    await say(over_sockets, "hello")
    assert (await over_sockets.desk.next(Typed)).text == "hello"
    assert over_sockets.sandbox.slack.sockets.open == before


async def test_a_click_that_cannot_be_stored_is_not_acknowledged(over_sockets: Rig) -> None:
    """Bolt by itself acknowledges first."""
    rig = over_sockets
    rig.sandbox.slack.grace = 0.2
    rig.sandbox.world.set_speed(1000)
    thread = await rig.slack.open_thread(CARD, "k1")
    rig.desk.broken = True
    await rig.act("ana", "click", f"{thread.channel}:{thread.ts}", action_id="claim")
    await rig.until(lambda: rig.history("no_ack"))
    await rig.act("ana", "click", f"{thread.channel}:{thread.ts}", action_id="claim")
    assert (await rig.desk.next()).action == "claim"
    assert len(rig.desk.stored) == 1


async def test_a_click_and_what_is_typed_after_it_stay_in_their_order(over_sockets: Rig) -> None:
    thread = await over_sockets.slack.open_thread(CARD, "k1")
    await over_sockets.slack.people.agent("U0ANA")
    for number in range(5):
        await over_sockets.act("ana", "click", f"{thread.channel}:{thread.ts}", action_id="claim")
        await over_sockets.act("ana", "type", f"{thread.channel}:{thread.ts}", f"part {number}")
    kinds = [type(await over_sockets.desk.next()) for _ in range(10)]
    assert kinds == [Pressed, Typed] * 5


class Deaf:
    """A Slack whose sockets say hello and then nothing, not even to a ping: the other end of a cut wire."""

    def __init__(self) -> None:
        self.url = ""
        self.greeting: object = {"type": "hello"}
        self.gone = asyncio.Queue[str]()
        self.tickets: list[str] = []
        self.connected = asyncio.Queue[str]()

    async def open(self, _: web.Request) -> web.Response:
        self.tickets.append(f"t{len(self.tickets)}")
        return web.json_response({"ok": True, "url": f"{self.url}/link/{self.tickets[-1]}"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        await ws.send_json(self.greeting)
        self.connected.put_nowait(request.match_info["ticket"])
        async for _ in ws:
            pass
        self.gone.put_nowait(request.match_info["ticket"])
        return ws


@pytest.fixture
async def deaf() -> AsyncGenerator[Deaf]:
    there, app = Deaf(), web.Application()
    app.add_routes([web.post("/apps.connections.open", there.open), web.get("/link/{ticket}", there.link)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield there
    await runner.cleanup()


async def test_a_silent_socket_is_replaced_with_a_fresh_ticket(
    deaf: Deaf, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .test_checks import elsewhere

    monkeypatch.setattr(link, "BEAT", 0.05)
    slack = elsewhere(session, f"{deaf.url}/")
    running = asyncio.create_task(slack.run(lambda events: asyncio.sleep(0, [])))
    async with asyncio.timeout(10):
        seen = [await deaf.connected.get() for _ in range(5)]
    assert len(set(seen)) == 5
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("greeting", [{"type": "events_api"}, {"type": "disconnect", "reason": "link_disabled"}])
async def test_a_socket_that_does_not_say_hello_is_closed(
    deaf: Deaf, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, greeting: object
) -> None:
    from .test_checks import elsewhere

    monkeypatch.setattr(socket, "CONNECTING", 0.2)
    deaf.greeting = greeting
    running = asyncio.create_task(elsewhere(session, f"{deaf.url}/").run(lambda events: asyncio.sleep(0, [])))
    async with asyncio.timeout(10):
        closed = {await deaf.gone.get() for _ in range(3)}
    assert closed == {"t0", "t1", "t2"}
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
