"""Tasks that count their steps, and otherwise are what they were."""

import asyncio
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any

import uvloop

from chaos.awaits.steps import Steps


class Counted(Coroutine[Any, Any, Any]):
    """A coroutine that counts each `send()` into it."""

    def __init__(self, work: Coroutine[Any, Any, Any], steps: Steps) -> None:
        self._work, self._steps = work, steps

    def send(self, value: Any) -> Any:
        """Make one step."""
        self._steps.next(self)
        return self._work.send(value)

    def throw(self, *error: Any) -> Any:
        """Be told of an error, which is a step too."""
        self._steps.next(self)
        return self._work.throw(*error)

    def close(self) -> None:
        """Give up."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._work.__await__()

    def __getattr__(self, name: str) -> Any:
        """What libraries ask of a coroutine: its name, its frame, whether it runs."""
        return getattr(self._work, name)

    def __str__(self) -> str:
        """Where it stands: the innermost line, and the bridge's own lines that led there."""
        places = list(_places(self._work))
        ours = [place for place in reversed(places) if place.startswith("bridge/")]
        return " < ".join(dict.fromkeys((*places[-1:], *ours)))


def _places(work: Any) -> Generator[str]:
    """Every line at which this coroutine waits, the outermost first."""
    while work is not None:
        frame = getattr(work, "cr_frame", None) or getattr(work, "gi_frame", None)
        if frame is not None:
            path = frame.f_code.co_filename.rpartition("/bridge/")
            file = f"bridge/{path[2]}" if path[1] else Path(path[2]).name
            yield f"{file}:{frame.f_lineno} {frame.f_code.co_qualname}"
        work = getattr(work, "cr_await", None) or getattr(work, "gi_yieldfrom", None)


def counting(steps: Steps) -> asyncio.AbstractEventLoop:
    """A loop as the bridge's, but for its tasks."""

    def task(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> "asyncio.Task[Any]":
        return asyncio.Task(Counted(work, steps), loop=loop, **more)

    loop = uvloop.Loop()
    loop.set_task_factory(task)
    return loop
