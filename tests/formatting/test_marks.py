"""Marked text: a text like any other, of which pieces stay marked, and which nobody can forge."""

import copy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import i18n
from bridge.content import clean, split, units
from bridge.marks import (
    SEPARATOR,
    Span,
    inserted,
    joined,
    linked,
    marked,
    marks_of,
    nested,
    packed,
    quoted,
    runs,
    same,
    styled,
    unpacked,
    unquoted,
    without,
)

from .generated import TEXTS

TEA = joined(["Your ", styled("tea", "bold"), " is ", styled("here", "bold", "italic"), "."])
URL = "https://tea.example/a"


def test_it_is_a_text_like_any_other() -> None:
    assert TEA == "Your tea is here."
    assert marks_of(TEA) == (Span(5, 8, "bold"), Span(12, 16, "bold"), Span(12, 16, "italic"))
    assert type(f"{TEA}") is type(TEA.upper()) is type(str(TEA)) is str


def test_pieces_of_it_stay_marked() -> None:
    assert same(TEA[6:13], joined([styled("ea", "bold"), " is ", styled("h", "bold", "italic")]))
    assert same("  " + TEA[5:8] + " ", joined(["  ", styled("tea", "bold"), " "]))
    assert same(styled(" tea \n", "bold").strip(), styled("tea", "bold"))
    assert marks_of(TEA[8:12]) == ()
    assert marks_of(without(TEA, re.compile("[aeiou]"))) == (
        Span(3, 4, "bold"),
        Span(7, 9, "bold"),
        Span(7, 9, "italic"),
    )
    assert same(copy.deepcopy(TEA), TEA)


@pytest.mark.parametrize(
    "span",
    [
        Span(3, 3, "bold"), Span(5, 2, "bold"), Span(90, 99, "bold"), Span(-9, 0, "bold"), Span(0, 3, "blink"),
        Span(0, 3, "bold", URL), Span(0, 3, "link"), Span(0, 3, "link", "javascript:alert(1)"),
        Span(0, 3, "link", "https://tea.example/\n"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_no_mark(span: Span) -> None:
    assert marks_of(marked("Your tea", [span])) == ()


def test_who_marks_every_letter_has_marked_nothing() -> None:
    assert marks_of(marked("a " * 500, [Span(2 * at, 2 * at + 1, "bold") for at in range(500)]))
    assert type(marked("a " * 501, [Span(2 * at, 2 * at + 1, "bold") for at in range(501)])) is str


def test_nothing_else_is_marked_inside_of_code() -> None:
    both = marked("a tea b", [Span(0, 7, "bold"), Span(2, 5, "code"), Span(3, 4, "link", URL)])
    assert marks_of(both) == (Span(0, 2, "bold"), Span(2, 5, "code"), Span(5, 7, "bold"))


def test_an_address_is_never_hidden() -> None:
    assert linked("the form", URL) == f"the form ({URL})"
    assert marks_of(linked("the form", URL)) == (Span(0, 8, "link", URL),)
    assert linked("tea.example/a", URL) == "tea.example/a"
    assert linked("", "mailto:a@tea.example") == "a@tea.example"
    assert marks_of(linked("write", "mailto:a@tea.example")) == ()


def test_a_quote_can_be_read_where_there_are_none() -> None:
    quote = joined(["He said\n", quoted(joined(["no", styled("w\nor", "bold")]))])
    assert quote == "He said\n> now\n> or"
    assert same(
        unquoted(quote), marked("He said\nnow\nor", [Span(8, 14, "quote"), Span(10, 11, "bold"), Span(12, 14, "bold")])
    )
    assert unquoted(quoted("")[:1]) == ">"


def test_what_is_put_in_is_not_marked_of_itself() -> None:
    assert same(inserted(styled("tea", "bold"), 3, " (x)"), joined([styled("tea", "bold"), " (x)"]))
    assert same(inserted(styled("tea", "bold"), 1, "--"), styled("t--ea", "bold"))
    assert same(inserted(styled("tea", "quote"), 3, "!"), styled("tea!", "quote"))


@pytest.mark.parametrize("kept", ['tea\x1e[[0,3,"bold"]', "tea\x1e7", 'tea\x1e[[0,"3","bold"]]', "tea\x1e[[0]]"])
def test_what_was_kept_before_there_were_marks_is_read_as_words(kept: str) -> None:
    assert unpacked(kept) == kept.replace(SEPARATOR, "")


def test_a_phrase_and_a_marked_text_are_kept_side_by_side() -> None:
    told = {"text": i18n.t("Kept as a note."), "quote": TEA, "more": ["plain", 7]}
    read = i18n.unpacked(i18n.packed(told))
    assert (read, isinstance(read["text"], i18n.Phrase)) == (told, True)
    assert same(read["quote"], TEA)


@given(TEXTS)
@settings(max_examples=250, deadline=None)
def test_what_is_kept_is_read_again_and_nobody_can_forge_marks(texts: list[str]) -> None:
    for text in texts:
        kept = packed(text)
        assert unpacked(kept) == text.replace(SEPARATOR, "")
        assert same(unpacked(kept), without(text, re.compile(SEPARATOR)))
        assert marks_of(unpacked(packed(str(text)))) == ()
        assert packed(unpacked(kept)) == kept


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=250, deadline=None)
def test_each_character_stays_as_it_is_marked(texts: list[str], first: int, last: int) -> None:
    for text in texts:
        looks = [kinds for piece, kinds in runs(text) for _ in piece]
        assert "".join(piece for piece, _ in runs(text)) == text
        assert [kinds for piece, kinds in runs(text[first:last]) for _ in piece] == looks[first:last]
        assert same(joined([text[:first], text[first:]]), text)
        assert clean(text) == clean(str(text))


@given(TEXTS)
@settings(max_examples=250, deadline=None)
def test_marks_can_be_told_one_inside_of_the_other(texts: list[str]) -> None:
    for text in texts:
        spans = nested(text)
        assert same(marked(text, marks_of(text)), text)
        assert same(marked(text, spans), text)
        for number, span in enumerate(spans):
            assert all(it.end <= span.start or span.end <= it.end for it in spans[:number])


@given(TEXTS, st.integers(8, 40))
@settings(max_examples=250, deadline=None)
def test_pieces_for_a_channel_stay_marked(texts: list[str], limit: int) -> None:
    for text in texts:
        at = 0
        for piece in split(text, limit):
            start = str(text).index(piece, at)
            assert not str(text)[at:start].strip()
            at = start + len(piece)
            assert same(piece, text[start:at])
            assert 0 < units(piece) <= limit
        assert not str(text)[at:].strip()
