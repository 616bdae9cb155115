"""The port to Slack, put together from its parts: what everybody in a queue channel sees is drawn here."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from datetime import datetime

import aiohttp

from bridge.i18n import again, speaking, t
from bridge.ports import (
    Card,
    Clock,
    File,
    Form,
    Loaded,
    Mark,
    Place,
    Post,
    Rate,
    Receive,
    Received,
    Shared,
    Transcript,
    Whisper,
    WorkspaceLimits,
)
from bridge.team_workspace import cards, checks, claimers, posts, views
from bridge.team_workspace.clicks import Clicks
from bridge.team_workspace.echoes import Echoes
from bridge.team_workspace.files import Files, comment
from bridge.team_workspace.gaps import Again, Gaps
from bridge.team_workspace.history import History
from bridge.team_workspace.inert import Message, one_line
from bridge.team_workspace.intake import Intake
from bridge.team_workspace.listeners import Listeners
from bridge.team_workspace.people import People, Roles
from bridge.team_workspace.posting import Posting
from bridge.team_workspace.private import Private
from bridge.team_workspace.queues import QueueChannels
from bridge.team_workspace.quota import Quota
from bridge.team_workspace.reading import Whereabouts
from bridge.team_workspace.requests import Door
from bridge.team_workspace.settings import SlackSettings, read_settings
from bridge.team_workspace.socket import Sockets
from bridge.team_workspace.web_api import WebApi
from bridge.team_workspace.windows import Windows

MARKS: Mapping[Mark, str] = {
    "slow": "hourglass_flowing_sand",
    "delivered": "white_check_mark",
    "read": "eyes",
    "failed": "warning",
    "held": "raised_hand",
}
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
    # minute; ephemerals and views.publish: 100;
    # assistant.threads.setStatus: 600.
    limits = WorkspaceLimits(
        posts=Rate(0.97, 2), redraws=Rate(0.7, 5), marks=Rate(0.8, 5), whispers=Rate(1.6, 10), reads=Rate(0.8, 5),
        pages=Rate(1.5, 10), boards=Rate(0.1, 1), writing=Rate(9, 30),
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
        self.settings, self.clock, self.routed = settings, clock, routes
        self.language = language  # of what everybody sees
        self.api = WebApi(session, settings.bot_token, settings.api_url)
        self.here, self.echoes, self.queues = Whereabouts(external=external), Echoes(), QueueChannels(external)
        self.people, self.windows = People(self.api, roles, clock), Windows(self.api, self.here)
        self.listeners = Listeners(self.people, self.here, self.echoes)
        self.history = History(self.api, self.here, self.echoes, self.listeners, clock)
        self.posting = Posting(self.api, self.echoes)
        self.private = Private(settings, session, self.api, self.people, self.windows, language)
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
        return Place(channel, await self.posting.post(channel, self._card(card), key))

    async def redraw(self, place: Place, card: Card) -> None:
        """Draw the card anew. Drawing the same twice changes nothing."""
        await self.posting.redraw(place, self._card(card))

    async def post(self, thread: Place, post: Post, key: str) -> str:
        """Post into a thread; return the ts."""
        with speaking(self.language):
            drawn = posts.post(again(post))
        return await self.posting.post(thread.channel, drawn, key, thread_ts=thread.ts)

    async def repost(self, place: Place, post: Post) -> None:
        """Draw a post anew. Drawing the same twice changes nothing."""
        with speaking(self.language):
            drawn = posts.post(again(post))
        await self.posting.redraw(place, drawn, fine=("message_not_found",))

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

    async def share(self, uploads: Sequence[str], thread: Place, whose: Shared) -> bool:
        """Show what was uploaded. False: that was done before."""
        with speaking(self.language):
            line = comment(again(whose))
        return await self.files.share(uploads, thread, line)

    async def shown(self, upload: str, thread: Place) -> bool | None:
        """Whether people see it in this thread."""
        return await self.files.shown(upload, thread)

    async def find(self, thread: Place | None, key: str, since: datetime, channel: str = "") -> Place | None:
        """Look for our own message with this key: among what came back to us, then page by page from `since` on."""
        return await self.history.find(thread, key, since, channel)

    async def keep_one(self, kept: Place, thread: Place | None, key: str, since: datetime) -> None:
        """Take away what else was posted with this key."""
        async for place in self.history.posted(thread, key, since, kept.channel):
            if place != kept:
                await self.posting.remove(place)

    async def missed(self, thread: Place, since: str, known: Collection[str] = ()) -> list[Received]:
        """What people wrote and changed in a thread after the message `since`.

        Of `known`, what is not there any more was deleted: Slack itself does not tell.
        """
        return await self.history.missed(thread, since, known)

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        """Put a reaction on a message or take it away. What is so already is well."""
        told = {"channel": place.channel, "timestamp": place.ts, "name": MARKS[mark]}
        fine = ("already_reacted", "no_reaction")
        await self.api.call("reactions.add" if on else "reactions.remove", told, repeatable=True, fine=fine)

    async def show_writing(self, thread: Place, name: str) -> None:
        """A line below the thread, which Slack takes away after two minutes, or when we post (platform facts 1.2)."""
        with speaking(self.language):
            status = again(t("{customer} is writing …", customer=one_line(name, 80))) if name else ""
        told = {"channel_id": thread.channel, "thread_ts": thread.ts, "status": status}
        await self.api.call("assistant.threads.setStatus", told, repeatable=True)

    async def tell(self, whisper: Whisper) -> None:
        """Answer the click or command itself; when that is too late, or there was none, by an ephemeral message."""
        await self.private.tell(whisper)

    async def show_form(self, answer_to: str, trigger: str, form: Form) -> bool:
        """Other contents for the window that was clicked in; else a new one. False when it is too late for that."""
        return await self.windows.show(answer_to, trigger, form)

    async def show_home(self, agent_id: str, page: Form) -> None:
        """The app's own page, as this person sees it."""
        await self.windows.show_home(agent_id, page)

    async def show_board(self, place: Place | None, board: Form, key: str) -> Place:
        """Draw the board anew; where there is none any more, post one."""
        channel = self.here.channel
        with speaking(self.language):
            drawn = views.board(board, self.here.link)
        if place and place.channel == channel and await self.posting.redraw(place, drawn, fine=("message_not_found",)):
            return place
        return Place(channel, await self.posting.post(channel, drawn, key))

    async def pin(self, place: Place) -> None:
        """Keep a message where people find it."""
        await self.windows.pin(place)

    async def write_to(self, person: str, text: str) -> None:
        """A direct message. Their id as channel is enough for that (docs.slack.dev, chat.postMessage)."""
        await self.private.write_to(person, text)

    async def close(self) -> None:
        """Let go of what is not committed, and stop looking people up. The session belongs to others."""
        for intake in self._intakes:
            await intake.close()
        await self.people.close()

    def _card(self, card: Card) -> Message:
        with speaking(self.language):
            return cards.card(again(card), self.here.link)
