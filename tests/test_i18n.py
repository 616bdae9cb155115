"""The bridge's own words: said late, kept, and there in every language."""

import ast
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from bridge import i18n
from bridge.errors import Refused
from bridge.i18n import LANGUAGES, again, catalogue, kept, language_of, packed, read, speaking, t, unpacked
from bridge.ports import Choice, Notice

BRIDGE = Path(i18n.__file__).parent.parent
OTHERS = [language for language in LANGUAGES if language != "en"]
GERMAN = {
    "{who} has {count} conversations.": "{who} hat {count} Gespräche.",
    "Nobody": "Niemand",
    "{what}: {why}": "{what} – {why}",
}
VALUE = re.compile(r"\{\w+\}")


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "catalogue", lambda language: GERMAN if language == "de" else {})


def sentence() -> str:
    return t("{who} has {count} conversations.", who=t("Nobody"), count=3)


@pytest.mark.usefixtures("german")
def test_what_was_worded_early_is_said_in_the_reader_s_language() -> None:
    worded = sentence()
    assert worded == "Nobody has 3 conversations."
    with speaking("de-DE"):
        assert again(worded) == "Niemand hat 3 Gespräche."
        assert sentence() == "Niemand hat 3 Gespräche."
        with speaking("en"):
            assert again(sentence()) == worded
    assert again(worded) == worded


@pytest.mark.usefixtures("german")
def test_a_value_is_kept_for_whoever_reads_it_later() -> None:
    stored = json.dumps(
        packed({"text": sentence(), "quote": "Nobody", "choices": [asdict(Choice("a", t("Nobody"), ""))]})
    )
    with speaking("de"):
        told = unpacked(json.loads(stored))
    assert told["text"] == "Niemand hat 3 Gespräche."
    assert told["quote"] == "Nobody"  # what a person wrote
    assert told["choices"][0]["label"] == "Niemand"


@pytest.mark.usefixtures("german")
def test_all_texts_of_a_post_are_said_again() -> None:
    post = Notice(sentence(), "Nobody", (Choice("a", t("Nobody"), "1"), Choice("b", "Ana", "2")))
    with speaking("de"):
        assert again(post) == Notice(
            "Niemand hat 3 Gespräche.", "Nobody", (Choice("a", "Niemand", "1"), post.choices[1])
        )
    assert again(post).choices[1] is post.choices[1]


@pytest.mark.usefixtures("german")
def test_an_exception_s_text_is_still_known() -> None:
    refusal = Refused(t("Nobody"))
    with speaking("de"):
        assert again(str(refusal)) == "Niemand"
        assert again(t("{what}: {why}", what="x", why=str(refusal))) == "x – Niemand"
    assert copy.deepcopy(refusal.args[0]) is refusal.args[0]


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("text", ["", "Ana", '{"t": "{x}", "v": {"x": "secret"}}', '{"t": ', "[1]"])
def test_a_column_gives_back_what_was_kept_there(text: str) -> None:
    assert read(kept(text)) == text
    assert read(text if not text.startswith("{") else kept(text)) == text
    with speaking("de"):
        assert read(kept(t("Nobody"))) == "Niemand"
        assert read("Nobody") == "Nobody"  # as columns were kept before


@pytest.mark.parametrize("text", ['{"t": broken', '{"t": 5}', '{"t": "x", "v": 7}', '{"t": "a", "b": 1}'])
def test_what_was_in_a_column_before_is_shown_as_it_is(text: str) -> None:
    assert read(text) == text


def test_a_template_from_outside_runs_no_code() -> None:
    attack = {"t": "{v.__class__} {0} {} {v!r} {v:>9999999999} {v}", "v": {"v": "x"}}
    assert unpacked(attack) == "{v.__class__} {0} {} {v!r} {v:>9999999999} x"


def test_values_are_not_read_as_templates() -> None:
    assert t("{a} {b}", a="{b}", b="{a}") == "{b} {a}"
    assert again(t("{a} {b}", a="{b}", b="{a}")) == "{b} {a}"


def test_what_was_left_open_is_given_later() -> None:
    assert again(t("{owner} has this"), owner="Ana") == "Ana has this"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de-DE", "de"),
        ("pt-BR", "pt"),
        ("es-LA", "es"),
        ("en-GB", "en"),
        ("", "en"),
        ("ja-JP", "en"),
        ("DE_at", "de"),
        ("../de", "en"),
    ],
)
def test_a_locale_has_a_language(locale: str, language: str) -> None:
    assert language_of(locale) == language


# -------------------------------------------------------------------------------------------- what is in the catalogues


@cache
def templates() -> dict[str, str]:
    """Every English text that the code says, and where."""
    found: dict[str, str] = {}
    for path in sorted(BRIDGE.rglob("*.py")):
        for call in calls(ast.parse(path.read_text("utf-8"))):
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.setdefault(first.value, f"{path.relative_to(BRIDGE)}:{call.lineno}")
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args:
            yield node


def says_something(template: str) -> bool:
    """Whether there is anything in it to translate."""
    return any(sign.isalpha() for sign in VALUE.sub("", template))


@pytest.mark.parametrize("language", OTHERS)
def test_everything_is_said_in_every_language(language: str) -> None:
    said = {template for template in templates() if says_something(template)}
    missing = {text: templates()[text] for text in sorted(said - catalogue(language).keys())}
    assert not missing
    assert not sorted(catalogue(language).keys() - said), "nobody says this any more"


def signs(text: str) -> list[str]:
    """What means something to the program or to Slack, and must be in a translation as well."""
    return re.findall(r"\{\w+\}|`\S+(?=[^`]*`)|:[a-z_]+:|\n", text)  # of code, the verb: what follows is an example


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_values_and_signs(language: str) -> None:
    wrong = {text: told for text, told in catalogue(language).items() if not told.strip() or not alike(text, told)}
    assert not wrong


def alike(text: str, told: str) -> bool:
    same = {*signs(text)} == {*signs(told)} and text.count("*") == told.count("*")
    return same and (text[:1].isspace(), text[-1:].isspace()) == (told[:1].isspace(), told[-1:].isspace())


@pytest.mark.parametrize("path", sorted(BRIDGE.rglob("*.py")), ids=lambda path: str(path.relative_to(BRIDGE)))
def test_what_is_said_is_a_whole_text(path: Path) -> None:
    """Else nobody can translate it: no f-string, no sum, no variable."""
    tree = ast.parse(path.read_text("utf-8"))
    assert [call.lineno for call in calls(tree) if not isinstance(call.args[0], ast.Constant)] == []


def test_values_are_named_as_in_the_text() -> None:
    """A constant may leave its values open, to be given by `again`."""
    wrong: list[str] = []
    for path in sorted(BRIDGE.rglob("*.py")):
        for call in calls(ast.parse(path.read_text("utf-8"))):
            names = {keyword.arg for keyword in call.keywords}
            if names and names != {name[1:-1] for name in VALUE.findall(ast.unparse(call.args[0]))}:
                wrong.append(f"{path.relative_to(BRIDGE)}:{call.lineno}")
    assert not wrong
