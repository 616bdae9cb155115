"""Builds the parts from the settings, runs them together, and stops them: the only place where parts meet."""

import asyncio
import functools
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import aiohttp
import structlog
from aiohttp import web

from bridge import alarms, bots, customer_channels, moving, server, summaries, windows
from bridge.courier import board, reply_windows
from bridge.courier.catch_up import look_into_all
from bridge.courier.courier import Courier
from bridge.courier.passage import Passage
from bridge.courier.trip import Kitbag
from bridge.desk import Desk
from bridge.desk_file import only_in_file, with_line
from bridge.desk_file import routes as desk_routes
from bridge.desk_file import texts as desk_texts
from bridge.errors import DeliveryError, StoreAway, WrongSetting
from bridge.pacing import pacing
from bridge.ports import Bot, CustomerChannel, Kit, Summariser
from bridge.reminders import Reminders
from bridge.scene import Doorway
from bridge.session import House
from bridge.settings import Settings
from bridge.store import signals
from bridge.store.journal import StoredJournal
from bridge.store.leadership import as_leader
from bridge.store.migrate import migrate
from bridge.store.store import Store
from bridge.store.uploads import StoredUploads
from bridge.team_workspace.roles import roles_by
from bridge.team_workspace.slack import Slack, from_settings
from bridge.texts import BUILT_IN

log = structlog.get_logger()
T = TypeVar("T")
Closable = CustomerChannel | Bot | Slack | Summariser
AT_ONCE = 200  # connections of the shared HTTP session
SETTLED = 2.0  # seconds between two looks at what admins have set
PATIENCE = 10.0  # seconds for what is being sent when we are told to stop


