"""Telegram's HTML: parsed as strictly as Telegram does, and written again for the page.

Offsets and lengths of entities are in UTF-16 code units, as in the Bot API.
"""

import html
import re
from itertools import accumulate
from typing import Any

from bridge.sandbox.telegram.asked import bad_request

Entity = dict[str, Any]

KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
GIVEN = {*KINDS.values(), "expandable_blockquote", "mention", "hashtag", "url", "email", "phone_number", "bot_command"}
_WRITTEN = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre"}
_TOKEN = re.compile(
    r"""<(?P<end>/?)(?P<tag>[a-zA-Z][\w-]*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>"""
    r"""|(?P<broken><)|(?P<reference>&(?:\#x[0-9a-fA-F]+|\#\d+|lt|gt|amp|quot);)|(?P<plain>[^<&]+|&)"""
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_SAFE_LINK = re.compile(r"(https?|tg|mailto|tel):", re.IGNORECASE)


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def parse(source: str) -> tuple[str, list[Entity]]:
    """The plain text and the entities of `source`; refuses what Telegram refuses."""
    text: list[str] = []
    length = 0
    entities: list[Entity] = []
    still_open: list[tuple[str, dict[str, str], int]] = []
    for token in _TOKEN.finditer(source):
        tag = (token["tag"] or "").lower()
        if token["broken"]:
            raise _broken(source, token.start())
        if tag and token["end"]:
            name, attributes, start = _closed(source, token, still_open)
            if length > start:
                entities.extend(_entity(name, attributes, start, length - start))
        elif tag:
            attributes = {
                m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(token["rest"])
            }
            _check_start(source, token, tag, attributes)
            if "expandable" in token["rest"]:
                attributes["expandable"] = ""
            still_open.append((tag, attributes, length))
        else:
            piece = html.unescape(token[0]) if token["reference"] else token[0]
            text.append(piece)
            length += units(piece)
    if still_open:
        raise _cannot(f'can\'t find end tag corresponding to start tag "{still_open[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return trimmed("".join(text), entities)


def checked(text: str, entities: list[Entity]) -> list[Entity]:
    """Entities that were given beside a text; refuses what points outside of it, or into the middle of a character."""
    edges = {0, *accumulate(units(character) for character in text)}
    for entity in entities:
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse MessageEntity: offset and length expected")
        if entity.get("type") not in GIVEN:
            raise bad_request("can't parse MessageEntity: unsupported type")
        if length <= 0 or not {offset, offset + length} <= edges:
            raise bad_request(f"receive an entity with incorrect offset {offset} or length {length}")
        if entity["type"] == "text_link" and not _SAFE_LINK.match(str(entity.get("url"))):
            raise bad_request("can't parse MessageEntity: url expected")
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without white space around, as Telegram stores it; entities follow."""
    without_end = text.rstrip()
    bare = without_end.lstrip()
    shift, size = units(without_end) - units(bare), units(bare)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] - shift + entity["length"], size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return bare, kept


def as_html(text: str, entities: list[Entity]) -> str:
    """The text with tags, safe to put into a page."""
    starts: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for entity in entities:
        tag = _WRITTEN.get(entity["type"], "span")
        link = entity.get("url", "")
        opening = f"<{tag}>"
        if entity["type"] == "text_link" and _SAFE_LINK.match(link):
            tag, opening = "a", f'<a href="{html.escape(link)}" rel="noopener noreferrer" target="_blank">'
        elif entity["type"] in ("blockquote", "expandable_blockquote"):
            tag, opening = "blockquote", "<blockquote>"
        starts.setdefault(entity["offset"], []).append(opening)
        ends.setdefault(entity["offset"] + entity["length"], []).insert(0, f"</{tag}>")
    out: list[str] = []
    offset = 0
    for character in text:
        out += ends.pop(offset, [])
        out += starts.pop(offset, [])
        out.append(html.escape(character, quote=False))
        offset += 2 if ord(character) > 0xFFFF else 1
    return "".join(out + [tag for _, tags in sorted(ends.items()) for tag in tags])


def _closed(
    source: str, token: re.Match[str], still_open: list[tuple[str, dict[str, str], int]]
) -> tuple[str, dict[str, str], int]:
    at, tag = _byte(source, token.start()), token["tag"].lower()
    if not still_open:
        raise _cannot(f"unexpected end tag at byte offset {at}")
    if still_open[-1][0] != tag:
        raise _cannot(f'unmatched end tag at byte offset {at}, expected "</{still_open[-1][0]}>", found "</{tag}>"')
    return still_open.pop()


def _check_start(source: str, token: re.Match[str], tag: str, attributes: dict[str, str]) -> None:
    at = _byte(source, token.start())
    if tag not in KINDS:
        raise _cannot(f'unsupported start tag "{tag}" at byte offset {at}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _cannot(f'tag "span" must have class "tg-spoiler" at byte offset {at}')


def _entity(tag: str, attributes: dict[str, str], offset: int, length: int) -> list[Entity]:
    kind = KINDS[tag]
    place = {"offset": offset, "length": length}
    if kind == "text_link":
        link = attributes.get("href", "")
        return [{"type": kind, **place, "url": link}] if _SAFE_LINK.match(link) else []
    if kind == "custom_emoji":
        return [{"type": kind, **place, "custom_emoji_id": attributes.get("emoji-id", "")}]
    if kind == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    return [{"type": kind, **place}]


def _broken(source: str, at: int) -> Exception:
    found = re.match(r"</?([^\s<>]*)", source[at:])
    name = found[1].lower() if found else ""
    if name in KINDS:
        return _cannot(f"unclosed start tag at byte offset {_byte(source, at)}")
    return _cannot(f'unsupported start tag "{name}" at byte offset {_byte(source, at)}')


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode())


def _cannot(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
