"""What people do in Slack arrives as events of the port, committed before Slack hears that we have it."""

import json
import logging
from typing import Any

import pytest

from bridge.ports import (
    Choice,
    Commanded,
    Emoted,
    Erased,
    Exposed,
    Ignored,
    Notice,
    Place,
    Pressed,
    Retyped,
    Role,
    Typed,
    Whisper,
)

from .conftest import CARD, Rig


async def open_thread(rig: Rig) -> tuple[Place, str]:
    """A thread, and how a person names it."""
    thread = await rig.slack.open_thread(CARD, "k1")
    return thread, f"{thread.channel}:{thread.ts}"


async def test_a_reply_is_read_as_a_customer_would_read_it(both_ways: Rig) -> None:
    thread, target = await open_thread(both_ways)
    ts = await both_ways.act("ana", "type", target, "It is <here> & *now* 🎉 https://example.com/a")
    typed = await both_ways.desk.next(Typed)
    assert typed.text == "It is <here> & now 🎉 https://example.com/a"
    assert (typed.agent.id, typed.agent.role) == ("U0ANA", Role.RESPONDER)
    assert (typed.place, typed.thread, typed.mentions) == (Place(thread.channel, ts), thread, ())


async def test_a_teammate_and_a_channel_in_a_reply_are_named(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    await both_ways.act("ana", "type", target, "<@U0BEN> can you look, or <!here>, or <#C0GENERAL|general>?")
    typed = await both_ways.desk.next(Typed)
    assert typed.text == "@Ben can you look, or @here, or #general?"
    assert typed.mentions == ("@Ben", "@here", "#general")


async def test_a_colleague_who_is_called_by_name_is_mentioned_too(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    ts = await both_ways.act(
        "ana", "type", target, "`@ben` can you look? His address is x@ben.example, not @5 or example.com/@x"
    )
    assert (await both_ways.desk.next(Typed)).mentions == ("@ben",)
    await both_ways.act("ana", "edit", f"{target.partition(':')[0]}:{ts}", "Can `@Ben` look?")
    assert (await both_ways.desk.next(Retyped)).mentions == ("@Ben",)


@pytest.mark.parametrize(
    ("said", "read"),
    [("handback he wants a call", "!handback he wants a call"), ("!handback", "!handback"), (": end", "!end")],
)
async def test_words_to_the_bot_itself_are_a_verb(over_sockets: Rig, said: str, read: str) -> None:
    _, target = await open_thread(over_sockets)
    await over_sockets.act("ana", "mention", target, said)
    typed = await over_sockets.desk.next(Typed)
    assert (typed.text, typed.mentions) == (read, ())


async def test_a_mention_of_the_bot_alone_asks_for_help(over_sockets: Rig) -> None:
    _, target = await open_thread(over_sockets)
    await over_sockets.act("ana", "type", target, "<@U0BRIDGE>")
    assert (await over_sockets.desk.next(Typed)).text == "!help"


async def test_a_mention_comes_twice_and_counts_once(over_sockets: Rig) -> None:
    rig = over_sockets
    _, target = await open_thread(rig)
    await rig.act("ana", "mention", target, "handback")
    kinds = {type(await rig.desk.next()) for _ in range(2)}  # the message, the app_mention
    assert kinds == {Typed, Ignored}
    (message,) = (received for received in rig.desk.stored if isinstance(received.event, Typed))
    (mention,) = (received for received in rig.desk.stored if received.event == Ignored("app_mention"))
    assert not set(message.keys) & set(mention.keys)


async def test_talk_outside_threads_is_ignored(both_ways: Rig) -> None:
    thread, _ = await open_thread(both_ways)
    await both_ways.act("ana", "type", thread.channel, "who is on lunch?")
    assert isinstance(await both_ways.desk.next(), Ignored)


async def test_files_and_me_messages_and_broadcast_replies_are_replies(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    await both_ways.act("ana", "upload", target, "the label", filename="label.pdf", content="%PDF-")
    await both_ways.act("ana", "type", target, "/me waves")
    await both_ways.act("ana", "type", target, "for all", broadcast=True)
    typed = {each.text: each.files for each in [await both_ways.desk.next(Typed) for _ in range(3)]}
    [label] = typed["the label"]
    assert (label.kind, label.name, label.mime, label.size) == ("file", "label.pdf", "application/pdf", 5)
    assert (typed["waves"], typed["for all"]) == ((), ())


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"mode": "external", "is_external": True}, "only a link to another service"),
        ({"mode": "hidden_by_limit"}, "Slack hides one"),
        ({"mode": "tombstone"}, "was deleted"),
        ({"mode": "space"}, "Canvases"),
    ],
)
async def test_a_file_that_slack_does_not_give_is_said_why(over_sockets: Rig, about: Any, why: str) -> None:
    _, target = await open_thread(over_sockets)
    await over_sockets.act("ana", "upload", target, "the label", filename="label.pdf", content="%PDF-", **about)
    typed = await over_sockets.desk.next(Typed)
    assert why in typed.unsupported


