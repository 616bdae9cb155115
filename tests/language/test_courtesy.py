"""Courtesies are recognised as such, and nothing with more in it is."""

import pytest

from bridge.language.courtesy import courtesy, is_yes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hello", "hello"),
        ("hi there!", "hello"),
        ("Good morning", "hello"),
        ("¡Hola!", "hello"),
        ("Guten Tag", "hello"),
        ("नमस्ते", "hello"),
        ("こんにちは", "hello"),
        ("Thanks!!!", "thanks"),
        ("ok great, thank you so much", "thanks"),
        ("no thanks", "thanks"),
        ("Thank you for your help", "thanks"),
        ("Dankeschön", "thanks"),
        ("спасибо!", "thanks"),
        ("bye", "bye"),
        ("ok bye", "bye"),
        ("that's all", "bye"),
        ("thanks, bye", "thanks"),
    ],
)
def test_a_courtesy_is_recognised(text: str, kind: str) -> None:
    assert courtesy(text) == kind


@pytest.mark.parametrize(
    "text", ["", "?", "hello where is my order", "thanks for nothing", "thanks but it is broken", "thanks?", "teapot"]
)
def test_a_message_with_more_in_it_is_no_courtesy(text: str) -> None:
    assert courtesy(text) == ""


def test_agreeing_is_recognised() -> None:
    for text in ("Yes", "yes please!", "sí", "ja", "हाँ", "はい", "👍", "OK"):
        assert is_yes(text), text
    for text in ("no", "yes but later", "", "yesterday"):
        assert not is_yes(text), text
