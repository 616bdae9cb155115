"""What an answer of the Bot API means for a delivery, in words that an agent understands."""

from typing import Any

from bridge.customer_channels._http import Reply
from bridge.errors import DeliveryError, NeedsAdmin, TryLater, Uncertain, Undeliverable, Unreachable
from bridge.i18n import t

LOST = {
    "blocked by the user": t("The customer has blocked the bot."),
    "user is deactivated": t("The customer has deleted the Telegram account."),
}
WORDS = {
    "initiate conversation": t("Telegram lets us write only after the customer has written."),
    "chat not found": t("Telegram does not know this chat."),
    "caption is too long": t("The text is too long for a caption."),
    "caption_too_long": t("The text is too long for a caption."),
    "too long": t("The text is too long for Telegram."),
    "too_long": t("The text is too long for Telegram."),
    "text is empty": t("Telegram does not send empty texts."),
    "must be non-empty": t("Telegram does not send empty texts."),
    "message to edit not found": t("The message is no longer in the chat."),
    "message to react not found": t("The message is no longer in the chat."),
    "reaction_invalid": t("Telegram does not take this reaction here."),
    "file is too big": t("It is larger than Telegram lets us fetch."),
    "wrong file_id": t("Telegram does not have it any more."),
    "file must be non-empty": t("It is empty."),
    "business connection not found": t("The bot is not connected to this Telegram account any more."),
    "business_connection_invalid": t("The bot is not connected to this Telegram account any more."),
    "business_connection_not_allowed": t("The owner of this Telegram account does not allow the bot to do this."),
    "business_peer_usage_missing": t("Telegram lets the bot reply here only within 24 hours of the last message."),
    "business_peer_invalid": t("The owner of this Telegram account does not let the bot into this chat."),
    "can't be edited": t("Telegram does not let us change this message."),
    "can't be deleted": t("Telegram does not let us delete this message, and none that is older than two days."),
}
OTHERWISE = ("photo_invalid", "image_process_failed", "photo_ext_invalid", "voice_messages_forbidden")
UNCHANGED = "is not modified"
GONE = "message to delete not found"
NO_TOPIC = "message thread not found"
RESTART = "restart"  # said to every call that is under way when the Bot API's server closes, also to one that went out
TOKEN_REFUSED = 60.0  # seconds until the next try; a person has to act


class TokenRefused(NeedsAdmin):
    """Telegram does not know the bot. A person has to act."""

    def __init__(self) -> None:
        super().__init__(t("Telegram refuses TELEGRAM_BOT_TOKEN."), TOKEN_REFUSED)


class TwoReaders(TryLater):
    """409: only one may read a bot's messages at a time, and somebody else does."""

    def __init__(self) -> None:
        super().__init__(
            "Another program reads this bot's messages, or the bot has a webhook. Stop the other program, "
            "or remove the webhook, or set TELEGRAM_MODE=webhook."
        )


class Unchanged(Undeliverable):
    """A message reads already as it was to read."""


class Gone(Undeliverable):
    """A message that was to be deleted is not there any more."""


class TopicGone(Undeliverable):
    """The topic of the chat that it was to go to was deleted."""


class NotAsThis(Undeliverable):
    """Telegram refuses it as a photo or voice message; as a file it may take it."""


def result(reply: Reply) -> Any:
    """What was asked for; raises what the refusal means. Certain is only what Telegram itself said."""
    answer = reply.json()
    match answer:
        case {"ok": True, "result": found} if reply.status == 200:
            return found
        case {"ok": False, "description": str(said)}:
            raise _refusal(reply.status, said, answer.get("parameters"))
        case _ if reply.status == 429:
            raise TryLater(t("Telegram asks us to slow down."), reply.retry_after)
        case _ if 400 <= reply.status < 500:
            raise TryLater(t("Something between us and Telegram refused the call ({code}).", code=reply.status))
        case _:
            raise Uncertain(t("Telegram's answer cannot be read ({code}).", code=reply.status))


def _refusal(status: int, said: str, parameters: Any) -> DeliveryError:
    """Telegram said no."""
    more = parameters if isinstance(parameters, dict) else {}
    match status:
        case 429:
            wait = more.get("retry_after")
            return TryLater(t("Telegram asks us to slow down."), float(wait) if isinstance(wait, int) else None)
        case 401 | 404:
            return TokenRefused()
        case 409:
            return TwoReaders()
        case 400 | 403 if "migrate_to_chat_id" in more:
            return Undeliverable(t("The chat has become a group; groups are not supported."))
        case 400 | 403:
            return _undeliverable(said)
        case _ if status >= 500 and RESTART in said:
            return Uncertain(t("Telegram's server restarted before it answered."))
        case _ if status >= 500:
            return TryLater(t("Telegram has a disturbance."))
        case _:
            return Uncertain(t("Telegram's answer cannot be read ({code}).", code=status))


def _undeliverable(said: str) -> Undeliverable:
    lowered = said.lower()
    if UNCHANGED in lowered:
        return Unchanged(t("The message reads like this already."))
    if GONE in lowered:
        return Gone(t("The message is no longer in the chat."))
    if NO_TOPIC in lowered:
        return TopicGone(t("This topic of the chat was deleted."))
    if any(part in lowered for part in OTHERWISE):
        return NotAsThis(t("Telegram cannot show it."))
    if lost := next((words for part, words in LOST.items() if part in lowered), ""):
        return Unreachable(lost)
    known = (words for part, words in WORDS.items() if part in lowered)
    return Undeliverable(next(known, t("Telegram refused it: {said}", said=said[:100])))
