"""One thing that happened has one set of keys, however Slack wraps, repeats or reorders it."""

from typing import Any

import aiohttp
import pytest

from bridge.ports import Erased, Ignored, Notice, Place, Received, Retyped, Typed
from bridge.team_workspace import changes

from .conftest import CARD, Rig
from .test_requests import send_event

SAID: dict[str, Any] = {
    "type": "message", "channel": "C0SUPPORT", "user": "U0ANA", "text": "Thursday", "ts": "2.0", "thread_ts": "1.0",
    "client_msg_id": "c1",
}  # fmt: skip


def edited(text: str, at: str = "5.000000", ts: str = "5.000100") -> dict[str, Any]:
    message = {**SAID, "text": text, "edited": {"user": "U0ANA", "ts": at}}
    return {"type": "message", "subtype": "message_changed", "channel": "C0SUPPORT", "ts": ts, "message": message}


async def heard(rig: Rig, event: dict[str, Any], event_id: str = "Ev1") -> Received:
    return await rig.slack.listeners.received({"type": "event_callback", "event_id": event_id, "event": event})


async def test_one_message_under_another_event_id_is_a_repeat(rig: Rig) -> None:
    one, two = await heard(rig, SAID, "Ev1"), await heard(rig, SAID, "Ev2")
    assert set(one.keys) & set(two.keys)


async def test_one_sending_under_another_timestamp_is_a_repeat(rig: Rig) -> None:
    one, two = await heard(rig, SAID, "Ev1"), await heard(rig, {**SAID, "ts": "2.000001"}, "Ev2")
    assert set(one.keys) & set(two.keys)


async def test_the_same_words_said_twice_are_two_messages(rig: Rig) -> None:
    one, two = await heard(rig, SAID, "Ev1"), await heard(rig, {**SAID, "ts": "3.0", "client_msg_id": "c2"}, "Ev2")
    assert not set(one.keys) & set(two.keys)


async def test_a_message_its_change_and_its_deletion_are_three_things(rig: Rig) -> None:
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C0SUPPORT", "deleted_ts": "2.0"}
    told = [await heard(rig, event, f"Ev{n}") for n, event in enumerate((SAID, edited("Friday"), deleted))]
    assert [type(each.event) for each in told] == [Typed, Retyped, Erased]
    assert len({key for each in told for key in each.keys}) == sum(len(each.keys) for each in told)


async def test_two_changes_within_one_second_are_two_things(rig: Rig) -> None:
    one, two = await heard(rig, edited("Friday"), "Ev1"), await heard(rig, edited("Saturday"), "Ev2")
    assert not set(one.keys) & set(two.keys)


async def test_one_change_under_another_event_id_is_a_repeat(rig: Rig) -> None:
    one, two = await heard(rig, edited("Friday"), "Ev1"), await heard(rig, edited("Friday", ts="6.0"), "Ev2")
    assert set(one.keys) & set(two.keys)


async def test_an_older_change_does_not_undo_a_newer_one(rig: Rig) -> None:
    newer = await heard(rig, {**edited("Saturday", "6.000000"), "event_ts": "6.0001"}, "Ev2")
    older = await heard(rig, {**edited("Friday", "5.000000"), "event_ts": "5.0001"}, "Ev1")
    old = await heard(rig, {**edited("Sunday", "5.500000"), "event_ts": "5.5001"}, "Ev3")
    again = await heard(rig, {**edited("Saturday", "6.000000"), "event_ts": "6.0001"}, "Ev2")
    assert [type(each.event) for each in (newer, older, old, again)] == [Retyped, Ignored, Ignored, Retyped]
    assert len({newer.keys, older.keys, old.keys}) == 3
    assert again.keys == newer.keys


async def test_within_one_second_the_later_change_counts(rig: Rig) -> None:
    later = await heard(rig, {**edited("Saturday"), "event_ts": "5.0002"}, "Ev2")
    earlier = await heard(rig, {**edited("Friday"), "event_ts": "5.0001"}, "Ev1")
    assert [type(each.event) for each in (later, earlier)] == [Retyped, Ignored]


