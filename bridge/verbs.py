"""Reads the words that agents type: `!note`, `note:`, `!handback` and the like. Pure; decides nothing."""

import re
from dataclasses import dataclass

from bridge.i18n import t

ORDERS = ("handback", "end", "assign", "label", "reopen", "resolve", "draft", "transcript")
"""Verbs that do something with the conversation."""
VERBS = ("note", "say", "whisper", "held", "help", *ORDERS)
_ALSO = {"labels": "label"}

_BANG = re.compile(r"^\s*!\s*([^\W\d_][\w-]*)(?:[\s:]+(.*))?$", re.DOTALL)
_NOTE = re.compile(r"^\s*note\s*:\s*(.*)$", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:#\s*(\d{1,12})(?!\w)[\s.,:;]*|(\d{1,12})(?:\s+|$))(.*)$", re.DOTALL)

HELP = t(
    "What you write in the thread goes to the customer once you have claimed the conversation.\n"
    "`!note ...` (or `note: ...`) stays here.  `!say ...` is for the customer.\n"
    "`!held` asks again about your messages that are held.\n"
    "`!whisper ...` is a note that calls the one who has the conversation.\n"
    "`!handback [note]` gives the conversation back to the bot.  `!end` ends it.  `!reopen` begins a new one.\n"
    "`!assign @somebody` passes it on, `!assign queue` puts it back.  `!label refund vip` files it.\n"
    "`!resolve` closes what stayed open after a hand back.  `!draft [hint]` suggests an answer, which only you see.\n"
    "`!transcript` shows all that was said and done.  In the composer: `/handback`, `/queue`, `/takeover`, `/desk`.\n"
    "Marks: :hourglass_flowing_sand: still on its way, :white_check_mark: delivered, :eyes: read, :warning: failed, "
    ":raised_hand: held until somebody decides."
)


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed. `verb` is "" for plain text and "?" for a `!word` that is none of ours."""

    verb: str
    text: str


def read(text: str) -> Words:
    """Tell a verb from plain text: in any case, with leading blanks."""
    if note := _NOTE.match(text):
        return Words("note", note[1].strip())
    if text.strip() == "!":
        return Words("?", "!")
    if not (bang := _BANG.match(text)):
        return Words("", text.strip())
    verb = bang[1].lower().replace("-", "").replace("_", "")
    verb = _ALSO.get(verb, verb)
    return Words(verb, (bang[2] or "").strip()) if verb in VERBS else Words("?", text.strip())


def number_and_note(text: str) -> tuple[int | None, str]:
    """Split `#1042 called her back` into the handoff's number, if there is one, and the note."""
    if found := _NUMBER.match(text):
        return int(found[1] or found[2]), found[3].strip()
    return None, text.strip()
