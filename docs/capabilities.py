"""Writes the table of what is carried into the README, from what each channel declares.

Run: .venv/bin/python docs/capabilities.py
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bridge import customer_channels
from bridge.ports import KINDS, Capabilities, Kind

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- made by docs/capabilities.py -->\n", "<!-- until here -->\n"
TITLES: dict[Kind, str] = {
    "text": "Text, emoji, links",
    "formatting": "Bold, italics, lists, quotes",
    "image": "Photos",
    "file": "Files",
    "voice": "Voice messages and sounds",
    "video": "Videos",
    "sticker": "Stickers",
    "location": "Locations",
    "contact": "Contacts",
    "reply_to": "Which message is answered",
    "reaction": "Reactions",
    "edit": "A message is changed",
    "delete": "A message is deleted",
    "buttons": "Quick replies",
    "typing": "“... is typing”",
    "delivered": "That it was delivered",
    "read": "That it was read",
}
WAYS = {"": "–", "in": "from the customer", "out": "to the customer", "both": "both ways"}


def declared() -> list[tuple[str, Capabilities]]:
    """Every channel that there is, as people write it, and what it declares."""
    found: list[tuple[str, Capabilities]] = []
    for name in customer_channels.builders():
        module = import_module(f"{customer_channels.__name__}.{name}")
        [channel] = [it for it in vars(module).values() if getattr(it, "name", "") == name and hasattr(it, "can")]
        found.append((channel.label, channel.can))
    return found


def table(channels: Sequence[tuple[str, Capabilities]]) -> str:
    """The same in Markdown."""
    head = f"| | {' | '.join(label for label, _ in channels)} |\n|---|{'---|' * len(channels)}\n"
    rows = (f"| {TITLES[kind]} | {' | '.join(WAYS[getattr(can, kind)] for _, can in channels)} |\n" for kind in KINDS)
    return head + "".join(rows)


def written(text: str) -> str:
    """The README with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table(declared()) + END + after


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
