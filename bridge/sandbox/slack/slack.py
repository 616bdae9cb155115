"""The Slack look-alike: one workspace with one app in it, and every door that leads in or out."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiohttp import web

from bridge.sandbox.slack import files, people, responses
from bridge.sandbox.slack.api import WebApi
from bridge.sandbox.slack.call import SCOPES
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.events import Events
from bridge.sandbox.slack.limits import Limits
from bridge.sandbox.slack.page import view_of
from bridge.sandbox.slack.sockets import Sockets
from bridge.sandbox.slack.triggers import Triggers
from bridge.sandbox.slack.views import Views
from bridge.sandbox.slack.webhooks import Webhooks
from bridge.sandbox.slack.workspace import COMMANDS, Workspace
from bridge.sandbox.world import World


class Slack:
    """The whole look-alike, as the sandbox's server sees it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workspace = Workspace(world)
        self.limits = Limits(world)
        self.sockets, self.webhooks = Sockets(self), Webhooks(self)
        self.events, self.triggers, self.views = Events(self), Triggers(self), Views(self)
        self.scopes = list(SCOPES)
        self.subscriptions: set[str] | None = None  # bot events of the manifest; None: all
        self.any_command = True
        self.grace = 3.0  # real seconds that the app gets at least, however fast the clock
        self.base_url = ""
        self._tasks = set[asyncio.Task[Any]]()
        world.on_reset(self._forget)

    def routes(self) -> list[web.RouteDef]:
        """Everything that is served, with full paths."""
        api = WebApi(self)
        return [
            web.post("/slack/api/{method}", api.answer),
            web.get("/slack/api/{method}", api.answer),
            web.get("/slack/socket/{ticket}", self.sockets.connect),
            web.post("/slack/response/{ticket}", responses.door(self)),
            web.post("/slack/upload/{file}", files.upload_door(self)),
            web.get("/slack/files/{file}/{name}", files.download_door(self)),
        ]

    def connect(self, settings: Json) -> None:
        """Where signed webhooks go (none: Socket Mode), and what the app's manifest asks for."""
        if "events_url" in settings:
            self.webhooks.url = str(settings["events_url"] or "")
            self.webhooks.secret = str(settings.get("signing_secret") or "")
        if settings.get("scopes") is not None:
            self.scopes = list(settings["scopes"])
        if manifest := settings.get("manifest"):
            self._install(manifest)

    def _install(self, manifest: Json) -> None:
        features, parts = manifest.get("features", {}), manifest.get("settings", {})
        self.workspace.commands = list(features.get("slash_commands", COMMANDS))
        self.workspace.shortcuts = list(features.get("shortcuts", ()))
        self.workspace.home_tab = bool(features.get("app_home", {}).get("home_tab_enabled"))
        self.any_command = "slash_commands" not in features
        if events := parts.get("event_subscriptions", {}).get("bot_events"):
            self.subscriptions = set(events)
        if scopes := manifest.get("oauth_config", {}).get("scopes", {}).get("bot"):
            self.scopes = list(scopes)

    async def act(self, actor: str, action: str, target: str = "", text: str = "", **more: Any) -> Json:
        """What one person does in the workspace."""
        try:
            done = await people.act(self, actor, action, target or "", text or "", more)
        except Refused as refused:
            return {"ok": False, "id": None, "error": refused.error}
        return {"ok": True, "id": done, "error": None}

    def view(self) -> Json:
        """What the page shows."""
        return view_of(self)

    async def start(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")

    async def close(self) -> None:
        """Stop everything that still runs."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.disconnect()
        await self.webhooks.close()

    async def carry(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Json:
        """Bring a payload to the app over whichever way it chose."""
        way = self.webhooks if self.webhooks.url else self.sockets
        return await way.carry(kind, payload, attempt, reason)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something in the background until it ends or the sandbox is reset."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        self.workspace.seed()
        for part in (self.limits, self.triggers, self.views):
            part.forget()