async def test_an_edit_is_told_with_the_new_words(both_ways: Rig) -> None:
    thread, target = await open_thread(both_ways)
    ts = await both_ways.act("ana", "type", target, "Thursday")
    await both_ways.act("ana", "edit", f"{thread.channel}:{ts}", "Friday")
    edited = await both_ways.desk.next(Retyped)
    assert (edited.text, edited.agent.id, edited.place, edited.thread) == (
        "Friday",
        "U0ANA",
        Place("C0SUPPORT", ts),
        thread,
    )


async def test_a_change_without_new_words_is_no_edit(over_sockets: Rig) -> None:
    from bridge.sandbox.slack import messages

    thread, target = await open_thread(over_sockets)
    ts = await over_sockets.act("ana", "type", target, "see https://example.com")
    channel = over_sockets.sandbox.slack.workspace.channels[thread.channel]
    preview = {"attachments": [{"from_url": "https://example.com", "text": "a preview"}]}
    messages.change(over_sockets.sandbox.slack, channel, ts, preview, edited_by=None)
    await over_sockets.act("ana", "edit", f"{thread.channel}:{ts}", "see https://example.com")  # nothing changed
    kinds = [await over_sockets.desk.next() for _ in range(3)]  # typed, two changes
    assert not [event for event in kinds if isinstance(event, Retyped)]


async def test_a_deletion_is_told(both_ways: Rig) -> None:
    thread, target = await open_thread(both_ways)
    ts = await both_ways.act("ana", "type", target, "oops")
    await both_ways.act("ana", "delete", f"{thread.channel}:{ts}")
    assert await both_ways.desk.next(Erased) == Erased(Place(thread.channel, ts))


async def test_a_deleted_card_with_replies_is_told_although_slack_keeps_a_tombstone(over_sockets: Rig) -> None:
    thread, target = await open_thread(over_sockets)
    await over_sockets.act("ana", "type", target, "a reply")
    await over_sockets.act("clea", "delete", target)
    assert await over_sockets.desk.next(Erased) == Erased(thread)


async def test_a_click_on_the_card_names_who_what_and_which(both_ways: Rig) -> None:
    thread, target = await open_thread(both_ways)
    await both_ways.act("clea", "click", target, action_id="claim", value="1042")
    pressed = await both_ways.desk.next(Pressed)
    assert (pressed.action, pressed.value, pressed.place, pressed.thread) == ("claim", "1042", thread, thread)
    assert (pressed.agent.id, pressed.agent.role) == ("U0CLEA", Role.ADMIN)
    assert pressed.answer_to.endswith("#seen")


async def test_a_click_inside_the_thread_is_answered_inside_the_thread(over_sockets: Rig) -> None:
    rig = over_sockets
    thread, _ = await open_thread(rig)
    ts = await rig.slack.post(thread, Notice("Not delivered.", choices=(Choice("again", "Send again", "7"),)), "k2")
    await rig.act("ana", "click", f"{thread.channel}:{ts}", action_id="again")
    pressed = await rig.desk.next(Pressed)
    assert (pressed.value, pressed.place.ts, pressed.thread) == ("7", ts, thread)
    await rig.slack.tell(Whisper("U0ANA", thread.channel, "", "Sent again.", answer_to=pressed.answer_to))
    (entry,) = rig.history("response_url")
    assert entry.raw["thread_ts"] == thread.ts


