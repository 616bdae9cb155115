"""Reads what the far ends show, as a person would: whose text it is, a card, a line in a thread, a warning.

A text that must be counted begins with its id: `c007n012` is the twelfth thing that customer 7 said, `a007n003` the
third that an agent said to them. The bot, which is the sandbox's model, repeats what it was asked: that is its id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Any, Literal

from bridge.sandbox.world import Entry

Speaker = Literal["customer", "agent", "bot", "waiting", "handover", "resumes", "ended", "other"]

BEGINS = re.compile(r"\s*(?P<bot>You asked: (?:<customer>)?)?(?P<id>[ac]\d{3}n\d{3,})\b")
CARD = re.compile(r"#(?P<number>\d+) (?P<customer>C\d{3})\b")
OWNER = re.compile(r"🟢 (?P<owner>.+?) has this")
HANDED_BACK = "Back with the bot"
DOUBT, FAILED, MARK = "may not have reached", "did not reach", "⚠"
NOT_SENT = "⚠ not sent"  # of the bot's answers that came too late
HANDOVER = "You are now talking to "
DESK: dict[str, Speaker] = {
    "A person from our team will join you": "waiting",
    HANDOVER: "handover",
    "Our assistant is back": "resumes",
    "This conversation has ended": "ended",
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text by whoever wrote it. `id` is empty for the desk's own."""

    speaker: Speaker
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it was posted or drawn again."""

    number: int
    customer: str
    ts: str
    owner: str
    handed_back: bool


def text(words: str) -> Text:
    """Whose text this is."""
    if found := BEGINS.match(words):
        speaker: Speaker = "bot" if found["bot"] else "agent" if found["id"][0] == "a" else "customer"
        return Text(speaker, found["id"], words)
    for piece, of_desk in DESK.items():
        if piece in words:
            return Text(of_desk, "", words)
    return Text("other", "", words)


def sent(entry: Entry) -> Text | None:
    """What a phone shows, if this entry is a message to one."""
    if entry.direction == "out" and entry.kind in ("sendMessage", "messages") and entry.text:
        return text(entry.text)
    return None


def card(entry: Entry) -> Card | None:
    """The card, if this entry posts one or draws it again."""
    found = CARD.search(entry.text or "") if is_post(entry) and not is_reply(entry) else None
    if found is None:
        return None
    words = unescape(entry.text or "")
    owner = OWNER.search(words)
    return Card(
        int(found["number"]), found["customer"], entry.id or "", owner["owner"] if owner else "", HANDED_BACK in words
    )


def notice(entry: Entry) -> Text | None:
    """The text that this post of a thread is about, if it says that it may not have arrived, or did not."""
    first, _, about = unescape(entry.text or "").partition("\n")
    if entry.kind == "chat.postMessage" and is_reply(entry) and (DOUBT in first or FAILED in first):
        return text(about)
    return None


def doubts(entry: Entry) -> Iterator[Text]:
    """Every text of which this post of a thread says that it may not have arrived."""
    if about := notice(entry):
        yield about
    elif is_post(entry) and is_reply(entry):
        for said, aside in pairwise(words_of(entry.raw.get("blocks"))):
            if MARK in aside:
                yield text(said + aside)


def lines(entry: Entry) -> Iterator[str]:
    """The ids of the customer's lines in a post of a thread, in order."""
    if not is_post(entry) or not is_reply(entry) or notice(entry):
        return
    for words in words_of(entry.raw.get("blocks")):
        found = BEGINS.match(words)
        if found and not found["bot"] and found["id"][0] == "c":
            yield found["id"]


def words_of(value: Any) -> Iterator[str]:
    """Every text of some blocks, in order."""
    if isinstance(value, list):
        for item in value:
            yield from words_of(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for key in ("elements", "text", "fields"):
            if isinstance(value.get(key), list | dict):
                yield from words_of(value[key])


def is_post(entry: Entry) -> bool:
    """Whether the bridge posts or changes a message of a channel."""
    return entry.direction == "out" and entry.kind in ("chat.postMessage", "chat.update")


def is_reply(entry: Entry) -> bool:
    """Whether it stands in a thread, below the message that began it."""
    return bool(entry.thread) and entry.thread != entry.id


def buttons(entry: Entry) -> set[str]:
    """What can be pressed on a post."""
    blocks = entry.raw.get("blocks") or []
    return {
        part.get("action_id", "") for block in blocks if block.get("type") == "actions" for part in block["elements"]
    }
