"""A flow asks, keeps answers, branches and hands off; whatever a customer writes, it stays on its feet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.bots import build
from bridge.bots.flow import FlowBot
from bridge.ports import Bot, Turn

Talk = Callable[..., Any]
Write = Callable[[str, str], Path]

FLOW = """
commands:
  start over: name
steps:
  - id: name
    ask: What is your name?
  - id: mail
    ask: "Your e-mail, {{name}}?"
    check: email
    store: address
  - id: guests
    ask: How many guests?
    check: number
    optional: yes
  - id: drink
    ask: Tea or coffee?
    choices: {Tea: tea, Coffee: coffee}
  - id: tea
    say: Tea it is.
    next: done
  - id: coffee
    say: We have none.
    hand_off: "{{name}} wants coffee."
    next: done
  - id: done
    say: "See you, {{customer.name}}."
    by: guests
    next: {"": end, else: party}
  - id: party
    say: "Bring your {{guests}} guests."
"""


@pytest.fixture
def flow(write: Write) -> FlowBot:
    bot = build({"party": {"kind": "flow", "file": "f.yaml"}}, write("f.yaml", FLOW), {})["party"]
    assert isinstance(bot, FlowBot)
    return bot


async def test_answers_are_kept_under_their_names_and_fill_later_texts(flow: FlowBot, talk: Talk) -> None:
    maria = talk(flow)
    assert (await maria.says("hello")).text == "What is your name?"
    assert (await maria.says("  Maria  Rossi ")).text == "Your e-mail, Maria Rossi?"
    await maria.says("it is maria@example.com, thanks")
    await maria.says("about 12 I think")
    last = await maria.says("tea please")
    assert last.text == "Tea it is.\n\nSee you, Maria.\n\nBring your 12 guests."
    assert last.stage == ""
    assert maria.answers == {"name": "Maria Rossi", "address": "maria@example.com", "guests": "12", "drink": "Tea"}
    assert flow.names == {"name", "address", "guests", "drink"}


async def test_an_answer_that_does_not_fit_is_asked_again_and_counts_as_unsure(flow: FlowBot, talk: Talk) -> None:
    maria = talk(flow, "mail", {"name": "Maria"})
    again = await maria.says("no idea")
    assert (again.stage, again.unsure) == ("mail", True)
    assert "e-mail address" in again.text
    assert not (await maria.says("maria@example.com")).unsure


async def test_a_blank_message_is_no_answer(flow: FlowBot, talk: Talk) -> None:
    assert (await talk(flow, "name").says("")).stage == "name"


async def test_an_optional_question_can_be_skipped(flow: FlowBot, talk: Talk) -> None:
    maria = talk(flow, "guests", {"name": "Maria"})
    assert (await maria.says("skip")).stage == "drink"
    assert (await maria.says("1")).text == "Tea it is.\n\nSee you, Maria."


@pytest.mark.parametrize("text", ["Coffee", "COFFEE!", "2", "2.", "a coffee would be nice", "cóffee"])
async def test_a_choice_is_understood_by_word_and_by_number(flow: FlowBot, talk: Talk, text: str) -> None:
    assert (await talk(flow, "drink", {"name": "Maria"}).says(text)).text == "We have none."


@pytest.mark.parametrize("text", ["tea or coffee", "milk", "3", "0", "²"])
async def test_what_names_no_single_choice_is_asked_again(flow: FlowBot, talk: Talk, text: str) -> None:
    answer = await talk(flow, "drink").says(text)
    assert (answer.stage, answer.choices, answer.unsure) == ("drink", ("Tea", "Coffee"), True)


async def test_a_hand_off_names_its_reason_and_goes_on_after_the_hand_back(flow: FlowBot, talk: Talk) -> None:
    maria = talk(flow, "drink", {"name": "Maria", "guests": ""})
    handed = await maria.says("coffee")
    assert (handed.human, handed.stage) == ("Maria wants coffee.", "coffee")
    after = await maria.says("so what now?")
    assert (after.text, after.human, after.stage) == ("See you, Maria.", "", "")


async def test_a_command_works_in_the_middle(flow: FlowBot, talk: Talk) -> None:
    assert (await talk(flow, "drink", {"name": "M"}).says("Start over!")).stage == "name"


async def test_thanks_after_the_end_does_not_begin_again(flow: FlowBot, talk: Talk) -> None:
    assert (await talk(flow, "", {"name": "Maria"}).says("thank you")).text == "You are welcome!"


async def test_a_stage_of_an_older_file_begins_anew(flow: FlowBot, talk: Talk) -> None:
    assert (await talk(flow, "no such step", {}).says("hello")).stage == "name"


async def test_an_answer_with_braces_is_not_expanded(flow: FlowBot, talk: Talk) -> None:
    assert (await talk(flow, "name").says("{{customer.name}}")).text == "Your e-mail, {{customer.name}}?"


async def test_what_does_not_belong_to_the_flow_goes_to_the_other_bot(shop: dict[str, Bot], talk: Talk) -> None:
    maria = talk(shop["shop"])
    assert "working days" in (await maria.says("How long does delivery take?")).text
    offered = await maria.says("do you sell blue dragons")
    assert (offered.unsure, offered.stage) == (True, "knowledge: a person was offered")
    assert (await maria.says("yes please")).human
    assert (await maria.says("I want to return an item")).stage == "order_number"


async def test_an_aside_is_answered_and_the_question_asked_again(shop: dict[str, Bot], talk: Talk) -> None:
    maria = talk(shop["shop"], "order_number")
    aside = await maria.says("how do I descale a kettle?")
    assert aside.text.startswith("Fill it half with water")
    assert aside.text.endswith("What is your order number? It begins with MK and is in our e-mail to you.")
    assert (aside.stage, aside.unsure) == ("order_number", False)


@pytest.mark.parametrize(
    ("said", "human", "stage"),
    [
        (("return an item", "mk-20417", "1", "not opened", "m@example.com"), "", ""),
        (("return an item", "MK20417", "changed my mind", "2"), "Wants to return opened goods from order MK20417.", ""),
        (
            ("it came broken", "MK-20417", "broken", "the lid", "new one"),
            "Order MK-20417 arrived broken (the lid). Wants: A new one.",
            "",
        ),
        (("you sent the wrong item", "MK-20417", "3", "a kettle", "cancel"), "", ""),
    ],
)
async def test_the_shop_takes_things_back(
    shop: dict[str, Bot], talk: Talk, said: tuple[str, ...], human: str, stage: str
) -> None:
    maria = talk(shop["shop"])
    for text in said[:-1]:
        assert not (await maria.says(text)).unsure
    last = await maria.says(said[-1])
    assert (last.human, last.stage) == (human, stage)
    assert last.text


@given(
    said=st.lists(st.text() | st.sampled_from(["MK-20417", "1", "2", "3", "a@b.co", "return it", "cancel"]), max_size=8)
)
@settings(deadline=None, max_examples=60)
async def test_whatever_is_written_the_stage_is_one_that_the_bot_knows(shop: dict[str, Bot], said: list[str]) -> None:
    bot = shop["shop"]
    assert isinstance(bot, FlowBot)
    known = {"", "knowledge: a person was offered", *bot._flow.steps}
    stage, answers = "", dict[str, str]()
    for text in said:
        answer = await bot.answer(Turn(text, text, stage=stage, answers=answers))
        assert answer.stage in known
        assert answer.text
        assert all(len(kept) <= 500 for kept in answer.answers.values())
        stage, answers = answer.stage, dict(answer.answers)
