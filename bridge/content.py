"""What is said, as plain values: who said it, what of a text is shown, and how a long one is cut for a channel."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bridge.files import Loaded
from bridge.i18n import t
from bridge.templates import Filled

AuthorKind = Literal["customer", "bot", "agent", "system"]

BOT, AGENT, SYSTEM = "🤖", "👤", "ℹ️"
_SIGNS = frozenset(BOT + AGENT + SYSTEM)

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNCLEAN = re.compile(f"{_HIDDEN.pattern[:-1]}\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks."""

    kind: AuthorKind
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message as people read it in a transcript. `doubt` says that it may not have arrived.

    `since` says what became of it afterwards; `first` is how it read before it was changed; `gone`, that somebody
    deleted it: that is not posted for everybody again.
    """

    author: Author
    text: str
    at: datetime
    doubt: str = ""
    since: str = ""
    first: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One text on its way to a customer, never longer than the channel's limit; or a file, and its caption.

    `template` is how the platform is told to say the text, where it takes only what it has approved.
    """

    author: Author
    text: str
    choices: tuple[str, ...] = ()
    file: Loaded | None = None
    template: Filled | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """A mark in the chat: somebody from the team has joined or left. Only for channels that can show it."""

    author: Author
    change: Literal["joined", "left"]


def time_of_day(moment: datetime) -> str:
    """A moment inside a sentence for agents; the workspace shows it in each reader's own time zone."""
    return f"<time {int(moment.timestamp())}>"


def signed(kind: AuthorKind, name: str) -> str:
    """The name over somebody's words, behind the team's sign. A customer has none, whatever they call themselves.

    To be called while a language is spoken.
    """
    match kind:
        case "customer":
            return "".join(letter for letter in name if letter not in _SIGNS).strip() or t("Customer")
        case "bot":
            return f"{BOT} {name or t('Bot')}"
        case "agent":
            return f"{AGENT} {name or t('Agent')}"
        case "system":
            return f"{SYSTEM} {t('Desk')}"


def clean(text: str) -> str:
    """Without control characters, half characters, and the marks that turn the direction of writing."""
    if not _UNCLEAN.search(text):
        return text
    whole = text.replace("\r\n", "\n").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _HIDDEN.sub("", whole)


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram and browsers count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut at a paragraph, line, sentence or word: no piece is over `limit` UTF-16 units, and only blanks are lost."""
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, limit: int) -> int:
    end = min(len(text), limit)
    while units(text[:end]) > limit:
        end -= max(1, (units(text[:end]) - limit) // 2)
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, end // 2, end)
        if found > 0:
            return found + len(mark)
    return _grapheme_start(text, end)


def _grapheme_start(text: str, end: int) -> int:
    """Step back so that a joiner, modifier or combining mark stays with what it belongs to."""
    start = end
    while start > max(1, end - 16) and (_joins(text[start]) or text[start - 1] == "\u200d"):
        start -= 1
    return start if start > max(1, end - 16) else end


def _joins(character: str) -> bool:
    code = ord(character)
    return (
        character == "\u200d"
        or 0x0300 <= code <= 0x036F
        or 0xFE00 <= code <= 0xFE0F
        or 0x1F3FB <= code <= 0x1F3FF
        or 0x1F1E6 <= code <= 0x1F1FF
        or 0x20D0 <= code <= 0x20FF
    )
