"""A workspace and a customer channel inside this process, for the scheduler on a clock of its own.

The workspace enforces Slack's limit, and notes which messages a post brings; every call takes as long as Slack's do.
"""

import asyncio
import itertools
import re
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from datetime import datetime

from bench.limit import Limit as Enforced
from bridge.content import Line, Part, Presence
from bridge.errors import TryLater
from bridge.ports import (
    Answer,
    Capabilities,
    Card,
    File,
    Form,
    Limit,
    Lines,
    Loaded,
    Mark,
    Place,
    Post,
    Receive,
    Received,
    Shared,
    Transcript,
    Turn,
    Whisper,
)
from bridge.team_workspace.slack import Slack
from bridge.templates import Template

TAKES = 0.12  # seconds of a call
NUMBERED = re.compile(r"\bM(\d+)\b")
Arrived = Callable[[int], None]


class Workspace:
    """Where agents work. `arrived` hears the number of each message that a post brings."""

    limits = Slack.limits

    def __init__(self, arrived: Arrived, now: Callable[[], float]) -> None:
        self.limit = Enforced(now)
        self.posts = 0
        self.cards: dict[str, tuple[int, Place]] = {}  # by the customer's name
        self._arrived, self._ts = arrived, itertools.count(1)

    async def run(self, receive: Receive, again: object = None) -> None:
        """Nothing comes from here."""

    def routes(self, receive: Receive) -> Sequence[object]:
        return ()

    async def open_thread(self, card: Card, key: str, channel: str = "") -> Place:
        place = await self._post(())
        self.cards[card.customer] = card.number, place
        return place

    async def post(self, thread: Place, post: Post, key: str) -> str:
        return (await self._post(post.lines if isinstance(post, Lines) else ())).ts

    def shows_all(self, post: Transcript) -> bool:
        return True

    async def repost(self, place: Place, post: Post) -> None:
        await asyncio.sleep(TAKES)

    async def redraw(self, place: Place, card: Card) -> None:
        await asyncio.sleep(TAKES)

    async def fetch(self, file: File) -> AsyncGenerator[bytes]:
        yield b""

    async def upload(self, file: Loaded) -> str:
        return ""

    async def share(self, uploads: Sequence[str], thread: Place, whose: Shared) -> bool:
        return True

    async def shown(self, upload: str, thread: Place) -> bool | None:
        return True

    async def find(self, thread: Place | None, key: str, since: datetime, channel: str = "") -> Place | None:
        await asyncio.sleep(TAKES)

    async def keep_one(self, kept: Place, thread: Place | None, key: str, since: datetime) -> None:
        await asyncio.sleep(TAKES)

    async def missed(self, thread: Place, since: str, known: Collection[str] = ()) -> list[Received]:
        await asyncio.sleep(TAKES)
        return []

    async def mark(self, place: Place, mark: Mark, on: bool) -> None:
        await asyncio.sleep(TAKES)

    async def show_writing(self, thread: Place, name: str) -> None:
        await asyncio.sleep(TAKES)

    async def tell(self, whisper: Whisper) -> None:
        await asyncio.sleep(TAKES)

    async def show_form(self, answer_to: str, trigger: str, form: Form) -> bool:
        await asyncio.sleep(TAKES)
        return True

    async def show_home(self, agent_id: str, page: Form) -> None:
        await asyncio.sleep(TAKES)

    async def show_board(self, place: Place | None, board: Form, key: str) -> Place:
        return place or await self._post(())

    async def pin(self, place: Place) -> None:
        await asyncio.sleep(TAKES)

    async def write_to(self, person: str, text: str) -> None:
        await asyncio.sleep(TAKES)

    async def close(self) -> None:
        """Nothing is held."""

    async def _post(self, lines: Sequence[Line]) -> Place:
        await asyncio.sleep(TAKES / 2)  # half the way there
        if wait := self.limit.wait():
            raise TryLater("Slack asks for quiet.", float(int(wait) + 1))  # Slack names whole seconds
        self.posts += 1
        for line in lines:
            self._arrived(int(NUMBERED.findall(line.text)[0]))
        await asyncio.sleep(TAKES / 2)
        return Place("C0QUEUE", f"1.{next(self._ts):06d}")


class Channel:
    """Where customers are. Takes everything, as fast as it comes."""

    name, label = "telegram", "Telegram"
    can, limit = Capabilities(), Limit(length=4096)

    def __init__(self, arrived: Arrived) -> None:
        self._arrived, self._id = arrived, itertools.count(1)

    async def run(self, receive: Receive) -> None:
        """Nothing comes from here."""

    def routes(self, receive: Receive) -> Sequence[object]:
        return ()

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        if isinstance(part, Part) and (numbered := NUMBERED.search(part.text)):
            self._arrived(int(numbered[1]))
        await asyncio.sleep(TAKES)
        return str(next(self._id))

    def refuses(self, file: File) -> str:
        return ""

    async def fetch(self, file: File) -> AsyncGenerator[bytes]:
        yield b""

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        await asyncio.sleep(TAKES)

    async def delete(self, chat: str, id: str, key: str) -> None:
        await asyncio.sleep(TAKES)

    async def templates(self) -> Sequence[Template]:
        return ()

    async def react(self, chat: str, id: str, emoji: str) -> str:
        return ""

    async def typing(self, chat: str, heard: str = "") -> None:
        """Not shown."""

    async def close(self) -> None:
        """Nothing is held."""


class Silent:
    """A bot that has nothing to say: everybody here asks for a person."""

    name = "Silent"

    async def answer(self, turn: Turn) -> Answer:
        return Answer("One moment.")

    async def close(self) -> None:
        """Nothing is held."""
