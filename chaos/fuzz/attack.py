"""The running program, and everything that is thrown at it: strangers first, then those who can prove who they are."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from chaos.bridges import Bridge
from chaos.far_end import FarEnd, NotSeen
from chaos.fuzz.endpoints import Endpoint, all_endpoints, elsewhere, no_http, request
from chaos.fuzz.garbage import JUNK, WORDS
from chaos.fuzz.report import Report
from chaos.fuzz.shapes import Shape, Shapes
from chaos.fuzz.wire import Wire
from chaos.rig import Tell

AT_ONCE = 16
ENOUGH = 50  # wrong answers, after which no more are sought
VISITORS = 60
GROWTH = 48.0  # MiB that it may take more at the end than after the first endpoint
QUIET = 1.0  # seconds without a call
AFTERWARDS = "777"  # the chat of a customer who has not written before
PATIENCE = 60.0  # seconds
WEB = {
    "session": [
        Shape(b'{"name": "Priya"}', "application/json"),
        Shape(b'{"identity": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjo5OTk5OTk5OTk5fQ.x"}', "application/json"),
    ],
    "changes": [Shape(b'{"id": "c1", "of": "a1", "text": "Goodbye"}', "application/json")],
    "seen": [Shape(b'{"seq": 1}', "application/json")],
    "messages": [Shape(b'{"id": "a1", "text": "Hello"}', "application/json")],
}


@dataclass(slots=True)
class Attack:
    """One run against one program."""

    bridge: Bridge
    far: FarEnd
    shapes: Shapes
    seed: int
    tell: Tell
    report: Report = field(default_factory=Report)

    async def all(self, requests: int) -> Report:
        """So many at each endpoint: half of them without a proof, where one is needed, and half with it."""
        shapes, endpoints = {**self.shapes, **WEB}, all_endpoints([await self._visitor() for _ in range(VISITORS)])
        calls, first = await self._calls(), 0.0
        for to in endpoints:
            await self._spoiled(to, shapes, requests if to.open else requests // 2, authentic=False)
            first = first or self._resident()
        await self._volley("elsewhere", elsewhere, requests)
        await self._volley("no HTTP", no_http, requests, may=True, whole=False)  # a part of it is right by chance
        await self._had_no_effect(calls)
        for to in endpoints:
            if not to.open:
                await self._spoiled(to, shapes, requests - requests // 2, authentic=True)
        await self._serves_on()
        self.report.read_log(self.bridge.log, WORDS)
        if (grown := self._resident() - first) > GROWTH:
            self.report.wrong.append(f"it takes {grown:.0f} MiB more memory than at first")
        return self.report

    async def _had_no_effect(self, calls: int) -> None:
        """Strangers reached no platform, and write nothing into our log."""
        if more := await self._calls() - calls:
            self.report.wrong.append(f"strangers had an effect: {more} calls of a platform")
        self.report.read_log(self.bridge.log, WORDS, JUNK)

    async def _spoiled(self, to: Endpoint, shapes: Shapes, count: int, *, authentic: bool) -> None:
        kind = "open" if to.open else "with proof" if authentic else "strangers"

        def make(dice: Random) -> bytes:
            return request(to, shapes, dice, authentic=authentic)

        await self._volley(f"{to.name}, {kind}", make, count, may=authentic or to.open)

    async def _volley(
        self, name: str, make: Callable[[Random], bytes], count: int, *, may: bool = False, whole: bool = True
    ) -> None:
        """Send what is made, each with dice of its own, so that one can be made again."""
        url = urlsplit(self.bridge.url)

        async def some(first: int) -> None:
            async with Wire(str(url.hostname), url.port or 0) as wire:
                for number in range(first, count, AT_ONCE):
                    if len(self.report.wrong) > ENOUGH:
                        return
                    sent = make(Random(f"{self.seed} {name} {number}"))  # noqa: S311  seeded
                    answer = await wire.ask(sent, whole=whole)
                    self.report.take(f"{name} #{number}", sent, answer, may=may, must=whole)

        await asyncio.gather(*map(some, range(AT_ONCE)))
        self.tell(f"{name}: {count} requests")

    async def _visitor(self) -> str:
        async with self.far.session.post(f"{self.bridge.url}/web/session") as response:
            return (await response.json())["token"]

    async def _calls(self) -> int:
        """How many calls reached the platforms, once it is quiet."""
        calls = -1
        while calls != (calls := sum(entry.direction == "out" for entry in self.far.history)):
            await asyncio.sleep(QUIET)
            await self.far.read()
        return calls

    async def _serves_on(self) -> None:
        """Afterwards a customer is answered as before."""
        await self.far.act("telegram", AFTERWARDS, "write", text="Hello")

        def answered() -> bool | None:
            return any(it.kind == "sendMessage" and it.chat == AFTERWARDS for it in self.far.history) or None

        try:
            await self.far.until(answered, "an answer", PATIENCE)
        except NotSeen:
            self.report.wrong.append("afterwards a customer got no answer")

    def _resident(self) -> float:
        """The program's memory in MiB."""
        assert self.bridge.process
        lines = Path(f"/proc/{self.bridge.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
