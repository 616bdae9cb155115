"""Reads what the far ends show, as a person would: the lines of a thread, and whether two texts are the same."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from bridge.sandbox.world import Entry

_MARKS = re.compile(r"[*_~`]")


def same(typed: str, read: str) -> bool:
    """Whether a text is what was typed. Slack's composer takes its marks out, and nobody sees double blanks."""
    return plain(typed) == plain(read)


def plain(text: str) -> str:
    """A text without marks and with single blanks."""
    return " ".join(_MARKS.sub("", text).split())


def doubted(text: str, thread: Iterable[Entry]) -> bool:
    """Whether the thread says of a text that it may not have arrived, or was not sent."""
    said = (unescape(entry.text or "") for entry in thread)
    return any(text in post and ("may not have" in post or "not sent" in post) for post in said)


def buttons(entry: Entry) -> Iterator[dict[str, Any]]:
    """The buttons of a Slack message."""
    for block in entry.raw.get("blocks") or []:
        yield from block.get("elements", []) if block.get("type") == "actions" else []


def lines(entry: Entry) -> Iterator[tuple[str, str]]:
    """Speaker and text of each line of a transcript or of mirrored lines: bold names, plain words."""
    if entry.kind != "chat.postMessage" or not entry.thread:
        return
    speaker = ""
    for block in entry.raw.get("blocks") or []:
        for section in block.get("elements", []) if block.get("type") == "rich_text" else []:
            for element in section.get("elements", []):
                text, style = element.get("text", ""), element.get("style") or {}
                if style.get("bold"):
                    speaker = text.strip().rstrip(":")
                elif style.get("italic") or not text.strip():
                    continue
                elif speaker:
                    yield speaker, text
