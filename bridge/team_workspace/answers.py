"""Answers to clicks and commands, through the address that each of them brings along."""

from typing import Any
from urllib.parse import urldefrag, urlsplit

import aiohttp

from bridge.errors import TryLater, Uncertain
from bridge.team_workspace.inert import Message
from bridge.team_workspace.refusals import LATER, seconds
from bridge.team_workspace.web_api import PATIENCE

SEEN = "seen"  # by everybody: the message that was clicked


def answer_address(url: str, thread_ts: str, *, seen: bool = False) -> str:
    """Where an answer goes: the response_url, behind `#` the thread of the click, and whether everybody saw it."""
    about = "&".join(part for part in (thread_ts, SEEN if seen else "") if part)
    return f"{url}#{about}" if url and about else url


def replaces_for_all(address: str) -> bool:
    """Whether what stands in the place of the message that was clicked is seen by everybody."""
    return _read(address)[2]


def _read(address: str) -> tuple[str, str, bool]:
    """The response_url, the thread, and whether everybody saw the message."""
    url, about = urldefrag(address)
    parts = about.split("&")
    return url, next((part for part in parts if part != SEEN), ""), SEEN in parts


async def answer(
    session: aiohttp.ClientSession, address: str, told: Message, api: str, *, replaces: bool = False
) -> bool:
    """Tell the person who clicked; False when the address is used up, too old or not Slack's.

    `api` is the address of Slack's API. With `replaces`, the answer stands in the place of the message that was
    clicked, for everybody who sees that one.
    """
    if not _is_slacks(address, api):
        return False
    url, thread_ts, _ = _read(address)
    body: dict[str, Any] = {"replace_original": replaces, "text": told.text, "blocks": told.blocks}
    if not replaces:
        body["response_type"] = "ephemeral"
    if thread_ts and not replaces:
        body["thread_ts"] = thread_ts
    try:
        return await _posted(session, url, body)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise TryLater("Slack cannot be reached.") from None
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise Uncertain("Slack did not answer.") from None


def _is_slacks(address: str, api: str) -> bool:
    """Whether what is said there stays with Slack."""
    try:
        url, known = urlsplit(address), urlsplit(api)
    except ValueError:
        return False
    same = (url.scheme, url.netloc) == (known.scheme, known.netloc)
    return same or (url.scheme, url.netloc) == ("https", "hooks.slack.com")


async def _posted(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> bool:
    async with session.post(url, json=body, timeout=PATIENCE, allow_redirects=False) as response:
        if response.status == 429:
            raise TryLater(LATER["ratelimited"], seconds(response.headers))
        if response.status >= 500:
            raise Uncertain("Slack could not say whether it worked.")
        said = await response.text()
        return response.status == 200 and "used_url" not in said and "expired_url" not in said
