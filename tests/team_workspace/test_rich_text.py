"""An agent's message as a customer reads it, from the samples' shapes of rich text and from plain mrkdwn."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.team_workspace.rich_text import Reading, emoji, people_in, read

NAMES = {"U1": "Ben", "U2": "Clea"}


def section(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(parts)}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words, "style": style} if style else {"type": "text", "text": words}


def bullets(style: str, *items: str, **more: int) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(item)) for item in items], **more}


def of(*paragraphs: dict[str, Any], also: str = "") -> Reading:
    return read({"text": also, "blocks": [{"type": "rich_text", "elements": list(paragraphs)}]}, NAMES)


LINK = {"type": "link", "url": "https://example.com/a?b=1&c=2"}

BLOCKS: list[tuple[str, dict[str, Any], str]] = [
    ("words", section(text("It is on its way.")), "It is on its way."),
    ("styles are dropped", section(text("very", bold=True), text(" soon", italic=True)), "very soon"),
    ("entities are what they look like", section(text("a < b && c > d")), "a < b && c > d"),
    ("a bare link", section(LINK), "https://example.com/a?b=1&c=2"),
    ("a named link", section(LINK | {"text": "the form"}), "the form (https://example.com/a?b=1&c=2)"),
    (
        "an address Slack found",
        section({"type": "link", "url": "http://example.com", "text": "example.com"}),
        "example.com",
    ),
    ("a mail address", section({"type": "link", "url": "mailto:a@b.es", "text": "a@b.es"}), "a@b.es"),
    ("an unnamed mail address", section({"type": "link", "url": "mailto:a@b.es"}), "a@b.es"),
    ("an emoji with code points", section({"type": "emoji", "name": "x", "unicode": "1f44d-1f3fd"}), "👍🏽"),
    ("an emoji by name", section({"type": "emoji", "name": "+1", "skin_tone": 2}), "👍🏻"),
    ("an emoji of the workspace", section({"type": "emoji", "name": "our-logo"}), ":our-logo:"),
    ("an emoji left in the words", section(text("done :tada:!")), "done 🎉!"),
    ("code keeps its colons", section(text(":tada:", code=True)), ":tada:"),
    ("preformatted", {"type": "rich_text_preformatted", "elements": [text("x = 1\ny = 2")]}, "x = 1\ny = 2"),
    ("a quote", {"type": "rich_text_quote", "elements": [text("you said\nthis")]}, "> you said\n> this"),
    ("bullets", bullets("bullet", "one", "two"), "• one\n• two"),
    ("bullets inside bullets", bullets("bullet", "deep", indent=1), "◦ deep"),
    ("numbers", bullets("ordered", "one", "two"), "1. one\n2. two"),
    ("numbers that go on", bullets("ordered", "three", offset=2), "3. three"),
    ("a date", section({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "Monday"}), "Monday"),
    ("a colour", section({"type": "color", "value": "#ff0000"}), "#ff0000"),
    ("something new", section({"type": "hologram", "fallback": "a cat"}), "a cat"),
]


@pytest.mark.parametrize(("paragraph", "expected"), [pytest.param(*row[1:], id=row[0]) for row in BLOCKS])
def test_blocks(paragraph: dict[str, Any], expected: str) -> None:
    assert of(paragraph) == Reading(expected)


def test_paragraphs_stand_on_lines_of_their_own() -> None:
    several = (section(text("Do this:\n")), bullets("ordered", "open", "close"), section(text("\nThanks")))
    assert of(*several).text == "Do this:\n1. open\n2. close\nThanks"


def test_mentions_are_named_and_listed_once_each() -> None:
    parts = (
        {"type": "user", "user_id": "U1"},
        text(" "),
        {"type": "user", "user_id": "U1"},
        text(" "),
        {"type": "user", "user_id": "U9"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "broadcast", "range": "here"},
    )
    reading = of(section(*parts), also="<@U1> <@U9> <#C1|billing> <!subteam^S1|@night-shift> <!here>")
    assert reading.text == "@Ben @Ben @U9#billing@night-shift@here"
    assert reading.mentions == ("@Ben", "@U9", "#billing", "@night-shift", "@here")


MRKDWN = [
    ("plain", "It is on its way.", "It is on its way.", ()),
    ("entities", "1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2", ()),
    ("an escaped entity stays one", "&amp;lt;", "&lt;", ()),
    ("a link", "<https://a.es/x|the form> <https://a.es/x>", "the form (https://a.es/x) https://a.es/x", ()),
    ("a link named by itself", "<https://a.es/|a.es>", "a.es", ()),
    ("a phone number", "<tel:+34600|+34600>", "+34600", ()),
    ("a person", "ask <@U1>", "ask @Ben", ("@Ben",)),
    ("a person Slack named", "ask <@U7|dora>", "ask @dora", ("@dora",)),
    ("a channel", "in <#C1|billing>, <#C2|> ", "in #billing, #channel", ("#billing", "#channel")),
    ("everybody", "<!channel> <!here|here>", "@channel @here", ("@channel", "@here")),
    ("a group", "<!subteam^S1|@night> <!subteam^S2>", "@night @group", ("@night", "@group")),
    ("a date", "<!date^1392734382^{date}|on Tuesday>", "on Tuesday", ()),
    ("emoji", ":tada: :+1::skin-tone-3: :no-such-one:", "🎉 👍🏼 :no-such-one:", ()),
    ("a time of day is no emoji", "at 10:100:30 o'clock", "at 10:100:30 o'clock", ()),
    ("a quote", "&gt; you said", "> you said", ()),
    ("nothing", "", "", ()),
]


@pytest.mark.parametrize(("said", "expected", "mentions"), [pytest.param(*row[1:], id=row[0]) for row in MRKDWN])
def test_mrkdwn(said: str, expected: str, mentions: tuple[str, ...]) -> None:
    assert read({"text": said}, NAMES) == Reading(expected, mentions)


def test_blocks_that_are_not_rich_text_leave_the_text_to_speak() -> None:
    assert read({"text": "hello", "blocks": [{"type": "section"}]}, {}).text == "hello"
    assert read({"text": None}, {}).text == ""


def test_what_no_database_takes_is_left_out() -> None:
    assert of(section(text("a\0b\ud800c"))).text == "ab�c"


def test_everybody_mentioned_is_found_in_blocks_and_in_text() -> None:
    nested = bullets("bullet", "x")
    nested["elements"][0]["elements"].append({"type": "user", "user_id": "U2"})
    blocks = [{"type": "rich_text", "elements": [section({"type": "user", "user_id": "U1"}), nested]}]
    assert people_in({"text": "<@U3|x> <@W4> <#C1> <!here>", "blocks": blocks}) == {"U1", "U2", "U3", "W4"}


def test_names_of_flags_are_known_with_either_kind_of_dash() -> None:
    assert emoji("flag-de") == emoji("flag-es").replace("🇪🇸", "🇩🇪") == "🇩🇪"


@given(st.text())
@settings(deadline=None)
def test_words_without_emoji_names_arrive_as_they_were_typed(words: str) -> None:
    words = words.replace(":", "").replace("\0", "").strip()
    typed = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert read({"text": typed}, {}).text == words
    assert of(section(text(words))).text == words if words else True


@given(st.text(alphabet="<>@#!|^&;:lgtamp U1 here"))
@settings(deadline=None)
def test_no_text_of_any_kind_upsets_the_reader(words: str) -> None:
    people_in({"text": words})
    assert "<@U1>" not in read({"text": words}, NAMES).text or "&lt;" in words
