"""Windows in which one person fills something in or looks through a list, as plain values."""

from dataclasses import dataclass
from typing import Literal

from bridge.ports.events import Place

NAMED = "named:"
"""How the address of a window begins that was opened under an id of ours."""
HOME = "home"
"""The name of the app's own page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a notice or a private question, or in a window."""

    action: str
    label: str
    value: str
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The bridge's own words (*bold* and `code` mean something), and foreign ones under them, shown inert."""

    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One of a list: a headline, foreign words, and what can be done about it. `title` leads to its thread."""

    title: str
    details: str = ""
    quote: str = ""
    choices: tuple[Choice, ...] = ()
    thread: Place | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TextInput:
    """Words to type."""

    name: str
    label: str
    initial: str = ""
    hint: str = ""
    lines: bool = False
    optional: bool = False
    longest: int = 3000


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A colleague to choose. `acts`: the list follows at once."""

    name: str
    label: str
    initial: str = ""  # their id
    acts: bool = False


@dataclass(frozen=True, slots=True)
class PeopleInput:
    """Any number of people to choose, or none. What was chosen comes back as a value: an id a line."""

    name: str
    label: str
    initial: tuple[str, ...] = ()  # their ids
    hint: str = ""


@dataclass(frozen=True, slots=True)
class GroupsInput:
    """Names of the workspace's user groups to type, or none. The workspace looks them up when they come back."""

    name: str
    label: str
    initial: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several. `acts`: the list follows at once."""

    name: str
    label: str
    options: tuple[Option, ...]
    initial: str = ""
    acts: bool = False


Part = Words | Row | TextInput | PersonInput | PeopleInput | GroupsInput | OneOf


@dataclass(frozen=True, slots=True)
class Form:
    """A window. `about` comes back with what was filled in; without `submit` there is nothing to send off."""

    name: str
    title: str
    parts: tuple[Part, ...]
    about: str = ""
    submit: str = ""
    id: str = ""  # by which it can be drawn anew later
    language: str = ""  # of whoever looks at it
