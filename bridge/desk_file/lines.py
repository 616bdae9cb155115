"""Says where something in bridge.toml is wrong, and what was likely meant. The parser tells no lines of its keys."""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bridge.errors import WrongSetting
from bridge.texts import key_of

_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS = re.compile(rf"[ \t]*(\[\[?)?[ \t]*({_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)[ \t]*[\]=]")
_PIECE = re.compile(  # what may hold brackets or go over lines, and the brackets and ends of lines outside of it
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[\[\]{}\n]''', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _Statement:
    """`[a table]`, or a key and its value, which may go over several lines."""

    line: int
    text: str
    path: tuple[str, ...]  # with the table in which it stands
    nth: int  # of the `[[tables]]` of this name, counted from 1

    def line_of(self, piece: str) -> int:
        """The first of its lines with this, but for blanks; else its first."""
        sought, lines = piece.replace(" ", ""), enumerate(self.text.splitlines(), self.line)
        return next((at for at, line in lines if sought in line.replace(" ", "")), self.line)


@dataclass(frozen=True, slots=True)
class Here:
    """A file, or a table in it, to say where something is wrong."""

    file: str
    source: str
    within: tuple[str, ...] = ()
    nth: int = 0  # which of several tables of this name, counted from 1; 0: any

    def route(self, number: int) -> "Here":
        """One of the `[[routes]]`, counted from 0."""
        return replace(self, within=("routes",), nth=number + 1)

    def table(self, *names: str) -> "Here":
        """The table `[a.b]`, by the names of which its own is made."""
        return replace(self, within=tuple(map(key_of, names)))

    def wrong(self, key: str, what: str, piece: str = "") -> WrongSetting:
        """The error, at the line where the key stands, or this piece of its value; without a key where all begins."""
        inside = [it for it in _statements(self.source) if self._holds(it)]
        found = next((it for it in inside if key in it.path), inside[0] if inside else None)
        line = found.line_of(piece) if found else 1
        return WrongSetting(f"{self.file} line {line}: {what}" + ("" if what.endswith("?") else "."))

    def _holds(self, it: _Statement) -> bool:
        return tuple(map(key_of, it.path[: len(self.within)])) == self.within and (
            not self.nth or it.nth in (0, self.nth)  # 0: they are written in another way
        )


def likeliest(key: str, known: Collection[str]) -> str:
    """`; did you mean ...?`, or nothing."""
    near = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def unknown(shown: str, key: str, known: Collection[str]) -> str:
    """That there is no such key, and which was meant."""
    return f"{shown} is not known" + (likeliest(key, known) or f"; known are {', '.join(known)}")


def _statements(source: str) -> Iterator[_Statement]:
    table, seen = tuple[str, ...](), Counter[tuple[str, ...]]()
    for begin, end in pairwise([*_beginnings(source), len(source)]):
        if found := _KEYS.match(source, begin, end):
            path = tuple(name.strip("\"'") for name in re.findall(_NAME, found[2]))
            if found[1]:
                table = path
                seen[table] += 1
            else:
                path = table + path
            yield _Statement(source.count("\n", 0, begin) + 1, source[begin:end], path, seen[table])


def _beginnings(source: str) -> Iterator[int]:
    """Of the lines that do not stand inside a text or a list."""
    yield 0
    depth = 0
    for piece in _PIECE.finditer(source):
        depth += (piece[0] in ("[", "{")) - (piece[0] in ("]", "}"))
        if piece[0] == "\n" and not depth:
            yield piece.end()
