"""The faults that every look-alike can be told to show: on a call that it answers, and on what it passes on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from aiohttp import web

from bridge.sandbox.world import World

CALL_FAULTS = ("429", "500", "drop_after_accept", "delay", "disconnect", "garbage")
PASSING_FAULTS = ("duplicate", "reorder", "delay")
HELD_FOR = 1.0  # seconds that a reordered item waits for a successor

T = TypeVar("T")


async def answer(
    world: World,
    request: web.Request,
    platform: str,
    method: str,
    do: Callable[[], Awaitable[web.Response]],
    refuse: Callable[[int, float], web.Response],
) -> web.Response:
    """Do one call, with the latency and the fault that the world asks for. `refuse` makes a 429 or a 500."""
    if world.latency:
        await world.sleep(world.latency)
    fault = world.fault(platform, method, *CALL_FAULTS)
    if fault is None:
        return await do()
    match fault.fault:
        case "429" | "500":
            world.record(platform, "rejected", "out", raw={"method": method, "error": fault.fault})
            return refuse(int(fault.fault), fault.seconds)
        case "disconnect":
            return hang_up(request)
        case "drop_after_accept":
            await do()
            return hang_up(request)
        case "garbage":
            await do()
            return web.Response(text="<html><h1>Bad gate", content_type="text/html")
        case _:
            await world.sleep(fault.seconds)
            return await do()


def hang_up(request: web.Request) -> web.Response:
    """Break the connection; the response that this returns goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class Line(Generic[T]):
    """Passes things on in their order, unless a fault asks for twice, swapped or late."""

    def __init__(
        self, world: World, platform: str, pass_on: Callable[[T], None], name: Callable[[T], str] = lambda _: ""
    ) -> None:
        self.world, self.platform, self.pass_on, self.name = world, platform, pass_on, name
        self._held: list[T] = []
        self._timers: set[asyncio.TimerHandle] = set()
        world.on_reset(self.clear)

    def put(self, kind: str, item: T) -> None:
        """Pass on `item`. A fault's `method` names its `kind`, or `events` for all kinds."""
        fault = self.world.fault(self.platform, kind, *PASSING_FAULTS)
        fault = fault or self.world.fault(self.platform, "events", *PASSING_FAULTS)
        if fault and fault.fault == "reorder":
            self._held.append(item)
            self._later(HELD_FOR, self._release)
        elif fault and fault.fault == "delay":
            self._later(fault.seconds, lambda: self._pass_on_late(item))
        else:
            self.pass_on(item)
            if fault:
                self.pass_on(item)
            if self._held:  # only once the history has what has just overtaken them
                asyncio.get_running_loop().call_soon(self._release)

    def clear(self) -> None:
        """Forget what was held back."""
        self._held.clear()
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _release(self) -> None:
        held = self._held[:]
        self._held.clear()
        for item in held:
            self._pass_on_late(item)

    def _pass_on_late(self, item: T) -> None:
        """The history says when, so that nobody is blamed for an order that was the fault's."""
        if named := self.name(item):
            self.world.record(self.platform, "passed_late", "in", id=named)
        self.pass_on(item)

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        def due() -> None:
            self._timers.discard(timer)
            do()

        timer = asyncio.get_running_loop().call_later(seconds / self.world.speed, due)
        self._timers.add(timer)
