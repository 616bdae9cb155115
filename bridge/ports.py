"""What the bridge needs from outside, as Protocols, and the plain values that cross them.

A customer channel, the team's workspace, a bot and a summariser are all adapters behind one of these.
Events come in as `Received`: one event of the outside with the natural keys under which it is stored once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, Protocol

from bridge.content import Line, Part, Presence

if TYPE_CHECKING:
    from aiohttp import ClientSession

# ---------------------------------------------------------------------------------------------------- events coming in


@dataclass(frozen=True, slots=True)
class Said:
    """A customer wrote. `unsupported` names what came along and is not carried yet (photo, location ...)."""

    chat: str
    name: str
    id: str
    text: str
    at: datetime
    language: str = ""
    unsupported: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A customer changed an earlier message."""

    chat: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one of our messages, by our own key where the platform returns it, else by its message id."""

    status: Literal["sent", "delivered", "read", "failed"]
    id: str
    key: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reachable:
    """The customer blocked us, or came back."""

    chat: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Ignored:
    """Authentic, but nothing that we act on. Stored and acknowledged like everything else."""

    kind: str


CustomerEvent = Said | Corrected | Receipt | Reachable | Ignored


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


@dataclass(frozen=True, slots=True)
class Place:
    """A message in the workspace; as a thread, its first message."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody wrote in a thread. `text` is what a customer would read; `mentions` are teammates and channels in it."""

    agent: Agent
    place: Place
    thread: Place
    text: str
    mentions: tuple[str, ...] = ()
    unsupported: str = ""


@dataclass(frozen=True, slots=True)
class Retyped:
    """Somebody changed an earlier message in a thread."""

    agent: Agent
    place: Place
    thread: Place
    text: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """A message was deleted."""

    place: Place


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was clicked, or an option chosen. `answer_to` is where the private answer to this very click goes."""

    agent: Agent
    action: str
    value: str
    place: Place
    thread: Place | None
    answer_to: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """A slash command, or the same words as `!verb` in a thread."""

    agent: Agent
    verb: str
    text: str
    channel: str
    answer_to: str


WorkspaceEvent = Typed | Retyped | Erased | Pressed | Commanded | Ignored


@dataclass(frozen=True, slots=True)
class Received:
    """One event with the keys under which it is known. If any key was seen before, the event is a repeat."""

    keys: tuple[str, ...]
    event: CustomerEvent | WorkspaceEvent
    raw: bytes
    cursor: int | None = None  # where to go on reading, stored in the same transaction


@dataclass(frozen=True, slots=True)
class Stored:
    """Committed. `seq` is the message's place in the chat's journal, for a channel that keeps one."""

    new: bool
    seq: int | None = None


Receive = Callable[[Sequence[Received]], Awaitable[list[Stored]]]
"""Returns once all events are committed. Raises when they could not be stored: then do not acknowledge."""

# ------------------------------------------------------------------------------------------------- the customers' side


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. The bridge says in the thread what it cannot."""

    edits: bool = False  # we can change a message that we sent
    presence: bool = False  # shows who joined and left
    typing: bool = False
    choices: bool = False  # shows quick replies
    journal: bool = False  # the platform is ours: chats are kept in our own journal, exactly once
    confirms: Literal["", "status", "journal"] = ""  # how a send that got no answer can be looked up


@dataclass(frozen=True, slots=True)
class Limit:
    """How much, how fast. `length` in UTF-16 units; rates in messages a second, with bursts."""

    length: int
    per_second: float = 0.0  # 0: no limit
    burst: int = 1
    per_chat_second: float = 0.0
    per_chat_burst: int = 1


class CustomerChannel(Protocol):
    """One way to reach customers: one file in `customer_channels/`. Events arrive by `run` or by `routes`."""

    name: str
    label: str  # as people write it
    can: Capabilities
    limit: Limit

    async def run(self, receive: Receive, cursor: int) -> None:
        """Hand every event to `receive`, from `cursor` on, until cancelled. With nothing to poll it returns at once."""
        ...

    def routes(self, receive: Receive) -> Sequence[object]:
        """The aiohttp routes on which events arrive; empty when there are none."""
        ...

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        """Deliver one part; return the platform's message id, or raise a DeliveryError. `key` is the part's uuid."""
        ...

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        """Change an earlier message, or raise a DeliveryError."""
        ...

    async def typing(self, chat: str) -> None:
        """Show that an answer is being prepared. Best effort: raises nothing."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on the web page."""

    chat: str
    name: str


