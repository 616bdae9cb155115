"""Who somebody in the workspace is and what they may do, as Slack said at most five minutes ago."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bridge.errors import DeliveryError, TryLater, Undeliverable
from bridge.ports import Agent, Clock, Role
from bridge.team_workspace.calls import attempt

PATIENCE = 2.0  # seconds; Slack wants an acknowledgement within 3
FRESH = timedelta(minutes=5)
MOST_KNOWN = 5_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Roles:
    """Slack user ids by role. Nobody listed: every member is a responder, workspace admins are admins."""

    admins: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    agent: asyncio.Task[Agent]
    until: datetime


class People:
    """Looks people up, once for all who ask at the same time."""

    def __init__(self, client: AsyncWebClient, roles: Roles, clock: Clock) -> None:
        self.client, self.roles, self.clock = client, roles, clock
        self.team = ""  # known after auth.test
        self._known: dict[str, _Known] = {}

    async def agent(self, id: str) -> Agent:
        """The person with that id; an outsider when Slack knows nobody. Raises TryLater when it does not answer."""
        known = self._known.get(id)
        if known is None or known.until <= self.clock():
            known = self._remember(id, asyncio.create_task(self._ask(id, known.agent if known else None)))
        try:
            return await asyncio.shield(known.agent)
        except DeliveryError:
            if self._known.get(id) is known:
                del self._known[id]
            raise

    async def names(self, ids: set[str]) -> dict[str, str]:
        """Names by id, for the mentions in a text."""
        return {person: await self._name(person) for person in sorted(ids)}

    async def _name(self, id: str) -> str:
        try:
            return (await self.agent(id)).name
        except DeliveryError:
            return id

    async def close(self) -> None:
        """Stop asking."""
        asking = [known.agent for known in self._known.values()]
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _remember(self, id: str, agent: asyncio.Task[Agent]) -> _Known:
        self._known.pop(id, None)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[id] = _Known(agent, self.clock() + FRESH)
        return self._known[id]

    async def _ask(self, id: str, before: asyncio.Task[Agent] | None) -> Agent:
        """What Slack says; while it says nothing, what it said last."""
        try:
            async with asyncio.timeout(PATIENCE):
                user: Any = (await attempt(self.client.users_info(user=id), repeatable=True))["user"]
            return Agent(id, name_of(user), role_of(user, self.team, self.roles))
        except (Undeliverable, AttributeError, TypeError, KeyError) as error:
            log.warning("slack_person_unknown", user=id, error=type(error).__name__)
            return Agent(id, id, Role.OUTSIDER)
        except (DeliveryError, TimeoutError):
            if before and before.done() and not before.cancelled() and before.exception() is None:
                return before.result()
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
