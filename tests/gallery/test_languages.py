"""Everything that Slack shows can be read in another language: of our own words, nothing stays English.

The other language here has brackets around each text. What stands outside of them was said by people, or was never
given to be translated.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import gallery
from bridge import i18n
from bridge.texts import Texts
from gallery.made import STATES
from gallery.state import State

Json = dict[str, Any]
NICE = [state for state in STATES if "nasty" not in state.name]  # there, people may have said anything
WORD = re.compile(r"[^\W\d_]{2,}")
SAID_IN = (
    "afterwards",
    "cards",
    "direct",
    "nasty",
    "private",
    "one_person",
    "shop",
    "threads",
    "windows",
)  # of the gallery's files
KINDS = ("card", "post", "private", "direct", "window", "told", "home", "board")
ALWAYS = {"en", "UTC", "Nov", "WhatsApp", "Telegram", "Slack"}


class Brackets(dict[str, str]):
    """A language in which everything is said."""

    def get(self, template: str, _: object = None) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        return f"⟦{template}⟧" if re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", template)) else template


@pytest.fixture(autouse=True)
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "catalogue", lambda language: Brackets() if language == "de" else {})


@cache
def data() -> frozenset[str]:
    """The words that people of the gallery say, and their names: all in these files, but what explains something."""
    found: set[str] = set()
    for name in SAID_IN:
        tree = ast.parse(Path(str(gallery.__file__)).with_name(f"{name}.py").read_text("utf-8"))
        explained = {id(it) for node in ast.walk(tree) for it in _explanations(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
                found |= set(WORD.findall(node.value))
    return frozenset(found.union(*map(WORD.findall, asdict(Texts()).values())))


def _explanations(node: ast.AST) -> Iterator[ast.expr]:
    """What a state says below its picture, and what is said of a module, a class, a function."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and len(node.args) == 3:
        yield node.args[1]
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr):
        yield node.body[0].value


def shown(node: Any) -> Iterator[str]:
    """What is read, on the screen or by ears; what stands in one line, as one."""
    if isinstance(node, list):
        for each in node:
            yield from shown(each)
    elif isinstance(node, dict):
        if node.get("type") == "rich_text_section":
            yield "".join(str(each.get("text", " ")) for each in node["elements"])
            return
        for key, each in node.items():
            if key == "text" and isinstance(each, str):
                yield each
            elif not isinstance(each, str):
                yield from shown(each)


def outside(text: str) -> str:
    """What stands in no brackets."""
    depth, left = 0, ""
    for sign in text:
        depth += (sign == "⟦") - (sign == "⟧")
        left += sign if depth == 0 and sign not in "⟦⟧" else " " if depth == 0 else ""
    return left


@pytest.mark.parametrize("state", NICE, ids=[state.name for state in NICE])
def test_nothing_of_ours_stays_english(state: State) -> None:
    left = outside("\n".join(shown(state.make("de"))))
    assert not [line for line in left.splitlines() if {*WORD.findall(line)} - data() - ALWAYS]
