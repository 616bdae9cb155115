"""What the look-alike understands of a conversation, and its canned answers."""

import json
import re
from dataclasses import dataclass
from typing import Any

_HUMAN = re.compile(
    r"\b(human|real person|live (chat|agent)|representative|operator|supervisor"
    r"|(talk|speak|chat|connect|transfer|get|want|need)\b.{0,40}\b(person|agent|someone|somebody|manager|staff|people)"
    r"|mensch|mitarbeiter\w*|persona|humano|agente|humain|conseiller)\b",
    re.IGNORECASE,
)
CUSTOMERS = frozenset({"customer", "user", "visitor"})
WHO = CUSTOMERS | {"bot", "agent", "assistant", "system"}
_GREETING = re.compile(r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|hola|hallo|bonjour)\b", re.IGNORECASE)
_THANKS = re.compile(r"\b(thanks?|thank you|cheers|gracias|danke|merci)\b", re.IGNORECASE)

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What matters of a conversation: what the customer asked first and last, and what was answered last."""

    first: str = ""
    last: str = ""
    answered: str = ""


def heard(messages: list[Message]) -> Said:
    """Of the messages; or of a transcript, when the user's only message holds one as JSON lines."""
    lines = [(m.get("role") == "user", text_of(m)) for m in messages if m.get("role") in ("user", "assistant")]
    if len(lines) == 1:
        lines = _transcript(lines[0][1]) or lines
    asked = [text for customers, text in lines if customers and text]
    answered = [text for customers, text in lines if not customers and text]
    return Said(asked[0] if asked else "", asked[-1] if asked else "", answered[-1] if answered else "")


def text_of(message: Message) -> str:
    """The words of a message, whose content may be a string or parts."""
    content = message.get("content")
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict)).strip()
    return content.strip() if isinstance(content, str) else ""


def _transcript(text: str) -> list[tuple[bool, str]]:
    """Lines such as {"who": "customer", "said": "..."}, whatever their keys: who spoke stands among the values."""
    lines: list[tuple[bool, str]] = []
    for line in text.splitlines():
        try:
            values = [str(value) for value in json.loads(line).values()] if line.startswith("{") else []
        except (ValueError, AttributeError):
            continue
        words = [value for value in values if value not in WHO]
        if words and len(words) < len(values):
            lines.append((not CUSTOMERS.isdisjoint(values), max(words, key=len)))
    return lines


def asks_for_human(text: str) -> bool:
    """Whether somebody wants a person."""
    return bool(_HUMAN.search(text))


def reply_to(text: str) -> str:
    """A short answer that is the same every time."""
    if asks_for_human(text):
        return "I will fetch a colleague for you."
    if _GREETING.search(text):
        return "Hello! How can I help you?"
    if _THANKS.search(text):
        return "You are welcome!"
    if not text:
        return "How can I help you?"
    return f"You asked: {text[:200]} I can help with that."
