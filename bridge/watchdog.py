"""Notices that the event loop stands still, which nothing on the loop can: says where, and gives up in the end.

What was acknowledged is in the database, as at every other death. Whatever starts the process again goes on from there.
"""

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger()
LOOK = 1.0  # seconds
SAY, GIVE_UP = 10, 60  # looks in vain; while the whole process is stopped, there are none
STUCK = 70  # exit code: an internal error (sysexits.h)
DEEPEST = 12  # calls


@contextmanager
def watched(pause: float = LOOK, end: Callable[[int], object] = os._exit) -> Generator[None]:
    """While this lasts, the running loop must turn."""
    dog = Watchdog(asyncio.get_running_loop(), threading.get_ident(), end)
    threading.Thread(target=dog.run, args=(pause,), name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        dog.over.set()


@dataclass(slots=True)
class Watchdog:
    """Looks after the loop of one thread."""

    loop: asyncio.AbstractEventLoop
    thread: int
    end: Callable[[int], object]
    over: threading.Event = field(default_factory=threading.Event)
    _asked: bool = False
    _in_vain: int = 0  # looks, one after the other

    def run(self, pause: float) -> None:
        """Look again and again, until it is over."""
        while not self.over.wait(pause):
            self.look()

    def look(self) -> None:
        """See whether the loop has turned since the last look."""
        if not self._asked:
            self._in_vain, self._asked = 0, True
            self.loop.call_soon_threadsafe(self._turned)
            return
        self._in_vain += 1
        if self._in_vain == SAY:
            self._say(log.error, "loop.stuck")
        if self._in_vain == GIVE_UP:
            self._say(log.critical, "loop.given_up")
            self.end(STUCK)

    def _say(self, say: Callable[..., object], what: str) -> None:
        """In a thread of its own, and not waited for long: the loop may stand still because it writes into the log."""
        saying = threading.Thread(target=say, args=(what,), kwargs={"where": self._where()}, daemon=True)
        saying.start()
        saying.join(LOOK)

    def _turned(self) -> None:
        self._asked = False

    def _where(self) -> list[str]:
        """The innermost calls, without what they were called with."""
        frame = sys._current_frames().get(self.thread)
        stack = traceback.extract_stack(frame)[-DEEPEST:] if frame else ()
        return [f"{call.filename}:{call.lineno} {call.name}" for call in stack]
