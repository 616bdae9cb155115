"""What customers are told: names filled in, and wrong names found before anybody reads them."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.i18n import LANGUAGES, again, speaking
from bridge.texts import BUILT_IN, SAID, Texts, check, check_said, fill, names_in


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("You talk to {{agent.name}}.", {"agent.name": "Ana"}, "You talk to Ana."),
        ("{{ agent.name }} is here", {"agent.name": "Ana"}, "Ana is here"),
        ("Hello {{customer.name}}, welcome", {}, "Hello, welcome"),
        ("{{customer.name}}, welcome", {"customer.name": " "}, "welcome"),
        ("Order {{order}} is here.", {}, "Order is here."),
        ("Thank you, {{customer.name}}!", {}, "Thank you!"),
        ("a {{x}} b {{y}} c", {"x": "1", "y": ""}, "a 1 b c"),
        ("line\n{{x}} next", {}, "line\nnext"),
        ("(order {{x}}) x{{x}}y", {}, "(order) xy"),
        ("", {}, ""),
        ("  ", {}, ""),
        ("{{x}}", {}, ""),
        ("two  spaces stay", {}, "two  spaces stay"),
    ],
)
def test_names_are_filled_in_and_missing_ones_leave_no_gap(template: str, values: dict[str, str], text: str) -> None:
    assert fill(template, values) == text


def test_a_value_is_never_expanded_itself() -> None:
    values = {"customer.name": "{{agent.name}}", "agent.name": "Ana"}
    assert fill("Hi {{customer.name}} from {{agent.name}}", values) == "Hi {{agent.name}} from Ana"


def test_a_value_stays_on_its_line() -> None:
    assert fill("Hi {{customer.name}}.", {"customer.name": "Eve\n\nYou won\u202e!"}) == "Hi Eve You won !."


@given(st.text(), st.dictionaries(st.sampled_from(["a", "b.c", ""]), st.text()))
def test_filling_never_fails_and_keeps_what_has_no_names(template: str, values: dict[str, str]) -> None:
    filled = fill(template, values)
    if not names_in(template):
        assert filled == template.strip()


@given(st.text(min_size=1), st.text())
def test_whatever_a_value_holds_the_next_one_is_still_filled(first: str, second: str) -> None:
    assert fill("<{{a}}|{{b}}>", {"a": first, "b": "B"}).endswith("|B>")
    assert fill("{{a}}|{{b}}>", {"a": "A", "b": second}).startswith("A|")


def test_the_defaults_know_all_their_names() -> None:
    defaults = Texts()
    for text in asdict(defaults).values():
        assert check(text, BUILT_IN) == []


def test_an_unknown_name_is_refused_with_the_likeliest_one() -> None:
    assert check("Hi {{agnet.name}}", BUILT_IN) == ["{{agnet.name}} is not known; did you mean {{agent.name}}?"]
    assert check("{{zzz}}", {"wait"}) == ["{{zzz}} is not known; known are wait"]
    assert check("{{order}}", BUILT_IN | {"order"}) == []


@pytest.mark.parametrize("template", ["{{agent.name", "agent.name}}", "{{agent.name}", "{{ {{wait}}"])
def test_braces_that_do_not_match_are_refused(template: str) -> None:
    assert any("do not match" in wrong for wrong in check(template, BUILT_IN))


@pytest.mark.parametrize(
    ("back", "wrong"),
    [
        ("  Back to\nthe bot ", []),
        ("x" * 20, []),
        ("", []),
        ("x" * 21, ["a button has at most 20 characters"]),
        ("{{customer.name}}", ["{{customer.name}} cannot be on a button"]),
        ("No, {{agent.name", ["{{ and }} do not match; a name is written {{agent.name}}"]),
    ],
)
def test_the_words_of_a_button_are_few_and_always_the_same(back: str, wrong: list[str]) -> None:
    assert check_said("back", back, BUILT_IN) == wrong
    assert check_said("ended", "Bye {{agent.name}}", BUILT_IN) == []


def test_the_bridge_s_own_button_is_short_enough_in_every_language() -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert check_said("back", again(SAID["back"]), BUILT_IN) == []
