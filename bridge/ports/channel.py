"""The customers' side: what a channel is, can do, and is built with."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from bridge.content import Part, Presence
from bridge.files import File, FileKind, Loaded
from bridge.ports.events import Clock
from bridge.ports.stored import Receive
from bridge.templates import Template

if TYPE_CHECKING:
    from aiohttp import ClientSession


Way = Literal["in", "out"]
"""From the customer; to the customer."""
Ways = Literal["", "in", "out", "both"]
Kind = Literal[
    "text",
    "formatting",
    "image",
    "file",
    "voice",
    "video",
    "sticker",
    "location",
    "contact",
    "reply_to",
    "reaction",
    "edit",
    "delete",
    "buttons",
    "typing",
    "delivered",
    "read",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILES: Mapping[FileKind, Kind] = {
    "photo": "image",
    "file": "file",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "sticker": "sticker",
}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. The bridge says in the thread what it cannot, and the table in the README is made of it.

    First every kind of thing that it carries, and which way. Nothing is declared that a test does not see arrive.
    """

    text: Ways = "both"
    formatting: Ways = ""
    image: Ways = ""
    file: Ways = ""
    voice: Ways = ""  # and every other sound
    video: Ways = ""
    sticker: Ways = ""
    location: Ways = ""
    contact: Ways = ""
    reply_to: Ways = ""  # which message is being answered
    reaction: Ways = ""
    edit: Ways = ""
    delete: Ways = ""
    buttons: Ways = ""  # quick replies that are shown, and pressed
    typing: Ways = ""
    delivered: Ways = ""  # the platform tells us
    read: Ways = ""

    albums: bool = False  # tells the files of one message one by one
    captions: bool = False  # an edit may be of a file's caption: it is a HasCaptions
    presence: bool = False  # shows who joined and left
    rating: bool = False  # asks how it was with a person: it is an AsksRatings
    journal: bool = False  # the platform is ours: chats are kept in our own journal, exactly once
    confirms: Literal["", "status", "journal"] = ""  # how a send that got no answer can be looked up
    reply_window: timedelta | None = None  # for so long after they wrote a customer can be answered; None: always
    templates: bool = False  # and after that by a text that the platform approved

    def carries(self, kind: Kind, way: Way) -> bool:
        """Whether it goes that way."""
        ways: Ways = getattr(self, kind)
        return ways in (way, "both")


@dataclass(frozen=True, slots=True)
class Limit:
    """How much, how fast. `length` in UTF-16 units; rates in messages a second, with bursts."""

    length: int
    per_second: float = 0.0  # 0: no limit
    burst: int = 1
    per_chat_second: float = 0.0
    per_chat_burst: int = 1
    joins: bool = False  # what waits because of a chat's rate goes as one message; nothing is changed or deleted there
    caption: int = 0  # of a file, in UTF-16 units; 0: a file has none
    together: tuple[tuple[FileKind, ...], ...] = ()  # kinds of files of which several go as one: it is a HasAlbums
    album: int = 1  # so many at most


class CustomerChannel(Protocol):
    """One way to reach customers: one file in `customer_channels/`. Events arrive by `run` or by `routes`."""

    name: str
    label: str  # as people write it
    can: Capabilities
    limit: Limit

    async def run(self, receive: Receive) -> None:
        """Hand every event to `receive`, until cancelled. With nothing to poll it returns at once."""
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

    async def delete(self, chat: str, id: str, key: str) -> None:
        """Take an earlier message away, or raise a DeliveryError. One that is gone already is no error."""
        ...

    async def react(self, chat: str, id: str, emoji: str) -> str:
        """Have them see this emoji, our only one, on a message of theirs; blank: none. Twice is harmless.

        Returns the id under which a report about it comes later; blank: none does.
        """
        ...

    def refuses(self, file: File) -> str:
        """Why a file like this cannot be sent, as a sentence for the agent; empty when it can."""
        ...

    def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A customer's file, piece by piece, or a DeliveryError. Only the size that was promised may be relied on."""
        ...

    async def typing(self, chat: str, heard: str = "") -> None:
        """Show that an answer is being prepared. Best effort: raises nothing.

        `heard`: the id of the message it answers, for channels that show that somebody has read it.
        """
        ...

    async def templates(self) -> Sequence[Template]:
        """The texts that may be sent to whom cannot be answered freely, or a DeliveryError."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on the web page. `verified` is who they are, if their site vouches for it: an e-mail or an id."""

    chat: str
    name: str
    verified: str = ""
    seen: int = 0  # the last seq of their chat that they have seen


class Journal(Protocol):
    """The kept events of chats whose platform is ours. Events are JSON text; `seq` counts from 1 in each chat."""

    def watch(self, wake: Callable[[str], None]) -> None:
        """From now on call this with every chat that something was added to; with "" when it may be any."""
        ...

    async def append(self, chat: str, key: str, event: str) -> int:
        """Add once: the same key again returns the same seq and adds nothing."""
        ...

    async def change(self, chat: str, holding: str, change: Callable[[str], str]) -> None:
        """What was kept of this chat, wherever this text stands in it, is kept as `change` makes it."""
        ...

    async def kept(self, chat: str, key: str) -> str:
        """What was added with this key, as it is kept now; blank: nothing."""
        ...

    async def after(self, chat: str, seq: int, most: int = 500) -> list[tuple[int, str]]:
        """Events after `seq`, in order."""
        ...

    async def newest(self, chats: Sequence[str]) -> dict[str, int]:
        """The last seq of each of these visitors' chats; a chat without events is left out."""
        ...

    async def visitor(self, token_hash: str, now: datetime) -> tuple[Visitor, datetime] | None:
        """Whose token this is, and until when it is one."""
        ...

    async def admit(self, visitor: Visitor, token_hash: str, until: datetime, identity: str = "") -> Visitor:
        """Remember a visitor and a token. Whoever has this identity already stays in the chat they have."""
        ...

    async def renew(self, token_hash: str, until: datetime) -> None:
        """The token is good for longer."""
        ...

    async def saw(self, chat: str, seq: int) -> None:
        """They have seen everything up to there."""
        ...


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept here for a chat whose platform is ours."""

    id: str
    chat: str
    name: str
    mime: str
    size: int


class Uploads(Protocol):
    """Keeps files of chats whose platform is ours: what visitors sent, and what they were sent."""

    async def keep(self, id: str, chat: str, file: Loaded, *, sent: bool) -> None:
        """Keep a whole file; the same id again changes nothing. Unless it is `sent`, somebody has yet to send it."""
        ...

    async def unsent(self, chat: str) -> int:
        """The bytes that this chat uploaded, or is uploading, and has not sent yet."""
        ...

    async def find(self, id: str) -> KeptFile | None:
        """What is kept under this id."""
        ...

    async def drop(self, id: str) -> None:
        """Keep it no longer."""
        ...

    def read(self, id: str) -> AsyncIterator[bytes]:
        """Its bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What every channel is built with. `session` is one aiohttp ClientSession that all share."""

    session: "ClientSession"
    journal: Journal
    clock: Clock
    uploads: Uploads