async def test_a_late_event_does_not_undo_what_was_read_in_the_thread(over_http: Rig) -> None:
    rig = over_http
    rig.sandbox.slack.connect({"events_url": ""})  # from here on nothing is told
    thread = await rig.slack.open_thread(CARD, "k1")
    ts = await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "Thursday")
    await rig.act("ana", "edit", f"{thread.channel}:{ts}", "Friday")
    (found,) = await rig.slack.missed(thread, thread.ts)
    message = rig.sandbox.slack.workspace.channels[thread.channel].messages[ts]
    assert isinstance(found.event, Retyped)
    late = {**edited("between"), "event_ts": message["edited"]["ts"]}
    late["message"] |= {"ts": ts, "thread_ts": thread.ts, "edited": message["edited"]}
    assert isinstance((await heard(rig, late)).event, Ignored)


async def test_only_so_many_changes_are_remembered(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST", 2)
    for number in range(5):
        rig.slack.listeners.changes.is_old(Place("C1", str(number)), ("9", ""))
    old = [rig.slack.listeners.changes.is_old(Place("C1", str(number)), ("1", "")) for number in (4, 0)]
    assert old == [True, False]


async def test_a_change_that_overtakes_its_message_says_all_that_the_message_would(rig: Rig) -> None:
    change = (await heard(rig, edited("Friday"))).event
    assert isinstance(change, Retyped)
    assert (change.text, change.agent.id) == ("Friday", "U0ANA")
    assert (change.place, change.thread) == (Place("C0SUPPORT", "2.0"), Place("C0SUPPORT", "1.0"))


async def test_a_deletion_that_overtakes_its_message_names_it(rig: Rig) -> None:
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C0SUPPORT", "deleted_ts": "2.0"}
    assert (await heard(rig, deleted)).event == Erased(Place("C0SUPPORT", "2.0"))


@pytest.mark.parametrize("number", ["1", "2", "3"])
async def test_an_event_of_which_only_the_repeat_arrives_is_taken(
    over_http: Rig, session: aiohttp.ClientSession, number: str
) -> None:
    assert await send_event(over_http, session, SAID, repeat=number) == 200
    assert (await over_http.desk.next(Typed)).text == "Thursday"


async def test_a_change_that_was_missed_is_read_in_the_thread_under_the_key_of_its_event(over_sockets: Rig) -> None:
    rig = over_sockets
    thread = await rig.slack.open_thread(CARD, "k1")
    ts = await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "Thursday")
    await rig.act("ben", "type", f"{thread.channel}:{thread.ts}", "unchanged")
    await rig.act("ana", "edit", f"{thread.channel}:{ts}", "Friday")
    change = await rig.desk.next(Retyped)
    missed = await rig.slack.missed(thread, thread.ts)
    assert [type(each.event) for each in missed] == [Retyped, Typed]
    assert missed[0].event == change
    assert set(missed[0].keys) & {key for each in rig.desk.stored for key in each.keys if ":edited:" in key}


async def test_a_changed_message_with_a_file_still_says_that_it_has_one(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    ts = await rig.act("ana", "upload", f"{thread.channel}:{thread.ts}", "the label", filename="label.pdf")
    await rig.act("ana", "edit", f"{thread.channel}:{ts}", "the new label")
    first, change = (each.event for each in await rig.slack.missed(thread, thread.ts))
    assert isinstance(first, Typed)
    assert isinstance(change, Retyped)
    assert (first.files[0].name, first.text, change.text) == ("label.pdf", "the new label", "the new label")
    assert change.files == first.files


async def test_what_is_known_and_not_in_the_thread_any_more_was_deleted(over_sockets: Rig) -> None:
    rig = over_sockets
    thread = await rig.slack.open_thread(CARD, "k1")
    gone, kept = [await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", text) for text in ("oops", "hello")]
    await rig.act("ana", "delete", f"{thread.channel}:{gone}")
    told = await rig.desk.next(Erased)
    missed = await rig.slack.missed(thread, thread.ts, known=[gone, kept])
    (erased,) = (each for each in missed if isinstance(each.event, Erased))
    assert erased.event == told == Erased(Place(thread.channel, gone))
    assert set(erased.keys) & {key for each in rig.desk.stored for key in each.keys}


async def test_a_card_that_was_deleted_meanwhile_is_told(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.act("ana", "type", f"{thread.channel}:{thread.ts}", "a reply")
    await rig.act("clea", "delete", f"{thread.channel}:{thread.ts}")
    missed = await rig.slack.missed(thread, thread.ts)
    assert [each.event for each in missed if isinstance(each.event, Erased)] == [Erased(thread)]


async def test_our_own_posts_are_nothing_that_was_missed(rig: Rig) -> None:
    thread = await rig.slack.open_thread(CARD, "k1")
    await rig.slack.post(thread, Notice("hello"), "k2")
    assert await rig.slack.missed(thread, thread.ts) == []
