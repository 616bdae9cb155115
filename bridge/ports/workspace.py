"""The team's side: what is shown there, and how fast it takes it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bridge.content import Line
from bridge.files import File, FileKind, Loaded
from bridge.ports.bot import Summary
from bridge.ports.events import Agent, Place, Received
from bridge.ports.forms import Choice, Form
from bridge.ports.stored import Receive
from bridge.reply_window import ReplyWindow

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
    labels: tuple[str, ...] = ()
    outcome: str = ""  # when it is over: resolved, or open
    folded: bool = False  # only what it was about, for there is nothing left to do
    reachable: bool = True  # where it matters: else they have blocked us, or are gone
    came_by: str = ""  # what stood in the link by which the customer came
    earlier: tuple["Other", ...] = ()
    later: "Other | None" = None  # the newest one, where this is not it
    window: ReplyWindow | None = None  # where it matters: somebody is to answer, on a channel that has one
    templates: bool = False  # the channel has some for when that is shut
    absent: bool = False  # who waits was told that nobody is there
    opens: datetime | None = None  # ... and when somebody will be, if that is known
    address: str = ""  # where the customer can be reached, too, as they wrote it
    went_back: bool = False  # the customer did not want to wait
    calls: tuple[str, ...] = ()  # ids of people and groups who are to hear of it; or "here"
    verified: str = ""  # who the customer certainly is
    also: tuple["Known", ...] = ()  # the same person elsewhere, for somebody said so
    beside: tuple["Other", ...] = ()  # newer or live handoffs of the same person elsewhere
    perhaps: "Known | None" = None  # the same person, perhaps: the same address or number is certain there
    typed: str = ""  # the address that they gave before they wrote, which nobody vouches for
    rating: Literal["", "good", "bad"] = ""  # how it was, as the customer says
    rating_words: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Another handoff of the same customer, where its thread is, and what was noted when it was over."""

    number: int
    thread: Place | None
    note: str = ""
    channel: str = ""  # where that was, if not here
    live: bool = False  # and somebody has it there, or they wait


@dataclass(frozen=True, slots=True)
class Known:
    """A customer on a channel, and their latest handoff, if there is one."""

    name: str
    channel: str
    number: int | None = None


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
    earlier: int = 0  # so many messages before these


@dataclass(frozen=True, slots=True)
class Notice:
    """The bridge itself speaks in a thread, for everybody. `quote` is customers' or agents' words, shown inert.

    `pings` are the people who are to hear of it.
    """

    text: str
    quote: str = ""
    choices: tuple[Choice, ...] = ()
    pings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """Whose file it is, by name and channel, and what kind of thing."""

    name: str
    channel: str
    kind: FileKind | Literal["transcript"]


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
    replaces: bool = False  # put it in the place of the message that was clicked


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
    writing: Rate
    marks: Rate
    whispers: Rate
    reads: Rate
    pages: Rate
    boards: Rate


class TeamWorkspace(Protocol):
    """Where agents work: Slack. Every send carries its own uuid as `key`, so that it can be found again."""

    limits: WorkspaceLimits

    async def run(self, receive: Receive, again: Callable[[], Awaitable[object]] | None = None) -> None:
        """Hand every event to `receive`; call `again` when we hear again after a silence. Runs until cancelled."""
        ...

    def routes(self, receive: Receive) -> Sequence[object]:
        """The aiohttp routes on which events arrive; empty when they come over a socket."""
        ...

    async def open_thread(self, card: Card, key: str, channel: str = "") -> Place:
        """Post the card into a queue channel; blank: the fallback."""
        ...

    async def redraw(self, place: Place, card: Card) -> None:
        """Draw the card anew."""
        ...

    async def post(self, thread: Place, post: Post, key: str) -> str:
        """Post into a thread; return the ts."""
        ...

    async def repost(self, place: Place, post: Post) -> None:
        """What stands there reads differently now. Where it was deleted, nothing happens."""
        ...

    def shows_all(self, post: Transcript) -> bool:
        """Whether a post has room for all of it."""
        ...

    def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A file that somebody in the workspace shared, piece by piece, or a DeliveryError."""
        ...

    async def upload(self, file: Loaded) -> str:
        """Bring a file there, where nobody sees it yet; return its id. May be repeated: what is not shared is lost."""
        ...

    async def share(self, uploads: Sequence[str], thread: Place, whose: Shared) -> bool:
        """Show these as one post in a thread, under a line that says whose they are. False: that was done before."""
        ...

    async def shown(self, upload: str, thread: Place) -> bool | None:
        """Whether people see it in this thread; None when it is not there at all, or somewhere else."""
        ...

    async def find(self, thread: Place | None, key: str, since: datetime, channel: str = "") -> Place | None:
        """What was posted with this key, in the thread or (None) in that queue channel; None when it never arrived."""
        ...

    async def keep_one(self, kept: Place, thread: Place | None, key: str, since: datetime) -> None:
        """Take away what else was posted with this key, in the thread or (None) in the queue channel."""
        ...

    async def missed(self, thread: Place, since: str, known: Collection[str] = ()) -> list[Received]:
        """What people wrote and changed in a thread after the message `since`, under the keys that it always has.

        Of `known`, what is not there any more was deleted.
        """
        ...

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        """Put a reaction on an agent's own message, or take it away."""
        ...

    async def show_writing(self, thread: Place, name: str) -> None:
        """Show below a thread that somebody is writing; blank: nobody is any more. A post of ours ends it, too."""
        ...

    async def tell(self, whisper: Whisper) -> None:
        """Tell one person privately."""
        ...

    async def show_form(self, answer_to: str, trigger: str, form: Form) -> bool:
        """Other contents for the window in which somebody clicked; else a new one, by what the click brought along.

        False when it is too late to open one.
        """
        ...

    async def show_home(self, agent_id: str, page: Form) -> None:
        """The app's own page, as this person sees it."""
        ...

    async def show_board(self, place: Place | None, board: Form, key: str) -> Place:
        """What waits and who has what, as one message in the queue channel, drawn anew; posted where there is none."""
        ...

    async def pin(self, place: Place) -> None:
        """Keep a message where people find it."""
        ...

    async def write_to(self, person: str, text: str) -> None:
        """A direct message to one person. It may be repeated."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
