"""Sockets that come back by themselves, whatever Slack does to them."""

import asyncio
from contextlib import suppress
from itertools import chain

import pytest

from bridge.ports import Typed
from bridge.team_workspace import socket

from .conftest import CARD, Rig


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.05)


async def test_two_sockets_are_open_so_that_one_may_be_renewed(over_sockets: Rig) -> None:
    assert len(over_sockets.sandbox.slack.sockets.open) == socket.SOCKETS == 2


async def test_after_a_refresh_of_all_sockets_nothing_is_lost(over_sockets: Rig) -> None:
    rig = over_sockets
    thread = await rig.slack.open_thread(CARD, "k1")
    rig.sandbox.world.set_speed(1000)
    await rig.sandbox.slack.sockets.disconnect()
    await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "in the gap")
    assert (await rig.desk.next(Typed)).text == "in the gap"
    await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 2)
    assert rig.history("event_lost") == []


async def test_a_dead_ticket_is_thrown_away(over_sockets: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library itself would try the same one for ever."""
    sockets = over_sockets.sandbox.slack.sockets
    tickets = chain(["dead", "dead"], iter(sockets.ticket, None))
    monkeypatch.setattr(sockets, "ticket", lambda: next(tickets))
    await sockets.disconnect()
    await over_sockets.until(lambda: len(sockets.open) == 2)


async def test_slack_being_away_at_the_start_is_waited_out(over_sockets: Rig) -> None:
    rig = over_sockets
    rig.fault("apps.connections.open", "500", times=3)
    running = asyncio.create_task(rig.slack.run(rig.desk.receive))
    await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 4)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await rig.until(lambda: len(rig.sandbox.slack.sockets.open) == 2)


async def test_no_ticket_is_ever_logged(
    over_sockets: Rig, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    over_sockets.fault("socket", "500", times=2)
    await over_sockets.sandbox.slack.sockets.disconnect()
    await over_sockets.until(lambda: len(over_sockets.sandbox.slack.sockets.open) == 2)
    seen = "".join(capsys.readouterr()) + "".join(r.getMessage() for r in caplog.records if "slack" in r.name)
    assert "/socket/" not in seen
    assert "xapp-1" not in seen