async def test_a_click_on_a_private_question_belongs_to_its_thread(over_sockets: Rig) -> None:
    rig = over_sockets
    thread, _ = await open_thread(rig)
    await rig.slack.post(thread, Notice("hello"), "k2")
    question = Whisper("U0BEN", thread.channel, thread.ts, "Send it?", choices=(Choice("keep", "Keep as note", "9"),))
    await rig.slack.tell(question)
    (entry,) = rig.history("chat.postEphemeral")
    await rig.act("ben", "click", f"{thread.channel}:{entry.id}", action_id="keep")
    pressed = await rig.desk.next(Pressed)
    assert (pressed.action, pressed.value, pressed.thread, pressed.agent.name) == ("keep", "9", thread, "Ben")


@pytest.mark.parametrize("text", ["", "#1042 wants a call back", "sent the payload to <@U0BEN>"])
async def test_a_command_comes_with_its_words(both_ways: Rig, text: str) -> None:
    await both_ways.act("ana", "command", "C0SUPPORT", f"/handback {text}".strip())
    command = await both_ways.desk.next(Commanded)
    assert (command.verb, command.text) == ("handback", text.replace("<@U0BEN>", "@Ben"))
    assert (command.agent.id, command.channel) == ("U0ANA", "C0SUPPORT")
    assert command.answer_to.startswith("http")


@pytest.mark.parametrize("actor", ["gus", "eve"])
async def test_guests_and_people_from_other_companies_are_outsiders(over_sockets: Rig, actor: str) -> None:
    _, target = await open_thread(over_sockets)
    await over_sockets.act(actor, "type", target, "let me help")
    assert (await over_sockets.desk.next(Typed)).agent.role is Role.OUTSIDER


async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    both_ways.sandbox.slack.grace = 0.2  # an unacknowledged envelope is given up, and sent again, after that
    both_ways.sandbox.world.set_speed(1000)
    both_ways.desk.broken = True
    await both_ways.act("ana", "type", target, "once")
    assert (await both_ways.desk.next(Typed)).text == "once"
    assert both_ways.history("event_lost") == []
    assert len([r for r in both_ways.desk.stored if isinstance(r.event, Typed)]) == 1


async def test_a_repeated_event_has_the_same_keys(over_http: Rig) -> None:
    _, target = await open_thread(over_http)
    over_http.fault("events", "duplicate")
    await over_http.act("ana", "type", target, "once")
    await over_http.desk.next(Typed)
    await over_http.desk.next(Typed)
    one, two = (each for each in over_http.desk.stored if isinstance(each.event, Typed))
    assert one.keys == two.keys
    assert len(one.keys) == 2  # the desk adds where it stands


async def test_one_persons_messages_stay_in_their_order_while_slack_says_who_it_is(over_sockets: Rig) -> None:
    over_sockets.fault("users.info", "delay", seconds=0.3)  # the first question; the others wait for its answer
    _, target = await open_thread(over_sockets)
    for number in range(8):
        await over_sockets.act("ana", "type", target, f"part {number}")
    assert [(await over_sockets.desk.next(Typed)).text for _ in range(8)] == [f"part {number}" for number in range(8)]


async def test_a_message_is_taken_again_when_slack_does_not_say_who_wrote_it(over_sockets: Rig) -> None:
    _, target = await open_thread(over_sockets)
    over_sockets.fault("users.info", "500", times=1)
    await over_sockets.act("ana", "type", target, "hello")
    agent = (await over_sockets.desk.next(Typed)).agent
    assert (agent.name, agent.role) == ("Ana", Role.RESPONDER)


