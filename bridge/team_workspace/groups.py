"""Who is in the user groups that a desk names: as Slack said at most five minutes ago, and anew after a change.

While Slack does not answer, what it said last holds. Nobody has a role by a group of which it never said anything.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bridge.errors import DeliveryError, TryLater
from bridge.i18n import t
from bridge.ports import Clock
from bridge.team_workspace.roles import Roles
from bridge.team_workspace.web_api import WebApi

SCOPE = "usergroups:read"
PATIENCE = 2.0  # seconds for which somebody who acts waits; Slack wants an acknowledgement within 3
FRESH = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # before that is over, Slack is asked again, so that nobody who is active has to wait
PAUSE = 15.0  # seconds until Slack is asked again, if it did not answer
APART = 3.0  # seconds between two questions: Slack takes 20 a minute, and a directory changes a hundred members in one
ALL = {"include_users": "true", "include_disabled": "true"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Group:
    """A user group of this workspace."""

    id: str
    handle: str
    members: frozenset[str]
    disabled: bool = False


class Groups:
    """Asks for all of them at once, and only if one is named."""

    def __init__(self, api: WebApi, written: Roles, clock: Clock) -> None:
        self.api, self.written, self.clock = api, written, clock
        self.named = self._first = written.groups
        self.roles = written.with_members({})
        self._known: Mapping[str, Group] = {}  # all that Slack told of
        self.wrong: dict[str, str] = {}  # by the name of a group: why nobody has a role by it, and the mend
        self.unread = ""  # why Slack did not answer the last time
        self._told = False
        self._asking: asyncio.Task[None] | None = None
        self._ask_at = self._until = clock()
        self._changes, self._not_before = 0, 0.0

    def write(self, roles: Roles) -> None:
        """Other lists hold from now on. Who is in the groups of the first ones is known further on."""
        self.written, self.named = roles, self._first | roles.groups
        if self._told and all(_key(name) in self._known for name in self.named):
            self._take(self._known)
            return
        self.roles = self.by(roles)
        self.changed()

    def by(self, roles: Roles) -> Roles:
        """These lists with everybody in their groups."""
        found = {name: self._known[_key(name)] for name in roles.groups if _key(name) in self._known}
        return roles.with_members({name: at.members for name, at in found.items() if not at.disabled})

    async def look_up(self, names: Collection[str]) -> None:
        """Know of these groups, if Slack tells soon enough. Of those that nobody names it tells no changes."""
        if not (self.named and self.fresh() and all(_key(name) in self._known for name in names)):
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await asyncio.shield(self._asking or self._ask())

    def useless(self, name: str) -> str:
        """Why nobody has a role by this group; blank: it is there."""
        if (group := self._known.get(_key(name))) is not None:
            return t("The user group {name} is disabled.", name=name) if group.disabled else ""
        if self._told and not self.unread and self._asking is None:
            return t("There is no user group {name}.", name=name)
        return t("Slack does not say now whether there is a user group {name}. Try it again.", name=name)

    def fresh(self) -> bool:
        """Whether what is known holds. Slack is asked before that is over."""
        if not self.named:
            return True
        now = self.clock()
        if now >= self._ask_at and self._asking is None:
            self._ask()
        return now < self._until

    async def freshen(self) -> None:
        """Wait until what is known holds, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self.fresh():
                    await asyncio.shield(self._asking or self._ask())

    def changed(self) -> None:
        """Something is different now: what is known does not hold any more."""
        if not self.named:
            return
        self._changes += 1
        self._ask_at = self._until = self.clock()
        self.fresh()

    async def close(self) -> None:
        """Stop asking."""
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _ask(self) -> asyncio.Task[None]:
        self._asking = asyncio.create_task(self._once())
        return self._asking

    async def _once(self) -> None:
        """Take note that it is over within the task: whoever waits for one that is over already waits for ever."""
        try:
            await self._learn()
        finally:
            self._asking = None

    async def _learn(self) -> None:
        """Ask, and again if something changed meanwhile: the answer may be older than that."""
        time = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(max(0.0, self._not_before - time()))
            self._not_before, changes = time() + APART, self._changes
            try:
                told = read(await self.api.call("usergroups.list", ALL, repeatable=True))
            except (DeliveryError, AttributeError, TypeError, KeyError) as error:
                self._missed(error)
                return
            self._told, self.unread = True, ""
            self._take(told)
            if changes == self._changes:
                self._until = self.clock() + FRESH
                self._ask_at = self._until - AHEAD
                return

    def _take(self, told: Mapping[str, Group]) -> None:
        self._known = told
        self.roles = self.by(self.written)
        found = {name: told[_key(name)] for name in self.written.groups if _key(name) in told}
        wrong = {name: _missing(name) for name in self.written.groups - found.keys()}
        wrong |= {name: _disabled(name) for name, group in found.items() if group.disabled}
        for name, mend in wrong.items():
            if name not in self.wrong:
                log.warning("slack_group_useless", group=name, mend=mend)
        self.wrong = wrong

    def _missed(self, error: Exception) -> None:
        self.unread = str(error) if isinstance(error, DeliveryError) else "Slack's answer has an unknown shape."
        pause = (error.after if isinstance(error, TryLater) else None) or PAUSE
        self._ask_at = self._until = self.clock() + timedelta(seconds=pause)
        what = "the members it named last keep their roles" if self._told else "nobody has a role by a group"
        tell = log.warning if self._told else log.error
        tell("slack_groups_unread", why=self.unread, until_then=what, again_in=pause)


def read(answer: Any) -> dict[str, Group]:
    """The workspace's own groups, by id and by handle."""
    groups = [
        Group(told["id"], told["handle"], frozenset(told.get("users") or ()), bool(told.get("date_delete")))
        for told in answer["usergroups"]
        if not told.get("is_external")
    ]
    by_handle = {_key(f"@{group.handle}"): group for group in sorted(groups, key=lambda group: not group.disabled)}
    return by_handle | {group.id: group for group in groups}


def _key(name: str) -> str:
    return name.lower() if name.startswith("@") else name


def _missing(name: str) -> str:
    called = "handle" if name.startswith("@") else "id"
    return f"The desk's roles name {name}, but no user group has that {called}. Correct it, or make the group in Slack."


def _disabled(name: str) -> str:
    return f"The desk's roles name {name}, but that user group is disabled. Enable it in Slack, or take it out of them."
