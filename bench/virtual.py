"""An event loop on which time passes only when there is nothing to do, so that an hour takes seconds.

Threads keep their own pace: while one of them works for us, time stands still.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Ready = list[tuple[selectors.SelectorKey, int]]


class _Leaping(selectors.BaseSelector):
    """A selector that, asked to wait, leaps to the end of the wait; it really waits only for threads that work."""

    def __init__(self, working: Callable[[], bool]) -> None:
        self.now = 0.0
        self._inner, self._working = selectors.DefaultSelector(), working

    def select(self, timeout: float | None = None) -> Ready:
        ready = self._inner.select(0)
        if ready or timeout == 0:
            return ready
        if self._working():
            return self._inner.select(None)
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        self.now += timeout
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._inner.get_map()

    def close(self) -> None:
        self._inner.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its `time` begins at 0. `working` tells whether a thread works whose end must be waited for."""

    def __init__(self, working: Callable[[], bool]) -> None:
        self._leaping = _Leaping(working)
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def run(main: Coroutine[Any, Any, T], working: Callable[[], bool]) -> T:
    """Run until it is done."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(working)) as runner:
        return runner.run(main)
