"""Waits until something is seen at the far end: in the sandbox's history, which only the sandbox writes."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bridge.sandbox.world import Entry, World

PATIENCE = 20.0  # seconds for one step
T = TypeVar("T")


class NotSeen(Exception):
    """It did not show at the far end in time."""


class Watch:
    """A view of the history that is kept up to date without reading it again from the start."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def now(self) -> int:
        """The seq of the newest entry."""
        return len(self.world.history)

    async def until(self, found: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
        """Look after each change until `found` gives something. Raises NotSeen."""
        try:
            async with asyncio.timeout(patience):
                async for _ in self.world.changes():
                    if (seen := found()) is not None:
                        return seen
        except TimeoutError:
            raise NotSeen(what) from None
        raise NotSeen(what)

    async def entry(
        self, platform: str, fits: Callable[[Entry], bool], what: str, after: int = 0, patience: float = PATIENCE
    ) -> Entry:
        """The first entry of a platform after `after` that fits."""
        position = after

        def look() -> Entry | None:
            nonlocal position
            history = self.world.history
            while position < len(history):
                entry = history[position]
                position += 1
                if entry.platform == platform and fits(entry):
                    return entry
            return None

        return await self.until(look, what, patience)
