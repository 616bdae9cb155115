"""Telegram's way to mark words: entities beside the text, placed in UTF-16 code units. Pure.

We send them instead of a parse mode, so nothing that somebody writes can be taken for markup. Numbers: platform facts,
2.3.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from bridge.marks import Span, inserted, linked, marked, marks_of, nested, quoted, unquoted

Entity = dict[str, Any]

MOST = 100  # Telegram keeps no more of a message
_OURS = {
    "bold": "bold", "italic": "italic", "strike": "strikethrough", "code": "code", "block": "pre", "link": "text_link",
    "quote": "blockquote",
}  # fmt: skip
_THEIRS = {theirs: ours for ours, theirs in _OURS.items()} | {"expandable_blockquote": "quote"}


def written(text: str) -> tuple[str, list[Entity]]:
    """What to send: the words, and what is marked in them."""
    shown = unquoted(text)
    spans = nested(shown)[:MOST]
    places = _places(shown) if spans else []
    return str(shown), [_entity(span, places) for span in spans]


def with_entities(name: str, text: str) -> dict[str, Any]:
    """The same as fields of a call: a `text` or a `caption`."""
    words, entities = written(text)
    beside = "entities" if name == "text" else f"{name}_entities"
    return {name: words} | ({beside: entities} if entities else {})


def read(words: str, entities: Any) -> str:
    """What a customer wrote. An address behind words is written out; each line of a quote begins with a sign."""
    given = [it for it in entities if isinstance(it, Mapping)] if isinstance(entities, list) else []
    places = _places(words) if given else []
    found = sorted(filter(None, (_span(it, places) for it in given)), reverse=True)
    text = marked(words, found)
    for span in found:
        address = linked(words[span.start : span.end], span.url)[span.end - span.start :] if span.url else ""
        if not words.startswith(address, span.end):
            text = inserted(text, span.end, address)
    for span in reversed(marks_of(text)):
        if span.kind == "quote":
            text = text[: span.start] + quoted(text[span.start : span.end]) + text[span.end :]
    return text


def _entity(span: Span, places: Sequence[int]) -> Entity:
    start, end = places[span.start], places[span.end]
    link = {"url": span.url} if span.kind == "link" else {}
    return {"type": _OURS[span.kind], "offset": start, "length": end - start, **link}


def _span(entity: Mapping[str, Any], places: Sequence[int]) -> Span | None:
    """Where an entity says that it is, as far as that is there; never half a character."""
    kind, start, length = _THEIRS.get(str(entity.get("type"))), entity.get("offset"), entity.get("length")
    if kind is None or type(start) is not int or type(length) is not int:
        return None
    url = entity.get("url") if kind == "link" else ""
    ends = bisect_right(places, start + length) - 1
    return Span(bisect_left(places, start), ends, kind, url) if isinstance(url, str) else None


def _places(text: str) -> list[int]:
    """Where each character begins, in code units; and the end."""
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))
