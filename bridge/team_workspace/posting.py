"""Posts to a channel or a thread under a key, draws a post anew, or takes it away.

What is drawn was said in its language before.
"""

from collections.abc import Collection
from typing import Any

import structlog

from bridge.errors import Uncertain
from bridge.ports import Place
from bridge.team_workspace.echoes import Echoes, metadata
from bridge.team_workspace.inert import Message
from bridge.team_workspace.refusals import BlocksRefused
from bridge.team_workspace.web_api import WebApi

log = structlog.get_logger()

PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}  # Slack finds no links or names by itself
QUIET: dict[str, Any] = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False, **PLAIN}
ECHO = 5.0  # seconds in which a post without an answer comes back to us, if Slack has it


class Posting:
    """What everybody in a channel sees."""

    def __init__(self, api: WebApi, echoes: Echoes) -> None:
        self.api, self.echoes = api, echoes

    async def post(self, channel: str, drawn: Message, key: str, thread_ts: str | None = None) -> str:
        """Return the ts. Without blocks where Slack refuses them: the words are more than their looks."""
        told = {"channel": channel, "thread_ts": thread_ts, "text": drawn.text, "metadata": metadata(key), **QUIET}
        try:
            try:
                posted = await self.api.call("chat.postMessage", {**told, "blocks": drawn.blocks}, repeatable=False)
            except BlocksRefused as refused:
                log.error("slack_refused_blocks", reason=str(refused))
                posted = await self.api.call("chat.postMessage", told, repeatable=False)
        except Uncertain:
            if place := await self.echoes.arrival(key, ECHO):
                return place.ts
            raise
        return posted["ts"]

    async def remove(self, place: Place) -> None:
        """Take a post of ours away. What is gone is well."""
        told = {"channel": place.channel, "ts": place.ts}
        await self.api.call("chat.delete", told, repeatable=True, fine=("message_not_found",))

    async def redraw(self, place: Place, drawn: Message, fine: Collection[str] = ()) -> bool:
        """Drawing the same twice changes nothing. False: Slack refused it for a reason that is `fine`."""
        told = {"channel": place.channel, "ts": place.ts, "text": drawn.text, "blocks": drawn.blocks, **PLAIN}
        return await self.api.call("chat.update", told, repeatable=True, fine=fine) is not None
