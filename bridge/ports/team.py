"""Who has which role by the lists of a desk, as the workspace knows the people and the user groups in them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from bridge.ports.events import Role

_PERSON, _GROUP = re.compile("[UW][A-Z0-9]{1,30}"), re.compile(r"S[A-Z0-9]+|@[^@\s]+")


def is_person(id: str) -> bool:
    """Whether it is the id of a person (U..., W...)."""
    return _PERSON.fullmatch(id) is not None


def is_group(name: str) -> bool:
    """Whether it names a user group, by its id (S0614TZR7) or its handle (@agents)."""
    return _GROUP.fullmatch(name) is not None


def groups_in(text: str) -> tuple[str, ...]:
    """The names in what somebody typed, each once."""
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


@dataclass(frozen=True, slots=True)
class Listed:
    """The lists: ids of people and names of user groups. Nobody listed means something, too: see Roles."""

    admins: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()


class Team(Protocol):
    """Known once the workspace is."""

    def name(self, id: str) -> str:
        """How people call somebody; the id of whom nobody has looked up."""
        ...

    def role(self, id: str, listed: Listed) -> Role:
        """What somebody would be by these lists."""
        ...

    def useless(self, group: str) -> str:
        """Why nobody would have a role by this group; blank: it is there."""
        ...

    def responders(self, listed: Listed) -> Collection[str]:
        """The ids of all who are responders by these lists; none where it cannot be known who they all are."""
        ...


class NoTeam:
    """Where there is no workspace: people have what the lists say, and every group is there."""

    def __init__(self, names: Sequence[tuple[str, str]] = ()) -> None:
        self._names = dict(names)

    def name(self, id: str) -> str:
        return self._names.get(id, id)

    def role(self, id: str, listed: Listed) -> Role:
        return Role.ADMIN if not listed.admins or id in listed.admins else Role.VIEWER

    def useless(self, group: str) -> str:
        return ""

    def responders(self, listed: Listed) -> Collection[str]:
        return [] if any(map(is_group, listed.responders)) else listed.responders
