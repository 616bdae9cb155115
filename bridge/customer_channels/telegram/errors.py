"""What a failed call to Telegram means for a delivery, in words that an agent understands."""

from collections.abc import Generator
from contextlib import contextmanager

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError

from bridge.customer_channels.telegram.bot import Unreadable
from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable

WORDS = {
    "blocked by the user": "The customer has blocked the bot.",
    "user is deactivated": "The customer has deleted the Telegram account.",
    "initiate conversation": "Telegram lets us write only after the customer has written.",
    "chat not found": "Telegram does not know this chat.",
    "too long": "The text is too long for Telegram.",
    "too_long": "The text is too long for Telegram.",
    "text is empty": "Telegram does not send empty texts.",
    "must be non-empty": "Telegram does not send empty texts.",
    "message to edit not found": "The message is no longer in the chat.",
    "can't be edited": "Telegram does not let us change this message.",
}
TOKEN_REFUSED = 60.0  # seconds until the next try; a person has to act


@contextmanager
def classed() -> Generator[None]:
    """Turn whatever a call of PTB raises into a DeliveryError, without its chain: that may quote what was sent."""
    try:
        yield
    except Exception as error:
        raise delivery_error(error) from None


def delivery_error(error: Exception) -> DeliveryError:
    """Whether it was accepted is certain only when Telegram itself said no, or when nothing was sent."""
    cause = error.__cause__
    if isinstance(cause, DeliveryError):
        return cause
    match error:
        case BadRequest() | Forbidden() | InvalidToken() | Conflict() if isinstance(cause, Unreadable):
            return TryLater("Something between us and Telegram refused the call.")
        case ChatMigrated():
            return Undeliverable("The chat has become a group; groups are not supported.")
        case InvalidToken():
            return TryLater("Telegram refuses TELEGRAM_BOT_TOKEN.", TOKEN_REFUSED)
        case BadRequest() | Forbidden():
            return Undeliverable(_words(str(error)))
        case NetworkError() if cause is None:
            return TryLater("Telegram has a disturbance.")
        case _:
            return Uncertain(f"Telegram's answer cannot be read ({type(error).__name__}).")


def _words(description: str) -> str:
    known = (words for part, words in WORDS.items() if part in description.lower())
    return next(known, f"Telegram refused it: {description[:100]}")
