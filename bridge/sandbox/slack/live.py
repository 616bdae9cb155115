"""What Slack would bring to life in a message: mentions, links, broadcasts and formatting.

The history keeps the list, so that a test can prove that a customer's text stayed a dead letter.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from bridge.sandbox.slack.errors import Json

CONTROL = re.compile(r"<(?:[@#!][^<>\s][^<>]*|[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s|][^<>]*)>")
BARE_URL = re.compile(r"(?<![\w<|])(?:https?://|www\.)[^\s<>|]+", re.IGNORECASE)
MARKDOWN_LINK = re.compile(r"\[[^\]\n]*\]\([^)\s]+\)")
NAME = re.compile(r"(?<![\w@])@(?:here|channel|everyone)\b|(?<![\w#&])#[\w-]+|(?<![\w@])@[\w.-]+")
BROADCASTS = ("@here", "@channel", "@everyone")

# A mark formats only between a boundary and ink; a zero-width space next to it breaks that.
_BEFORE, _AFTER = r"(?:^|(?<=[\s!-/:-@\[-`{-~]))", r"(?=$|[\s!-/:-@\[-`{-~])"
_SPAN = r"{b}{m}(?![\s​⁠{m}])[^{m}\n]*(?<![\s​⁠]){m}{a}"
FORMATS = [
    re.compile(r"```.+?```", re.DOTALL),
    re.compile(r"(?<!`)`[^`\n​⁠]+`(?!`)"),
    *(re.compile(_SPAN.format(b=_BEFORE, a=_AFTER, m=mark), re.MULTILINE) for mark in (r"\*", "_", "~")),
    re.compile(r"^(?:&gt;|>).*", re.MULTILINE),
]

RICH: dict[str, tuple[str, str, str]] = {
    "user": ("<@", "user_id", ">"),
    "channel": ("<#", "channel_id", ">"),
    "usergroup": ("<!subteam^", "usergroup_id", ">"),
    "broadcast": ("<!", "range", ">"),
    "link": ("<", "url", ">"),
    "team": ("<!team^", "team_id", ">"),
}


def in_mrkdwn(
    text: str, *, names: Collection[str] = (), urls: bool = True, link_names: bool = False, formats: bool = True
) -> Iterator[str]:
    """Everything in a mrkdwn string that is more than letters."""
    yield from CONTROL.findall(text)
    rest = CONTROL.sub(" ", text) if "<" in text else text
    if urls:
        yield from BARE_URL.findall(rest)
    if link_names:
        yield from (name for name in NAME.findall(rest) if name in BROADCASTS or name[1:] in names)
    if formats:
        for pattern in FORMATS:
            yield from pattern.findall(rest)


def in_value(value: Any, names: Collection[str]) -> Iterator[str]:
    """Everything alive in blocks, attachments or any part of them."""
    if isinstance(value, list):
        for item in value:
            yield from in_value(item, names)
    elif isinstance(value, dict):
        yield from in_object(value, names)


def in_object(item: Json, names: Collection[str]) -> Iterator[str]:
    """Everything alive in one text object, rich text element or block."""
    kind = str(item.get("type"))
    if kind == "mrkdwn":
        auto = not item.get("verbatim", False)
        yield from in_mrkdwn(str(item.get("text", "")), names=names, urls=auto, link_names=auto)
    elif kind == "markdown":
        # Slack does not say whether mentions work in Markdown, so the sandbox takes the worse case.
        text = str(item.get("text", ""))
        yield from in_mrkdwn(text, names=names, link_names=True)
        yield from MARKDOWN_LINK.findall(text)
    elif kind in RICH and RICH[kind][1] in item:
        opening, field, closing = RICH[kind]
        yield f"{opening}{item[field]}{closing}"
    elif kind not in ("plain_text", "text", "button"):
        for value in item.values():
            if isinstance(value, dict | list):
                yield from in_value(value, names)


def in_message(message: Json, names: Collection[str], *, update: bool = False) -> list[str]:
    """Everything alive in a message as the app sent it: text, blocks and attachments.

    With blocks the text is only what a notification shows: mentions count there, formatting does not.
    """
    text, blocks = str(message.get("text") or ""), message.get("blocks")
    parse = message.get("parse") or ("client" if update else "default")
    found = list(
        in_mrkdwn(
            text,
            names=names,
            urls=parse != "none" and not blocks,
            link_names=parse == "full" or message.get("link_names") in (True, 1, "1", "true"),
            formats=not blocks and message.get("mrkdwn") not in (False, 0, "0", "false"),
        )
    )
    if markdown := message.get("markdown_text"):
        found += in_object({"type": "markdown", "text": markdown}, names)
    found += in_value(blocks, names)
    for attachment in message.get("attachments") or ():
        if isinstance(attachment, dict):
            for part in ("pretext", "text"):
                found += in_mrkdwn(str(attachment.get(part) or ""), names=names)
            found += in_value(attachment.get("blocks"), names)
    return found
