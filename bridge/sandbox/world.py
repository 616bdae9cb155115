"""What the four look-alikes share: the clock, the history, the faults, and who is watching.

The history is the sandbox's own record of what reached it; nothing else writes it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

FAULTS = ("429", "500", "drop_after_accept", "duplicate", "reorder", "delay", "disconnect", "garbage")
PLATFORMS = ("slack", "telegram", "whatsapp", "openai")


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted call or action. `at` is in seconds of the sandbox's clock (Unix time)."""

    seq: int
    at: float
    platform: str
    kind: str
    direction: Literal["in", "out"]  # in: towards the bridge; out: from the bridge
    chat: str | None = None
    thread: str | None = None
    id: str | None = None
    author: str | None = None
    text: str | None = None
    raw: dict[str, Any] = field(default_factory=dict[str, Any])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Fault:
    """A misbehaviour to show: on every call of `method` (or `*`), `times` times or at `rate`."""

    platform: str
    method: str
    fault: str
    rate: float = 1.0
    times: int | None = None
    seconds: float = 1.0  # of a delay, or of a 429's Retry-After


class World:
    """The shared state of one sandbox."""

    def __init__(self, *, seed: int = 0, speed: float = 1.0) -> None:
        self.random = random.Random(seed)
        self.strict = True
        self.latency = 0.0  # seconds before each answer
        self.speed = speed  # sandbox seconds per real second
        self.history: list[Entry] = []
        self.faults: list[Fault] = []
        self._real_start = time.monotonic()
        self._start = time.time()
        self._changed = asyncio.Event()
        self._resetters: list[Callable[[], None]] = []

    def now(self) -> float:
        """Unix time on the sandbox's clock, which runs `speed` times as fast as the wall's."""
        return self._start + (time.monotonic() - self._real_start) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Sleep for so many sandbox seconds."""
        await asyncio.sleep(seconds / self.speed)

    def set_speed(self, speed: float) -> None:
        """Change the pace of the clock from now on; it never jumps."""
        self._start, self._real_start = self.now(), time.monotonic()
        self.speed = speed

    def record(self, platform: str, kind: str, direction: Literal["in", "out"], **fields: Any) -> Entry:
        """Add to the history and wake everybody who watches."""
        entry = Entry(len(self.history) + 1, self.now(), platform, kind, direction, **fields)
        self.history.append(entry)
        self.touch()
        return entry

    def touch(self) -> None:
        """Something that the page shows has changed."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changes(self) -> AsyncIterator[None]:
        """Yield after each change; several changes in between count as one."""
        while True:
            changed = self._changed
            yield
            await changed.wait()

    def fault(self, platform: str, method: str, *kinds: str) -> Fault | None:
        """The fault that this call shall show, if any; counts it down."""
        for fault in self.faults:
            if fault.platform != platform or fault.method not in (method, "*") or (kinds and fault.fault not in kinds):
                continue
            if fault.times is not None:
                if fault.times <= 0:
                    continue
                fault.times -= 1
                return fault
            if self.random.random() < fault.rate:
                return fault
        return None

    def on_reset(self, forget: Callable[[], None]) -> None:
        """Have `forget` called when the sandbox is reset."""
        self._resetters.append(forget)

    def reset(self) -> None:
        """Forget everything: histories, faults, and what each platform holds. Connections stay."""
        self.history.clear()
        self.faults.clear()
        self.strict, self.latency = True, 0.0
        for forget in self._resetters:
            forget()
        self.touch()