async def test_shortcuts_and_whatever_else_is_authentic_are_stored(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    await both_ways.act("ana", "shortcut", target, callback_id="handback_msg")
    assert (await both_ways.desk.next(Ignored)).kind == "message_action"
    await both_ways.act("ana", "react", target, emoji="eyes")
    emoted = await both_ways.desk.next(Emoted)
    assert (emoted.agent.name, emoted.emoji, emoted.on) == ("Ana", "👀", True)
    await both_ways.act("ana", "leave", "C0SUPPORT")
    assert (await both_ways.desk.next(Ignored)).kind == "member_left_channel"
    assert both_ways.history("no_ack") == []


CHANGED = {"type": "message", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", "text": "Hello"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C0SUPPORT"},
        {"type": "message", "channel": "C0SUPPORT", "subtype": "message_changed"},
        {"type": "message", "channel": "C0SUPPORT", "subtype": "message_deleted"},
        {"type": "message", "channel": "C0SUPPORT", "user": "U0ANA", "ts": "2.0", "thread_ts": "1.0", "blocks": [3]},
        {"type": "message", "channel": "C0SUPPORT", "user": "U0ANA", "ts": None, "thread_ts": "1.0", "text": 5},
        *(
            {
                "type": "message",
                "channel": "C0SUPPORT",
                "subtype": "message_changed",
                "message": {**CHANGED, "edited": it},
            }
            for it in ("1e999", 5, [{"ts": "3.0"}], {"user": "U0ANA"}, {"ts": ["3.0"]})
        ),
        {"type": "something_new"},
        {},
    ],
)
async def test_an_event_of_an_unknown_shape_is_kept_and_ignored(rig: Rig, event: object) -> None:
    body = {"type": "event_callback", "event_id": "Ev1", "event": event}
    received = await rig.slack.listeners.received(body)
    assert isinstance(received.event, Ignored)
    assert json.loads(received.raw) == body


async def test_the_raw_event_is_kept_without_slacks_old_token(over_sockets: Rig) -> None:
    _, target = await open_thread(over_sockets)
    await over_sockets.act("ana", "type", target, "hello")
    await over_sockets.desk.next(Typed)
    assert all(b"verification-token" not in received.raw for received in over_sockets.desk.stored)


async def test_slack_hears_nothing_until_the_event_is_committed(both_ways: Rig) -> None:
    _, target = await open_thread(both_ways)
    both_ways.sandbox.slack.grace = 0.2
    both_ways.sandbox.world.set_speed(1000)
    both_ways.desk.open.clear()  # the commit takes longer than Slack waits
    await both_ways.act("ana", "click", target, action_id="claim")
    await both_ways.until(lambda: both_ways.history("no_ack"))
    both_ways.desk.open.set()
    assert (await both_ways.desk.next(Pressed)).action == "claim"


async def test_in_other_channels_nothing_is_read(over_sockets: Rig) -> None:
    await over_sockets.act("ana", "invite_bot", "C0GENERAL")
    root = await over_sockets.act("ana", "type", "C0GENERAL", "lunch?")
    await over_sockets.act("clea", "type", f"C0GENERAL:{root}", "yes")
    assert {(await over_sockets.desk.next(Ignored)).kind for _ in range(3)} == {"member_joined_channel", "elsewhere"}


async def test_replies_that_were_missed_are_read_in_the_thread_under_the_keys_of_their_events(
    over_sockets: Rig,
) -> None:
    rig = over_sockets
    thread, target = await open_thread(rig)
    await rig.act("ana", "type", target, "heard")
    heard = await rig.desk.next(Typed)
    await rig.act("ana", "type", target, "one")
    await rig.slack.post(thread, Notice("hello"), "k2")
    await rig.act("ben", "type", target, "two")
    first, second = await rig.desk.next(Typed), await rig.desk.next(Typed)
    missed = await rig.slack.missed(thread, heard.place.ts)
    assert [each.event for each in missed if isinstance(each.event, Typed)] == [first, second]
    keys = {key for each in rig.desk.stored for key in each.keys}
    assert all(keys & set(each.keys) for each in missed if isinstance(each.event, Typed))
    assert await rig.slack.missed(thread, second.place.ts) == []


async def test_a_click_makes_nobody_quiet_but_bolt(both_ways: Rig) -> None:
    await both_ways.act("ana", "command", "C0SUPPORT", "/queue")
    await both_ways.desk.next(Commanded)
    assert logging.getLogger("bridge").level == logging.NOTSET
    assert logging.getLogger("slack_bolt").level == logging.CRITICAL


@pytest.mark.parametrize("allowed", [False, True])
async def test_a_channel_that_another_company_joins_is_news_unless_it_may(both_ways: Rig, allowed: bool) -> None:
    both_ways.slack.here.external = allowed
    await both_ways.act("ana", "share_channel", "C0SUPPORT")
    assert await both_ways.desk.next() == (Ignored("channel_shared", routine=True) if allowed else Exposed("C0SUPPORT"))
