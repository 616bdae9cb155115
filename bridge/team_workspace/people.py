"""Who somebody in the workspace is and what they may do, as Slack said at most five minutes ago."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bridge.errors import DeliveryError, TryLater, Undeliverable
from bridge.ports import Agent, Clock, Role
from bridge.team_workspace.web_api import WebApi

PATIENCE = 2.0  # seconds; Slack wants an acknowledgement within 3
FRESH = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # before that is over, Slack is asked again, so that nobody who is active has to wait
MOST_KNOWN = 5_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Roles:
    """Slack user ids by role. Nobody listed: every member is a responder, workspace admins are admins."""

    admins: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    agent: Agent
    until: datetime


class People:
    """Looks people up, once for all who ask at the same time."""

    def __init__(self, api: WebApi, roles: Roles, clock: Clock) -> None:
        self.api, self.roles, self.clock = api, roles, clock
        self.team = ""  # known after auth.test
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[Agent]] = {}

    def known(self, id: str) -> Agent | None:
        """The person with that id, if it was told lately."""
        known = self._known.get(id)
        if known is None:
            return None
        left = known.until - self.clock()
        if left < AHEAD and id not in self._asking:
            self._ask(id)
        return known.agent if left > timedelta() else None

    async def agent(self, id: str) -> Agent:
        """The person with that id; an outsider when Slack knows nobody. Raises TryLater when it does not answer."""
        return self.known(id) or await asyncio.shield(self._asking.get(id) or self._ask(id))

    async def maybe(self, id: str) -> Agent:
        """The person with that id; one who may do nothing, under the id, when Slack does not say."""
        try:
            return await self.agent(id)
        except DeliveryError:
            return Agent(id, id, Role.OUTSIDER)

    async def close(self) -> None:
        """Stop asking."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _ask(self, id: str) -> asyncio.Task[Agent]:
        def over(task: asyncio.Task[Agent]) -> None:
            del self._asking[id]
            if not task.cancelled() and task.exception() is None:
                self._remember(id, task.result())

        self._asking[id] = task = asyncio.create_task(self._told(id))
        task.add_done_callback(over)
        return task

    def _remember(self, id: str, agent: Agent) -> None:
        self._known.pop(id, None)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[id] = _Known(agent, self.clock() + FRESH)

    async def _told(self, id: str) -> Agent:
        """What Slack says; while it says nothing, what it said last."""
        try:
            async with asyncio.timeout(PATIENCE):
                user: Any = (await self.api.call("users.info", {"user": id}, repeatable=True))["user"]
            return Agent(id, name_of(user), role_of(user, self.team, self.roles))
        except (Undeliverable, AttributeError, TypeError, KeyError) as error:
            log.warning("slack_person_unknown", user=id, error=type(error).__name__)
            return Agent(id, id, Role.OUTSIDER)
        except (DeliveryError, TimeoutError):
            if before := self._known.get(id):
                return before.agent
            raise TryLater("Slack does not say who this is.") from None


def name_of(user: Mapping[str, Any]) -> str:
    """The name under which colleagues know somebody."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((name.strip() for name in names if name and name.strip()), str(user.get("id", "")))


def role_of(user: Mapping[str, Any], team: str, roles: Roles) -> Role:
    """What somebody may do. Guests only when listed; bots, strangers and the deactivated never anything."""
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or not _at_home(user, team):
        return Role.OUTSIDER
    for listed, role in ((roles.admins, Role.ADMIN), (roles.responders, Role.RESPONDER), (roles.viewers, Role.VIEWER)):
        if user.get("id") in listed:
            return role
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Role.OUTSIDER
    if not roles.admins and (user.get("is_admin") or user.get("is_owner")):
        return Role.ADMIN
    return Role.VIEWER if roles.responders else Role.RESPONDER


def _at_home(user: Mapping[str, Any], team: str) -> bool:
    """In an Enterprise organisation, `team_id` may be another of its workspaces."""
    return not team or user.get("team_id") == team or team in (user.get("enterprise_user") or {}).get("teams", ())
