"""How a language's phrases are written down. Words only; `asking.py` reads them.

A phrase is a regular expression over folded text without punctuation ("I don't" is "i don t"), in which ` .. ` is a
gap of at most three words, and {who} {any} {bot} {a} are the language's own words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What counts in one language.

    `who` can stand alone, `any` only after a verb ("someone"). `asks` is a request; `never` looks like one and is
    taken out first. `small` words may stand beside `who` when it is all that is said.
    """

    who: str
    asks: tuple[str, ...]
    never: tuple[str, ...]
    any: str = "{who}"
    bot: str = r"(?:chat|ro)?bots?"
    a: str = ""
    small: str = ""
    spaced: bool = True  # words are set apart by blanks
