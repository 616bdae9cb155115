"""All customers of one run, side by side, until it is enough."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.sandbox.world import Entry
from chaos.deeds import Deeds
from chaos.far_end import FarEnd, NotSeen, Refused
from chaos.people.board import Board
from chaos.people.life import Life
from chaos.people.visitor import Visitor

CHANNELS = ("telegram", "whatsapp", "web")


@dataclass(slots=True)
class Crowd:
    """Everybody, what they did, and who gave up waiting."""

    far: FarEnd
    deeds: Deeds
    board: Board
    lives: list[Life] = field(default_factory=list[Life])
    stuck: list[str] = field(default_factory=list[str])
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def begin(self) -> None:
        """Everybody begins to live."""
        self._tasks = [asyncio.create_task(self._live(life)) for life in self.lives]

    async def end(self) -> None:
        """It is enough: everybody goes through what they have begun."""
        self.enough.set()
        await asyncio.gather(*self._tasks)

    async def leave(self) -> None:
        """Everybody goes home, wherever they are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(
            *self._tasks, *(life.visitor.leave() for life in self.lives if life.visitor), return_exceptions=True
        )

    @property
    def visits(self) -> dict[str, list[dict[str, object]]]:
        """What the visitors of the web chat were shown."""
        return {life.name: life.visitor.events for life in self.lives if life.visitor}

    def know(self, entry: Entry) -> None:
        """Learn whose chat it is from what the platform says of its own customers."""
        name = (entry.author or "").upper()
        if entry.direction == "in" and entry.chat and self.deeds.channels.get(name) == entry.platform:
            self.deeds.chats[entry.chat] = name

    async def _live(self, life: Life) -> None:
        try:
            await life.live(self.enough)
        except (NotSeen, Refused) as error:
            self.stuck.append(str(error))


async def crowd(far: FarEnd, urls: Sequence[str], size: int, seed: int, patience: float) -> Crowd:
    """So many customers, the channels in turn. Each has dice of their own, so that none disturbs the others'."""
    it = Crowd(far, Deeds(), Board())
    far.watchers.append(it.board.look)
    for number in range(size):
        name, channel = f"C{number:03d}", CHANNELS[number % len(CHANNELS)]
        dice = random.Random(f"{seed}:{name}")  # noqa: S311  seeded
        visitor = Visitor(urls, far.session, name, dice) if channel == "web" else None
        if visitor:
            visitor.seen = far.touch
        it.deeds.channels[name] = channel
        it.lives.append(Life(name, channel, far, it.board, it.deeds, dice, visitor, patience))
    far.watchers.append(it.know)
    return it
