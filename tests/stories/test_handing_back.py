"""Giving a conversation back to the bot, by every door; ending it; and what a customer writes afterwards."""

import pytest

from bridge import orders
from bridge.demo.customers import Customer
from bridge.sandbox.world import Entry

from ..conftest import Desk, Rig, Rigs, number_of

BACK = "assistant is back"


async def hears_bot(customer: Customer) -> None:
    """The bot answers again."""
    after = len(customer.heard)
    await customer.says("How long does delivery take?")
    await customer.hears(lambda text: "working day" in text, "the bot's answer", after)


async def is_back(rig: Rig, customer: Customer, card: Entry, by: str = "Ana") -> None:
    await rig.team.sees_post(card, f"{by} handed back to the bot.")
    await customer.hears(lambda text: BACK in text, "the bot's return")
    await rig.team.sees_card(card, "Back with the bot")
    await hears_bot(customer)


# --------------------------------------------------------------------------------------------------------- every door


async def test_by_the_button(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.clicks("ana", card, "handback")
    await is_back(rig, customer, card)


@pytest.mark.parametrize("words", ["!handback called her", "!Hand-Back called her", "@bridge handback called her"])
async def test_by_a_word_in_the_thread(rig: Rig, words: str) -> None:
    customer, card = await rig.claimed()
    await rig.types("ana", card, words)
    await is_back(rig, customer, card)
    await rig.team.sees_post(card, "called her")
    assert not [text for text in customer.heard if "called her" in text]


async def test_by_the_command_when_there_is_only_one(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.commands("ana", "/handback called her")
    await is_back(rig, customer, card)
    await rig.team.sees_post(card, "called her")
    drawn = await rig.team.sees_card(card, "Back with the bot")
    assert "called her" in str(drawn.raw["blocks"])


async def test_by_the_command_with_a_number(rig: Rig) -> None:
    maria, card = await rig.claimed()
    _, other = await rig.claimed("web", "priya")
    await rig.team.commands("ana", f"/handback #{number_of(card)} called her")
    await is_back(rig, maria, card)
    await rig.types("ana", other, "Still here.")


async def test_with_several_a_picker_asks_which(rig: Rig) -> None:
    maria, card = await rig.claimed()
    priya, other = await rig.claimed("web", "priya")
    await rig.team.commands("ana", "/handback called her")
    question = await rig.told("ana", "Which one goes back to the bot?")
    value = f"{number_of(other)} called her"
    await rig.team.presses("ana", question.id or "", "handback_pick", value)
    await is_back(rig, priya, other)
    await rig.team.sees_post(other, "called her")
    assert BACK not in " ".join(await rig.hears_next(maria, "ana", card))


async def test_no_note_is_cut_and_no_conversation_left_out(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    _, card = await rig.claimed()
    await rig.claimed("web", "priya")
    await rig.team.commands("ana", f"/handback {'long ' * 400}")
    await rig.told("ana", "You have 2 conversations here. Name one: `/handback #")
    monkeypatch.setattr(orders, "MOST_CHOICES", 1)
    after = rig.now
    await rig.team.commands("ana", "/handback")
    await rig.told("ana", f"`/handback #{number_of(card)}`", after)


async def test_an_admin_hands_back_for_the_owner(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.commands("clea", f"/handback #{number_of(card)}")
    await is_back(rig, customer, card, "Clea")


# ----------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/handback #9999", "There is no handoff #9999."),
        ("/handback #0", "There is no handoff #0."),
        ("/handback", "You have no claimed conversation in this channel. Name one: `/handback #1042`."),
        ("/queue nonsense", "`nonsense` means nothing here."),
    ],
)
async def test_a_command_that_names_nothing_is_answered(rig: Rig, command: str, sentence: str) -> None:
    customer, card = await rig.claimed()
    await rig.team.commands("ben", command)
    told = await rig.told("ben", "")
    assert sentence in (told.text or "")
    assert BACK not in " ".join(await rig.hears_next(customer, "ana", card))


async def test_somebody_else_cannot_hand_back(rig: Rig) -> None:
    customer, card = await rig.claimed()
    refusal = "Only Ana or an admin can hand this conversation back."
    await rig.team.commands("ben", f"/handback #{number_of(card)}")
    await rig.told("ben", refusal)
    after = rig.now
    await rig.types("ben", card, "!handback")
    await rig.told("ben", refusal, after)
    after = rig.now
    await rig.team.clicks("ben", card, "handback")
    await rig.told("ben", refusal, after)
    assert BACK not in " ".join(await rig.hears_next(customer, "ana", card))


async def test_handing_back_twice_is_refused_with_a_sentence(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.clicks("ana", card, "handback")
    await is_back(rig, customer, card)
    await rig.team.commands("ana", f"/handback #{number_of(card)}")
    await rig.told("ana", "The bot is answering here already.")


async def test_what_is_written_after_the_hand_back_stays(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: BACK in text, "the bot's return")
    await rig.types("ana", card, "One thing more")
    await rig.told("ana", "This handoff is over, so your message stays here as a note.")
    await hears_bot(customer)
    assert "One thing more" not in customer.heard


# -------------------------------------------------------------------------------------------------- ended, and again


@pytest.mark.parametrize("claimed", [True, False])
async def test_ending_tells_the_customer_and_the_bot_stays_silent(rig: Rig, claimed: bool) -> None:
    customer, card = await (rig.claimed() if claimed else rig.waiting())
    await rig.types("ana", card, "!end")
    await customer.hears(lambda text: "This conversation has ended" in text, "the end")
    await rig.team.sees_card(card, "Ended")
    await rig.team.sees_post(card, "Ana ended the conversation.")
    assert BACK not in " ".join(customer.heard)


async def test_a_customer_who_writes_after_the_end_is_answered_by_the_bot(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.team.clicks("ana", card, "end")
    await customer.hears(lambda text: "has ended" in text, "the end")
    await rig.team.sees_post(card, "Ana ended the conversation.")
    after = rig.now
    await hears_bot(customer)
    await rig.quiet()
    assert rig.history("slack", "chat.postMessage", after=after) == []


async def test_a_second_handoff_has_a_new_number_a_new_thread_and_names_the_first(rig: Rig) -> None:
    customer, first = await rig.claimed()
    await rig.team.clicks("ana", first, "handback")
    await customer.hears(lambda text: BACK in text, "the bot's return")
    after = rig.now
    await customer.says("I want to talk to a human again please")
    second = await rig.team.card_of(customer.name, after)
    assert second.id != first.id
    assert int(number_of(second)) == int(number_of(first)) + 1
    assert f"#{number_of(first)}" in (second.text or "")
    await rig.team.clicks("ben", second, "claim")
    await customer.hears(lambda text: text == "You are now talking to Ben.", "the handover")
    await rig.types("ana", first, "I am still here")
    await rig.told("ana", "This handoff is over", after)
    assert "I am still here" not in await rig.hears_next(customer, "ben", second)


async def test_a_first_message_may_ask_for_a_person_and_repeats_open_nothing(rig: Rig) -> None:
    customer, card = await rig.waiting()
    for words in ("I want to talk to a human!!", "HUMAN PLEASE", "let me speak to an agent"):
        await customer.says(words)
        await rig.team.sees_post(card, words)
    await rig.quiet()
    cards = [entry for entry in rig.history("slack", "chat.postMessage") if not entry.thread]
    assert len(cards) == 1
    assert len(customer.heard) == 1
    assert "I want to talk to a human" in (card.text or "")


async def claimed_in_a_flow(rig: Rig, *answers: str) -> tuple[Customer, Entry]:
    """A customer who was returning something, had given these answers, and talks to Ana now."""
    customer, after = rig.customer("web", "priya"), rig.now
    questions = ("order number", "What is the matter")
    for said, question in zip(("I want to return an item", *answers), questions, strict=False):
        await customer.says(said)
        await customer.hears(lambda text, asked=question: asked in text, "the flow's question")
    await customer.says("can I talk to a person?")
    card = await rig.team.card_of("Priya", after)
    await rig.team.clicks("ana", card, "claim")
    await rig.team.sees_card(card, "Ana has this", after)
    return customer, card


async def test_the_bot_goes_on_where_it_stood(rig: Rig) -> None:
    customer, card = await claimed_in_a_flow(rig)
    await customer.says("MK-20417")
    await rig.team.sees_post(card, "MK-20417")
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: BACK in text, "the bot's return")
    await customer.says("MK-20417")
    await customer.hears(lambda text: "What is the matter with order MK-20417?" in text, "the flow's second question")


async def test_a_text_may_say_what_the_flow_asked_and_a_blank_one_says_nothing(rigs: Rigs, desk_with: Desk) -> None:
    texts = {
        '"You are now talking to {{agent.name}}."': '""',
        '"Our assistant is back.': '"Order {{order_number}}, {{customer.name}}: the bot is back.',
    }
    async with rigs(BRIDGE_CONFIG=desk_with(texts)) as rig:
        customer, card = await claimed_in_a_flow(rig, "MK-20417")
        await rig.team.clicks("ana", card, "handback")
        await customer.hears(lambda text: text.startswith("Order MK-20417, Priya: the bot is back."), "the filled text")
        assert not [text for text in customer.heard if "talking to" in text]
