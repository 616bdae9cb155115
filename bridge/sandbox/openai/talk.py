"""What the look-alike understands of a conversation, and its canned answers."""

import re
from typing import Any

_HUMAN = re.compile(
    r"\b(human|real person|live (chat|agent)|representative|operator|supervisor"
    r"|(talk|speak|chat|connect|transfer|get|want|need)\b.{0,40}\b(person|agent|someone|somebody|manager|staff|people)"
    r"|mensch|mitarbeiter\w*|persona|humano|agente|humain|conseiller)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|hola|hallo|bonjour)\b", re.IGNORECASE)
_THANKS = re.compile(r"\b(thanks?|thank you|cheers|gracias|danke|merci)\b", re.IGNORECASE)

Message = dict[str, Any]


def text_of(message: Message) -> str:
    """The words of a message, whose content may be a string or parts."""
    content = message.get("content")
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict)).strip()
    return content.strip() if isinstance(content, str) else ""


def last_asked(messages: list[Message]) -> str:
    """What the user said last."""
    return next((text_of(m) for m in reversed(messages) if m.get("role") == "user"), "")


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
