"""What somebody found who looked for words that go astray: late reads, doubts, and edits of what has not left yet."""

from typing import Any

import pytest

from bridge.courier.catch_up import look_into_all
from bridge.ports import Place, Received, Retyped, Typed
from bridge.team_workspace import slack

from ..conftest import Rig
from .test_deleting import LONG, OOPS, deletes, replied


async def read_all(rig: Rig) -> None:
    """Every live thread is read, as after a gap."""
    asked = len(rig.history("slack", "conversations.replies"))
    await look_into_all(rig.bridge.desk)
    await rig.until(lambda: len(rig.history("slack", "conversations.replies")) > asked or None, "the thread is read")
    await rig.quiet()


async def stands(rig: Rig, ts: str, state: str) -> None:
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = ? AND NOT deleted", ts, state)


async def forget(rig: Rig) -> None:
    """As the inbox does after eight days."""
    await rig.bridge.store.write(lambda tx: (tx.run("DELETE FROM inbox_key"), tx.run("DELETE FROM inbox")))


async def test_an_old_order_that_is_read_again_is_not_carried_out_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, card = await rig.claimed()
    await rig.types("ana", card, "Hello!")
    after = rig.now
    await rig.types("ana", card, "!assign queue")
    await rig.team.sees_card(card, "Waiting for a person", after)  # with its button
    await rig.team.clicks("ana", card, "claim")
    await rig.finds("SELECT 1 FROM conversation WHERE owner_id = 'U0ANA'")
    await rig.quiet()
    before = list(customer.heard)
    await forget(rig)
    monkeypatch.setattr(slack, "LATE", slack.LATE * 0)
    await read_all(rig)
    assert customer.heard == before
    await rig.finds("SELECT 1 FROM conversation WHERE owner_id = 'U0ANA'")
    assert await rig.read(lambda tx: tx.all("SELECT 1 FROM inbox WHERE failed <> ''")) == []


@pytest.mark.parametrize("limited", [False, True])
async def test_a_page_that_lacks_a_reply_does_not_take_it_from_the_customer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, limited: bool
) -> None:
    customer, _, ts = await replied(rig, "web")
    workspace: Any = rig.bridge.workspace
    real = workspace._page

    async def page(*asked: Any) -> Any:
        got = await real(*asked)
        return {**got, "messages": [it for it in got["messages"] if it["ts"] != ts], "is_limited": limited}

    monkeypatch.setattr(workspace, "_page", page)
    await read_all(rig)
    await stands(rig, ts, "sent")
    assert OOPS in customer.heard


@pytest.mark.parametrize(("words", "state"), [("!note Oops", "note"), ("@ben is it so?", "held")])
async def test_what_waits_for_the_platform_can_still_become_a_note(rig: Rig, words: str, state: str) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.fault("whatsapp", "messages", "429", times=1000)
    ts = await rig.types("ana", card, OOPS)
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part' AND attempts > 0 AND state = 'pending'")
    await rig.team.edits("ana", card, ts, words)
    await stands(rig, ts, state)
    rig.sandbox.world.faults.clear()
    assert OOPS not in await rig.hears_next(customer, "ana", card)


async def test_what_waits_for_the_platform_goes_out_as_it_was_changed(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.fault("whatsapp", "messages", "429", times=1000)
    ts = await rig.types("ana", card, OOPS)
    await rig.types("ana", card, "And this.")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part' AND attempts > 0 AND state = 'pending'")
    await rig.team.edits("ana", card, ts, "Better.")
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND text = 'Better.'", ts)
    rig.sandbox.world.faults.clear()
    heard = await rig.hears_next(customer, "ana", card)
    assert heard[-3:] == ["Better.", "And this.", "And so on."]
    assert OOPS not in heard


async def test_what_may_have_arrived_is_not_said_to_be_deleted_in_time(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    ts = await rig.types("ana", card, OOPS)
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    rig.fault("telegram", "sendMessage", "500", times=1000)
    await rig.team.presses("ana", question.id or "", "resend")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part' AND attempts > 1 AND state = 'pending'")
    await deletes(rig, card, ts)
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'delete'")
    assert OOPS in customer.heard
    assert not [it for it in rig.history("slack", "chat.postEphemeral") if "in time" in (it.text or "")]


async def test_a_correction_in_doubt_does_not_hold_up_its_deletion(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    await rig.team.edits("ana", card, ts, LONG)
    notice = await rig.team.sees_post(card, "This change did not reach the customer")
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.team.presses("ana", notice.id or "", "correct")
    await rig.team.sees_post(card, "This may not have reached the customer")
    await deletes(rig, card, ts)
    await rig.until(lambda: OOPS not in customer.heard or None, "the first words are gone")


async def test_a_note_whose_attachment_cannot_be_carried_is_not_offered_for_sending(rig: Rig) -> None:
    _, card = await rig.claimed()
    ana, why = await rig.bridge.workspace.people.agent("U0ANA"), "Canvases and lists cannot be passed on."
    place, thread = Place(card.chat or "", "1795339999.000100"), Place(card.chat or "", card.id or "")
    typed = Typed(ana, place, thread, "See the contract", (), why)
    await rig.bridge.desk.agents_did([Received(("k1",), typed, b"{}")])
    after = rig.now
    changed = Retyped(ana, place, thread, "See the contract!", (), why)
    await rig.bridge.desk.agents_did([Received(("k2",), changed, b"{}")])
    told = await rig.told("ana", "Nothing of this was sent to the customer", after)
    assert "held_send" not in str(told.raw["blocks"])
    await stands(rig, place.ts, "note")


async def test_what_failed_is_sent_again_as_it_reads_now(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    ts = await rig.types("ana", card, OOPS)
    notice = await rig.team.sees_post(card, "This did not reach the customer")
    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE message SET changed = 'Better.' WHERE source_ts = ?", ts))
    await rig.team.presses("ana", notice.id or "", "again")
    await customer.hears(lambda text: text == "Better.", "the new words")
    assert OOPS not in customer.heard