class Journal(Protocol):
    """The kept events of chats whose platform is ours. Events are JSON text; `seq` counts from 1 in each chat."""

    async def append(self, chat: str, key: str, event: str) -> int:
        """Add once: the same key again returns the same seq and adds nothing."""
        ...

    async def after(self, chat: str, seq: int, most: int = 500) -> list[tuple[int, str]]:
        """Events after `seq`, in order."""
        ...

    async def visitor(self, token_hash: str) -> Visitor | None:
        """Whose token this is."""
        ...

    async def admit(self, visitor: Visitor, token_hash: str) -> None:
        """Remember a new visitor."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What every channel is built with. `session` is one aiohttp ClientSession that all share."""

    session: "ClientSession"
    journal: Journal
    clock: "Clock"


# ------------------------------------------------------------------------------------------------------ the team's side


@dataclass(frozen=True, slots=True)
class Summary:
    """What an agent reads first. `offline`: made without a model, and marked as such."""

    subject: str
    asked: str
    tried: str
    wants: str
    last_words: str
    language: str
    facts: tuple[str, ...] = ()
    mood: str = ""
    offline: bool = True


CardState = Literal["queued", "claimed", "handed_back", "ended"]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that the first message of a thread shows. It is always drawn whole, from the state."""

    number: int
    state: CardState
    customer: str
    channel: str
    reason: str
    quote: str
    since: datetime  # waiting since; when claimed, owned since; when over, over since
    owner: Agent | None = None
    summary: Summary | None = None
    stage: str = ""
    note: str = ""
    earlier: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a notice or a private question."""

    action: str
    label: str
    value: str
    style: Literal["", "primary", "danger"] = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Live mirroring: what customer and bot said, in order, as one post."""

    lines: tuple[Line, ...]
    channel: str  # the customer's channel, shown beside the name


@dataclass(frozen=True, slots=True)
class Transcript:
    """The conversation so far, compact."""

    lines: tuple[Line, ...]
    channel: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The bridge itself speaks in a thread, for everybody. `quote` is customers' or agents' words, shown inert."""

    text: str
    quote: str = ""
    choices: tuple[Choice, ...] = ()


Post = Lines | Transcript | Notice


@dataclass(frozen=True, slots=True)
class Whisper:
    """Told to one person only: as the answer to a click or command, else as an ephemeral message in the thread."""

    agent_id: str
    channel: str
    thread: str
    text: str
    quote: str = ""
    choices: tuple[Choice, ...] = ()
    answer_to: str = ""


Mark = Literal["slow", "delivered", "read", "failed", "held"]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a second, and so many at once after a quiet time."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class WorkspaceLimits:
    """How fast the workspace takes each kind of call, all threads together."""

    posts: Rate
    redraws: Rate
    marks: Rate
    whispers: Rate
    reads: Rate


class TeamWorkspace(Protocol):
    """Where agents work: Slack. Every send carries its own uuid as `key`, so that it can be found again."""

    limits: WorkspaceLimits

    async def run(self, receive: Receive) -> None:
        """Hand every event to `receive`. Runs until cancelled."""
        ...

    def routes(self, receive: Receive) -> Sequence[object]:
        """The aiohttp routes on which events arrive; empty when they come over a socket."""
        ...

    async def open_thread(self, card: Card, key: str) -> Place:
        """Post the card into the queue channel."""
        ...

    async def redraw(self, place: Place, card: Card) -> None:
        """Draw the card anew."""
        ...

    async def post(self, thread: Place, post: Post, key: str) -> str:
        """Post into a thread; return the ts."""
        ...

    async def find(self, thread: Place | None, key: str, since: datetime) -> Place | None:
        """What was posted with this key, in the thread or (None) in the queue channel; None when it never arrived."""
        ...

    async def missed(self, thread: Place, since: str) -> list[Received]:
        """What people wrote in a thread after the message `since`, as events with the keys that they always have."""
        ...

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        """Put a reaction on an agent's own message, or take it away."""
        ...

    async def tell(self, whisper: Whisper) -> None:
        """Tell one person privately."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


# --------------------------------------------------------------------------------------------------- bots and summaries


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message that a bot is to answer. `answers` are earlier answers by flow node id."""

    text: str
    customer: str
    language: str = ""
    history: tuple[Line, ...] = ()  # oldest first, without this message
    stage: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    brief: str = ""  # what a human said and promised before handing back


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bot says. `human` is why it wants one, as an agent would read it."""

    text: str
    stage: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    unsure: bool = False
    human: str = ""
    choices: tuple[str, ...] = ()


class Bot(Protocol):
    """Answers customers when no human does."""

    name: str

    async def answer(self, turn: Turn) -> Answer:
        """Answer one message. May raise anything: the bridge counts that as one failure."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Summariser(Protocol):
    """Says what a conversation is about."""

    async def summarise(self, customer: str, lines: Sequence[Line]) -> Summary:
        """Summarise; never raises for a model's failure, but falls back to the offline form."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


Clock = Callable[[], datetime]
"""The present, aware, in UTC."""
