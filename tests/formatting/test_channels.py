"""From Slack to each channel and back again: the words are the same, and nothing is marked that was not."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from bridge.content import Author, Part, clean
from bridge.customer_channels.telegram import entities
from bridge.customer_channels.web import events
from bridge.customer_channels.whatsapp import formatting
from bridge.marks import Span, joined, linked, marked, marks_of, quoted, runs, same, styled, unquoted
from bridge.team_workspace.inert import as_marked
from bridge.team_workspace.rich_text import read

from .generated import MESSAGES, PLAIN, TEXTS

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
URL = "https://tea.example/a"
SHOWN = joined(["👋 ", styled("tea", "bold"), ", ", styled("hot", "bold", "italic"), " ", styled("now", "strike")])


def looks(text: str, *but: str) -> list[tuple[str, frozenset[str]]]:
    """Each character that is seen, and how it looks."""
    seen = ((sign, kinds - set(but)) for piece, kinds in runs(text) for sign in piece)
    return [(sign, kinds) for sign, kinds in seen if sign != formatting.UNSEEN]


def on_the_web(text: str) -> dict[str, Any]:
    return orjson.loads(events.said(Part(Author("agent", "Ana"), text), "k", NOW))


def heard(event: dict[str, Any]) -> str:
    """What a browser shows of it: it counts in UTF-16 units."""
    wide = event["text"].encode("utf-16-le")
    at = {len(event["text"][:end].encode("utf-16-le")) // 2: end for end in range(len(event["text"]) + 1)}
    assert len(wide) // 2 in at
    return marked(event["text"], [Span(at[it[0]], at[it[1]], *it[2:]) for it in event.get("marks", [])])


def test_telegram_gets_entities_beside_the_words() -> None:
    assert entities.with_entities("text", SHOWN) == {
        "text": "👋 tea, hot now",
        "entities": [
            {"type": "bold", "offset": 3, "length": 3},
            {"type": "bold", "offset": 8, "length": 3},
            {"type": "italic", "offset": 8, "length": 3},
            {"type": "strikethrough", "offset": 12, "length": 3},
        ],
    }
    assert entities.with_entities("caption", "*tea*") == {"caption": "*tea*"}


def test_telegram_gets_links_quotes_and_blocks_of_its_own() -> None:
    text = joined([linked("the form", URL), "\n", quoted("a\nb"), "\n", styled("x = 1", "block")])
    sent = entities.with_entities("text", text)
    found = sent["entities"]
    assert sent["text"] == f"the form ({URL})\na\nb\nx = 1"
    assert [(it["type"], it["offset"], it["length"]) for it in found] == [
        ("text_link", 0, 8), ("blockquote", 33, 3), ("pre", 37, 5),
    ]  # fmt: skip
    assert same(entities.read(sent["text"], found), text)


@pytest.mark.parametrize(
    ("words", "entity", "expected"),
    [
        ("👋 tea", {"type": "bold", "offset": 3, "length": 3}, joined(["👋 ", styled("tea", "bold")])),
        ("the form!", {"type": "text_link", "offset": 0, "length": 8, "url": URL}, linked("the form", URL) + "!"),
        ("me!", {"type": "text_link", "offset": 0, "length": 2, "url": "tg://user?id=7"}, "me (tg://user?id=7)!"),
        ("so\nit is", {"type": "expandable_blockquote", "offset": 3, "length": 5}, joined(["so\n", quoted("it is")])),
        ("👋 tea", {"type": "bold", "offset": 1, "length": 1}, "👋 tea"),
        ("tea", {"type": "bold", "offset": -4, "length": 99}, styled("tea", "bold")),
        ("tea", {"type": "bold", "offset": "0", "length": 3}, "tea"),
        ("tea", {"type": "text_link", "offset": 0, "length": 3, "url": 7}, "tea"),
        ("tea", {"type": "text_link", "offset": 0, "length": 3}, "tea"),
        ("tea", {"type": "spoiler", "offset": 0, "length": 3}, "tea"),
        ("tea", "bold", "tea"),
    ],
)
def test_what_telegram_says_is_marked(words: str, entity: Any, expected: str) -> None:
    assert same(entities.read(words, [entity]), expected)


def test_whatsapp_gets_signs_around_the_words() -> None:
    text = joined([SHOWN, ": ", styled("x_1", "code"), "\n", styled("a\nb", "block")])
    assert formatting.written(text, 4096) == "👋 *tea*, *_hot_* ~now~: `x_1`\n```a\nb```"
    assert formatting.written(text, 30) == str(text)


@pytest.mark.parametrize("words", ["snake_case_name", "2 * 3 * 4", "~100", "*", "a*b*c", "https://tea.example/*_x_*"])
def test_what_whatsapp_does_not_take_for_signs_stays_untouched(words: str) -> None:
    assert formatting.written(words, 4096) == words
    assert same(formatting.read(words), words)


@pytest.mark.parametrize(
    "words", ["*tea*", "_tea_ ", "(~tea~)", "`tea`", "```tea```", "*_tea_*", "* *tea*", "__init__"]
)
def test_signs_that_somebody_typed_are_not_taken_for_ours(words: str) -> None:
    sent = formatting.written(words, 4096)
    assert sent.replace(formatting.UNSEEN, "") == words
    assert marks_of(formatting.read(sent)) == ()


@pytest.mark.parametrize(
    "text",
    [styled("half", "bold") + "word", joined([styled("a", "bold"), styled("b", "italic")]), styled("2*2", "bold")],
)
def test_what_whatsapp_has_no_signs_for_goes_out_plain(text: str) -> None:
    assert formatting.read(formatting.written(text, 4096)).replace(formatting.UNSEEN, "") == text


def test_what_whatsapp_says_is_marked() -> None:
    assert same(formatting.read("👋 *tea*, *_hot_* ~now~"), SHOWN)
    assert same(formatting.read("so\n> it is\n> so\nbye"), marked("so\n> it is\n> so\nbye", [Span(3, 15, "quote")]))


def test_a_page_gets_marks_beside_the_words() -> None:
    assert on_the_web(SHOWN)["marks"] == [[3, 6, "bold"], [8, 11, "bold"], [8, 11, "italic"], [12, 15, "strike"]]
    assert on_the_web(joined(["a\n", quoted("b")]))["text"] == "a\nb"
    assert "marks" not in on_the_web("tea")


def test_nobody_is_told_how_deleted_words_were_marked() -> None:
    event = events.said(Part(Author("agent", "Ana"), SHOWN), "k", NOW)
    assert "marks" not in orjson.loads(events.without_words(event, "k"))


def test_the_thread_shows_what_is_marked_and_nothing_that_calls_anybody() -> None:
    elements = as_marked(joined([styled("<!here>", "bold", "strike"), styled(" x", "block")]))
    assert elements == [
        {"type": "text", "text": "<!here>", "style": {"bold": True, "strike": True}},
        {"type": "text", "text": " x", "style": {"code": True}},
    ]
    many = joined([piece for _ in range(150) for piece in (styled("a", "bold"), "b")])
    assert as_marked(many) == [{"type": "text", "text": "ab" * 150}]


def carried(text: str) -> None:
    """Through each channel, and as an agent sees it again."""
    text = clean(text).strip()
    there = unquoted(text)
    if text:
        call = entities.with_entities("text", text)
        assert same(entities.read(call["text"], call.get("entities")).strip(), text)
        assert same(heard(on_the_web(text)), there)
    sent = formatting.written(text, 1_000_000)
    back = looks(formatting.read(sent), "quote", "link")
    before = looks(text, "quote", "link")
    assert [sign for sign, _ in back] == [sign for sign, _ in before]
    assert all(kinds <= known for (_, kinds), (_, known) in zip(back, before, strict=True))
    shown = read(
        {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": as_marked(text)}]}]},
        {},
    )
    assert shown.text.replace("🍵", ":tea:") == text.replace("🍵", ":tea:")


@given(TEXTS)
@settings(max_examples=250, deadline=None)
def test_any_text_through_every_channel(texts: list[str]) -> None:
    for text in texts:
        carried(text)


@given(MESSAGES)
@settings(max_examples=250, deadline=None)
def test_whatever_slack_sends_through_every_channel(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        carried(read(message, {}).text)


@given(PLAIN)
@settings(max_examples=250, deadline=None)
def test_what_nobody_marked_through_every_channel(texts: list[str]) -> None:
    for text in texts:
        carried(text)
        assert marks_of(formatting.read(formatting.written(text, 1_000_000))) == ()
