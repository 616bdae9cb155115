"""Texts to try: made of what goes wrong (signs, blanks, emoji, accents, addresses), and marked at random."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from bridge.marks import Span, marked

Json = dict[str, Any]
T = TypeVar("T")

_PIECES = (
    *("a", "tea", "5", " ", "  ", "\n", "\n\n", ". ", "!", "(", ")", "-", "é", "e\u0301", "नि", "กำ", "שָ", "한"),
    *("👋", "👍🏽", "👨‍👩‍👧", "🇪🇸", "❤️", "*", "_", "~", "`", "```", "**", ">", "> ", "• ", "1. ", "@ana", ":tea:"),
    *("https://tea.example/_x_", "www.tea.example", "&amp;", "<b>", "\x1e", '\x1e[[0,3,"bold"]]'),
)
_SAID = (
    *(
        "hi",
        "Hello",
        "ok..",
        "plz",
        "I'm",
        "it's",
        "don't",
        "nobody",
        "tea",
        "Größe",
        "señora",
        "ありがとう",
        "شكرا",
        "спасибо",
    ),
    *(
        "406-1234567-8901234",
        "#48213",
        "$9.99",
        "2:45 PM",
        "50%",
        "5*3",
        "2*3*4=24",
        "a_b_c",
        "~20",
        "x > y",
        "<3",
        "AT&T",
    ),
    *("[Correct Full Address]", "*", "**Important**", "_why_", "~no~", "`SKU-7`", "***", "___", "maria_k@tea.example"),
    *("https://tea.example/_x_?a=1&b=2", "👋", "👨‍👩‍👧", "🇪🇸", ":)", ";-)", ":tea:", "(see below)", "“so”", "!", "?!"),
)
_ENDS = (" ", " ", " ", " ", ", ", ". ", "... ", "! ", "? ", "\n", "\n\n", "\n- ", "\n* ", "\n1. ", "/", "")
_INLINE = ("bold", "italic", "strike", "code", "block")

_STYLES = ("bold", "italic", "strike", "code")
_PARTS = ("rich_text_section", "rich_text_section", "rich_text_quote", "rich_text_preformatted")
_LABELS = ("", "the form", "tea.example", "👋")
_ADDRESSES = ("https://tea.example/a?b=1", "mailto:a@tea.example")
TOGETHER = 20
"""Texts of one example: to draw each of them by itself takes hypothesis longer than the tests of it."""


def _words(dice: Random) -> str:
    return "".join(dice.choices(_PIECES, k=dice.randrange(16)))


def _plain(dice: Random) -> str:
    ends = (dice.choice(_ENDS) for _ in range(dice.randint(1, 30)))
    return "".join(dice.choice(_SAID) + end for end in ends).strip()


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
PLAIN = _some(_plain)
"""What customers write who mark nothing: in a hurry, in many languages, with signs that only look like marks."""
MESSAGES = _some(_message)
"""What Slack sends."""
