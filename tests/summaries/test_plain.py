"""The offline summary says what was said, and finds what an agent would look up."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.content import Author, Line
from bridge.ports import Summary
from bridge.summaries.facts import facts
from bridge.summaries.plain import summary

Lines = Callable[..., list[Line]]


def test_a_conversation_is_summarised(lines: Lines) -> None:
    told = summary(
        lines(
            ("customer", "Hello!"),
            ("bot", "Hello, how can I help?"),
            ("customer", "Order MK-20417. My green teapot arrived broken yesterday, the lid is in pieces."),
            ("bot", "Teapots can be exchanged.\nKeep the box."),
            ("customer", "I would like my money back, 39.90 €. Write to maria@example.com"),
            ("system", "waiting"),
            ("customer", "Can I talk to a person?"),
        )
    )
    assert told == Summary(
        subject="My green teapot arrived broken yesterday, the lid is in pieces.",
        asked="Order MK-20417. My green teapot arrived broken yesterday, the lid is in pieces.",
        tried="Teapots can be exchanged. Keep the box.",
        wants="I would like my money back, 39.90 €. To talk to a person.",
        last_words="Can I talk to a person?",
        language="en",
        facts=("order MK-20417", "e-mail maria@example.com", "amount 39.90 €"),
        mood="calm",
        offline=True,
    )


def test_a_first_message_that_asks_for_a_person_has_a_summary_too(lines: Lines) -> None:
    told = summary(lines(("customer", "agent!")))
    assert (told.subject, told.asked, told.tried, told.wants) == (
        "Wants to talk to a person",
        "—",
        "—",
        "To talk to a person.",
    )


def test_nobody_said_anything(lines: Lines) -> None:
    told = summary(lines(("bot", "Hello!")))
    assert (told.subject, told.last_words, told.facts, told.mood) == ("", "", (), "")


@pytest.mark.parametrize(
    ("texts", "mood"),
    [
        (["Where is my order?"], "calm"),
        (["Where is my order?", "Thank you so much!"], "friendly"),
        (["This is ridiculous!"], "tense"),
        (["WHERE IS MY ORDER???!!!", "this is a scam, unacceptable!"], "upset"),
        (["¡Es una estafa!", "inaceptable, qué vergüenza"], "upset"),
    ],
)
def test_the_mood_is_that_of_the_last_messages(lines: Lines, texts: list[str], mood: str) -> None:
    assert summary(lines(*(("customer", text) for text in texts))).mood == mood


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Order ID #407-8108549-4567231 is late", ("order 407-8108549-4567231",)),
        ("order no. MK-20417, and invoice INV-88123", ("order MK-20417", "invoice INV-88123")),
        ("my Bestellung Nr. 448812 fehlt", ("order 448812",)),
        ("it is #A1234 I think", ("number A1234",)),
        ("AZ123456789 never came", ("number AZ123456789",)),
        ("write to a.b+c@shop.example.org.", ("e-mail a.b+c@shop.example.org",)),
        ("call +44 20 7946 0958 or 8765432109", ("phone +44 20 7946 0958", "phone 8765432109")),
        ("I paid $1,299.00 and Rs. 500, then 20 euros", ("amount $1,299.00", "amount Rs. 500", "amount 20 euros")),
        (
            "since 2026-03-01, or 1st of April 2026, or 3/4/26",
            ("date 2026-03-01", "date 1st of April 2026", "date 3/4/26"),
        ),
        ("my card is 4111 1111 1111 1111, order 4111111111111111", ()),
        ("order 4111111111111112 is no card", ("order 4111111111111112",)),
        ("nothing to see in 2 days", ()),
    ],
)
def test_facts_are_found(text: str, found: tuple[str, ...]) -> None:
    assert facts(text) == found


def test_a_link_and_hidden_characters_do_not_come_along(lines: Lines) -> None:
    told = summary(
        lines(("customer", "Please look\u202e at https://evil.example/x and refund me\x00 now, it is broken"))
    )
    assert told.asked == "Please look at [link] and refund me now, it is broken"


@given(st.lists(st.tuples(st.sampled_from(["customer", "bot", "agent", "system"]), st.text()), max_size=12))
def test_any_conversation_is_summarised_within_bounds(said: list[tuple[str, str]]) -> None:
    told = summary([Line(Author(kind, "x"), text, datetime(2026, 1, 1, tzinfo=UTC)) for kind, text in said])  # type: ignore[arg-type]
    assert len(told.subject) <= 80
    assert max(len(told.asked), len(told.tried), len(told.wants)) <= 140
    assert len(told.last_words) <= 280
    assert "\n" not in told.subject + told.asked + told.tried + told.wants
