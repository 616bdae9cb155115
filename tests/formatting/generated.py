"""Texts to try: made of what goes wrong (signs, blanks, emoji, accents, addresses), and marked at random."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from bridge.marks import Span, marked

Json = dict[str, Any]
T = TypeVar("T")

_DATA = Path("shared", "data", "support_conversations.jsonl")

_PIECES = (
    *("a", "tea", "5", " ", "  ", "\n", "\n\n", ". ", "!", "(", ")", "-", "é", "e\u0301", "नि", "กำ", "שָ", "한"),
    *("👋", "👍🏽", "👨‍👩‍👧", "🇪🇸", "❤️", "*", "_", "~", "`", "```", "**", ">", "> ", "• ", "1. ", "@ana", ":tea:"),
    *("https://tea.example/_x_", "www.tea.example", "&amp;", "<b>", "\x1e", '\x1e[[0,3,"bold"]]'),
)
_INLINE = ("bold", "italic", "strike", "code", "block")

_STYLES = ("bold", "italic", "strike", "code")
_PARTS = ("rich_text_section", "rich_text_section", "rich_text_quote", "rich_text_preformatted")
_LABELS = ("", "the form", "tea.example", "👋")
_ADDRESSES = ("https://tea.example/a?b=1", "mailto:a@tea.example")
TOGETHER = 20
"""Texts of one example: to draw each of them by itself takes hypothesis longer than the tests of it."""


def _words(dice: Random) -> str:
    return "".join(dice.choices(_PIECES, k=dice.randrange(16)))


def _text(dice: Random) -> str:
    words, spans = _words(dice), list[Span]()
    for _ in range(dice.randrange(5)):
        start = dice.randint(0, len(words))
        spans.append(Span(start, start + dice.randint(1, 12), dice.choice(_INLINE)))
    return marked(words, spans)


def _element(dice: Random) -> Json:
    if not dice.randrange(6):
        return {"type": "link", "url": dice.choice(_ADDRESSES), "text": dice.choice(_LABELS)}
    style = {kind: True for kind in _STYLES if not dice.randrange(4)}
    return {"type": "text", "text": _words(dice).replace("\x1e", "")} | ({"style": style} if style else {})


def _message(dice: Random) -> Json:
    parts = [
        {"type": dice.choice(_PARTS), "elements": [_element(dice) for _ in range(dice.randrange(4))]}
        for _ in range(dice.randint(1, 3))
    ]
    return {"text": "", "blocks": [{"type": "rich_text", "elements": parts}]}


def _some(make: Callable[[Random], T]) -> st.SearchStrategy[list[T]]:
    def of(seed: int) -> list[T]:
        dice = Random(seed)
        return [make(dice) for _ in range(TOGETHER)]

    return st.integers(0, 2**32).map(of)


TEXTS = _some(_text)
"""Words that are marked in a line, or as a block."""
MESSAGES = _some(_message)
"""What Slack sends."""


def said() -> list[str]:
    """What people really wrote; nothing where that is not at hand."""
    beside = (folder / _DATA for folder in Path(__file__).parents)
    found = next((path for path in beside if path.exists()), None)
    talks = map(json.loads, found.read_text("utf-8").splitlines()) if found else ()
    return [turn["text"] for talk in talks for turn in talk["turns"]]
