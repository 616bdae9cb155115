"""What a bot is asked for a suggested reply: the customer's last words that have substance, with the demo's pages."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bridge import bots
from bridge.content import Author, AuthorKind, Line
from bridge.courier.drafts import MOST_ASKED, questions
from bridge.demo.stage import SHOP
from bridge.ports import Bot, Turn

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
NORWAY, HUMAN = "Do you ship to Norway?", "I want to talk to a human"
WHO: dict[str, AuthorKind] = {"": "customer", "bot: ": "bot", "ana: ": "agent"}


def said(*texts: str) -> list[Line]:
    """Lines of the customer, unless they say whose they are."""
    lines: list[Line] = []
    for text in texts:
        mark = next((each for each in WHO if each and text.startswith(each)), "")
        lines.append(Line(Author(WHO[mark], ""), text.removeprefix(mark), NOW))
    return lines


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        ((NORWAY,), [NORWAY]),
        ((NORWAY, HUMAN), [NORWAY]),
        ((NORWAY, "bot: To 20 countries.", HUMAN, "Human!!!", "agent please", "ana: Hello, here is Ana."), [NORWAY]),
        ((NORWAY, "Quiero hablar con una persona"), [NORWAY]),
        (("Where is my parcel?", NORWAY, HUMAN), [NORWAY]),
        ((NORWAY, HUMAN, "??", "👍"), [NORWAY]),
        ((NORWAY, HUMAN, "Hello?", "Good morning"), [NORWAY]),
        (("Where is my parcel?", f"{HUMAN}. {NORWAY}"), [NORWAY, "Where is my parcel?"]),
        ((NORWAY, "I want a refund, get me a human"), ["I want a refund, get me a human", NORWAY]),
        ((NORWAY, "It has been nine days. I want to talk to a human."), ["It has been nine days.", NORWAY]),
        ((NORWAY, HUMAN, "My kettle is broken"), ["My kettle is broken"]),
        ((NORWAY, "Thank you!"), ["Thank you!"]),
        (("Hello", HUMAN), ["Hello"]),
        ((HUMAN,), []),
        (("ana: Do you ship to Norway?",), []),
        ((), []),
        ((NORWAY, *["I want a refund, get me a human"] * 9), ["I want a refund, get me a human"] * MOST_ASKED),
    ],
)
def test_the_last_words_with_substance_are_asked(texts: Sequence[str], asked: list[str]) -> None:
    lines = said(*texts)
    found = questions(lines)
    assert [text for _, text in found] == asked
    assert all(text in lines[number].text for number, text in found)


@pytest.fixture(scope="module")
def knowledge() -> Bot:
    """The demo's pages."""
    return bots.build(tomllib.loads(SHOP.read_text())["bots"], SHOP.parent, {})["knowledge"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How long does delivery take?", "2 to 3 working days"),
        ("how do I cancel my subscription", "the 20th"),
        ("what's the warranty on electric kettles", "three years"),
    ],
)
async def test_the_demo_s_pages_answer_it(knowledge: Bot, question: str, told: str) -> None:
    [(_, asked)] = questions(said(question, "bot: I am not sure about that one.", HUMAN))
    assert told in (await knowledge.answer(Turn(asked, "Maria"))).text
