"""What people see as one character: where a text may be cut without tearing one apart, and what was torn. Pure.

After Unicode's rules for grapheme clusters (UAX #29). Where Python does not know a property, rather one cut too few.
"""

import re
import unicodedata

ZWJ = "\u200d"
_STEPS = 256  # back; nobody writes a character of more

_MARKS = ("Mn", "Mc", "Me")
_VIRAMA = 9  # the combining class of what makes one letter of two in India's scripts
_EXTENDS = frozenset("\u200c\u0e33\u0eb3\uff9e\uff9f")
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd")
_CONTROLS = ("Cc", "Zl", "Zp")
_HALF = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """With the halves of characters put together (surrogate pairs); a half by itself becomes the sign for that."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALF.search(text) else text


def boundary(text: str, at: int) -> int:
    """The last place up to `at` where a character ends; `at` itself where there is none near."""
    found = at
    while found > max(0, at - _STEPS):
        if not _belong(text, found):
            return found
        found -= 1
    return at if found else 0


def _belong(text: str, at: int) -> bool:
    """Whether what is before and after this place is one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if (before, after) == ("\r", "\n"):
        return True
    if unicodedata.category(before) in _CONTROLS or unicodedata.category(after) in _CONTROLS:
        return False
    return _joins(after) or before == ZWJ or before in _PREPENDED or _conjunct(text, at) or _of_a_kind(text, at)


def _joins(character: str) -> bool:
    """It changes what stands before it: an accent, a vowel sign, a selector, a skin tone, the tags of a flag."""
    code = ord(character)
    return (
        (code >= 0x0300 and (unicodedata.category(character) in _MARKS or character in _EXTENDS))
        or character == ZWJ
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _conjunct(text: str, at: int) -> bool:
    return unicodedata.combining(text[at - 1]) == _VIRAMA and unicodedata.category(text[at]) == "Lo"


def _of_a_kind(text: str, at: int) -> bool:
    """The two letters of a flag, and the parts of a Korean syllable."""
    if _is_flag(text[at - 1]) and _is_flag(text[at]):
        flags = 0
        while flags < at and _is_flag(text[at - 1 - flags]):
            flags += 1
        return flags % 2 == 1
    before, after = _hangul(text[at - 1]), _hangul(text[at])
    follows = {"L": ("L", "V", "LV", "LVT"), "LV": ("V", "T"), "V": ("V", "T"), "LVT": ("T",), "T": ("T",)}
    return after in follows.get(before, ())


def _is_flag(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _hangul(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    return "T" if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB else ""
