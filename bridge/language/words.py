"""Text made comparable: case, accents, widths and look-alike letters folded away. Pure."""

import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile(
    "["
    "\u0300-\u036f"  # accents of Latin, Greek and Cyrillic letters
    "\u064b-\u0655\u0640"  # Arabic vowel marks and the stretching line
    "\u093c"  # the Devanagari dot that many keyboards leave out
    "\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff"  # invisible
    "]"
)
_ALIKE = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
    | {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "。": ".", "！": "!", "？": "?", "؟": "?", "।": ".", "،": ","}
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff]")
_WORD = re.compile(r"[\w\u0900-\u0eff]+(?:'\w+)?")


def fold(text: str) -> str:
    """Fold case, accents, widths, stretched letters ("pleaseee") and runs of blanks."""
    alike = unicodedata.normalize("NFKC", text.translate(_ALIKE)).casefold().translate(_ALIKE)
    bare = unicodedata.normalize("NFC", _DROPPED.sub("", unicodedata.normalize("NFKD", alike)))
    return " ".join(_STRETCHED.sub(r"\1", bare).split())


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=512)
def whole_word(word: str) -> re.Pattern[str]:
    """Finds the word in a folded text: a whole word, or anywhere in a script that does not set words apart."""
    folded = re.escape(fold(word))
    if not folded:
        return re.compile(r"(?!)")
    return re.compile(folded if _UNSPACED.search(folded) else rf"(?<!\w){folded}(?!\w)")


def cut(text: str, most: int) -> str:
    """Shorten to at most `most` characters, at a word where that loses little; an ellipsis marks the cut."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at = kept.rfind(" ")
    return (kept[:at] if at > most * 2 // 3 else kept).rstrip() + "…"


def sentences(text: str) -> list[str]:
    """Cut into sentences at line ends and at closing punctuation, in any script."""
    found = re.split(r"(?<=[.!?])\s+|(?<=[。！？।؟])\s*|\n+", text)
    return [sentence for sentence in (piece.strip() for piece in found) if sentence]
