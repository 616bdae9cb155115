"""What agents type: which words are verbs, and which are for the customer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.verbs import HELP, VERBS, Words, number_and_note, read


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("On its way.", Words("", "On its way.")),
        ("  On its way.\n", Words("", "On its way.")),
        ("!note a VIP", Words("note", "a VIP")),
        ("!NOTE a VIP", Words("note", "a VIP")),
        ("  ! note a VIP", Words("note", "a VIP")),
        ("!note: a VIP", Words("note", "a VIP")),
        ("!note\na VIP\nfor years", Words("note", "a VIP\nfor years")),
        ("note: a VIP", Words("note", "a VIP")),
        ("Note : a VIP", Words("note", "a VIP")),
        ("NOTE:a VIP", Words("note", "a VIP")),
        ("!note", Words("note", "")),
        ("!say On its way.", Words("say", "On its way.")),
        ("!handback", Words("handback", "")),
        ("!hand-back called her", Words("handback", "called her")),
        ("!Hand_Back called her", Words("handback", "called her")),
        ("!end", Words("end", "")),
        ("!help", Words("help", "")),
        ("!hanback", Words("?", "!hanback")),
        ("!claim", Words("claim", "")),
        ("！note a VIP", Words("note", "a VIP")),
        ("!note：a VIP", Words("note", "a VIP")),
        ("note：a VIP", Words("note", "a VIP")),
        ("\u200b!note a VIP", Words("note", "a VIP")),
        ("\ufeff \u2060note: a VIP", Words("note", "a VIP")),
        ("!say it’s 👩\u200d🚒", Words("say", "it’s 👩\u200d🚒")),
        ("!1 or 2", Words("", "!1 or 2")),
        ("Great!\n!!!\nReally", Words("", "Great!\n!!!\nReally")),
        ("Note the time.\nNote: it is late.", Words("", "Note the time.\nNote: it is late.")),
        ("/home is where it is", Words("", "/home is where it is")),
        ("- one\n- two", Words("", "- one\n- two")),
        ("¡Hola!", Words("", "¡Hola!")),
        ("Great!\nNote: it is late!", Words("", "Great!\nNote: it is late!")),
        ("See example.com/end", Words("", "See example.com/end")),
        ("Hurry up !!", Words("", "Hurry up !!")),
        ("!überall", Words("?", "!überall")),
        ("!!!", Words("", "!!!")),
        ("! wow", Words("?", "! wow")),
        ("!1042", Words("", "!1042")),
        ("noted: all fine", Words("", "noted: all fine")),
        ("Note that it is late.", Words("", "Note that it is late.")),
        ("Note today's hours.", Words("", "Note today's hours.")),
        ("Note-taking is fun", Words("", "Note-taking is fun")),
        ("A note to you", Words("", "A note to you")),
        ("It is late.\nNote to self", Words("", "It is late.\nNote to self")),
        ("A note: all fine", Words("", "A note: all fine")),
        ("Great!note this", Words("", "Great!note this")),
        ("", Words("", "")),
    ],
)
def test_reading(typed: str, words: Words) -> None:
    assert read(typed) == words


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("!note, she lies", "!note,"),
        ("!note.", "!note."),
        ("!note(she lies)", "!note(she"),
        ("!noted, thanks", "!noted,"),
        ("!handback!", "!handback!"),
        ("!end.", "!end."),
        ("!!note she lies", "!!note"),
        ("!no\u200bte she lies", "!no\u200bte"),
        ("/note she lies", "/note"),
        (" /handback", "/handback"),
        ("• !note she lies", "!note"),
        ("> note: she lies", "note:"),
        ("- ！NOTE she lies\n- really", "！NOTE"),
        ("1. !end", "!end"),
        ("Hello Maria\n!note she lies", "!note"),
        ("Hello Maria\n  • !whisper, she lies", "!whisper,"),
        ("Thanks, bye!\n/handback", "/handback"),
        ("Bye\n!hanback", "!hanback"),
        ("Thanks! !handback", "!handback"),
        ("Notes: she is angry", "Notes:"),
        ("NOTE to self: she is angry", "NOTE"),
        ("note for Ben, she is angry", "note"),
        ("  Note - she is angry", "Note"),
        ("Note – she is angry", "Note"),
        ("NOTE TO SELF", "NOTE"),
        ("¡handback", "¡handback"),
        ("-!note she lies", "!note"),
        (">!note she lies", "!note"),
    ],
)
def test_what_is_almost_an_order_is_not_for_the_customer(typed: str, word: str) -> None:
    assert read(typed) == Words("?", typed.strip())
    assert read(typed).word == word


@given(st.text())
def test_anything_can_be_read(typed: str) -> None:
    words = read(typed)
    assert words.verb in ("", "?", *VERBS)
    if not any(sign in typed for sign in "!！¡/:：") and "note" not in typed.lower():
        assert words == Words("", typed.strip())
    if words.verb == "?":
        assert (words.text, words.word in typed) == (typed.strip(), True)


@pytest.mark.parametrize(
    ("text", "number", "note"),
    [
        ("", None, ""),
        ("#1042", 1042, ""),
        ("1042", 1042, ""),
        (" #1042  called her back ", 1042, "called her back"),
        ("called her back", None, "called her back"),
        ("#1042abc", None, "#1042abc"),
        ("3 parcels are lost", 3, "parcels are lost"),
        ("9" * 13, None, "9" * 13),
    ],
)
def test_a_number_and_a_note(text: str, number: int | None, note: str) -> None:
    assert number_and_note(text) == (number, note)


def test_the_help_names_every_verb() -> None:
    assert all(f"`!{verb}" in HELP for verb in VERBS if verb != "help")