@dataclass(slots=True)
class Bridge:
    """All parts, put together."""

    settings: Settings
    store: Store
    journal: StoredJournal
    desk: Desk
    workspace: Slack
    channels: Mapping[str, CustomerChannel]
    courier: Courier
    reminders: Reminders
    waiting_for: str = "starting"
    patience: float = PATIENCE
    _in_slack: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Everything that the outside may call."""
        found: list[object] = [*server.health(lambda: self.waiting_for)]
        for channel in self.channels.values():
            found += channel.routes(functools.partial(self.desk.customers_did, channel.name))
        found += self.workspace.routes(self.desk.agents_did)
        return [route for route in found if isinstance(route, web.AbstractRouteDef)]

    async def leave(self) -> None:
        """Let go of everybody who listens."""
        for channel in self.channels.values():
            await channel.close()

    async def run(self) -> None:
        """Work until cancelled; then stop listening, let what is being sent arrive, and only then stop sending.

        The server must be there already, for in the demo the platforms live on it, and stay until the end: what comes
        in meanwhile is stored, and acknowledged.
        """
        news = self.workspace.listeners.news
        wakes: dict[str, signals.Wake] = {signals.CHATS: self.journal.wake, signals.PEOPLE: news.told}
        wakes[signals.LANES] = lambda _: self.courier.wake()
        changed = asyncio.Event()
        wakes[signals.SETTINGS] = lambda _: changed.set()
        async with asyncio.TaskGroup() as sending:
            sending.create_task(self.courier.run(), name="courier")
            sending.create_task(signals.listen(self.store.address, wakes), name="signals")
            sending.create_task(self._pass_on(news.heard_here), name="news")
            sending.create_task(self._settle(changed), name="settings")
            try:
                async with asyncio.TaskGroup() as listening:
                    listening.create_task(self._work_in_slack(), name="slack")
                    listening.create_task(as_leader(self.store.address, self._lead), name="leader")
            finally:
                self.waiting_for = "stopping"
                log.info("stopping")
                await self.leave()
                await self.courier.drain(self.patience)

    async def _lead(self) -> None:
        """What one process does for all: poll, keep the clock, and read in Slack what nobody may have heard."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.reminders.run(), name="reminders")
            tasks.create_task(self._catch_up(), name="catching up")
            if self.settings.desk.board:
                tasks.create_task(self._keep_board(), name="board")
            tasks.create_task(reply_windows.keep(self.desk), name="reply windows")
            tasks.create_task(self._look_for_agents(), name="looking for agents")
            for channel in self.channels.values():
                tasks.create_task(self._listen(channel), name=channel.name)

    async def _pass_on(self, news: asyncio.Queue[str]) -> None:
        """Tell the other processes what Slack told this one of people."""
        while True:
            changed = await news.get()
            if self.store.shared:
                with suppress(StoreAway):
                    await self.store.write(functools.partial(signals.tell, topic=signals.PEOPLE, what=changed))

    async def _settle(self, changed: asyncio.Event) -> None:
        """What an admin changed at another process holds here, too; also where the word of it got lost."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLED):
                    await changed.wait()
            changed.clear()
            await _patiently(self.desk.settle)

    async def _look_for_agents(self) -> None:
        """Have it said if nobody can claim, or if nothing calls anybody."""
        await self._in_slack.wait()
        if not self.desk.house.triggers.can_fire:
            log.warning("nothing_can_call_a_person", mend="Set trigger_on_request = true in [desk].")
            await _patiently(lambda: self.desk.within(alarms.nothing_calls_anybody))
        if mend := await self.workspace.look_for_agents():
            await _patiently(lambda: self.desk.within(functools.partial(alarms.nobody_can_claim, mend=mend)))

    async def _listen(self, channel: CustomerChannel) -> None:
        await channel.run(functools.partial(self.desk.customers_did, channel.name))

    async def _work_in_slack(self) -> None:
        """Slack may be away for a while; only what a person must mend stops us."""
        pause = 1.0
        while True:
            try:
                await self.workspace.start()
                break
            except DeliveryError as error:
                self.waiting_for = "Slack does not answer"
                log.warning("slack.waiting", reason=str(error), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(60.0, pause * 2)
        begin = functools.partial(moving.begin, wrong=self.workspace.queues.wrong)
        self.workspace.hear(await _patiently(lambda: self.desk.within(begin)))
        self.waiting_for = ""
        self.courier.workspace_known()
        self._in_slack.set()
        log.info("ready", channels=sorted(self.channels))
        await self.workspace.run(self.desk.agents_did, self._catch_up)

    async def _keep_board(self) -> None:
        await self._in_slack.wait()
        await board.keep(self.desk)

    async def _catch_up(self) -> None:
        """Have read what people wrote in Slack while we could not hear."""
        await self._in_slack.wait()
        await _patiently(lambda: look_into_all(self.desk))


@asynccontextmanager
async def built(settings: Settings) -> AsyncGenerator[Bridge]:
    """A bridge, closed at the end. Raises WrongSetting with one sentence."""
    store = Store(settings.database_url, migrate)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        closing: list[Closable] = []
        try:
            bridge = _assemble(settings, store, session, closing)
            await _patiently(bridge.desk.settle)
            yield bridge
        finally:
            for part in reversed(closing):
                await part.close()
            store.close()


def _assemble(settings: Settings, store: Store, session: aiohttp.ClientSession, closing: list[Closable]) -> Bridge:
    desk_file, journal = settings.desk, StoredJournal(store)
    kit = Kit(session, journal, now, StoredUploads(store, now))
    check_routes(settings)
    routed = [route.channel for route in desk_file.routes]
    workspace = from_settings(
        settings.env,
        roles_by(desk_file.listed),
        session,
        now,
        routed,
        external=desk_file.external_channels,
        language=desk_file.language,
    )
    closing.append(workspace)
    channels = {channel.name: channel for channel in customer_channels.found(settings.env, kit)}
    closing += channels.values()
    if not channels:
        raise WrongSetting("No customer channel is set up: set TELEGRAM_BOT_TOKEN or WHATSAPP_TOKEN, or WEB_CHAT=on.")
    all_bots = build_bots(settings)
    closing += all_bots.values()
    check_texts(settings, all_bots)
    summariser, drafter = summaries.build(settings.env) or (None, None)
    if summariser:
        closing.append(summariser)
    house = House(
        asdict(desk_file.texts),
        desk_file.triggers,
        {name: Doorway(name, it.label, it.can, it.limit, it.refuses) for name, it in channels.items()},
        now,
        new_key,
        has_model=summariser is not None,
        bots=desk_file.bots,
        policy=desk_file.policy,
        routes=desk_file.routes,
        queues=workspace.queues,
        in_file=desk_file.settings,
        names=known_names(all_bots),
        only_in_file=only_in_file(desk_file),
        language=desk_file.language,
        listed=desk_file.listed,
        team=workspace.people,
        draw=windows.drawn,
        call=desk_file.call,
        variants=desk_file.variants,
        hours=desk_file.hours,
        ask_address=desk_file.ask_address,
        ask_rating=desk_file.ask_rating,
    )
    desk = Desk(store, house, lambda it: workspace.people.listed(it.roles))
    pace = pacing(settings.pacing, workspace.limits, {name: channel.limit for name, channel in channels.items()})
    desk_bots = {name: all_bots[name] for name in desk_file.bots}
    passage = Passage(settings.data_dir)
    bag = Kitbag(desk, workspace, channels, desk_bots, desk_file.name, summariser, drafter, pace, now, passage=passage)
    courier, reminders = Courier(store, bag, new_key()), Reminders(store, now)
    return Bridge(settings, store, journal, desk, workspace, channels, courier, reminders)


def build_bots(settings: Settings) -> dict[str, Bot]:
    """Every bot of bridge.toml. Raises WrongSetting with the line of the table that is wrong."""
    desk = settings.desk
    try:
        return bots.build(desk.bot_tables, desk.folder, settings.env)
    except WrongSetting as wrong:
        raise with_line(desk, wrong) from None


def check_routes(settings: Settings) -> None:
    """Refuse a route for customers of a channel that nobody knows, with its line."""
    desk_routes.check_routes(settings.desk.here, settings.desk.routes, customer_channels.builders())


def check_texts(settings: Settings, all_bots: Mapping[str, Bot]) -> None:
    """Refuse a text that names what nobody knows, or that is for nobody, with its line."""
    desk, names, channels = settings.desk, known_names(all_bots), customer_channels.builders()
    desk_texts.check_texts(desk.here, desk.texts, desk.variants, names, channels)


def known_names(all_bots: Mapping[str, Bot]) -> frozenset[str]:
    """The names that texts may use: our own, and the answers that flows ask for."""
    return BUILT_IN.union(*(getattr(bot, "names", frozenset[str]()) for bot in all_bots.values()))


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the database, again until it is there."""
    while True:
        with suppress(StoreAway):
            return await ask()
        await asyncio.sleep(1.0)


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """A fresh uuid."""
    return os.urandom(16).hex()
