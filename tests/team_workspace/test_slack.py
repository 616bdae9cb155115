"""What the bridge posts, redraws, marks, whispers and finds again; and what becomes of it when Slack has a bad day."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from bridge.content import Author, Line
from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bridge.ports import Agent, Choice, Lines, Notice, Place, Pressed, Transcript, Whisper
from bridge.sandbox.slack import blocks
from bridge.team_workspace import history, web_api
from bridge.team_workspace.people import Roles
from bridge.team_workspace.slack import Slack, from_settings

from .conftest import CARD, Rig

NOW = datetime.now(UTC)
HOSTILE = "<!channel> <@U0ANA> *urgent* `rm` https://evil.example @here ~x~ _y_ &amp; > quote"
MARIA = Author("customer", "Maria")


async def test_a_card_opens_a_thread_in_the_queue_channel(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    (entry,) = rig.history("chat.postMessage")
    assert (entry.chat, entry.id, entry.thread) == (thread.channel, thread.ts, None) == ("C0SUPPORT", thread.ts, None)
    assert entry.raw["metadata"] == {"event_type": "handoff", "event_payload": {"key": "k1"}}


async def test_a_card_is_redrawn_in_place_without_losing_its_key(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.slack.redraw(thread, replace(CARD, state="claimed", owner=Agent("U0ANA", "Ana")))
    message = rig.sandbox.slack.workspace.channels[thread.channel].messages[thread.ts]
    assert "Ana has this" in message["text"]
    assert "edited" not in message
    assert await rig.slack.find(None, "k1", NOW) == thread


async def test_lines_transcript_and_notice_appear_in_the_thread(rig: Rig) -> None:
    rig.sandbox.world.strict = False
    thread = await rig.slack.open_thread(CARD, "k1")
    line = Line(MARIA, "Where is my order?", NOW)
    posted = [
        await rig.slack.post(thread, Lines((line,), "Telegram"), "k2"),
        await rig.slack.post(thread, Transcript((line,), "Telegram"), "k3"),
        await rig.slack.post(
            thread, Notice("Could not be sent.", "your words", (Choice("again", "Send again", "7"),)), "k4"
        ),
    ]
    entries = rig.history("chat.postMessage")[1:]
    assert [entry.id for entry in entries] == posted
    assert {entry.thread for entry in entries} == {thread.ts}
    assert entries[0].text == "Maria · Telegram\nWhere is my order?"


async def test_nothing_that_a_customer_writes_comes_alive(rig: Rig) -> None:
    rig.sandbox.world.strict = False
    card = replace(CARD, customer=HOSTILE, quote=HOSTILE, reason=HOSTILE, note=HOSTILE, owner=Agent("U0ANA", HOSTILE))
    thread = await rig.slack.open_thread(card, "k1")
    await rig.slack.redraw(thread, replace(card, state="claimed"))
    lines = tuple(Line(Author(kind, HOSTILE), HOSTILE, NOW, HOSTILE) for kind in ("customer", "bot", "agent", "system"))
    await rig.slack.post(thread, Lines(lines, HOSTILE), "k2")
    await rig.slack.post(thread, Transcript(lines, HOSTILE), "k3")
    await rig.slack.post(thread, Notice(HOSTILE, HOSTILE, (Choice("a", HOSTILE, HOSTILE),)), "k4")
    await rig.slack.tell(Whisper("U0ANA", thread.channel, thread.ts, HOSTILE, HOSTILE))
    sent = [entry for entry in rig.sandbox.world.history if entry.kind.startswith("chat.")]
    assert len(sent) == 6
    assert [entry.raw["live"] for entry in sent] == [[]] * 6


@pytest.mark.parametrize("in_thread", [False, True])
async def test_what_was_posted_is_found_by_its_key_on_any_page(
    rig: Rig, in_thread: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    rig.sandbox.world.strict = False
    root = await rig.slack.open_thread(CARD, "root")
    placed: dict[str, Place] = {}
    for key in "abcde":
        if in_thread:
            placed[key] = Place(root.channel, await rig.slack.post(root, Notice(key), key))
        else:
            placed[key] = await rig.slack.open_thread(CARD, key)
    thread = root if in_thread else None
    assert {key: await rig.slack.find(thread, key, NOW) for key in "abcde"} == placed
    assert await rig.slack.find(thread, "never posted", NOW) is None


async def test_only_our_own_messages_are_found(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    message = rig.sandbox.slack.workspace.channels[thread.channel].messages[thread.ts]
    message["bot_id"] = "B0OTHER"
    assert await rig.slack.find(None, "k1", NOW) is None


async def test_what_is_older_than_asked_for_is_not_looked_at(rig: Rig) -> None:
    await rig.slack.open_thread(CARD, "k1")
    assert await rig.slack.find(None, "k1", datetime.now(UTC) + timedelta(minutes=5)) is None


async def test_marks_are_reactions_and_repeating_them_is_harmless(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    ts = await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "hello")
    place = Place(thread.channel, ts)
    for _ in range(2):
        await rig.slack.mark(place, "slow", on=True)
        await rig.slack.mark(place, "delivered", on=True)
    for _ in range(2):
        await rig.slack.mark(place, "slow", on=False)
    message = rig.sandbox.slack.workspace.channels[thread.channel].messages[ts]
    assert [reaction["name"] for reaction in message["reactions"]] == ["white_check_mark"]


async def test_a_whisper_without_a_click_is_an_ephemeral_message_in_the_thread(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.slack.tell(Whisper("U0BEN", thread.channel, thread.ts, "Only Ana's messages reach the customer."))
    (entry,) = rig.history("chat.postEphemeral")
    assert (entry.thread, entry.raw["user"], entry.text) == (
        thread.ts,
        "U0BEN",
        "Only Ana's messages reach the customer.",
    )


async def clicked(rig: Rig) -> tuple[Place, Pressed]:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.act("ben", "click", f"{thread.channel}:{thread.ts}", action_id="claim")
    return thread, await rig.desk.next(Pressed)


@pytest.mark.parametrize("action", ["handback_form", "transcript"])
async def test_what_is_in_the_menu_is_pressed_like_a_button(over_http: Rig, action: str) -> None:
    """A card from before there was the menu still has the button."""
    ana = replace(CARD, state="claimed", owner=Agent("U0ANA", "Ana"))
    thread = await over_http.slack.open_thread(ana, "k1")
    label = {"type": "plain_text", "text": "As before"}
    button = {"type": "button", "action_id": action, "text": label, "value": "1042"}
    old = {"channel": thread.channel, "text": "x", "blocks": [{"type": "actions", "elements": [button]}]}
    posted = await over_http.slack.api.call("chat.postMessage", old, repeatable=False)
    assert posted
    await over_http.act("ben", "click", f"{thread.channel}:{posted['ts']}", action_id=action)
    by_button = await over_http.desk.next(Pressed)
    target = f"{thread.channel}:{thread.ts}"
    await over_http.act("ben", "click", target, action_id="more", value=f"{action}:1042")
    by_menu = await over_http.desk.next(Pressed)
    assert (by_menu.agent.name, by_menu.action, by_menu.value) == ("Ben", action, "1042")
    assert (by_button.agent, by_button.action, by_button.value) == (by_menu.agent, by_menu.action, by_menu.value)
    assert (by_menu.place, by_menu.thread) == (thread, thread)
    assert by_menu.trigger
    assert by_menu.answer_to


async def test_a_click_is_answered_through_its_own_address(over_http: Rig) -> None:
    thread, pressed = await clicked(over_http)
    told = Whisper("U0BEN", thread.channel, thread.ts, "Ana has had this since 14:03.", answer_to=pressed.answer_to)
    await over_http.slack.tell(told)
    (entry,) = over_http.history("response_url")
    assert (entry.raw["user"], entry.text) == ("U0BEN", "Ana has had this since 14:03.")
    assert over_http.history("chat.postEphemeral") == []
    assert over_http.sandbox.slack.workspace.channels[thread.channel].messages[thread.ts]["text"].startswith("🟡")


async def test_a_used_up_address_falls_back_to_an_ephemeral_message(over_http: Rig) -> None:
    thread, pressed = await clicked(over_http)
    for _ in range(6):
        await over_http.slack.tell(Whisper("U0BEN", thread.channel, "", "No.", answer_to=pressed.answer_to))
    assert len(over_http.history("response_url")) == 5
    (entry,) = over_http.history("chat.postEphemeral")
    assert (entry.raw["user"], entry.text) == ("U0BEN", "No.")


async def test_a_lost_answer_to_a_click_is_not_told_twice(over_http: Rig) -> None:
    thread, pressed = await clicked(over_http)
    over_http.fault("response_url", "drop_after_accept")
    with pytest.raises(Uncertain):
        await over_http.slack.tell(Whisper("U0BEN", thread.channel, "", "No.", answer_to=pressed.answer_to))
    assert over_http.history("chat.postEphemeral") == []


Do = Callable[[Slack, Place], Awaitable[object]]
POST: Do = lambda port, place: port.post(place, Notice("hello"), "k")  # noqa: E731
REDRAW: Do = lambda port, place: port.redraw(place, CARD)  # noqa: E731
MARK: Do = lambda port, place: port.mark(place, "failed", on=True)  # noqa: E731


@pytest.mark.parametrize(
    ("method", "fault", "do", "expected"),
    [
        ("chat.postMessage", "429", POST, TryLater),
        ("chat.postMessage", "500", POST, Uncertain),
        ("chat.postMessage", "garbage", POST, Uncertain),
        ("chat.postMessage", "drop_after_accept", POST, Uncertain),
        ("chat.update", "429", REDRAW, TryLater),
        ("chat.update", "500", REDRAW, TryLater),
        ("chat.update", "garbage", REDRAW, TryLater),
        ("chat.update", "drop_after_accept", REDRAW, TryLater),
        ("reactions.add", "drop_after_accept", MARK, TryLater),
    ],
)
async def test_every_failure_is_never_later_or_perhaps(
    rig: Rig, method: str, fault: str, do: Do, expected: type[DeliveryError]
) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    rig.fault(method, fault, seconds=7)
    with pytest.raises(expected) as caught:
        await do(rig.slack, thread)
    if fault == "429":
        assert isinstance(caught.value, TryLater)
        assert caught.value.after == 7
    await do(rig.slack, thread)  # and a second try goes through


async def test_an_accepted_post_without_an_answer_is_there_once_and_found(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    rig.fault("chat.postMessage", "drop_after_accept")
    with pytest.raises(Uncertain):
        await rig.slack.post(thread, Notice("hello"), "k2")
    (entry,) = rig.history("chat.postMessage")[1:]
    assert await rig.slack.find(thread, "k2", NOW) == Place(thread.channel, entry.id)


async def test_a_slow_answer_counts_as_perhaps(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    monkeypatch.setattr(web_api, "PATIENCE", aiohttp.ClientTimeout(0.05))
    rig.fault("chat.postMessage", "delay", seconds=60)
    with pytest.raises(Uncertain):
        await rig.slack.post(thread, Notice("hello"), "k2")


async def test_an_archived_channel_takes_nothing_and_says_why(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.act("ana", "archive_channel", thread.channel)
    with pytest.raises(Undeliverable, match="archived"):
        await rig.slack.post(thread, Notice("hello"), "k2")


async def test_a_deleted_thread_takes_nothing_and_says_why(rig: Rig) -> None:
    with pytest.raises(Undeliverable, match="deleted"):
        await rig.slack.post(Place("C0SUPPORT", "1700000000.000100"), Notice("hello"), "k2")


async def test_a_refused_token_is_a_matter_for_later(rig: Rig) -> None:
    rig.slack.api.token = "revoked"
    with pytest.raises(TryLater, match="token"):
        await rig.slack.open_thread(CARD, "k1")


async def test_words_whose_layout_is_refused_are_posted_plainly(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(blocks.MOST, "message", 0)
    thread = await rig.slack.open_thread(CARD, "k1")
    message = rig.sandbox.slack.workspace.channels[thread.channel].messages[thread.ts]
    assert "let me talk to a human" in message["text"]
    assert await rig.slack.find(None, "k1", NOW) == thread


async def other(session: aiohttp.ClientSession, url: str) -> Slack:
    """A port to somewhere else, not started."""
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_QUEUE_CHANNEL": "C0SUPPORT", "SLACK_API_URL": url}
    return from_settings({**env, "SLACK_SIGNING_SECRET": "s"}, Roles(), session, lambda: NOW)


async def test_a_refused_connection_was_certainly_not_accepted(session: aiohttp.ClientSession) -> None:
    port = await other(session, f"http://127.0.0.1:{unused_port()}/")
    with pytest.raises(TryLater):
        await port.open_thread(CARD, "k1")


@pytest.mark.parametrize(
    ("status", "body", "kind", "expected"),
    [
        (200, "Bad gateway", "text/plain", Uncertain),
        (200, "{oops", "application/json", Uncertain),
        (200, "[]", "application/json", Uncertain),
        (502, "Bad gateway", "text/plain", Uncertain),
        (503, "{oops", "application/json", Uncertain),
        (200, '{"ok": false, "error": "fatal_error"}', "application/json", Uncertain),
        (200, '{"ok": false, "error": "ratelimited"}', "application/json", TryLater),
        (429, "", "text/html", TryLater),
        (404, "", "text/html", Undeliverable),
        (200, '{"ok": false, "error": "something_new"}', "application/json", Undeliverable),
    ],
)
async def test_answers_that_make_no_sense_are_sorted_too(
    session: aiohttp.ClientSession, status: int, body: str, kind: str, expected: type[DeliveryError]
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind)

    app = web.Application()
    app.router.add_post("/chat.postMessage", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
    port = await other(session, f"http://127.0.0.1:{runner.addresses[0][1]}/")
    with pytest.raises(expected):
        await port.open_thread(CARD, "k1")
    await site.stop()
    await runner.cleanup()


async def test_fifty_clicks_at_once_all_arrive_and_all_are_acknowledged(over_sockets: Rig) -> None:
    rig = over_sockets
    thread = await rig.slack.open_thread(CARD, "k1")
    agents = [f"Agent{number}" for number in range(50)]
    await asyncio.gather(
        *(rig.act(agent, "click", f"{thread.channel}:{thread.ts}", action_id="claim") for agent in agents)
    )
    names = {(await rig.desk.next(Pressed)).agent.name for _ in agents}
    assert names == set(agents)
    assert rig.history("no_ack") == []
