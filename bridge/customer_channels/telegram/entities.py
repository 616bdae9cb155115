"""Telegram's way to mark words: entities beside the text, placed in UTF-16 code units. Pure.

We send them instead of a parse mode, so nothing that somebody writes can be taken for markup. Numbers: platform facts,
2.3.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from bridge.content import places
from bridge.marks import Span, inserted, linked, marked, marks_of, nested, quoted, unquoted

Entity = dict[str, Any]

MOST = 100  # Telegram keeps no more of a message
_OURS = {
    "bold": "bold", "italic": "italic", "strike": "strikethrough", "code": "code", "block": "pre", "link": "text_link",
    "quote": "blockquote",
}  # fmt: skip
_THEIRS = {theirs: ours for ours, theirs in _OURS.items()} | {"expandable_blockquote": "quote"}


def with_entities(name: str, text: str) -> dict[str, Any]:
    """What to send as fields of a call: a `text` or a `caption`, and what is marked in it."""
    shown = unquoted(text)
    if not (spans := nested(shown)[:MOST]):
        return {name: str(shown)}
    beside, at = "entities" if name == "text" else f"{name}_entities", places(shown)
    return {name: str(shown), beside: [_entity(span, at) for span in spans]}


def read(words: str, entities: Any) -> str:
    """What a customer wrote. An address behind words is written out; each line of a quote begins with a sign."""
    given = [it for it in entities if isinstance(it, Mapping)] if isinstance(entities, list) else []
    at = places(words) if given else []
    found = sorted(filter(None, (_span(it, at) for it in given)), reverse=True)
    text = marked(words, found)
    for span in found:
        address = linked(words[span.start : span.end], span.url)[span.end - span.start :] if span.url else ""
        if not words.startswith(address, span.end):
            text = inserted(text, span.end, address)
    for span in reversed(marks_of(text)):
        if span.kind == "quote":
            text = text[: span.start] + quoted(text[span.start : span.end]) + text[span.end :]
    return text


def _entity(span: Span, at: Sequence[int]) -> Entity:
    start, end = at[span.start], at[span.end]
    link = {"url": span.url} if span.kind == "link" else {}
    return {"type": _OURS[span.kind], "offset": start, "length": end - start, **link}


def _span(entity: Mapping[str, Any], at: Sequence[int]) -> Span | None:
    """Where an entity says that it is, as far as that is there; never half a character."""
    kind, start, length = _THEIRS.get(str(entity.get("type"))), entity.get("offset"), entity.get("length")
    if kind is None or type(start) is not int or type(length) is not int:
        return None
    url = entity.get("url") if kind == "link" else ""
    ends = bisect_right(at, start + length) - 1
    return Span(bisect_left(at, start), ends, kind, url) if isinstance(url, str) else None
