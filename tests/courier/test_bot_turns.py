"""The bot's turns: its answer counts only while it may speak, and a customer is never left without one."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge import pacing
from bridge.courier import bot_turns
from bridge.courier.tokens import Tokens
from bridge.demo.customers import Customer
from bridge.ports import Answer, Bot, Turn
from bridge.sandbox.world import Entry
from bridge.store import buckets

from ..conftest import Rig, Rigs


class Thinking:
    """A bot that answers when it is told to."""

    name = "Thinker"

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.turns: list[Turn] = []
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def answer(self, turn: Turn) -> Answer:
        self.turns.append(turn)
        self.asked.set()
        await self.may_answer.wait()
        answer = self.answers.pop(0) if self.answers else Answer(f"About “{turn.text}”: two days.")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        pass


def employ(rig: Rig, bot: Bot) -> None:
    courier = rig.bridge.courier
    courier._kitbag = replace(courier._kitbag, bots={"": bot})


async def claimed_while_it_thinks(rig: Rig) -> tuple[Thinking, Customer, Entry]:
    bot = Thinking()
    employ(rig, bot)
    customer = rig.customer("telegram")
    await customer.says("Where is my order?")
    await bot.asked.wait()
    await customer.says("I want to talk to a human")
    card = await rig.team.card_of("Maria")
    await rig.team.clicks("ana", card, "claim")
    await customer.hears(lambda text: "talking to Ana" in text, "the handover")
    await rig.team.sees_card(card, "Ana has this")
    return bot, customer, card


async def test_an_answer_that_comes_after_the_claim_is_a_suggestion(rig: Rig) -> None:
    bot, customer, card = await claimed_while_it_thinks(rig)
    bot.may_answer.set()
    post = await rig.team.sees_post(card, "The bot's answer came too late")
    assert "two days" in (post.text or "")
    assert not [text for text in await rig.hears_next(customer, "ana", card) if "two days" in text]


async def test_an_answer_that_waits_to_be_sent_is_stopped_by_a_claim(rig: Rig) -> None:
    bot = Thinking(Answer("I do not know.", unsure=True), Answer("I do not know.", unsure=True))
    bot.may_answer.set()
    employ(rig, bot)
    customer = rig.customer("telegram")
    await customer.says("Hello?")
    await customer.hears(lambda text: text == "I do not know.", "the first answer")
    rig.fault("telegram", "sendMessage", "429", seconds=2.0)
    after = rig.now
    await customer.says("And the second thing?")  # unsure twice: a human is called, and the answer goes before that
    card = await rig.team.card_of("Maria")
    await rig.until(lambda: rig.history("telegram", "rejected", after=after) or None, "Telegram's wish for quiet")
    await rig.team.clicks("ana", card, "claim")
    await customer.hears(lambda text: "talking to Ana" in text, "the handover")
    assert customer.heard == [
        "I do not know.",
        "A person from our team will join you here shortly.",
        "You are now talking to Ana.",
    ]
    state = await rig.read(lambda tx: tx.one("SELECT state FROM message WHERE author = 'bot' ORDER BY id DESC"))
    assert state == ("suppressed",)


async def test_an_answer_that_waits_for_its_turn_is_stopped_at_the_last_moment(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        await quiet_until(rig, rig.bridge.courier._kitbag.clock() + timedelta(hours=1))
        bot = Thinking()
        bot.may_answer.set()
        employ(rig, bot)
        customer = rig.customer("telegram")
        await customer.says("Where is my order?")
        await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part'")
        await customer.says("I want to talk to a human")
        await rig.team.card_of("Maria")
        await quiet_until(rig, rig.bridge.courier._kitbag.clock())
        await customer.hears(lambda text: "A person from our team" in text, "the waiting text")
        assert customer.heard == ["A person from our team will join you here shortly."]


async def quiet_until(rig: Rig, until: datetime) -> None:
    """As if Telegram had been asked too often."""
    whole = rig.bridge.courier._kitbag.pacing.of("telegram").whole
    assert whole
    full = pacing.quiet_until(until, whole)
    await rig.bridge.store.write(lambda tx: buckets.set_full_at(tx, "telegram", full))
    rig.bridge.courier._tokens = Tokens(rig.bridge.courier._kitbag.pacing)


async def test_an_answer_given_before_a_hand_back_is_not_given_after_it(rig: Rig) -> None:
    bot, customer, card = await claimed_while_it_thinks(rig)
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    bot.may_answer.set()
    await customer.says("And my refund?")
    await customer.hears(lambda text: "“And my refund?”" in text, "the new answer")
    assert not [text for text in customer.heard if "Where is my order" in text]


async def test_the_bot_is_told_what_was_said_and_what_the_human_promised(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.hears_next(customer, "ana", card, "I will refund it.")
    await rig.types("ana", card, "!handback promised a refund")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    bot = Thinking()
    bot.may_answer.set()
    employ(rig, bot)
    await customer.says("And my refund?")
    await customer.hears(lambda text: "two days" in text, "the answer")
    [turn] = bot.turns
    assert (turn.text, turn.customer, turn.brief) == ("And my refund?", "Maria", "promised a refund")
    said = [(line.author.kind, line.text) for line in turn.history]
    assert ("agent", "I will refund it.") in said
    assert ("customer", "And my refund?") not in said


@pytest.mark.parametrize("failure", [RuntimeError("no model"), TimeoutError()])
async def test_a_bot_that_fails_says_so_and_twice_calls_a_human(rig: Rig, failure: Exception) -> None:
    bot = Thinking(failure, failure)
    bot.may_answer.set()
    employ(rig, bot)
    customer = rig.customer("telegram")
    await customer.says("Where is my order?")
    await customer.hears(lambda text: text == bot_turns.SPEECHLESS.text, "an excuse")
    await customer.says("Where is my order now?")
    card = await rig.team.card_of("Maria")
    assert "did not know what to say twice in a row" in (card.text or "")


async def test_a_bot_that_is_unsure_twice_calls_a_human_with_the_question_that_it_could_not_answer(rig: Rig) -> None:
    customer = rig.customer("telegram")
    for words in ("Wie hoch ist der Luftdruck auf dem Mars?", "Und auf der Venus?"):
        after = len(customer.heard)
        await customer.says(words)
        await customer.hears(lambda text: bool(text), "an answer", after)
    card = await rig.team.card_of("Maria")
    assert "Und auf der Venus?" in (card.text or "")


async def test_questions_are_answered_one_after_the_other(rig: Rig) -> None:
    bot = Thinking()
    employ(rig, bot)
    customer = rig.customer("telegram")
    for number in range(3):
        await customer.says(f"Question {number}")
    await bot.asked.wait()
    bot.may_answer.set()
    await customer.hears(lambda text: "“Question 2”" in text, "the last answer")
    assert customer.heard == [f"About “Question {number}”: two days." for number in range(3)]


async def test_a_bot_is_not_asked_any_more_when_a_human_was_called(rig: Rig) -> None:
    bot = Thinking()
    employ(rig, bot)
    customer = rig.customer("telegram")
    await customer.says("Question 0")
    await bot.asked.wait()
    await customer.says("Question 1")
    await customer.says("I want to talk to a human")
    card = await rig.team.card_of("Maria")
    bot.may_answer.set()
    await rig.team.sees_post(card, "The bot's answer came too late")
    await rig.quiet()
    assert [turn.text for turn in bot.turns] == ["Question 0"]


async def test_a_human_called_by_the_bot_gets_the_bot_s_last_words_before_the_waiting_text(rig: Rig) -> None:
    bot = Thinking(Answer("I will fetch somebody.", human="The flow asks for a person."))
    bot.may_answer.set()
    employ(rig, bot)
    customer = rig.customer("web", "priya")
    await customer.says("Where is my order?")
    await customer.hears(lambda text: "A person from our team" in text, "the waiting text")
    assert customer.heard == ["I will fetch somebody.", "A person from our team will join you here shortly."]
    card = await rig.team.card_of("Priya")
    assert "The flow asks for a person." in (card.text or "")


async def test_while_it_thinks_typing_is_shown_at_what_they_said(rig: Rig) -> None:
    bot = Thinking()
    employ(rig, bot)
    await rig.customer("whatsapp").says("Where is my order?")
    await bot.asked.wait()
    [shown] = [it for it in rig.history("whatsapp", "messages") if "typing_indicator" in it.raw]
    said = await rig.read(lambda tx: tx.one("SELECT platform_id FROM message WHERE author = 'customer'"))
    assert (shown.id,) == said


@pytest.mark.parametrize(("can", "heard"), [(True, "Which one?"), (False, "Which one?\n- Green\n- Black")])
async def test_choices_are_written_out_where_there_are_no_buttons(rig: Rig, can: bool, heard: str) -> None:
    house = rig.bridge.desk.house
    doorway = house.doorways["telegram"]
    door = replace(doorway, can=replace(doorway.can, buttons="both" if can else ""))
    rig.bridge.desk.house = replace(house, doorways={**house.doorways, "telegram": door})
    bot = Thinking(Answer("Which one?", choices=("Green", "Black")))
    bot.may_answer.set()
    employ(rig, bot)
    customer = rig.customer("telegram")
    await customer.says("Tea, please")
    assert await customer.hears(lambda text: "Which one?" in text, "the question") == heard
    [sent] = rig.history("telegram", "sendMessage")
    assert ("reply_markup" in sent.raw) is can
