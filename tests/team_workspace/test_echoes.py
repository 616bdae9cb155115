"""What we posted comes back as an event. It is acknowledged, kept out of the inbox, and tells where the post stands."""

from datetime import UTC, datetime

import pytest

from bridge.errors import Uncertain
from bridge.ports import Erased, Ignored, Notice, Place, Typed
from bridge.team_workspace import echoes, posting
from bridge.team_workspace.echoes import Echoes, metadata

from .conftest import CARD, Rig

NOW = datetime.now(UTC)
OURS = {"type": "message", "bot_id": "B1", "channel": "C1", "metadata": metadata("k")}


async def test_our_own_posts_and_redraws_are_acknowledged_and_not_stored(both_ways: Rig) -> None:
    rig = both_ways
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.slack.post(thread, Notice("hello"), "k2")
    await rig.slack.redraw(thread, CARD)
    await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "after all that")
    assert isinstance(await rig.desk.next(), Typed)
    assert len(rig.desk.stored) == 1
    assert rig.history("no_ack") == rig.history("event_lost") == []


async def test_an_accepted_post_without_an_answer_is_known_by_its_coming_back(both_ways: Rig) -> None:
    rig = both_ways
    rig.fault("chat.postMessage", "drop_after_accept", times=2)
    thread = await rig.slack.open_thread(CARD, "k1")
    ts = await rig.slack.post(thread, Notice("hello"), "k2")
    card, post = rig.history("chat.postMessage")
    assert (thread.ts, ts) == (card.id, post.id)
    assert await rig.slack.find(thread, "k2", NOW) == Place(thread.channel, ts)
    assert await rig.slack.find(None, "k1", NOW) == thread
    assert rig.history("conversations.replies") == rig.history("conversations.history") == []


async def test_a_post_that_does_not_come_back_in_time_is_in_doubt(
    both_ways: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ECHO", 0.05)
    thread = await both_ways.slack.open_thread(CARD, "k1")
    both_ways.fault("chat.postMessage", "500")
    with pytest.raises(Uncertain):
        await both_ways.slack.post(thread, Notice("hello"), "k2")


async def test_that_one_of_our_own_was_deleted_is_news(over_sockets: Rig) -> None:
    thread = await over_sockets.slack.open_thread(CARD, "k1")
    await over_sockets.act("clea", "delete", f"{thread.channel}:{thread.ts}")
    assert await over_sockets.desk.next() == Erased(thread)


async def test_another_bots_post_is_no_echo_whatever_key_it_carries(rig: Rig) -> None:
    event = {**OURS, "bot_id": "B0OTHER", "channel": "C0SUPPORT", "ts": "2.0", "thread_ts": "1.0"}
    body = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert not rig.slack.listeners.is_echo(body)
    assert rig.slack.echoes.place("k") is None
    assert isinstance((await rig.slack.listeners.received(body)).event, Ignored)


def test_while_we_do_not_know_who_we_are_nothing_is_an_echo() -> None:
    assert not Echoes().hear({"type": "message", "bot_id": ""}, "")


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {"type": "reaction_added", "bot_id": "B1"},
        {"type": "message", "subtype": "message_changed", "message": [], "channel": "C1"},
        {"type": "message", "subtype": "message_changed", "message": {"bot_id": "B1", "subtype": "tombstone"}},
        {"type": "message", "subtype": "message_deleted", "previous_message": {"bot_id": "B1"}},
    ],
)
def test_what_is_no_echo(event: object) -> None:
    assert not Echoes().hear(event, "B1")


def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echoes, "MOST", 2)
    heard = Echoes()
    for number in range(3):
        assert heard.hear({**OURS, "ts": f"{number}.0", "metadata": metadata(f"k{number}")}, "B1")
    assert [heard.place(f"k{number}") for number in range(3)] == [None, Place("C1", "1.0"), Place("C1", "2.0")]
