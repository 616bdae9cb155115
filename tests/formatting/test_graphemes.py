"""What is seen as one character is never cut, in any writing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.content import split
from bridge.graphemes import boundary, whole

ONE = [
    "a", "\r\n", "é", "e\u0301", "e\u0301\u0323\u0308", "👋", "👋🏽", "❤️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇪🇸", "1️⃣",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "नि", "क्ष", "க்", "กำ", "ที่", "ລຳ", "שָׁ", "بّ", "각", "한", "ｶﾞ", "\u0600\u0661",
]  # fmt: skip


@pytest.mark.parametrize("character", ONE)
def test_one_character(character: str) -> None:
    text = f"x{character}y"
    inside = range(2, 1 + len(character))
    assert [boundary(text, at) for at in inside] == [1 for _ in inside]
    assert boundary(text, 1 + len(character)) == 1 + len(character)


def test_what_was_torn_is_put_together_and_a_half_by_itself_is_shown_as_one() -> None:
    assert whole("a\ud83d\ude00b\ud83dc\ude00") == "a😀b\ufffdc\ufffd"


@given(st.lists(st.sampled_from(ONE[2:]), min_size=1, max_size=30))
@settings(max_examples=500, deadline=None)
def test_characters_in_a_row(characters: list[str]) -> None:
    places, at = {0}, 0
    for character in characters:
        at += len(character)
        places.add(at)
    text = "".join(characters)
    assert {boundary(text, at) for at in range(len(text) + 1)} <= places
    rest = text
    for piece in split(text, 24):
        assert rest.startswith(piece)
        rest = rest[len(piece) :]
        assert len(text) - len(rest) in places
    assert not rest


def test_what_never_ends_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in split("e" + "\u0301" * 700, 300)] == [300, 300, 101]


def test_an_accent_stays_on_the_blank_that_it_stands_on() -> None:
    assert all(not piece.startswith("\u0301") for piece in split("tea and tea \u0301 tea", 13))
