"""How long texts are cut: never over the limit nor inside what is seen as one character, and only blanks are lost."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.content import places, split, time_of_day, units

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=400)
WORDY = st.lists(
    st.sampled_from(["tea", "a", "👋", "👨‍👩‍👧", "🇪🇸", "e\u0301", ". ", "\n", "\n\n", " ", "x" * 30]), max_size=60
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.one_of(TEXTS, WORDY.map("".join)), st.integers(20, 60))
def test_no_piece_is_over_the_limit_and_only_blanks_are_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(piece == piece.strip() for piece in pieces)


@given(WORDY.map("".join), st.integers(20, 60))
def test_what_is_seen_as_one_character_stays_together(text: str, limit: int) -> None:
    for piece in split(text, limit)[1:]:
        assert not unicodedata.combining(piece[0])
        assert piece[0] != "\u200d"
    assert not any(piece.endswith("\u200d") for piece in split(text, limit))


@given(TEXTS)
def test_units_are_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2
    assert places(text) == [units(text[:end]) for end in range(len(text) + 1)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        (" \n ", []),
        ("short", ["short"]),
        ("First paragraph.\n\nSecond one.", ["First paragraph.", "Second one."]),
        ("One sentence here. Another one.", ["One sentence here.", "Another one."]),
        ("words and words and words and more", ["words and words and", "words and more"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("👋" * 11, ["👋" * 10, "👋"]),
    ],
)
def test_cutting_at_twenty(text: str, pieces: list[str]) -> None:
    assert split(text, 20) == pieces


def test_a_moment_inside_a_sentence_is_left_to_the_reader_s_own_time_zone() -> None:
    assert time_of_day(datetime(2026, 11, 21, 9, 30, tzinfo=UTC)) == "<time 1795253400>"
