"""What must happen outside after a rule has decided: one small value each, one outbox row each, one call on a port."""

from dataclasses import dataclass
from typing import Literal

from bridge.content import Author, Line
from bridge.ports import Choice, File, Place
from bridge.templates import Filled

# ------------------------------------------------------------------------------------------------------ to the customer


@dataclass(frozen=True, slots=True)
class TellCustomer:
    """One of the desk's texts, by its name. A blank text sends nothing.

    Who is told `waiting` while nobody is there reads `absent` instead: that is found out when it is said.
    """

    text: Literal["waiting", "handover", "resumes", "ended", "noted"]


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody's words, and what came along. `source` is the agent's own message in the thread.

    `corrects` is an earlier message that could not be changed where the customer is; `template`, what the platform is
    told instead of the words.
    """

    author: Author
    text: str
    choices: tuple[str, ...] = ()
    source: Place | None = None
    files: tuple[File, ...] = ()
    corrects: int | None = None
    template: Filled | None = None


@dataclass(frozen=True, slots=True)
class SendHeld:
    """A message that was held is sent after all."""

    message: int


@dataclass(frozen=True, slots=True)
class Change:
    """An earlier message of ours reads differently now."""

    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    """The customer is not to have an earlier message of ours any more, nor its correction."""

    message: int


@dataclass(frozen=True, slots=True)
class React:
    """The customer sees, on their message that stands there, the reaction that is on it now; or none any more."""

    place: Place
    agent_id: str


@dataclass(frozen=True, slots=True)
class ShowPresence:
    """Joined or left, for channels that show it."""

    name: str
    change: Literal["joined", "left"]


@dataclass(frozen=True, slots=True)
class AskRating:
    """How it was with this person: where the desk and the channel ask, and the person said something."""

    name: str


# -------------------------------------------------------------------------------------------------------- to the thread


@dataclass(frozen=True, slots=True)
class OpenThread:
    """The card into the queue channel, the conversation so far under it."""


@dataclass(frozen=True, slots=True)
class RedrawCard:
    """The card again, from the state as it will be then."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """What customer or bot said, live."""

    line: Line


@dataclass(frozen=True, slots=True)
class ShowFiles:
    """These files came along with what the customer said."""

    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PostNotice:
    """The bridge itself speaks in the thread. `once` is a key under which it is said only once; `pings` are called.

    `of_reply`: it shows what was just said to the customer, and carries that message's mark. `kept`: it is kept among
    the messages as this one; with `anew` it stands there already, and reads differently now.
    """

    text: str
    quote: str = ""
    choices: tuple[Choice, ...] = ()
    once: str = ""
    pings: tuple[str, ...] = ()
    of_reply: bool = False
    kept: int = 0
    anew: bool = False


@dataclass(frozen=True, slots=True)
class ShowFate:
    """What became of an agent's own message has changed: the mark on it follows."""

    place: Place


@dataclass(frozen=True, slots=True)
class TellAgent:
    """A private word to one person. `replaces`: it stands instead of the question that was just answered.

    `once` is a key under which it is said only once.
    """

    agent_id: str
    text: str
    quote: str = ""
    choices: tuple[Choice, ...] = ()
    replaces: bool = False
    once: str = ""


# --------------------------------------------------------------------------------------------------------- to ourselves


@dataclass(frozen=True, slots=True)
class AskBot:
    """The bot is to answer this message, under the epoch that holds now."""

    text: str


@dataclass(frozen=True, slots=True)
class Summarise:
    """The handoff's summary is to be made."""


@dataclass(frozen=True, slots=True)
class KeepMessage:
    """An agent's message that does not go out: a note, or held until somebody decides."""

    author: Author
    agent_id: str
    text: str
    source: Place
    state: Literal["note", "held"]
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Settle:
    """What a kept message became."""

    message: int
    state: Literal["note", "held"]


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A message of which nothing has left does not go out."""

    message: int
    state: Literal["note", "held", "suppressed"]


@dataclass(frozen=True, slots=True)
class KeepChange:
    """A new wording of a message that its channel cannot change, until the agent sends it as a correction."""

    message: int
    text: str


@dataclass(frozen=True, slots=True)
class KeepDeleted:
    """A message is no longer where its author wrote it."""

    message: int


@dataclass(frozen=True, slots=True)
class KeepReactions:
    """The owner's reactions on what stands there, oldest first."""

    place: Place
    agent_id: str
    reactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetLabels:
    """What the handoff is filed under."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetResolved:
    """The handoff stays open no longer."""


@dataclass(frozen=True, slots=True)
class KeepCorrection:
    """The customer gets this wording of a message as a message of its own."""

    message: int
    text: str


Effect = (
    TellCustomer
    | Say
    | SendHeld
    | Change
    | Delete
    | React
    | ShowPresence
    | AskRating
    | OpenThread
    | RedrawCard
    | Mirror
    | ShowFiles
    | PostNotice
    | ShowFate
    | TellAgent
    | SetLabels
    | SetResolved
    | KeepCorrection
    | KeepDeleted
    | KeepReactions
    | TakeBack
    | AskBot
    | Summarise
    | KeepMessage
    | Settle
    | KeepChange
)
