"""Files in Slack: uploaded in three steps, of which only the last shows them; and fetched with the bot's token.

The token goes to Slack's own hosts only, whatever address a file claims to have, and wherever a host sends us on.
"""

import re
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urljoin

import orjson
from aiohttp import ClientResponse

from bridge.content import Author
from bridge.errors import DeliveryError, TryLater, Undeliverable
from bridge.files import may_see_token
from bridge.i18n import t
from bridge.ports import File, Loaded, Place, Shared
from bridge.team_workspace.inert import escaped
from bridge.team_workspace.posts import speaker
from bridge.team_workspace.reading import file_of
from bridge.team_workspace.refusals import Unpermitted, refusal
from bridge.team_workspace.web_api import WebApi

HOSTS = ("slack.com", ".slack.com")
MOST_HOPS = 4
MOVED = (301, 302, 303, 307, 308)
PIECE = 64 * 1024  # bytes
LACKS = t("The app has no permission for files in Slack; `bridge doctor` says which.")
GONE = ("file_not_found", "file_deleted")
_FORMATS = re.compile(r"([*_~`])|(?<=\w)([.:@])(?=[\w/])")


class Files:
    """The files of one workspace."""

    def __init__(self, api: WebApi) -> None:
        self.api = api

    async def upload(self, file: Loaded) -> str:
        """The first two steps; nobody sees it yet, and what is never shared is thrown away by Slack."""
        told = await self._call("files.getUploadURLExternal", {"filename": file.name, "length": file.size})
        status = await self.api.put(told["upload_url"], file.content(), file.size)
        if status == 429 or status >= 500:
            raise TryLater(t("Slack does not take the file now."))
        if status != 200:
            raise Undeliverable(t("Slack did not take it ({code}).", code=f"HTTP {status}"))
        return told["file_id"]

    async def share(self, uploads: Sequence[str], thread: Place, line: str) -> bool:
        """The third step, which Slack takes once only, with a line above them. False: it was taken before."""
        asked = {
            "files": orjson.dumps([{"id": upload} for upload in uploads]).decode(),
            "channel_id": thread.channel,
            "thread_ts": thread.ts,
            "initial_comment": line,
        }
        return await self._call("files.completeUploadExternal", asked, repeatable=False, fine=GONE) is not None

    async def shown(self, upload: str, thread: Place) -> bool | None:
        """Whether it is in this thread. None: Slack does not have it, or only elsewhere."""
        told = await self._call("files.info", {"file": upload}, fine=GONE)
        if told is None:
            return None
        shares = [each for reach in (told["file"].get("shares") or {}).values() for each in reach.items()]
        here = [one for channel, those in shares if channel == thread.channel for one in those]
        if any(one.get("thread_ts") == thread.ts for one in here):
            return True
        return None if shares else False

    async def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """Its bytes, from where Slack says that they are now."""
        about: Mapping[str, Any] = (await self._call("files.info", {"file": file.ref}))["file"]
        if isinstance(found := file_of(about), str):
            raise Undeliverable(found)
        got = 0
        async with self._opened(str(about.get("url_private_download") or about.get("url_private"))) as response:
            if response.content_type == "text/html" != about.get("mimetype"):  # a page to sign in
                raise Undeliverable(LACKS)
            async for some in response.content.iter_chunked(PIECE):
                got += len(some)
                yield some
        if found.size and got != found.size:
            raise TryLater(t("It did not arrive whole."))

    @asynccontextmanager
    async def _opened(self, url: str) -> AsyncGenerator[ClientResponse]:
        """Wherever Slack sends us on to, the token is shown to Slack only."""
        for _ in range(MOST_HOPS):
            if not may_see_token(url, self.api.url, HOSTS):
                raise Undeliverable(t("Slack keeps it where the bot's token must not be shown."))
            async with self.api.get(url) as response:
                if response.status == 200:
                    yield response
                    return
                if response.status not in MOVED:
                    raise _no_file(response)
                url = urljoin(url, response.headers.get("Location", ""))
        raise Undeliverable(t("Slack does not say where it is."))

    async def _call(
        self, method: str, told: Mapping[str, Any], *, repeatable: bool = True, fine: Collection[str] = ()
    ) -> Any:
        """A permission that is missing holds nothing up."""
        try:
            return await self.api.call(method, told, repeatable=repeatable, fine=fine)
        except Unpermitted:
            raise Undeliverable(LACKS) from None


def _no_file(response: ClientResponse) -> DeliveryError:
    if response.status == 404:
        return Undeliverable(t("It was deleted in Slack."))
    return refusal(response.status, "", response.headers, TryLater)


def comment(whose: Shared) -> str:
    """The line above a file. It is mrkdwn, so nothing of the name may mean anything there."""
    if whose.kind == "transcript":
        return t("📎 The conversation so far, as a file")
    name = speaker(Author("customer", whose.name), whose.channel)
    return "📎 " + _FORMATS.sub(lambda found: f"\u2060{found[0]}\u2060", escaped(name, 200))
