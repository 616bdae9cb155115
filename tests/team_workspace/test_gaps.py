"""When Slack could not reach us, what was missed is read: once for each silence, and not for every repeat."""

import asyncio
import json
from contextlib import suppress

import aiohttp
import pytest

from bridge.team_workspace import gaps, quota, socket
from bridge.team_workspace.gaps import Gaps

from .conftest import Rig
from .test_requests import send, send_event

EVENT = {"type": "something_new"}


class Reader:
    """Reads what was missed, or stumbles."""

    def __init__(self, stumbles: int = 0) -> None:
        self.stumbles = stumbles
        self.calls = 0
        self.called = asyncio.Queue[int]()

    async def again(self) -> None:
        self.calls += 1
        self.called.put_nowait(self.calls)
        if self.calls <= self.stumbles:
            raise OSError("the database is away")


@pytest.fixture
def reader() -> Reader:
    return Reader()


async def test_over_http_a_repeat_without_a_first_tells_of_a_silence(
    over_http: Rig, session: aiohttp.ClientSession, reader: Reader
) -> None:
    running = asyncio.create_task(over_http.slack.run(over_http.desk.receive, reader.again))
    for event_id in ("Ev1", "Ev2", "Ev3"):  # of one silence: it is read once
        assert await send_event(over_http, session, EVENT, event_id, repeat="1") == 200
    async with asyncio.timeout(5):
        await reader.called.get()
    await send_event(over_http, session, EVENT, "Ev4")
    assert reader.calls == 1
    await ended(running)


async def test_over_http_a_repeat_of_what_we_heard_tells_nothing(
    over_http: Rig, session: aiohttp.ClientSession, reader: Reader
) -> None:
    running = asyncio.create_task(over_http.slack.run(over_http.desk.receive, reader.again))
    over_http.desk.broken = True
    assert await send_event(over_http, session, EVENT) == 503
    assert await send_event(over_http, session, EVENT, repeat="1") == 200
    await asyncio.sleep(0)
    assert reader.calls == 0
    await ended(running)


async def test_over_http_what_slack_left_out_is_read(
    over_http: Rig, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    monkeypatch.setattr(quota, "AFTER", 0.0)
    running = asyncio.create_task(over_http.slack.run(over_http.desk.receive, reader.again))
    left_out = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1518467820, "api_app_id": "A1"}
    assert (await send(over_http, session, json.dumps(left_out).encode()))[0] == 200
    async with asyncio.timeout(5):
        await reader.called.get()
    await ended(running)


async def test_a_silence_during_the_pause_is_read_after_it(reader: Reader) -> None:
    found = Gaps(pause=0.01)
    found.notice()
    watching = asyncio.create_task(found.watch(reader.again))
    await reader.called.get()
    found.notice()
    async with asyncio.timeout(5):
        assert await reader.called.get() == 2
    await ended(watching)


async def test_what_cannot_be_read_at_once_is_read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "FIRST_PAUSE", 0.01)
    reader, found = Reader(stumbles=2), Gaps(pause=60.0)
    found.notice()
    watching = asyncio.create_task(found.watch(reader.again))
    async with asyncio.timeout(5):
        assert [await reader.called.get() for _ in range(3)] == [1, 2, 3]
    await ended(watching)


async def test_only_so_many_events_are_remembered(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> None:
    monkeypatch.setattr(gaps, "MOST", 2)
    found = Gaps(pause=0.0)
    for event_id in ("Ev1", "Ev2", "Ev3"):
        found.heard(event_id, repeated=False)
    watching = asyncio.create_task(found.watch(reader.again))
    found.heard("Ev3", repeated=True)
    await asyncio.sleep(0)
    assert reader.calls == 0
    found.heard("Ev1", repeated=True)
    assert await reader.called.get() == 1
    await ended(watching)


async def test_over_sockets_the_start_and_every_loss_are_silences(
    over_sockets: Rig, monkeypatch: pytest.MonkeyPatch, reader: Reader
) -> None:
    rig = over_sockets
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.01)
    rig.slack.gaps.pause = 0.0
    watching = asyncio.create_task(rig.slack.gaps.watch(reader.again))
    async with asyncio.timeout(5):
        assert await reader.called.get() == 1
        for link in list(rig.sandbox.slack.sockets.open):
            await link.ws.close()  # without a word
        assert await reader.called.get() == 2
    await ended(watching)


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
