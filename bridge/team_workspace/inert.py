"""Pure: the parts of a Slack message in which foreign words stay dead letters.

Whatever customers, bots or agents wrote appears only in `rich_text` text elements, where Slack makes no mention,
link or markup of it, and, with its three special characters escaped, in the text that screen readers read.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bridge.content import clean
from bridge.i18n import t
from bridge.marks import runs
from bridge.ports import is_group
from bridge.team_workspace.rich_text import emoji

Block = dict[str, Any]

WHISPER_TEXT = 950  # an ephemeral message takes about 4,000 bytes
SHORT_TEXT = 3_000  # of what may be redrawn: chat.update takes 4,000 characters
LONG_TEXT = 12_000  # of posts: Slack cuts at 40,000
QUOTE = "rich_text_quote"
MOST_PIECES = 200  # in different styles, of one text

_TIME = re.compile(r"<time (\d{1,11})>")
_OWN = re.compile(r"(`[^`\n]+`|\*[^*\n]+\*|:[a-z_]+:|<time \d{1,11}>)")
_LOOKS = {"bold": "bold", "italic": "italic", "strike": "strike", "block": "code", "code": "code"}
_BROADCAST = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown (`blocks`), and the same as plain text for notifications and screen readers."""

    text: str
    blocks: list[Block]


def cut(text: str, most: int) -> str:
    """At most so many characters; what was left out shows as an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def one_line(text: str, most: int) -> str:
    """For names and subjects: no line breaks, nothing invisible, not too long."""
    if not text.isprintable():
        text = "".join(character for character in clean(text) if unicodedata.category(character) != "Cf")
    return cut(" ".join(text.split()), most)


def escaped(text: str, most: int) -> str:
    """Plain text for the `text` field: never empty, at most so many characters once Slack's three are escaped."""
    text = cut(clean(text), most) or "…"
    while len(result := _escape(text)) > most:
        text = cut(text, max(1, len(text) * most // len(result) - 1))
    return result


def _escape(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST.sub("@\u2060", plain)


def as_marked(text: str) -> list[Block]:
    """Somebody's own words, as they marked them. There are no blocks inside of quotes: those look like code."""
    pieces = list(runs(text))
    if len(pieces) > MOST_PIECES:
        return [words(text)]
    return [words(piece, *(_LOOKS[kind] for kind in _LOOKS if kind in kinds)) for piece, kinds in pieces]


def words(text: str, *styles: str) -> Block:
    """A text element; styles are bold, italic, strike, code."""
    element: Block = {"type": "text", "text": clean(text) or " "}
    return element | {"style": dict.fromkeys(styles, True)} if styles else element


def mention(id: str) -> Block:
    """A colleague, who hears of it. Only for ids that Slack itself told us."""
    return {"type": "user", "user_id": id}


def called(who: str) -> Block:
    """Somebody whom the desk's own file names: a person, a user group, or everybody who is "here"."""
    if who == "here":
        return {"type": "broadcast", "range": who}
    return {"type": "usergroup", "usergroup_id": who} if is_group(who) else mention(who)


def link(url: str, text: str) -> Block:
    """Words that lead somewhere. Only for addresses of our own making."""
    return {"type": "link", "url": url, "text": clean(text) or "…", "style": {"bold": True}}


def moment(at: datetime) -> Block:
    """A point in time, which each reader sees in their own time zone."""
    return {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": t("{date_short_pretty} at {time}"),  # what is in braces is for Slack
        "fallback": when(at),
    }


def when(at: datetime) -> str:
    """A point in time where Slack cannot show it in the reader's zone."""
    return f"{at:%d %b %H:%M} {at:%Z}".strip()


def own_words(text: str) -> list[Block]:
    """A sentence of the bridge itself: `code`, *bold*, :emoji: and <time N> mean something, and nothing else does."""
    return [_own_word(piece) for piece in _OWN.split(text) if piece] or [words(" ")]


def _own_word(piece: str) -> Block:
    if not _OWN.fullmatch(piece):
        return words(piece)
    if piece[0] in "`*":
        return words(piece[1:-1], "code" if piece[0] == "`" else "bold")
    if piece[0] == ":":
        return words(emoji(piece[1:-1]))  # an emoji element with a name unknown to Slack would spoil the message
    return moment(datetime.fromtimestamp(int(piece[6:-1]), UTC)) | {"format": "{time}"}


def own_words_spoken(text: str) -> str:
    """The same for ears."""
    return _TIME.sub(lambda found: f"{datetime.fromtimestamp(int(found[1]), UTC):%H:%M} UTC", text)


def section(*elements: Block) -> Block:
    """A run of text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(text: str) -> Block:
    """Somebody's own words."""
    return {"type": QUOTE, "elements": as_marked(text) or [words(text)]}


def rich(*parts: Block) -> Block:
    """A block of sections and quotes."""
    return {"type": "rich_text", "elements": list(parts)}


def small(text: str) -> Block:
    """A grey line of the bridge's own words."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": cut(clean(text), 2_000), "emoji": False}]}
