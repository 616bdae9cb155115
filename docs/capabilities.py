"""Writes the table of what is carried into the README: which way from what each channel declares, and how from here.

Run: .venv/bin/python docs/capabilities.py
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from bridge import customer_channels
from bridge.ports import KINDS, Capabilities, Kind

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- made by docs/capabilities.py -->\n", "<!-- until here -->\n"
TITLES: dict[Kind, str] = {
    "text": "Text, emoji, links",
    "formatting": "Bold, italics, struck, code, quotes",
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
HOW: Mapping[Kind, Mapping[str, str]] = {
    "formatting": {"WhatsApp": "to them where its signs can say it"},
    "location": {"Telegram": "as lines of text", "WhatsApp": "as lines of text"},
    "contact": {"Telegram": "as lines of text", "WhatsApp": "as lines of text"},
    "reply_to": {"Telegram": "a line above their words", "WhatsApp": "a line above their words"},
    "reaction": {
        "Telegram": "theirs where Telegram tells; the owner's 👍 ❤️ 🎉 and the like, or what is nearest there. "
        "The owner's stay in Slack with Telegram Business",
        "Web chat": "the agent is told that theirs stays in Slack",
        "WhatsApp": "the owner's 👍 ❤️ 🎉 and the like, for 24 hours after they wrote",
    },
    "edit": {
        "Telegram": "the agent's in place, a file's caption, too",
        "Web chat": "the agent's in place; the visitor's, what they wrote last",
        "WhatsApp": "the agent is offered a correction",
    },
    "delete": {
        "Telegram": "for two days; theirs with Telegram Business",
        "Web chat": "the visitor's, what they wrote last, and it leaves the chat's journal",
        "WhatsApp": "where WhatsApp tells: with numbers that its app uses, too. The agent is told that theirs stays",
    },
    "read": {
        "Web chat": "when it was in front of the visitor",
        "WhatsApp": "from them where they let WhatsApp tell; to them once the bot or an agent answers",
    },
}
"""What there is to say beside the way, for each channel by its name."""
MORE: Mapping[str, Mapping[str, str]] = {
    "Files from the customer, each at most": {"Telegram": "20 MB", "Web chat": "10 MB", "WhatsApp": "100 MB"},
    "Files to the customer, each at most": {
        "Telegram": "50 MB", "Web chat": "50 MB", "WhatsApp": "photos 5 MB, sound and film 16 MB, documents 100 MB",
    },
    "Pictures of more than 50 million pixels": dict.fromkeys(("Telegram", "Web chat", "WhatsApp"), "refused, in words"),
    "Several photos, videos or files in one message": {
        "Telegram": "an album, as one message, both ways",
        "Web chat": "one message from the visitor, one by one to them",
        "WhatsApp": "one by one",
    },
    "Short answers, one after the other": {
        "WhatsApp": "each by itself; as one message, a line each, while its limit for one customer holds them up",
    },
    "Topics of a chat": {"Telegram": "an answer goes to the one of the customer's last message"},
    "Forwarded messages": {"Telegram": "a line above the words says so", "WhatsApp": "a line above the words says so"},
    "Polls, orders, forms": {"Telegram": "as lines of text", "WhatsApp": "as lines of text"},
    "The link, advertisement or product that they came by": {
        "Telegram": "`t.me/<bot>?start=<word>`: on the card",
        "WhatsApp": "as a line of text",
    },
    "The team answers in the platform's own app": {
        "Telegram": "with Telegram Business: in the thread",
        "WhatsApp": "in the thread, if Meta is told to send `smb_message_echoes`",
    },
    "The customer can be answered": {
        "Telegram": "at any time; with Telegram Business for 24 hours, if the account's owner lets the bot reply",
        "Web chat": "at any time",
        "WhatsApp": "for 24 hours after they wrote: the card says until when, and the owner is called in the last one; "
        "then by a template",
    },
    "The customer learns who joined": {
        "Telegram": "as a text", "Web chat": "as a text and as a mark", "WhatsApp": "as a text",
    },
    "The agent's check mark means": {
        "Telegram": "accepted by Telegram", "Web chat": "kept for the page", "WhatsApp": "delivered to the phone",
    },
    "Who the customer is": {
        "Telegram": "their account",
        "Web chat": "whoever your site vouches for, else whoever has the browser",
        "WhatsApp": "their number or user id, whichever they show",
    },
    "The agent is told that the customer blocked the bot": {
        "Telegram": "yes, and on the card until they are back",
        "WhatsApp": "as a failed reply",
    },
}  # fmt: skip
"""What is no kind of content."""


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
    kinds = ((TITLES[kind], [_cell(kind, *channel) for channel in channels]) for kind in KINDS)
    more = ((title, [how.get(label, "–") for label, _ in channels]) for title, how in MORE.items())
    head = ("", [label for label, _ in channels]), ("---", ["---"] * len(channels))
    return "".join(f"| {title} | {' | '.join(cells)} |\n" for title, cells in (*head, *kinds, *more))


def _cell(kind: Kind, label: str, can: Capabilities) -> str:
    way, how = WAYS[getattr(can, kind)], HOW.get(kind, {}).get(label)
    return f"{way}: {how}" if how else way


def written(text: str) -> str:
    """The README with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table(declared()) + END + after


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
