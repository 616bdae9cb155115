"""Builds the parts from the settings, runs them together, and stops them: the only place where parts meet."""

import asyncio
import functools
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import aiohttp
import structlog
from aiohttp import web

from bridge import bots, customer_channels, server, summaries
from bridge.courier.catch_up import look_into_all
from bridge.courier.courier import Courier
from bridge.courier.trip import Kitbag
from bridge.desk import Desk
from bridge.desk_file import with_line
from bridge.errors import DeliveryError, WrongSetting
from bridge.letters import Doorway
from bridge.pacing import pacing
from bridge.ports import Bot, CustomerChannel, Kit, Summariser
from bridge.reminders import Reminders
from bridge.session import House
from bridge.settings import Settings
from bridge.store import inbox
from bridge.store.journal import StoredJournal
from bridge.store.migrate import migrate
from bridge.store.store import Store
from bridge.team_workspace.people import Roles
from bridge.team_workspace.slack import Slack, from_settings
from bridge.texts import BUILT_IN, check_file

log = structlog.get_logger()
Closable = CustomerChannel | Bot | Slack | Summariser
AT_ONCE = 200  # connections of the shared HTTP session


@dataclass(slots=True)
class Bridge:
    """All parts, put together."""

    settings: Settings
    store: Store
    desk: Desk
    workspace: Slack
    channels: Mapping[str, CustomerChannel]
    courier: Courier
    reminders: Reminders
    waiting_for: str = "starting"

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
        """Work until cancelled. The server must be there already: in the demo the platforms live on it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.courier.run(), name="courier")
            tasks.create_task(self.reminders.run(), name="reminders")
            tasks.create_task(self._work_in_slack(), name="slack")
            for channel in self.channels.values():
                tasks.create_task(self._listen(channel), name=channel.name)

    async def _listen(self, channel: CustomerChannel) -> None:
        cursor = await self.store.read(lambda tx: inbox.cursor(tx, channel.name))
        await channel.run(functools.partial(self.desk.customers_did, channel.name), cursor)

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
        self.waiting_for = ""
        await self._catch_up()
        log.info("ready", channels=sorted(self.channels))
        await self.workspace.run(self.desk.agents_did, self._catch_up)

    async def _catch_up(self) -> None:
        """Have read what people wrote in Slack while we could not hear."""
        await self.desk.within(look_into_all)


@asynccontextmanager
async def built(settings: Settings) -> AsyncGenerator[Bridge]:
    """A bridge, closed at the end. Raises WrongSetting with one sentence."""
    store = Store(settings.database_url, migrate)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        kit = Kit(session, StoredJournal(store), now)
        closing: list[Closable] = []
        try:
            yield _assemble(settings, store, kit, closing)
        finally:
            for part in reversed(closing):
                await part.close()
            store.close()


def _assemble(settings: Settings, store: Store, kit: Kit, closing: list[Closable]) -> Bridge:
    desk_file = settings.desk
    workspace = from_settings(
        settings.env, Roles(desk_file.admins, desk_file.responders, desk_file.viewers), kit.session, now
    )
    closing.append(workspace)
    channels = {channel.name: channel for channel in customer_channels.found(settings.env, kit)}
    closing += channels.values()
    if not channels:
        raise WrongSetting("No customer channel is set up: set TELEGRAM_BOT_TOKEN or WHATSAPP_TOKEN, or WEB_CHAT=on.")
    all_bots = build_bots(settings)
    closing += all_bots.values()
    check_texts(settings, all_bots)
    summariser = summaries.build(settings.env)
    if summariser:
        closing.append(summariser)
    house = House(
        asdict(desk_file.texts),
        desk_file.triggers,
        {name: Doorway(name, channel.label, channel.can, channel.limit) for name, channel in channels.items()},
        now,
        new_key,
        has_model=summariser is not None,
    )
    desk = Desk(store, house)
    pace = pacing(settings.pacing, workspace.limits, {name: channel.limit for name, channel in channels.items()})
    bag = Kitbag(desk, workspace, channels, all_bots[desk_file.bots[0]], desk_file.name, summariser, pace, now)
    return Bridge(settings, store, desk, workspace, channels, Courier(store, bag, new_key()), Reminders(store, now))


def build_bots(settings: Settings) -> dict[str, Bot]:
    """Every bot of bridge.toml. Raises WrongSetting with the line of the table that is wrong."""
    desk = settings.desk
    try:
        return bots.build(desk.bot_tables, desk.folder, settings.env)
    except WrongSetting as wrong:
        raise with_line(desk, wrong) from None


def check_texts(settings: Settings, all_bots: Mapping[str, Bot]) -> None:
    """Refuse a text that names what nobody knows, with its line."""
    known = BUILT_IN.union(*(getattr(bot, "names", frozenset[str]()) for bot in all_bots.values()))
    desk = settings.desk
    if wrong := check_file(desk.path.name, desk.source, asdict(desk.texts), known):
        raise WrongSetting("\n".join(wrong))


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """A fresh uuid."""
    return os.urandom(16).hex()
