"""One call of Slack's Web API, with everything that can go wrong sorted into three: never, later, perhaps done."""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bridge.team_workspace.inert import Message

PATIENCE = 15.0  # seconds

# slack_sdk's own lines carry customers' words and the sockets' tickets.
quiet = logging.getLogger("bridge.slack_sdk")
quiet.setLevel(logging.CRITICAL)

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
}
LAYOUT = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
PAUSE_FOR_A_PERSON = 30.0  # seconds until what only a person can mend is tried again


class BlocksRefused(Undeliverable):
    """Slack takes no offence at the words, only at how they are laid out."""


class TokenRefused(TryLater):
    """Nothing can be done until somebody mends the token; then all that waits goes out."""


async def attempt(call: Awaitable[Any], *, repeatable: bool, fine: Collection[str] = ()) -> Any:
    """Await a call; raise a DeliveryError if it failed. Of `repeatable` ones, perhaps done means try again.

    `fine` are refusals that say: it is so already.
    """
    perhaps = TryLater if repeatable else Uncertain
    try:
        async with asyncio.timeout(PATIENCE):
            return await call
    except SlackApiError as error:
        if _code(error) in fine:
            return None
        raise _sorted(error, perhaps) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise TryLater("Slack cannot be reached.") from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise perhaps("Slack did not answer.") from None
    except AttributeError:  # slack_sdk 3.47 stumbles over an answer in plain text
        raise perhaps("Slack's answer makes no sense.") from None


async def answer(
    session: aiohttp.ClientSession, address: str, told: Message, api: str, *, replaces: bool = False
) -> bool:
    """Tell the person who clicked, through the click's own address; False when that is used up, too old or not Slack's.

    Behind `#` stands the thread in which the click was made. `api` is the address of Slack's API. With `replaces`, it
    stands in the place of the message that was clicked, for everybody who sees that one.
    """
    if not _is_slacks(address, api):
        return False
    url, thread_ts = urldefrag(address)
    body: dict[str, Any] = {"replace_original": replaces, "text": told.text, "blocks": told.blocks}
    if not replaces:
        body["response_type"] = "ephemeral"
    if thread_ts and not replaces:
        body["thread_ts"] = thread_ts
    return await attempt(_answered(session, url, body), repeatable=False)


def _is_slacks(address: str, api: str) -> bool:
    """Whether what is said there stays with Slack."""
    try:
        url, known = urlsplit(address), urlsplit(api)
    except ValueError:
        return False
    same = (url.scheme, url.netloc) == (known.scheme, known.netloc)
    return same or (url.scheme, url.netloc) == ("https", "hooks.slack.com")


async def _answered(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> bool:
    async with session.post(url, json=body, allow_redirects=False) as response:
        if response.status == 429:
            raise TryLater(LATER["ratelimited"], _seconds(response.headers))
        if response.status >= 500:
            raise Uncertain("Slack could not say whether it worked.")
        return (
            response.status == 200 and "used_url" not in (said := await response.text()) and "expired_url" not in said
        )


def _sorted(error: SlackApiError, perhaps: type[TryLater] | type[Uncertain]) -> DeliveryError:
    code, status = _code(error), _status(error)
    if status == 429:
        return TryLater(LATER["ratelimited"], _seconds(getattr(error.response, "headers", {})))
    if code in REFUSED_TOKENS:
        return TokenRefused(REFUSED_TOKENS[code], PAUSE_FOR_A_PERSON)
    if code in LATER:
        return TryLater(LATER[code], PAUSE_FOR_A_PERSON)
    if status >= 500 or code in PERHAPS or (status == 200 and not code):
        return perhaps("Slack could not say whether it worked.")
    kind = BlocksRefused if code in LAYOUT else Undeliverable
    return kind(NEVER.get(code, f"Slack refused it ({code or f'HTTP {status}'})."))


def _code(error: SlackApiError) -> str:
    """Slack's word for what is wrong; empty when the answer was not Slack's."""
    said = getattr(error.response, "data", None)
    return str(said.get("error") or "") if isinstance(said, dict) else ""


def _status(error: SlackApiError) -> int:
    """Where the body is no JSON, slack_sdk hands over aiohttp's response instead of its own."""
    response: Any = error.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 200)


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return float(headers["Retry-After"])
    except (KeyError, ValueError):
        return None
