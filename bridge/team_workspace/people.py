"""Who somebody in the workspace is and what they may do, as Slack said at most five minutes ago."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bridge.errors import DeliveryError, TryLater, Undeliverable
from bridge.ports import Agent, Clock, Listed, Role, is_group
from bridge.team_workspace.groups import AHEAD, FRESH, Groups
from bridge.team_workspace.roles import Roles, role_of, roles_by
from bridge.team_workspace.web_api import WebApi

PATIENCE = 2.0  # seconds; Slack wants an acknowledgement within 3
MOST_KNOWN = 5_000
KEPT = (  # of what Slack says of somebody
    *("id", "team_id", "enterprise_user", "deleted", "is_bot", "is_stranger", "is_restricted", "is_ultra_restricted"),
    *("is_admin", "is_owner", "locale", "tz"),
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Known:
    user: Mapping[str, Any]
    agent: Agent
    roles: Roles  # by which the agent has its role
    until: datetime


class People:
    """Looks people up, once for all who ask at the same time."""

    def __init__(self, api: WebApi, roles: Roles, clock: Clock) -> None:
        self.api, self.clock, self.groups = api, clock, Groups(api, roles, clock)
        self.team = ""  # known after auth.test
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._changed: set[str] = set()  # while Slack was being asked about them

    def known(self, id: str) -> Agent | None:
        """The person with that id, if it was told lately."""
        return self._lately(id) if self.groups.fresh() else None

    async def agent(self, id: str) -> Agent:
        """The person with that id; an outsider when Slack knows nobody. Raises TryLater when it does not answer."""
        await self.groups.freshen()
        while (agent := self._lately(id)) is None:
            await asyncio.shield(self._asking.get(id) or self._ask(id))
        return agent

    async def maybe(self, id: str) -> Agent:
        """The person with that id; one who may do nothing, under the id, when Slack does not say."""
        try:
            return await self.agent(id)
        except DeliveryError:
            return Agent(id, id, Role.OUTSIDER)

    def name(self, id: str) -> str:
        """How people call somebody; the id of whom nobody has looked up."""
        return known.agent.name if (known := self._known.get(id)) else id

    def role(self, id: str, listed: Listed) -> Role:
        """What somebody who has just done something would be by these lists."""
        roles = self.groups.by(roles_by(listed))
        return role_of(known.user, self.team, roles) if (known := self._known.get(id)) else Role.OUTSIDER

    def useless(self, group: str) -> str:
        """Why nobody would have a role by this group; blank: it is there."""
        return self.groups.useless(group)

    def responders(self, listed: Listed) -> Collection[str]:
        """The ids of all who are responders by these lists; none where it cannot be known who they all are."""
        roles = self.groups.by(roles_by(listed))
        return [] if roles.closed else [name for name in roles.responders if not is_group(name)]

    def listed(self, listed: Listed) -> None:
        """These lists hold from now on, for whatever anybody does next."""
        self.groups.write(roles_by(listed))

    def locale(self, id: str) -> str:
        """The language somebody reads Slack in, such as "de-DE"; empty when that is not known."""
        return self._said(id, "locale")

    async def reads(self, id: str) -> str:
        """The same, asked for where nothing is known of them yet. Blank when Slack does not say."""
        return self.locale(id) if id in self._known else (await self.maybe(id)).language

    def zone(self, id: str) -> str:
        """Somebody's time zone, such as "Europe/Madrid"; empty when that is not known."""
        return self._said(id, "tz")

    def changed(self, id: str) -> None:
        """Have them asked about anew, before they do anything else; everybody if empty."""
        if id:
            self._known.pop(id, None)
        else:
            now = self.clock()
            self._known = {who: replace(known, until=now) for who, known in self._known.items()}
        self._changed.update({id} & self._asking.keys() if id else self._asking)

    async def close(self) -> None:
        """Stop asking."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await self.groups.close()

    def _lately(self, id: str) -> Agent | None:
        known = self._known.get(id)
        if known is None:
            return None
        left = known.until - self.clock()
        if left < AHEAD and id not in self._asking:
            self._ask(id)
        if known.roles is not self.groups.roles:
            known = self._known[id] = self._judged(id, known.agent.name, known.user, known.until)
        return known.agent if left > timedelta() else None

    def _ask(self, id: str) -> asyncio.Task[None]:
        self._asking[id] = task = asyncio.create_task(self._learn(id))
        task.add_done_callback(lambda over: over.cancelled() or over.exception())  # not all who ask wait for it
        return task

    async def _learn(self, id: str) -> None:
        """Ask, and take note of it within the task: whoever waits for one that is over already waits for ever."""
        try:
            known = await self._told(id)
            if id not in self._changed:
                self._remember(id, known)
        finally:
            del self._asking[id]
            self._changed.discard(id)

    def _remember(self, id: str, known: _Known) -> None:
        self._known.pop(id, None)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[id] = known

    async def _told(self, id: str) -> _Known:
        """What Slack says; while it says nothing, what it said last."""
        try:
            async with asyncio.timeout(PATIENCE):
                asked = {"user": id, "include_locale": "true"}
                user: Any = (await self.api.call("users.info", asked, repeatable=True))["user"]
            return self._judged(id, name_of(user), {key: user[key] for key in KEPT if key in user})
        except (Undeliverable, AttributeError, TypeError, KeyError) as error:
            log.warning("slack_person_unknown", user=id, error=type(error).__name__)
            return self._judged(id, id, {"is_stranger": True})
        except (DeliveryError, TimeoutError):
            if before := self._known.get(id):
                return replace(before, until=self.clock() + FRESH)
            raise TryLater("Slack does not say who this is.") from None

    def _judged(self, id: str, name: str, user: Mapping[str, Any], until: datetime | None = None) -> _Known:
        roles = self.groups.roles
        agent = Agent(id, name, role_of(user, self.team, roles), str(user.get("locale") or ""))
        return _Known(user, agent, roles, until or self.clock() + FRESH)

    def _said(self, id: str, key: str) -> str:
        known = self._known.get(id)
        return str(known.user.get(key) or "") if known else ""


def name_of(user: Mapping[str, Any]) -> str:
    """The name under which colleagues know somebody."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((name.strip() for name in names if name and name.strip()), str(user.get("id", "")))
