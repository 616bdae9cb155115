"""Whatever customers, bots, agents and models write, Slack takes the message, and brings nothing in it to life."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bridge.content import Author, Line
from bridge.ports import Agent, Card, Choice, Lines, Notice, Other, Place, Summary, Transcript, Whisper
from bridge.sandbox.slack import blocks as block_kit
from bridge.sandbox.slack import live
from bridge.team_workspace.cards import card
from bridge.team_workspace.inert import WHISPER_TEXT, Message, escaped
from bridge.team_workspace.posts import post, told

RICH_TEXT = {"rich_text", "rich_text_section", "rich_text_quote", "text", "date"}
DEAD = RICH_TEXT | {"context", "plain_text", "actions", "button", "overflow"}
MENTION = re.compile(r"<[@#!a-zA-Z]")
ALIVE = [
    "<!channel>", "<!here|here>", "<@U0ANA>", "<#C0GENERAL|general>", "<https://evil.example|your bank>", "@everyone",
    "@here", "#general", "https://evil.example", "www.evil.example", "*bold*", "_it_", "~no~", "`code`", "```",
    "<!date^1392734382^{date}|now>", "<!subteam^S0AGENTS>", "&lt;!channel&gt;", "&", ":tada:", "[a](https://evil.es)",
    "> quote", "\u202eevil", "\x00", "\ud800", "\n\n", "{owner}", "<<", "mailto:a@b.c", "\u200b",
]  # fmt: skip
hostile = st.lists(st.sampled_from(ALIVE) | st.text(max_size=20), max_size=12).map("".join)
huge = st.builds(lambda text, times: text * times, hostile, st.sampled_from([50, 500]))
words = hostile | hostile | huge
moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
authors = st.builds(Author, st.sampled_from(["customer", "bot", "agent", "system"]), words)
lines = st.builds(Line, authors, words, moments, hostile)
summaries = st.builds(
    Summary, words, words, words, words, words, words, st.lists(hostile, max_size=40).map(tuple), words, st.booleans()
)
WAY = "https://slack.com/archives/C0SUPPORT/p175"
others = st.builds(Other, st.integers(1, 10**9), st.none() | st.just(Place("C0SUPPORT", "17.5")))
cards = st.builds(
    Card,
    st.integers(1, 10**9),
    st.sampled_from(["queued", "claimed", "handed_back", "ended"]),
    words,
    words,
    words,
    words,
    moments,
    st.none() | st.builds(Agent, st.just("U0ANA"), words),
    st.none() | summaries,
    words,
    words,
    st.lists(words, max_size=50).map(tuple),
    st.lists(others, max_size=50).map(tuple),
    st.none() | others,
)
choices = st.lists(
    st.builds(Choice, st.sampled_from("abcdef"), words, st.text(max_size=2000), st.sampled_from(["", "primary"])),
    max_size=60,
).map(tuple)
several = st.lists(lines, min_size=1, max_size=8).map(tuple)
many = st.builds(lambda some, times: some * times, several, st.sampled_from([1, 2, 40]))
posts = st.one_of(
    st.builds(Lines, several, words),
    st.builds(Transcript, many, words, st.sampled_from([0, 1, 10**9])),
    st.builds(Notice, words, words, choices),
)


def is_accepted_and_dead(message: Message, longest: int, ways: frozenset[str] = frozenset()) -> None:
    """Slack's own checks of the blocks, and a second opinion on what is alive: nothing but our own `ways`."""
    block_kit.checked(json.loads(json.dumps(message.blocks)))
    for block in Block.parse_all(message.blocks):
        block.validate_json()
    assert len(message.text) <= longest
    assert message.text.encode()
    alive = live.in_message({"text": message.text, "blocks": message.blocks, "parse": "none"}, {"general"})
    assert {*alive} <= {f"<{way}>" for way in ways}
    assert not MENTION.search(message.text)
    assert kinds(message.blocks) <= (DEAD | {"link"} if ways else DEAD)


def kinds(node: Any) -> set[str]:
    """Every `type` at any depth."""
    if isinstance(node, list):
        return set[str]().union(*map(kinds, node))
    if isinstance(node, dict):
        return kinds(list(node.values())) | ({node["type"]} if "type" in node else set())
    return set()


@given(cards)
@settings(max_examples=60, deadline=None)
def test_any_card_is_accepted_and_nothing_in_it_is_alive(drawn: Card) -> None:
    is_accepted_and_dead(card(drawn, lambda _: WAY), 4_000, frozenset({WAY}))  # the limit of chat.update


@given(posts)
@settings(max_examples=60, deadline=None)
def test_any_post_is_accepted_and_nothing_in_it_is_alive(posted: Lines | Transcript | Notice) -> None:
    is_accepted_and_dead(post(posted), 40_000)


@given(st.builds(Whisper, st.just("U1"), st.just("C1"), st.just("1.0"), words, words, choices))
@settings(max_examples=40, deadline=None)
def test_any_whisper_is_accepted_and_nothing_in_it_is_alive(whisper: Whisper) -> None:
    message = told(whisper, WHISPER_TEXT)
    is_accepted_and_dead(message, 4_000)
    assert len(message.text.encode()) <= 4_000


@given(words, st.integers(10, 5_000))
@example("&" * 10_000, 4_000)
@settings(deadline=None)
def test_escaped_text_keeps_to_its_limit_and_breaks_no_entity(text: str, most: int) -> None:
    result = escaped(text, most)
    assert len(result) <= most
    assert not re.sub(r"&(?:amp|lt|gt);", "", result).count("&")


def test_a_broadcast_in_the_text_for_ears_calls_nobody() -> None:
    assert escaped("@here @Everyone, ana@here.es", 100) == "@\u2060here @\u2060Everyone, ana@\u2060here.es"
