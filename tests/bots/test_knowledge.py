"""The knowledge bot answers what its pages say, and offers a person when they say nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.bots import build
from bridge.bots.knowledge import short
from bridge.bots.pages import Pages, Section, sections_of
from bridge.errors import WrongSetting
from bridge.ports import Bot, Turn

QUESTIONS = {
    "How long does delivery take?": "2 to 3 working days",
    "how much is shipping": "3.90",
    "do you ship to Japan": "Japan",
    "where is my order": "tracking link",
    "wher is my parcel??": "tracking link",
    "My parcel has not arrived, it is late": "three working days late",
    "it says delivered but I have nothing": "neighbours",
    "what is your return policy": "30 days",
    "when do I get my refund": "three working days",
    "can i pay with paypal": "PayPal",
    "my card was declined": "second confirmation",
    "i was charged twice!": "reservation",
    "how do i use a discount code": "checkout",
    "water temperature for green tea?": "80 °C",
    "how to remove limescale from my kettle": "citric acid",
    "is the kettle ok on induction": "induction",
    "what's the warranty on electric kettles": "three years",
    "how do I cancel my subscription": "the 20th",
    "does rooibos have caffeine": "Rooibos",
    "are there nuts in your teas": "almonds",
    "when are you open": "10 am to 7 pm",
    "what's your address": "Harbour Lane",
    "what is your phone number": "talk to a person",
    "please delete my data": "deleted",
    "Order #123-4567890-1234567 is showing delivered but I have not received it.": "neighbours",
}
UNKNOWN = [
    "do you sell blue dragons?",
    "what is the capital of Peru",
    "asdf",
    "42",
    "??",
    "मेरा",
    "the second",
]


@pytest.mark.parametrize(("question", "told"), QUESTIONS.items())
async def test_a_question_finds_its_page(shop: dict[str, Bot], question: str, told: str) -> None:
    answer = await shop["knowledge"].answer(Turn(question, "Maria"))
    assert told in answer.text
    assert not answer.unsure


@pytest.mark.parametrize("question", UNKNOWN)
async def test_what_no_page_says_is_not_made_up(shop: dict[str, Bot], question: str) -> None:
    answer = await shop["knowledge"].answer(Turn(question, "Maria"))
    assert answer.unsure
    assert answer.choices == ("Talk to a person",)
    assert not answer.human


@pytest.mark.parametrize("agreed", ["yes", "Yes please!", "Talk to a person", "ok"])
async def test_who_takes_the_offer_gets_a_person(shop: dict[str, Bot], talk: Callable[..., Any], agreed: str) -> None:
    maria = talk(shop["knowledge"])
    await maria.says("blue dragons?")
    assert (await maria.says(agreed)).human
    assert maria.stage == ""


async def test_who_declines_the_offer_is_not_handed_over(shop: dict[str, Bot], talk: Callable[..., Any]) -> None:
    maria = talk(shop["knowledge"])
    await maria.says("blue dragons?")
    assert not (await maria.says("no thanks")).human
    assert not (await maria.says("yes")).human


async def test_courtesies_are_returned_and_answers_kept(shop: dict[str, Bot], talk: Callable[..., Any]) -> None:
    maria = talk(shop["knowledge"], answers={"order": "MK-1"})
    for text in ("hello", "thanks!", "bye"):
        assert not (await maria.says(text)).unsure
    assert maria.answers == {"order": "MK-1"}


def test_a_page_is_cut_at_its_headings() -> None:
    page = (
        "Before.\n# Orders\n\n## One\n<!-- also: first, the very first -->\nText\n```\n# no heading\n```\n## Empty\n"
        "### Two ##\nMore\n"
    )
    assert sections_of("my-page", page) == [
        Section("My page", "", "Before."),
        Section("Orders", "One", "Text\n```\n# no heading\n```", ("first", "the very first")),
        Section("Orders", "Two", "More"),
    ]


def test_a_section_reads_well_in_a_chat() -> None:
    text = "See **this** and\n[that](https://x.example/a) `now`.\n\n- one\n- two\n\n1. first\n2. second"
    assert short(Section("P", "H", text)) == (
        "See this and that (https://x.example/a) now.\n\n• one\n• two\n\n1. first\n2. second"
    )
    assert len(short(Section("P", "H", "word " * 1000))) <= 700


def test_a_question_cannot_reach_into_the_query() -> None:
    pages = Pages([Section("A", "Tea", "Green tea.")])
    for question in (
        '" OR title : "',
        "tea*",
        "NEAR(tea)",
        "tea AND NOT",
        "{title} : tea",
        "'; DROP TABLE pages;--",
        "\x00tea",
    ):
        pages.search(question)
    assert pages.search("green tea")[0].section.heading == "Tea"
    pages.close()


async def test_what_the_bot_says_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "a.md").write_text("# Tee\nGrüner Tee zieht zwei Minuten.")
    table = {"kind": "knowledge", "folder": "k", "says": {"unsure": "Das weiß ich nicht.", "person": "Mensch"}}
    bot = build({"wissen": table}, tmp_path, {})["wissen"]
    answer = await bot.answer(Turn("Blaue Drachen", "Maria"))
    assert (answer.text, answer.choices) == ("Das weiß ich nicht.", ("Mensch",))
    assert (await bot.answer(Turn("Wie lange zieht grüner Tee?", "Maria"))).text == "Grüner Tee zieht zwei Minuten."
    await bot.close()


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongSetting, match="no Markdown files"):
        build({"knowledge": {"folder": "empty"}}, tmp_path, {})
