"""A folder of Markdown pages cut into sections, and the search in them: SQLite's full text, in memory."""

import difflib
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.errors import WrongSetting
from bridge.language.words import words

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_ALSO = re.compile(r"<!--\s*also:\s*(.*?)\s*-->\s*", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_TITLE_WEIGHT = 3.0  # a word in a heading says more than one in the text
_UNKNOWN = 1.5  # what a word weighs that no page has: names, slips, asides
_SMOOTH = 8  # so that words also tell something where there are only a few sections
_QUERY_WORDS = 24  # a long complaint is searched by its first words
_SMALL = """a about after again ago all already also am an and any anything are as at be because been before
    being but by can
    cant could d did didn do does doesn doing don done dont for from get getting give go going got had has have haven he
    hello help her here hey hi him his how i if im in into is isn it its just know let like ll m make may maybe me might
    more much must my need no not now of off ok okay on one only or order our out please pls plz question re really s
    said say see she should show so some something still such t take tell than thank thanks that the their them then
    there these they thing this those to today told too try u up ur us use very want was wasn way we were what
    when where
    which who why will with won would yes yet you your s d end time fix guys else every isnt whats hows id ive ill"""
_SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a page under one heading. `also`: words and phrases by which customers ask for it."""

    page: str
    heading: str
    text: str
    also: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The page, and the heading within it."""
        return f"{self.page}: {self.heading}" if self.heading else self.page


@dataclass(frozen=True, slots=True)
class Found:
    """A section, and how well it fits the question.

    `cover`: the share of the question that is in it, from 0 to 1, where rare words count more. `titled`: whether a word
    is in its heading. `count`: how many words are in it.
    """

    section: Section
    cover: float
    titled: bool
    count: int
    rank: float = 0.0


class Pages:
    """Sections that can be searched."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = list(sections)
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE pages USING fts5(title, text, tokenize = 'porter unicode61')")
        rows = [(f"{section.title} {' '.join(section.also)}", section.text) for section in self._sections]
        self._index.executemany("INSERT INTO pages VALUES (?, ?)", ((_searchable(a), _searchable(b)) for a, b in rows))
        said = [(f" {' '.join(words(phrase))} ", section) for section in self._sections for phrase in section.also]
        self._phrases = sorted((pair for pair in said if " " in pair[0].strip()), key=lambda pair: -len(pair[0]))
        self._by_letter = defaultdict[str, set[str]](set)
        for word in (word for row in rows for text in row for word in words(text)):
            self._by_letter[word[0]].add(word)

    def search(self, question: str, most: int = 3) -> list[Found]:
        """The best sections, best first. A phrase that a page is said to be asked by comes before all words."""
        spoken = f" {' '.join(words(question))} "
        phrased = [Found(section, 1.0, True, 1) for phrase, section in self._phrases if phrase in spoken]
        return [*phrased, *self._by_words(question, most)][:most]

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _by_words(self, question: str, most: int) -> list[Found]:
        asked = list(dict.fromkeys(word for word in words(question) if _matters(word)))[:_QUERY_WORDS]
        found, total = dict[int, Found](), 0.0
        for word in asked:
            hits = self._hits(word)
            weight = math.log(1 + (len(self._sections) + _SMOOTH) / (len(hits) + 0.5)) if hits else _UNKNOWN
            total += weight
            for row, rank, titled in hits:
                so_far = found.get(row) or Found(self._sections[row - 1], 0.0, False, 0)
                found[row] = Found(
                    so_far.section,
                    so_far.cover + weight,
                    so_far.titled or bool(titled),
                    so_far.count + 1,
                    so_far.rank + rank,
                )
        best = sorted(found.values(), key=lambda hit: hit.cover * hit.rank, reverse=True)[:most]
        return [replace(hit, cover=hit.cover / total) for hit in best]

    def _hits(self, word: str) -> list[tuple[int, float, bool]]:
        """Sections with the word, or, when there is none, with the nearest word that there is: a slip of the keys."""
        hits = self._match(word)
        if hits or len(word) < 4:
            return hits
        alike = [known for known in self._by_letter[word[0]] if abs(len(known) - len(word)) <= 2]
        near = difflib.get_close_matches(word, sorted(alike), n=1, cutoff=0.8)
        return self._match(near[0]) if near else []

    def _match(self, word: str) -> list[tuple[int, float, bool]]:
        titled = "rowid IN (SELECT rowid FROM pages WHERE pages MATCH ?)"
        query = f"SELECT rowid, -bm25(pages, ?, 1.0), {titled} FROM pages WHERE pages MATCH ?"  # noqa: S608
        return self._index.execute(query, (_TITLE_WEIGHT, f'title : "{word}"', f'"{word}"')).fetchall()


def read_pages(folder: Path) -> Pages:
    """Read every Markdown file under the folder."""
    files = sorted(folder.rglob("*.md")) if folder.is_dir() else []
    if not files:
        raise WrongSetting(f"{folder} has no Markdown files (*.md).")
    return Pages([section for file in files for section in sections_of(file.stem, _read(file))])


def sections_of(name: str, markdown: str) -> list[Section]:
    """Cut a page at its headings. Its first heading of level 1 is its title, else the file's name is."""
    page, heading, lines, sections = name.replace("-", " ").capitalize(), "", list[str](), list[Section]()
    fenced = False
    for line in [*markdown.splitlines(), "# "]:
        fenced ^= line.lstrip().startswith("```")
        match = None if fenced else _HEADING.match(line)
        if match or line == "# ":
            sections += _section(page, heading, "\n".join(lines))
            lines = []
        if match and len(match[1]) == 1:
            page, heading = match[2], ""
        elif match:
            heading = match[2]
        else:
            lines.append(line)
    return sections


def _section(page: str, heading: str, written: str) -> list[Section]:
    also = tuple(phrase.strip() for listed in _ALSO.findall(written) for phrase in listed.split(",") if phrase.strip())
    text = _COMMENT.sub("", written).strip()
    return [Section(page, heading, text, also)] if text else []


def _matters(word: str) -> bool:
    return word not in _SMALL_WORDS and not any(letter.isdigit() for letter in word)


def _searchable(text: str) -> str:
    return " ".join(words(text))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongSetting(f"{file} is not UTF-8 text.") from None
