"""Has the sandbox's Slack take something, through its Web API, as strictly as it takes everything."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bridge.sandbox.server import Sandbox

from .shop import ANA, QUEUE
from .state import Json


@asynccontextmanager
async def slack(url: str) -> AsyncGenerator[AsyncWebClient]:
    """Slack's own client, for the sandbox."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token="xoxb-gallery", base_url=f"{url}/slack/api/", session=session)  # noqa: S106


async def show(sandbox: Sandbox, client: AsyncWebClient, shown: Json, kind: str) -> str:
    """Show it to Ana; gives what it is known by there. Raises SlackApiError."""
    match kind:
        case "window":
            opened = await client.views_open(trigger_id=sandbox.slack.triggers.trigger(ANA.id), view=shown)
            return _id(opened)
        case "home":
            return _id(await client.views_publish(user_id=ANA.id, view=shown))
        case "private":
            return str((await client.chat_postEphemeral(channel=QUEUE, user=ANA.id, **shown))["message_ts"])
        case _:
            posted = await client.chat_postMessage(channel=QUEUE, **shown)
            if kind in ("card", "board"):  # these are redrawn, and an update takes less
                await client.chat_update(channel=QUEUE, ts=str(posted["ts"]), **shown)
            return str(posted["ts"])


def _id(answer: AsyncSlackResponse) -> str:
    view: Json = answer.get("view", {})
    return view["id"]
