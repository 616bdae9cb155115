"""Texts are made comparable, cut and taken apart."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.language.words import cut, fold, sentences, words


def test_case_accents_widths_and_stretching_are_folded_away() -> None:
    assert fold("  HÉLLO   Ｗorld ") == "hello world"
    assert fold("pleaseeee İnsan ŁÓDŹ Straße") == "please insan lodz strasse"
    assert fold("h\u200bu\u00adman") == "human"
    assert words("Don't—stop, ¡mañana! हिन्दी") == ["don't", "stop", "manana", "हिन्दी"]


@given(st.text())
def test_folding_twice_changes_nothing_that_matters(text: str) -> None:
    assert words(fold(text)) == words(text)


@given(st.text(), st.integers(2, 50))
def test_a_cut_text_is_never_longer_than_allowed(text: str, most: int) -> None:
    shortened = cut(text, most)
    assert len(shortened) <= most
    assert shortened == text or shortened.endswith("…")


def test_sentences_end_in_every_script() -> None:
    assert sentences("One. Two!\nThree？四。") == ["One.", "Two!", "Three？", "四。"]
    assert sentences("costs 3.90 today") == ["costs 3.90 today"]
