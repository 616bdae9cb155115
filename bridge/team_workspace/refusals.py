"""Pure: what Slack's refusals mean: never, later, or perhaps done."""

from collections.abc import Mapping

from bridge.errors import ChannelGone, DeliveryError, Loss, ThreadGone, TryLater, Uncertain, Undeliverable
from bridge.i18n import t

Perhaps = type[TryLater] | type[Uncertain]

# Slack's own text for the first says that part may have been done.
PERHAPS = ("fatal_error", "internal_error", "request_timeout", "service_unavailable")
LATER = {
    "ratelimited": t("Slack asks us to slow down."),
    "rate_limited": t("Slack asks us to slow down."),
    "message_limit_exceeded": t("The workspace has reached its message limit."),
    "missing_scope": t("The app lacks a permission; `bridge doctor` says which."),
    "accesslimited": t("Slack does not let the app in at the moment."),
}
REFUSED_TOKENS = {
    "invalid_auth": t("Slack refuses the bot's token."),
    "not_authed": t("Slack refuses the bot's token."),
    "token_revoked": t("The bot's token was revoked."),
    "token_expired": t("The bot's token has expired."),
    "account_inactive": t("The app was removed from the workspace."),
    "team_access_not_granted": t("The app may not act in this workspace."),
}
NEVER = {
    "channel_not_found": t("The Slack channel is gone, or the bot is not in it."),
    "not_in_channel": t("The bot is not in the Slack channel; invite it."),
    "is_archived": t("The Slack channel is archived."),
    "thread_not_found": t("The Slack thread was deleted."),
    "message_not_found": t("The Slack message was deleted."),
    "cannot_reply_to_message": t("Slack takes no replies to that message."),
    "restricted_action_thread_locked": t("The Slack thread is locked."),
    "restricted_action_read_only_channel": t("The Slack channel is read-only for the bot."),
    "restricted_action": t("The workspace does not let the bot post there."),
    "cant_update_message": t("Slack does not let us change that message."),
    "edit_window_closed": t("Slack does not let us change that message any more."),
    "msg_too_long": t("Slack finds the message too long."),
    "user_not_in_channel": t("That person is not in the Slack channel."),
    "storage_limit_reached": t("The Slack workspace has no room for more files."),
    "file_uploads_disabled": t("The Slack workspace does not allow files."),
    "blocked_file_type": t("The Slack workspace does not allow files of this type."),
    "file_upload_size_restricted": t("The Slack workspace does not allow files of this size."),
    "file_deleted": t("It was deleted in Slack."),
    "file_not_found": t("It was deleted in Slack."),
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
        return perhaps(t("Slack could not say whether it worked."))
    return _never(code, NEVER.get(code, t("Slack refused it ({code}).", code=code or f"HTTP {status}")))


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
