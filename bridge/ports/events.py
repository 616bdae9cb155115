"""What happened outside, as plain values: what customers did, and what people in the workspace did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal

from bridge.errors import Loss
from bridge.files import File

Clock = Callable[[], datetime]
"""The present, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class Said:
    """A customer wrote. `unsupported` names what came along and cannot be shown.

    `about` are lines that the bridge says of it: where it comes from, which place or person it shows. `answers` is the
    platform's id of the message that it is a reply to; `link`, what stood in the link that led to us. Of what comes
    piece by piece, `album` is the same in every piece; when it is put together, `brought` says which brought each file.
    """

    chat: str
    name: str
    id: str
    text: str
    at: datetime
    language: str = ""
    unsupported: str = ""
    about: tuple[str, ...] = ()
    answers: str = ""
    link: str = ""
    files: tuple[File, ...] = ()
    verified: str = ""  # who they certainly are, where the channel knows: an e-mail address, +number or an id
    also: str = ""  # what else the platform calls this chat
    topic: str = ""  # of the chat: answers go there
    album: str = ""
    brought: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A customer changed an earlier message: all of it, as it is now. Blank `files`: those that it had stay."""

    chat: str
    id: str
    text: str
    about: tuple[str, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A customer deleted an earlier message."""

    chat: str
    id: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """A customer put an emoji on a message, or took theirs away (blank)."""

    chat: str
    id: str
    emoji: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something happened in a chat that nobody said. `name`: of a customer whom we may not know yet."""

    chat: str
    text: str
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class Echoed:
    """Somebody of the team wrote to a customer past us, in the platform's own app."""

    chat: str
    name: str
    id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one of our messages, by our own key where the platform returns it, else by its message id."""

    status: Literal["sent", "delivered", "read", "failed"]
    id: str
    key: str = ""
    reason: str = ""
    shut: bool = False  # it failed because replies are not taken now


@dataclass(frozen=True, slots=True)
class Reachable:
    """The customer blocked us, or came back."""

    chat: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Troubled:
    """The platform complains about our account: something for an admin."""

    text: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Authentic, but nothing that we act on. Stored and acknowledged like everything else; logged unless `routine`."""

    kind: str
    routine: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Introduced:
    """A customer says where else they can be reached, before they write. Nobody vouches for it."""

    chat: str
    name: str
    address: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """A customer answers the question `id`: how it was with a person. With a `text` it is only what they add."""

    chat: str
    id: str
    good: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """A customer is writing something."""

    chat: str


CustomerEvent = (
    Said
    | Corrected
    | Withdrawn
    | Reacted
    | Noticed
    | Echoed
    | Receipt
    | Reachable
    | Troubled
    | Introduced
    | Rated
    | Writing
    | Ignored
)


class Role(IntEnum):
    """What a person in the workspace may do; each role includes those below it."""

    OUTSIDER = 0  # a guest, another company's person, a deactivated or unknown user, another app
    VIEWER = 1
    RESPONDER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Agent:
    """A person in the team's workspace."""

    id: str
    name: str
    role: Role = Role.RESPONDER
    language: str = field(default="", compare=False)  # in which they read, such as "de-DE"


@dataclass(frozen=True, slots=True)
class Place:
    """A message in the workspace; as a thread, its first message."""

    channel: str
    ts: str

    @property
    def heard(self) -> str:
        """The key under which it is kept that we have heard of this message, whatever it was that we heard first."""
        return f"heard:{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody wrote in a thread. `text` is what a customer would read; `mentions` are teammates and channels in it.

    `unsupported` says of something that came along why nobody can carry it.
    """

    agent: Agent
    place: Place
    thread: Place
    text: str
    mentions: tuple[str, ...] = ()
    unsupported: str = ""
    named: tuple[Agent, ...] = ()  # the people among those mentioned
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Retyped:
    """Somebody changed an earlier message in a thread."""

    agent: Agent
    place: Place
    thread: Place
    text: str
    mentions: tuple[str, ...] = ()
    unsupported: str = ""
    files: tuple[File, ...] = ()  # they cannot be changed, but nothing may have been heard of the message before


@dataclass(frozen=True, slots=True)
class Erased:
    """A message was deleted."""

    place: Place


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was clicked, or an option chosen. `answer_to` is where the private answer to this very click goes.

    `trigger` lets us open one window for this person. In a window, `form` says which, and `about` what it was about.
    """

    agent: Agent
    action: str
    value: str
    place: Place
    thread: Place | None
    answer_to: str
    trigger: str = ""
    form: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command, or the same words as `!verb` in a thread."""

    agent: Agent
    verb: str
    text: str
    channel: str
    answer_to: str
    trigger: str = ""
    people: tuple[Agent, ...] = ()  # who is named in the text


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was sent off: what it was about, what was filled in, and the people who were chosen."""

    agent: Agent
    form: str
    about: str
    values: Mapping[str, str]
    people: Mapping[str, Agent]
    answer_to: str


@dataclass(frozen=True, slots=True)
class Emoted:
    """Somebody put an emoji on a message, or took theirs away. Blank: the workspace's own, called `name`."""

    agent: Agent
    place: Place
    emoji: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Visited:
    """Somebody looks at the app's own page."""

    agent: Agent


@dataclass(frozen=True, slots=True)
class Closed:
    """A channel was archived or deleted, or the app was taken out of it."""

    channel: str
    loss: Loss


@dataclass(frozen=True, slots=True)
class Exposed:
    """Another company reads along in a channel from now on."""

    channel: str


WorkspaceEvent = (
    Typed | Retyped | Erased | Emoted | Pressed | Commanded | Submitted | Visited | Closed | Exposed | Ignored
)


@dataclass(frozen=True, slots=True)
class Received:
    """One event with the keys under which it is known. If any key was seen before, the event is a repeat."""

    keys: tuple[str, ...]
    event: CustomerEvent | WorkspaceEvent
    raw: bytes
