"""No token, no ticket, no signing secret and nothing that anybody said is ever logged, at any level."""

import asyncio
from contextlib import suppress

import pytest

from bridge.content import Author, Line
from bridge.errors import DeliveryError
from bridge.ports import Lines, Pressed, Typed, Whisper
from bridge.team_workspace import socket

from .conftest import CARD, SECRET, Rig

WORDS = "my card is 4111"
FORBIDDEN = ("4111", "xoxb-1", "xapp-1", SECRET, "/socket/", "/response/", "verification-token")


async def a_bad_day(rig: Rig) -> None:
    """Everything that the port does, with everything that can go wrong on the way."""
    thread = await rig.slack.open_thread(CARD, "k1")
    target = f"{thread.channel}:{thread.ts}"
    lines = Lines((Line(Author("customer", WORDS), WORDS, CARD.since),), "Telegram")
    for fault in ("500", "garbage", "429", "disconnect", "drop_after_accept"):
        rig.fault("chat.postMessage", fault)
        rig.fault("users.info", fault)
        with suppress(DeliveryError):
            await rig.slack.post(thread, lines, fault)
        with suppress(DeliveryError):
            await rig.slack.people.agent(f"U0{fault}")
    rig.desk.broken = True
    await rig.act("ana", "type", target, f"<@U0BEN> {WORDS}")
    await rig.desk.next(Typed)
    await rig.act("ana", "click", target, action_id="claim")
    answer_to = (await rig.desk.next(Pressed)).answer_to
    for fault in ("500", "drop_after_accept"):
        rig.fault("response_url", fault)
        with suppress(DeliveryError):
            await rig.slack.tell(Whisper("U0ANA", thread.channel, thread.ts, WORDS, answer_to=answer_to))


async def test_nothing_is_told_to_the_log(
    both_ways: Rig, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    both_ways.sandbox.world.strict = False
    both_ways.sandbox.world.set_speed(1000)
    both_ways.sandbox.slack.grace = 0.2
    await a_bad_day(both_ways)
    seen = "".join(capfd.readouterr()) + caplog.text
    assert "slack_event_not_stored" in seen
    assert [word for word in FORBIDDEN if word in seen] == []


async def test_no_ticket_is_told_when_sockets_fail(
    over_sockets: Rig,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.01)
    rig, sockets = over_sockets, over_sockets.sandbox.slack.sockets
    rig.fault("socket", "500", times=2)
    rig.fault("apps.connections.open", "garbage")
    await sockets.disconnect()
    await rig.until(lambda: len(sockets.open) == 2)
    for each in list(sockets.open):
        await each.ws.send_str('{"type": "interactive", "envelope_id": "e", "payload": {"text": "4111", "user": 5}}')
        await each.ws.send_str('{"type": "disconnect", "reason": "link_disabled"}')
    await rig.until(lambda: len(sockets.open) == 2)
    await asyncio.sleep(0)
    seen = "".join(capfd.readouterr()) + caplog.text
    assert "slack_socket_refused" in seen
    assert [word for word in FORBIDDEN if word in seen] == []
