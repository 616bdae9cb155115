"""Reads the words that agents type: `!note`, `note:`, `!handback` and the like. Pure; decides nothing."""

import re
import unicodedata
from dataclasses import dataclass, field

from bridge.i18n import t

COMMANDS = ("handback", "takeover", "queue", "desk")
"""What is typed in the composer, after a slash."""
ORDERS = ("claim", "handback", "end", "assign", "label", "reopen", "resolve", "draft", "template", "transcript", "same")
"""Verbs that do something with the conversation."""
VERBS = ("note", "say", "whisper", "held", "help", *ORDERS)
_ALSO = {"labels": "label"}

# A full-width "！" or "：" is what East Asian keyboards type.
_ORDER = re.compile(r"[!！]\s*([^\W\d_][\w-]*)(?:[\s:：]+(.*))?", re.DOTALL)
_NOTE = re.compile(r"note\s*[:：]\s*(.*)", re.DOTALL | re.IGNORECASE)
_LIKE_NOTE = re.compile(r"notes?\s*[:：]|note\s+(?:(?:to|for)\b|[-–—](?!\S))", re.IGNORECASE)  # not "Note that ..."
_LIKE_ONE = re.compile(r"(?:[!！]+\s*([^\W\d_][\w-]*)|[/¡]([a-z]+)\b)\S*", re.IGNORECASE)
_INSIDE = re.compile(rf"(?<!\S)[!！](?:{'|'.join(VERBS)})\b\S*", re.IGNORECASE)
_MARK = re.compile(r"^(?:[>•◦▪*-]|\d{1,3}[.)])(?:\s+|(?=[!！]))")  # of a quote or of a list
_NUMBER = re.compile(r"^\s*(?:#\s*(\d{1,12})(?!\w)[\s.,:;]*|(\d{1,12})(?:\s+|$))(.*)$", re.DOTALL)

HELP = t(
    "What you write in the thread goes to the customer once you have claimed the conversation (`!claim`).\n"
    "`!note ...` (or `note: ...`) stays here.  `!say ...` is for the customer.\n"
    "`!held` asks again about your messages that are held.\n"
    "`!whisper ...` is a note that calls the one who has the conversation.\n"
    "`!handback [note]` gives the conversation back to the bot.  `!end` ends it.  `!reopen` begins a new one.\n"
    "`!assign @somebody` passes it on, `!assign queue` puts it back.  `!label refund vip` files it.\n"
    "`!resolve` closes what stayed open after a hand back.  `!draft [hint]` suggests an answer, which only you see.\n"
    "`!transcript` shows all that was said and done.  `!template` sends a template.\n"
    "`!same [name]`: the same person elsewhere.\n"
    "In the composer: `/handback`, `/queue`, `/takeover`, `/desk`.\n"
    "Marks: :hourglass_flowing_sand: still on its way, :white_check_mark: delivered, :eyes: read, :warning: failed, "
    ":raised_hand: held until somebody decides."
)


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed. `verb` is "" for plain text and "?" where `word` looks like an order and is none."""

    verb: str
    text: str
    word: str = field(default="", compare=False)


def read(text: str) -> Words:
    """Tell a verb from plain text: in any case, with leading blanks.

    Who types an order wrongly, or in a later line, did not mean the customer to read it: that is no plain text.
    What is marked in the words stays marked.
    """
    first, plain = _seen(text), text.strip()
    if note := _NOTE.fullmatch(first):
        return Words("note", first[note.start(1) :].strip())
    if (order := _ORDER.fullmatch(first)) and (verb := _named(order[1])) in VERBS:
        return Words(verb, first[order.start(2) :].strip() if order[2] else "")
    begins, *later = map(_odd, first.split("\n"))
    odd = begins or next((word for word in later if word.startswith(("!", "！", "/"))), "")
    if not odd and (inside := _INSIDE.search(first)):
        odd = inside[0]
    return Words("?", plain, odd) if odd else Words("", plain)


def is_verb(word: str) -> bool:
    """Whether it is one of ours, apart from the signs around it."""
    return _named("".join(re.findall(r"[\w-]+", word)[:1])) in VERBS


def _odd(line: str) -> str:
    """The word at its beginning that looks like an order."""
    begins = _seen(_MARK.sub("", _seen(line), count=1))
    if begins in ("!", "！"):
        return begins
    if _LIKE_NOTE.match(begins):
        return begins.split(maxsplit=1)[0]
    like = _LIKE_ONE.match(begins)
    return like[0] if like and (like[1] or like[2].lower() in (*VERBS, *COMMANDS)) else ""


def _seen(text: str) -> str:
    """Without blanks around it, and without what nobody sees in front."""
    begins = (at for at, sign in enumerate(text) if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return text[next(begins, len(text)) :].rstrip()


def _named(word: str) -> str:
    verb = word.lower().replace("-", "").replace("_", "")
    return _ALSO.get(verb, verb)


def number_and_note(text: str) -> tuple[int | None, str]:
    """Split `#1042 called her back` into the handoff's number, if there is one, and the note."""
    if found := _NUMBER.match(text):
        return int(found[1] or found[2]), found[3].strip()
    return None, text.strip()
