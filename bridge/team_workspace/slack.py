"""The port to Slack: what the bridge posts, redraws, marks and whispers, and where it looks for what it posted."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog

from bridge import verbs
from bridge.errors import Uncertain
from bridge.i18n import again, speaking
from bridge.ports import (
    Card,
    Clock,
    Erased,
    File,
    Form,
    Listed,
    Loaded,
    Mark,
    Place,
    Post,
    Rate,
    Receive,
    Received,
    Retyped,
    Shared,
    Transcript,
    Typed,
    Whisper,
    WorkspaceLimits,
)
from bridge.team_workspace import cards, checks, claimers, posts, views
from bridge.team_workspace.answers import answer, replaces_for_all
from bridge.team_workspace.clicks import Clicks
from bridge.team_workspace.echoes import Echoes, key_of, metadata
from bridge.team_workspace.files import Files, comment
from bridge.team_workspace.gaps import Again, Gaps
from bridge.team_workspace.inert import SHORT_TEXT, WHISPER_TEXT, Message, escaped
from bridge.team_workspace.intake import Intake
from bridge.team_workspace.keys import message_keys
from bridge.team_workspace.listeners import Listeners
from bridge.team_workspace.people import People, Roles
from bridge.team_workspace.queues import QueueChannels
from bridge.team_workspace.quota import Quota
from bridge.team_workspace.reading import Whereabouts
from bridge.team_workspace.refusals import BlocksRefused
from bridge.team_workspace.requests import Door
from bridge.team_workspace.settings import SlackSettings, read_settings
from bridge.team_workspace.socket import Sockets
from bridge.team_workspace.web_api import WebApi
from bridge.team_workspace.windows import TRIGGER, Windows

log = structlog.get_logger()

MARKS: Mapping[Mark, str] = {
    "slow": "hourglass_flowing_sand",
    "delivered": "white_check_mark",
    "read": "eyes",
    "failed": "warning",
    "held": "raised_hand",
}
LATE = timedelta(days=7)  # after that an order is none any more; keys are forgotten after eight
SKEW = timedelta(seconds=60)  # between our clock and Slack's
PAGE = 200
PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}  # Slack finds no links or names by itself
QUIET: dict[str, Any] = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False, **PLAIN}
PERSON = ("U", "W")  # how ids of people begin
ECHO = 5.0  # seconds in which a post without an answer comes back to us, if Slack has it
OVER_SOCKETS, OVER_HTTP = 1.0, 60.0  # seconds between two readings of what was missed


def from_settings(
    env: Mapping[str, str],
    roles: Roles,
    session: aiohttp.ClientSession,
    clock: Clock,
    routes: Sequence[str] = (),
    *,
    external: bool = False,
    language: str = "",
) -> "Slack":
    """Build the port from the environment, or raise WrongSetting.

    `routes`: queue channels beside the fallback. `external`: another company may read along in them.
    """
    return Slack(read_settings(env), roles, session, clock, routes, external=external, language=language)


class Slack:
    """One workspace and its queue channels. `start` comes first."""

    # chat.postMessage: about one a second per channel; chat.update (cards and board together) and reactions.*: 50 a
    # minute; ephemerals and views.publish: 100.
    limits = WorkspaceLimits(
        posts=Rate(0.97, 2), redraws=Rate(0.7, 5), marks=Rate(0.8, 5), whispers=Rate(1.6, 10), reads=Rate(0.8, 5),
        pages=Rate(1.5, 10), boards=Rate(0.1, 1),
    )  # fmt: skip

    def __init__(
        self,
        settings: SlackSettings,
        roles: Roles,
        session: aiohttp.ClientSession,
        clock: Clock,
        routes: Sequence[str] = (),
        *,
        external: bool = False,
        language: str = "",
    ) -> None:
        self.settings, self.session, self.clock, self.routed = settings, session, clock, routes
        self.language = language  # of what everybody sees
        self.api = WebApi(session, settings.bot_token, settings.api_url)
        self.here, self.echoes, self.queues = Whereabouts(external=external), Echoes(), QueueChannels(external)
        self.people, self.windows = People(self.api, roles, clock), Windows(self.api, self.here)
        self.listeners = Listeners(self.people, self.here, self.echoes)
        self.files = Files(self.api)
        self.gaps = Gaps(OVER_SOCKETS if settings.app_token else OVER_HTTP)
        self.quota = Quota(self.gaps, clock)
        self._intakes: list[Intake] = []

    async def start(self) -> None:
        """Learn who we are and where we work. Raises WrongSetting for what only a person can mend."""
        me = await checks.identity(self.api)
        self.here.user, self.here.bot, self.people.team = me["user_id"], me.get("bot_id") or "", me["team_id"]
        self.here.url = str(me.get("url") or "")
        await self.people.groups.freshen()
        await self.queues.learn(self.api, self.settings.queue_channel, self.routed)
        self.hear(self.queues.ids.values())
        self.here.channel = self.queues.id_of("")

    async def look_for_agents(self) -> str:
        """What to mend if nobody can claim; blank: somebody can. Needs `start`."""
        return await claimers.wrong(self.api, self.people, self.here.channel, self.settings.queue_channel)

    def listed(self, listed: Listed) -> None:
        """These lists say from now on who has which role."""
        self.people.listed(listed)

    def hear(self, channels: Iterable[str]) -> None:
        """Listen to these channels, too."""
        self.here.channels.update(channels)

    async def check(self, needed_scopes: Iterable[str]) -> list[checks.Finding]:
        """What `bridge doctor` says about Slack; needs no `start`."""
        here = self.settings
        asked = (here.queue_channel, needed_scopes, here.app_token, self.routed)
        looked = checks.findings(self.api, self.people, *asked, external=self.here.external)
        return [finding async for finding in looked]

    async def run(self, receive: Receive, again: Again | None = None) -> None:
        """Keep the sockets open, if there are to be any; `again` is called when we hear again after a silence."""
        async with asyncio.TaskGroup() as tasks:
            if again:
                tasks.create_task(self.gaps.watch(again))
            if self.settings.app_token:
                intake, clicks = self._way_in(receive)
                await Sockets(self.api, self.settings.app_token, intake, clicks, self.gaps).run()

    def routes(self, receive: Receive) -> Sequence[object]:
        """The address for HTTP mode."""
        if self.settings.app_token:
            return ()
        return (Door(*self._way_in(receive), self.gaps, self.settings.signing_secret, self.clock).route(),)

    def _way_in(self, receive: Receive) -> tuple[Intake, Clicks]:
        intake = Intake(self.listeners, self.quota, receive)
        self._intakes.append(intake)
        return intake, Clicks(intake, self.settings.bot_token, self.settings.api_url)

    async def open_thread(self, card: Card, key: str, channel: str = "") -> Place:
        """Post the card into a queue channel; blank: the fallback."""
        channel = channel or self.here.channel
        return Place(channel, await self._post(channel, self._card(card), key))

    async def redraw(self, place: Place, card: Card) -> None:
        """Draw the card anew. Drawing the same twice changes nothing."""
        drawn = self._card(card)
        told = {"channel": place.channel, "ts": place.ts, "text": drawn.text, "blocks": drawn.blocks, **PLAIN}
        await self.api.call("chat.update", told, repeatable=True)

    async def post(self, thread: Place, post: Post, key: str) -> str:
        """Post into a thread; return the ts."""
        with speaking(self.language):
            drawn = posts.post(again(post))
        return await self._post(thread.channel, drawn, key, thread_ts=thread.ts)

    def shows_all(self, post: Transcript) -> bool:
        """Whether a post has room for all of it."""
        with speaking(self.language):
            return posts.shows_all(again(post))

    def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A file that somebody shared, piece by piece."""
        return self.files.fetch(file)

    async def upload(self, file: Loaded) -> str:
        """Bring a file there; nobody sees it yet."""
        return await self.files.upload(file)

    async def share(self, upload: str, thread: Place, whose: Shared) -> bool:
        """Show what was uploaded. False: that was done before."""
        with speaking(self.language):
            line = comment(again(whose))
        return await self.files.share(upload, thread, line)

    async def shown(self, upload: str, thread: Place) -> bool | None:
        """Whether people see it in this thread."""
        return await self.files.shown(upload, thread)

    async def find(self, thread: Place | None, key: str, since: datetime, channel: str = "") -> Place | None:
        """Look for our own message with this key: among what came back to us, then page by page from `since` on."""
        if place := self.echoes.place(key):
            return place
        channel, cursor = thread.channel if thread else channel or self.here.channel, None
        while True:
            page = await self._page(channel, thread, since, cursor)
            for message in page["messages"]:
                if message.get("bot_id") == self.here.bot and key_of(message) == key:
                    return Place(channel, message["ts"])
            cursor = checks.next_cursor(page)
            if not cursor:
                return None

    async def missed(self, thread: Place, since: str, known: Collection[str] = ()) -> list[Received]:
        """What people wrote and changed in a thread after the message `since`.

        Of `known`, what is not there any more was deleted: Slack itself does not tell.
        """
        found: list[Received] = []
        there: set[str] = set()
        oldest, cursor = datetime.fromtimestamp(float(since), UTC) + SKEW, None
        while True:
            page = await self._page(thread.channel, thread, oldest, cursor)
            for message in page["messages"]:
                there.add(message["ts"])
                if message["ts"] > since or message.get("subtype") == "tombstone":
                    told = await self.listeners.found(message, thread.channel)
                    found += [it for it in told if self._counts(it, known)]
            cursor = checks.next_cursor(page)
            if not cursor:
                missing = [ts for ts in known if ts > since and ts not in there]
                return found + await self._gone(thread, [] if page.get("is_limited") else missing)

    def _counts(self, received: Received, known: Collection[str]) -> bool:
        """Whether it can be new: after a week nobody remembers any more which orders were carried out."""
        event = received.event
        if not isinstance(event, Typed | Retyped) or float(event.place.ts) > (self.clock() - LATE).timestamp():
            return True
        repeated = isinstance(event, Typed) and event.place.ts in known
        return not repeated and verbs.read(event.text).verb not in verbs.ORDERS

    async def _gone(self, thread: Place, missing: Iterable[str]) -> list[Received]:
        """What was deleted: it is taken from the customer, so each is asked for again."""
        gone: list[Received] = []
        for ts in missing:
            asked = {"channel": thread.channel, "ts": thread.ts, "oldest": ts, "latest": ts, "inclusive": "true"}
            page = await self.api.call("conversations.replies", asked, repeatable=True)
            if ts not in [message["ts"] for message in page["messages"]]:
                event = Erased(Place(thread.channel, ts))
                gone.append(Received(message_keys({}, event), event, b"{}"))
        return gone

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        """Put a reaction on a message or take it away. What is so already is well."""
        told = {"channel": place.channel, "timestamp": place.ts, "name": MARKS[mark]}
        fine = ("already_reacted", "no_reaction")
        await self.api.call("reactions.add" if on else "reactions.remove", told, repeatable=True, fine=fine)

    async def tell(self, whisper: Whisper) -> None:
        """Answer the click or command itself; when that is too late, or there was none, by an ephemeral message."""
        for_all = whisper.replaces and replaces_for_all(whisper.answer_to)
        language = self.language if for_all else await self._language_of(whisper)
        with speaking(language):
            whisper = again(whisper)
        if await self.windows.tell(whisper, language):
            return
        told = posts.told(whisper, WHISPER_TEXT)
        api, replaces = self.settings.api_url, whisper.replaces
        if whisper.answer_to and await answer(self.session, whisper.answer_to, told, api, replaces=replaces):
            return
        if replaces:
            return  # the question is too old to be taken away, and its answer is seen elsewhere
        where = {"channel": whisper.channel, "user": whisper.agent_id, "thread_ts": whisper.thread or None}
        said = {**where, "text": told.text, "blocks": told.blocks, **PLAIN}
        await self.api.call("chat.postEphemeral", said, repeatable=False)

    async def show_form(self, answer_to: str, trigger: str, form: Form) -> bool:
        """Other contents for the window that was clicked in; else a new one. False when it is too late for that."""
        return await self.windows.show(answer_to, trigger, form)

    async def show_home(self, agent_id: str, page: Form) -> None:
        """The app's own page, as this person sees it."""
        await self.windows.show_home(agent_id, page)

    async def show_board(self, place: Place | None, board: Form, key: str) -> Place:
        """Draw the board anew; where there is none any more, post one."""
        channel = self.here.channel
        with speaking(board.language):
            drawn = views.board(board, self.here.link)
        if place and place.channel == channel:
            told = {"channel": channel, "ts": place.ts, "text": drawn.text, "blocks": drawn.blocks, **PLAIN}
            if await self.api.call("chat.update", told, repeatable=True, fine=("message_not_found",)):
                return place
        return Place(channel, await self._post(channel, drawn, key))

    async def pin(self, place: Place) -> None:
        """Keep a message where people find it."""
        await self.windows.pin(place)

    async def write_to(self, person: str, text: str) -> None:
        """A direct message. Their id as channel is enough for that (docs.slack.dev, chat.postMessage)."""
        with speaking((person.startswith(PERSON) and await self.people.reads(person)) or self.language):
            text = again(text)
        told = {"channel": person, "text": escaped(text, SHORT_TEXT), **QUIET}
        await self.api.call("chat.postMessage", told, repeatable=True)

    async def close(self) -> None:
        """Let go of what is not committed, and stop looking people up. The session belongs to others."""
        for intake in self._intakes:
            await intake.close()
        await self.people.close()

    async def _language_of(self, whisper: Whisper) -> str:
        """Asked for where it is not known, but not where a window must open within three seconds."""
        if whisper.answer_to.startswith(TRIGGER):
            return self.people.locale(whisper.agent_id) or self.language
        return await self.people.reads(whisper.agent_id) or self.language

    def _card(self, card: Card) -> Message:
        with speaking(self.language):
            return cards.card(again(card), self.here.link)

    async def _post(self, channel: str, drawn: Message, key: str, thread_ts: str | None = None) -> str:
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

    async def _page(self, channel: str, thread: Place | None, since: datetime, cursor: str | None) -> Any:
        """A page of a thread, or of the channel itself."""
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(since - SKEW).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": PAGE,
            "cursor": cursor,
        }
        if thread:
            return await self.api.call("conversations.replies", {**asked, "ts": thread.ts}, repeatable=True)
        return await self.api.call("conversations.history", asked, repeatable=True)
