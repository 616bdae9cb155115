"""What is said, as plain values: who said it, what of a text is shown, and how a long one is cut for a channel."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal

from bridge.files import Loaded
from bridge.graphemes import boundary, whole
from bridge.i18n import t
from bridge.marks import without
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

    `heard` is the platform's id of what the customer said last: for channels that show that somebody has read it.
    `template` is how the platform is told to say the text, where it takes only what it has approved.
    """

    author: Author
    text: str
    choices: tuple[str, ...] = ()
    file: Loaded | None = None
    heard: str = ""
    template: Filled | None = None
    topic: str = ""  # of the chat, where it has several


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
    return without(whole(text), _HIDDEN) if _UNCLEAN.search(text) else text


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram and browsers count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def places(text: str) -> list[int]:
    """Where each character begins, in UTF-16 code units; and the end."""
    return list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))


def split(text: str, limit: int) -> list[str]:
    """Cut at a paragraph, line, sentence or word: no piece is over `limit` UTF-16 units, and only blanks are lost.

    What is marked is marked in every piece.
    """
    pieces: list[str] = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(str(rest), limit)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cut(text: str, limit: int) -> int:
    end = min(len(text), limit)
    while units(text[:end]) > limit:
        end -= max(1, (units(text[:end]) - limit) // 2)
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, end // 2, end)
        if found > 0 and boundary(text, found + len(mark)) == found + len(mark):  # else an accent stands on the blank
            return found + len(mark)
    return boundary(text, end) or end
