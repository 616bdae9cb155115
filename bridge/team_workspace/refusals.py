"""Pure: what Slack's refusals mean: never, later, or perhaps done."""

from collections.abc import Mapping

from bridge.errors import ChannelGone, DeliveryError, Loss, ThreadGone, TryLater, Uncertain, Undeliverable

Perhaps = type[TryLater] | type[Uncertain]

# Slack's own text for the first says that part may have been done.
PERHAPS = ("fatal_error", "internal_error", "request_timeout", "service_unavailable")
LATER = {
    "ratelimited": "Slack asks us to slow down.",
    "rate_limited": "Slack asks us to slow down.",
    "message_limit_exceeded": "The workspace has reached its message limit.",
    "missing_scope": "The app lacks a permission; `bridge doctor` says which.",
    "accesslimited": "Slack does not let the app in at the moment.",
}
REFUSED_TOKENS = {
    "invalid_auth": "Slack refuses the bot's token.",
    "not_authed": "Slack refuses the bot's token.",
    "token_revoked": "The bot's token was revoked.",
    "token_expired": "The bot's token has expired.",
    "account_inactive": "The app was removed from the workspace.",
    "team_access_not_granted": "The app may not act in this workspace.",
}
NEVER = {
    "channel_not_found": "The Slack channel is gone, or the bot is not in it.",
    "not_in_channel": "The bot is not in the Slack channel; invite it.",
    "is_archived": "The Slack channel is archived.",
    "thread_not_found": "The Slack thread was deleted.",
    "message_not_found": "The Slack message was deleted.",
    "cannot_reply_to_message": "Slack takes no replies to that message.",
    "restricted_action_thread_locked": "The Slack thread is locked.",
    "restricted_action_read_only_channel": "The Slack channel is read-only for the bot.",
    "restricted_action": "The workspace does not let the bot post there.",
    "cant_update_message": "Slack does not let us change that message.",
    "edit_window_closed": "Slack does not let us change that message any more.",
    "msg_too_long": "Slack finds the message too long.",
    "user_not_in_channel": "That person is not in the Slack channel.",
    "storage_limit_reached": "The Slack workspace has no room for more files.",
    "file_uploads_disabled": "The Slack workspace does not allow files.",
    "blocked_file_type": "The Slack workspace does not allow files of this type.",
    "file_upload_size_restricted": "The Slack workspace does not allow files of this size.",
    "file_deleted": "It was deleted in Slack.",
    "file_not_found": "It was deleted in Slack.",
}
LOST: Mapping[str, Loss] = {"is_archived": "archived", "channel_not_found": "deleted", "not_in_channel": "left"}
LAYOUT = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
PAUSE_FOR_A_PERSON = 30.0  # seconds until what only a person can mend is tried again


class BlocksRefused(Undeliverable):
    """Slack takes no offence at the words, only at how they are laid out."""


class TokenRefused(TryLater):
    """Nothing can be done until somebody mends the token; then all that waits goes out."""


class Unpermitted(TryLater):
    """The app lacks a permission that its manifest asks for: it has to be installed again."""


def refusal(status: int, code: str, headers: Mapping[str, str], perhaps: Perhaps) -> DeliveryError:
    """The error for an answer that is no success. `code` is empty when the answer was not Slack's."""
    if status == 429:
        return TryLater(LATER["ratelimited"], seconds(headers))
    if code in REFUSED_TOKENS:
        return TokenRefused(REFUSED_TOKENS[code], PAUSE_FOR_A_PERSON)
    if code == "missing_scope":
        return Unpermitted(LATER[code], PAUSE_FOR_A_PERSON)
    if code in LATER:
        return TryLater(LATER[code], PAUSE_FOR_A_PERSON)
    if status >= 500 or code in PERHAPS or (status == 200 and not code):
        return perhaps("Slack could not say whether it worked.")
    return _never(code, NEVER.get(code, f"Slack refused it ({code or f'HTTP {status}'})."))


def _never(code: str, reason: str) -> Undeliverable:
    if loss := LOST.get(code):
        return ChannelGone(reason, loss)
    if code == "thread_not_found":
        return ThreadGone(reason)
    return BlocksRefused(reason) if code in LAYOUT else Undeliverable(reason)


def seconds(headers: Mapping[str, str]) -> float | None:
    """How long Slack wants us to wait, where it says so."""
    try:
        return float(headers["Retry-After"])
    except (KeyError, ValueError):
        return None
