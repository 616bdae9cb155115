"""The port to Slack: what the bridge posts, redraws, marks and whispers, and where it looks for what it posted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bridge.ports import Card, Clock, Mark, Place, Post, Rate, Receive, Received, Whisper, WorkspaceLimits
from bridge.team_workspace import cards, checks, posts, requests, socket
from bridge.team_workspace.calls import BlocksRefused, answer, attempt, quiet
from bridge.team_workspace.inert import WHISPER_TEXT, Message
from bridge.team_workspace.listeners import Listeners, Whereabouts
from bridge.team_workspace.people import People, Roles
from bridge.team_workspace.settings import SlackSettings, read_settings

log = structlog.get_logger()

MARKS: Mapping[Mark, str] = {
    "slow": "hourglass_flowing_sand",
    "delivered": "white_check_mark",
    "read": "eyes",
    "failed": "warning",
    "held": "raised_hand",
}
EVENT_TYPE = "handoff"  # of our messages' metadata
SKEW = timedelta(seconds=60)  # between our clock and Slack's
PAGE = 200
PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}  # Slack finds no links or names by itself


def from_settings(env: Mapping[str, str], roles: Roles, session: aiohttp.ClientSession, clock: Clock) -> "Slack":
    """Build the port from the environment, or raise WrongSetting."""
    return Slack(read_settings(env), roles, session, clock)


class Slack:
    """One workspace and its queue channel. `start` comes first."""

    # chat.postMessage: about one a second per channel; chat.update and reactions.*: 50 a minute; ephemerals: 100.
    limits = WorkspaceLimits(
        posts=Rate(0.97, 2), redraws=Rate(0.8, 5), marks=Rate(0.8, 5), whispers=Rate(1.6, 10), reads=Rate(0.8, 5)
    )

    def __init__(self, settings: SlackSettings, roles: Roles, session: aiohttp.ClientSession, clock: Clock) -> None:
        self.settings, self.session, self.clock = settings, session, clock
        self.client = AsyncWebClient(
            settings.bot_token, settings.api_url, session=session, retry_handlers=[], logger=quiet
        )
        self.here = Whereabouts()
        self.people = People(self.client, roles, clock)
        self.listeners = Listeners(self.people, self.here)

    async def start(self) -> None:
        """Learn who we are and where we work. Raises WrongSetting for what only a person can mend."""
        me = await checks.identity(self.client)
        self.here.user, self.here.bot, self.people.team = me["user_id"], me.get("bot_id") or "", me["team_id"]
        self.here.channel = (await checks.queue_channel(self.client, self.settings.queue_channel))["id"]

    async def check(self, needed_scopes: Iterable[str]) -> list[checks.Finding]:
        """What `bridge doctor` says about Slack; needs no `start`."""
        here = self.settings
        looked = checks.findings(self.client, self.people, here.queue_channel, needed_scopes, here.app_token)
        return [finding async for finding in looked]

    async def run(self, receive: Receive, again: socket.Again | None = None) -> None:
        """Keep the sockets open, if there are to be any; `again` is called when we hear again after a silence."""
        if self.settings.app_token:
            await socket.listen(self.listeners.app(self.client, receive), self.settings.app_token, again)

    def routes(self, receive: Receive) -> Sequence[object]:
        """The address for HTTP mode."""
        if self.settings.app_token:
            return ()
        return (requests.route(self.listeners.app(self.client, receive), self.settings.signing_secret, self.clock),)

    async def open_thread(self, card: Card, key: str) -> Place:
        """Post the card into the queue channel."""
        return Place(self.here.channel, await self._post(self.here.channel, cards.card(card), key))

    async def redraw(self, place: Place, card: Card) -> None:
        """Draw the card anew. Drawing the same twice changes nothing."""
        drawn = cards.card(card)
        call = self.client.chat_update(
            channel=place.channel, ts=place.ts, text=drawn.text, blocks=drawn.blocks, **PLAIN
        )
        await attempt(call, repeatable=True)

    async def post(self, thread: Place, post: Post, key: str) -> str:
        """Post into a thread; return the ts."""
        return await self._post(thread.channel, posts.post(post), key, thread_ts=thread.ts)

    async def find(self, thread: Place | None, key: str, since: datetime) -> Place | None:
        """Look for our own message with this key, page by page from `since` on."""
        channel, cursor = thread.channel if thread else self.here.channel, None
        while True:
            page = await self._page(channel, thread, since, cursor)
            for message in page["messages"]:
                if message.get("bot_id") == self.here.bot and _key(message) == key:
                    return Place(channel, message["ts"])
            cursor = checks.next_cursor(page)
            if not cursor:
                return None

    async def missed(self, thread: Place, since: str) -> list[Received]:
        """What people wrote in a thread after the message `since`."""
        found: list[Received] = []
        oldest, cursor = datetime.fromtimestamp(float(since), UTC) + SKEW, None
        while True:
            page = await self._page(thread.channel, thread, oldest, cursor)
            fresh = [message for message in page["messages"] if message["ts"] > since]
            found += [await self.listeners.missed(thread.channel, message) for message in fresh]
            cursor = checks.next_cursor(page)
            if not cursor:
                return found

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        """Put a reaction on a message or take it away. What is so already is well."""
        change = self.client.reactions_add if on else self.client.reactions_remove
        call = change(channel=place.channel, timestamp=place.ts, name=MARKS[mark])
        await attempt(call, repeatable=True, fine=("already_reacted", "no_reaction"))

    async def tell(self, whisper: Whisper) -> None:
        """Answer the click or command itself; when that is too late, or there was none, by an ephemeral message."""
        told, api, replaces = posts.told(whisper, WHISPER_TEXT), self.settings.api_url, whisper.replaces
        if whisper.answer_to and await answer(self.session, whisper.answer_to, told, api, replaces=replaces):
            return
        if replaces:
            return  # the question is too old to be taken away, and its answer is seen elsewhere
        where = {"channel": whisper.channel, "user": whisper.agent_id, "thread_ts": whisper.thread or None}
        call = self.client.chat_postEphemeral(**where, text=told.text, blocks=told.blocks, **PLAIN)
        await attempt(call, repeatable=False)

    async def close(self) -> None:
        """Stop looking people up. The session belongs to others."""
        await self.people.close()

    async def _post(self, channel: str, drawn: Message, key: str, thread_ts: str | None = None) -> str:
        call: dict[str, Any] = {
            "channel": channel,
            "thread_ts": thread_ts,
            "text": drawn.text,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
            **PLAIN,
        }
        try:
            posted = await attempt(self.client.chat_postMessage(**call, blocks=drawn.blocks), repeatable=False)
        except BlocksRefused as refused:
            log.error("slack_refused_blocks", reason=str(refused))
            posted = await attempt(self.client.chat_postMessage(**call), repeatable=False)
        return posted["ts"]

    async def _page(self, channel: str, thread: Place | None, since: datetime, cursor: str | None) -> Any:
        """A page of a thread, or of the channel itself."""
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor,
        }
        if thread:
            return await attempt(self.client.conversations_replies(ts=thread.ts, **asked), repeatable=True)
        return await attempt(self.client.conversations_history(**asked), repeatable=True)


def _key(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key") if metadata.get("event_type") == EVENT_TYPE else None
