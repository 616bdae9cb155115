"""What a desk may choose: how a handoff comes out, which bot goes on, who is heard, and how long a reply waits."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bridge.demo.customers import Customer
from bridge.ports import Agent, Received, Role, Submitted
from bridge.sandbox.world import Entry

from ..conftest import Desk, Rig, Rigs, number_of
from .test_handing_back import claimed_in_a_flow
from .test_windows import acts, all_text, home_of, opened, queue_of


@asynccontextmanager
async def desk(rigs: Rigs, desk_with: Desk, line: str, old: str = 'bots = ["shop"]') -> AsyncGenerator[Rig]:
    """The shop with one line more, or another one."""
    new = line if old != 'bots = ["shop"]' or line.startswith("bots") else f"{old}\n{line}"
    async with rigs(BRIDGE_CONFIG=desk_with({old: new})) as rig:
        yield rig


async def window(rig: Rig, card: Entry, who: str = "ana") -> Entry:
    after = rig.now
    await rig.team.clicks(who, card, "handback_form")
    return await opened(rig, f"Hand back #{number_of(card)}", after)


# ----------------------------------------------------------------------------------------------------- how it comes out


async def test_by_the_window_with_a_note_and_as_not_resolved(rig: Rig) -> None:
    customer, card = await rig.claimed()
    form, after = await window(rig, card), rig.now
    said = {"note": {"note": "Waits for the supplier"}, "outcome": {"outcome": "open"}}
    await acts(rig, "ana", "submit", form.id or "", values=said)
    drawn = await rig.team.sees_card(card, "Back with the bot, not resolved", after)
    assert "Waits for the supplier" in all_text(drawn.raw["blocks"])
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    assert f"#{number_of(card)} Maria" in await queue_of(rig, "unresolved")
    after = rig.now
    await rig.team.clicks("ben", card, "resolve")
    drawn = await rig.team.sees_card(card, "Back with the bot", after)
    assert "not resolved" not in all_text(drawn.raw["blocks"])
    await rig.team.sees_post(card, "Ben resolved this.", after)
    assert "Nothing here." in await queue_of(rig, "unresolved")
    await rig.types("ben", card, "!resolve")
    await rig.told("ben", "is not open any more", after)


async def test_who_may_not_hand_back_gets_no_window_for_it(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ben", card, "handback_form")
    await rig.told("ben", "Only Ana or an admin can hand this conversation back.", after)
    assert not rig.history("slack", "views.open", after=after)


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.VIEWER, Role.OUTSIDER])
async def test_nobody_else_s_window_hands_back(rig: Rig, role: Role) -> None:
    """Such as that of somebody who owned the conversation, or could answer, when they opened it."""
    _, card = await rig.claimed()
    form = Submitted(Agent("U0BEN", "Ben", role), "handback", number_of(card), {"note": "Mine now"}, {}, "view:V1")
    (stored,) = await rig.bridge.desk.agents_did([Received((f"view:{role}",), form, b"{}")])
    assert stored.told
    await rig.finds("SELECT 1 FROM handoff WHERE number = ? AND state = 'claimed' AND note = ''", int(number_of(card)))


async def test_a_window_sent_off_after_the_hand_back_changes_nothing(rig: Rig) -> None:
    _, card = await rig.claimed()
    form, after = await window(rig, card), rig.now
    await rig.team.clicks("ana", card, "handback")
    await rig.team.sees_card(card, "Back with the bot", after)
    await acts(rig, "ana", "submit", form.id or "", values={"outcome": {"outcome": "open"}})
    await rig.quiet()
    assert f"#{number_of(card)}" not in await queue_of(rig, "unresolved")


async def test_a_desk_may_keep_what_is_handed_back_until_it_is_resolved(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'after_hand_back = "keep"') as rig:
        customer, card = await rig.claimed()
        after = rig.now
        await rig.team.clicks("ana", card, "handback")
        await rig.team.sees_card(card, "Back with the bot, not resolved", after)
        await rig.team.sees_post(card, "stays open until somebody resolves it", after)
        await home_of(rig, "clea", "Handed back, not resolved: 1")
        await customer.says("How long does delivery take?")
        await customer.hears(lambda text: "working day" in text, "the bot's answer")


async def test_a_desk_may_have_the_card_folded(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'after_hand_back = "close"') as rig:
        _, card = await rig.claimed()
        before = len(all_text(card.raw["blocks"]))
        after = rig.now
        await rig.types("ana", card, "!handback called her")
        drawn = await rig.team.sees_card(card, "Back with the bot", after)
        shown = all_text(drawn.raw["blocks"])
        assert "Why" not in shown
        assert "Reopen" in shown
        assert len(shown) < before


async def test_with_several_bots_the_button_asks_which_one_goes_on(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'bots = ["shop", "knowledge"]') as rig:
        customer, card = await rig.claimed()
        await returns_with(customer, "shop", rig, card)
        await customer.says("return an item")
        await customer.hears(lambda text: "order number" in text, "the flow's first question")
        customer, card = await rig.claimed("web", "priya")
        await returns_with(customer, "knowledge", rig, card)
        heard = len(customer.heard)
        await customer.says("return an item")
        await customer.hears(lambda _: True, "the other bot's answer", heard)
        assert "order number" not in customer.heard[-1]


async def test_when_the_same_bot_goes_on_it_does_so_where_it_stood(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'bots = ["shop", "knowledge"]') as rig:
        customer, card = await claimed_in_a_flow(rig)
        await returns_with(customer, "shop", rig, card)
        await customer.says("MK-20417")
        await customer.hears(lambda text: "What is the matter with order MK-20417?" in text, "its second question")


async def returns_with(customer: Customer, bot: str, rig: Rig, card: Entry) -> None:
    after, heard = rig.now, len(customer.heard)
    await rig.team.clicks("ana", card, "handback")
    form = await opened(rig, "Hand back", after)
    await acts(rig, "ana", "submit", form.id or "", values={"bot": {"bot": bot}})
    await rig.team.sees_card(card, "Back with the bot", after)
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return", heard)


# ------------------------------------------------------------------------------------------------------- who is heard


async def test_an_explicit_desk_sends_only_what_is_said_to_be_sent(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'audience = "explicit"') as rig:
        customer, card = await rig.claimed()
        after = rig.now
        await rig.types("ana", card, "What do we do about her?")
        question = await rig.told("ana", "only what begins with `!say`", after)
        await rig.types("ben", card, "A refund, I would say")
        heard = await say(rig, customer, card, "!say You get a refund.", "You get a refund.")
        assert heard == ["You get a refund."]
        assert not [it for it in rig.history("slack", "chat.postEphemeral", after=after) if it.author == "U0BEN"]
        await rig.team.presses("ana", question.id or "", "held_send")
        await customer.hears(lambda text: text == "What do we do about her?", "what was sent after all")


async def say(rig: Rig, customer: Customer, card: Entry, typed: str, heard: str) -> list[str]:
    before = len(customer.heard)
    await rig.types("ana", card, typed)
    await customer.hears(lambda text: text == heard, "the reply", before)
    return customer.heard[before:]


# -------------------------------------------------------------------------------------------------- time to think again


@pytest.fixture
async def patient(rigs: Rigs, desk_with: Desk) -> AsyncGenerator[Rig]:
    """A desk where a reply can be recalled for longer than any test takes, unless the clock is set."""
    async with desk(rigs, desk_with, "recall_seconds = 60") as rig:
        yield rig


async def test_what_is_deleted_in_time_is_never_sent(patient: Rig) -> None:
    rig = patient
    customer, card = await rig.claimed()
    after = rig.now
    ts = await rig.types("ana", card, "You are wrong.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'You are wrong.' AND state = 'pending'")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "You deleted this in time", after)
    await rig.finds("SELECT 1 FROM message WHERE text = 'You are wrong.' AND state = 'suppressed'")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part'", none=True)
    assert "You are wrong." not in customer.heard


async def test_what_is_changed_in_time_goes_out_with_the_new_words_only(patient: Rig) -> None:
    rig = patient
    customer, card = await rig.claimed("whatsapp")
    after = rig.now
    ts = await rig.types("ana", card, "It left on Mnday.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'It left on Mnday.' AND state = 'pending'")
    await rig.team.edits("ana", card, ts, "It left on Monday.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'It left on Monday.' AND state = 'pending'")
    lanes = "UPDATE lane SET due = 0", "UPDATE outbox SET payload = REPLACE(payload, '\"until\"', '\"was\"')"
    await rig.bridge.store.write(lambda tx: [tx.run(statement) for statement in reversed(lanes)])
    await customer.hears(lambda text: text == "It left on Monday.", "the new words")
    assert "It left on Mnday." not in customer.heard
    assert not [
        it for it in rig.history("slack", "chat.postEphemeral", after=after) if "cannot be changed" in (it.text or "")
    ]


async def test_a_reply_waits_for_so_long_and_what_follows_waits_behind_it(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, "recall_seconds = 1") as rig:
        customer, card = await rig.claimed()
        before = len(customer.heard)
        ts = await rig.types("ana", card, "One.")
        await rig.types("ana", card, "Two.")
        await rig.team.clicks("ana", card, "handback")
        await customer.hears(lambda text: "assistant is back" in text, "the bot's return", before)
        assert customer.heard[before : before + 2] == ["One.", "Two."]
        (sent,) = [it for it in rig.history("telegram", "sendMessage") if it.text == "One."]
        assert sent.at - float(ts) >= 1


@pytest.mark.parametrize(("edit", "state"), [("!note {text}", "note"), ("@ben {text}", "held"), ("!end", "note")])
async def test_what_becomes_something_else_in_time_is_not_sent(patient: Rig, edit: str, state: str) -> None:
    rig, text = patient, "She is difficult."
    customer, card = await rig.claimed()
    after = rig.now
    ts = await rig.types("ana", card, text)
    await rig.finds("SELECT 1 FROM message WHERE text = ? AND state = 'pending'", text)
    await rig.team.edits("ana", card, ts, edit.format(text=text))
    await rig.told("ana", "held now" if state == "held" else "This was not sent", after)
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = ?", ts, state)
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part'", none=True)
    assert text not in customer.heard


async def test_of_what_has_begun_to_leave_nothing_is_said_to_be_taken_back(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, "recall_seconds = 1") as rig:
        customer, card = await rig.claimed()
        before = len(customer.heard)
        long = "Every tea has its own story. " * 200  # two messages on Telegram
        ts = await rig.types("ana", card, long)
        await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'pending'", ts)
        await customer.hears(lambda heard: "Every tea" in heard, "the first part", before)
        await rig.team.deletes("ana", card, ts)
        await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'erased'", ts)
        assert customer.heard[before:] == []
        assert "in time" not in str([it.text for it in rig.history("slack", "chat.postEphemeral")])


async def test_what_is_changed_in_time_keeps_its_place(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, "recall_seconds = 3") as rig:
        customer, card = await rig.claimed()
        before = len(customer.heard)
        ts = await rig.types("ana", card, "First: open the lid.")
        await rig.types("ana", card, "Second: pour the water.")
        await rig.finds("SELECT 1 FROM message WHERE text LIKE 'Second%'")
        await rig.team.edits("ana", card, ts, "First: open the blue lid.")
        await customer.hears(lambda text: text.startswith("Second"), "the second", before)
        assert customer.heard[before:] == ["First: open the blue lid.", "Second: pour the water."]


async def test_what_was_deleted_while_nobody_listened_is_not_sent(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, "recall_seconds = 1") as rig:
        customer, card = await rig.claimed()
        after = rig.now
        await rig.quiet()
        rig.fault("slack", "auth.test", "500", times=1000)
        ts = await rig.types("ana", card, "Oops")
        await rig.finds("SELECT 1 FROM message WHERE text = 'Oops'")
        await rig.stop()
        await rig.team.deletes("ana", card, ts)
        await rig.start()  # Slack does not answer yet, and the second is over
        await rig.finds("SELECT 1 FROM lane WHERE way = 'telegram' AND due > ?", 0)
        rig.sandbox.world.faults.clear()
        await rig.told("ana", "You deleted this in time", after)
        assert "Oops" not in customer.heard


async def test_an_explicit_desk_carries_no_change_without_say(rigs: Rigs, desk_with: Desk) -> None:
    async with desk(rigs, desk_with, 'audience = "explicit"') as rig:
        customer, card = await rig.claimed("web")
        after = rig.now
        ts = await rig.types("ana", card, "!say You get a refund.")
        await customer.hears(lambda text: text == "You get a refund.", "the reply")
        await rig.quiet()
        await rig.team.edits("ana", card, ts, "She does not deserve one, what do we do?")
        await rig.told("ana", "here only what begins with `!say`", after)
        await rig.finds("SELECT 1 FROM message WHERE text = 'You get a refund.'")


async def test_what_waits_for_a_person_goes_on_waiting_when_something_behind_it_is_recalled(patient: Rig) -> None:
    rig = patient
    _, card = await rig.claimed()
    after = rig.now
    first = await rig.types("ana", card, "In doubt")
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ?", first)
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    over = "UPDATE outbox SET payload = REPLACE(payload, '\"until\"', '\"was\"')", "UPDATE lane SET due = 0"
    await rig.bridge.store.write(lambda tx: [tx.run(statement) for statement in over])
    await rig.team.sees_post(card, "This may not have reached the customer", after)
    ts = await rig.types("ana", card, "Behind it")
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ?", ts)
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "You deleted this in time", after)
    await rig.quiet()
    asked = [it for it in rig.history("slack", "chat.postMessage", after=after) if "may not have" in (it.text or "")]
    assert len(asked) == 1
