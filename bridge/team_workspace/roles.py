"""Pure: what somebody may do, by the desk's roles, the groups in them, and what Slack says of the person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.ports import Listed, Role, is_group


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role. Nobody listed: every member is a responder, workspace admins are admins."""

    admins: Collection[str] = ()
    responders: Collection[str] = ()
    viewers: Collection[str] = ()
    closed: bool = False  # a group is not known: who is not listed may be in it, and is a viewer at most

    @property
    def groups(self) -> frozenset[str]:
        """The user groups that are named, as they are written."""
        return frozenset(filter(is_group, (*self.admins, *self.responders, *self.viewers)))

    def with_members(self, members: Mapping[str, Collection[str]]) -> "Roles":
        """The same with everybody in the groups, by what the lists call them; a group not in `members` is not known.

        The names stay in the lists: a group that is empty or not known must not look like nobody listed.
        """

        def everybody(listed: Collection[str]) -> frozenset[str]:
            return frozenset(listed).union(*(members.get(name, ()) for name in listed if is_group(name)))

        # A group of admins could only lift; by one of the others somebody may be less than by default.
        closed = any(is_group(name) and name not in members for name in (*self.responders, *self.viewers))
        return Roles(everybody(self.admins), everybody(self.responders), everybody(self.viewers), closed)


def roles_by(listed: Listed) -> Roles:
    """The lists of a desk, of which it is not known yet who is in the groups."""
    return Roles(listed.admins, listed.responders, listed.viewers)


def role_of(user: Mapping[str, Any], team: str, roles: Roles) -> Role:
    """What somebody may do. Guests may watch when they are listed; bots, strangers and the deactivated nothing."""
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or not _at_home(user, team):
        return Role.OUTSIDER
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    for listed, role in ((roles.admins, Role.ADMIN), (roles.responders, Role.RESPONDER), (roles.viewers, Role.VIEWER)):
        if user.get("id") in listed:
            return min(role, Role.VIEWER) if guest else role
    if guest:
        return Role.OUTSIDER
    if roles.closed:
        return Role.VIEWER
    if not roles.admins and (user.get("is_admin") or user.get("is_owner")):
        return Role.ADMIN
    return Role.VIEWER if roles.responders else Role.RESPONDER


def may_claim(id: str, roles: Roles) -> bool:
    """Whether that id could claim, if it belongs to somebody of whom Slack says the best."""
    return role_of({"id": id, "is_owner": True}, "", roles) >= Role.RESPONDER


def listed_to_claim(roles: Roles) -> frozenset[str]:
    """The persons whom the lists let claim."""
    return frozenset(name for name in (*roles.admins, *roles.responders) if not is_group(name))


def _at_home(user: Mapping[str, Any], team: str) -> bool:
    """In an Enterprise organisation, `team_id` may be another of its workspaces."""
    return not team or user.get("team_id") == team or team in (user.get("enterprise_user") or {}).get("teams", ())
