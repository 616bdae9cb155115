"""One recorded conversation, played by a scripted customer and a scripted agent who behave as people do.

When something an agent does shows no effect (the bridge was just being restarted), they do it again after a while.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import TypeVar

from bridge.demo.customers import Customer
from bridge.demo.reading import buttons, doubted, lines, plain, same
from bridge.demo.team import Team
from bridge.demo.watch import NotSeen
from bridge.sandbox.world import Entry

ASK = "Can I talk to a person, please?"
TURNS_WITH_BOT = 3
RESUMES = "Our assistant is back"
AGENTS = ("ana", "ben", "clea")
AGAIN = 4.0  # seconds after which a person tries again
PATIENCE = 120.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Script:
    """Who says what, in order."""

    customer: str
    channel: str
    turns: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Played:
    """What was done, for the judge."""

    said: list[str] = field(default_factory=list[str])  # by the customer
    replied: list[str] = field(default_factory=list[str])  # by the agent
    trigger: str = ""
    card: Entry | None = None
    times: list[float] = field(default_factory=list[float])
    trouble: str = ""


async def perform(script: Script, customer: Customer, team: Team) -> Played:
    """Play it from the first word to the hand back."""
    played = Played()
    try:
        async with asyncio.timeout(PATIENCE * 10):
            await _Performance(script, customer, team, played).run()
    except (NotSeen, TimeoutError) as error:
        played.trouble = f"not seen: {error}"
    return played


@dataclass(slots=True)
class _Performance:
    script: Script
    customer: Customer
    team: Team
    played: Played
    thread: list[Entry] = field(default_factory=list[Entry])
    position: int = 0
    typed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    decided: set[str] = field(default_factory=set[str])

    @property
    def agent(self) -> str:
        return AGENTS[int(self.script.customer[-5:]) % len(AGENTS)]

    async def run(self) -> None:
        rest = await self._with_bot()
        self.played.card = await self._until(self._card, "the card")
        await self._do(lambda: self.team.clicks(self.agent, self._card_entry, "claim"), self._claimed, "the claim")
        for role, text in rest:
            await (self._customer_says(text) if role == "customer" else self._agent_says(text))
        await self._until(lambda: self._lines_in_thread() >= len(self.played.said) or None, "every line in the thread")
        await self._decide()
        await self._hand_back()

    async def _with_bot(self) -> list[tuple[str, str]]:
        """The customer writes, the bot answers, until a person is called. Gives the turns that are left."""
        agents_turns: list[tuple[str, str]] = []
        asked = 0
        for index, (role, text) in enumerate(self.script.turns):
            if role == "agent":
                agents_turns.append((role, text))
                continue
            await self._asks(text)
            asked += 1
            if self._card() is not None or asked == TURNS_WITH_BOT:
                rest = [*agents_turns, *self.script.turns[index + 1 :]]
                break
        else:
            rest = agents_turns
        if self._card() is None:
            self.played.trigger = "asked at the third turn"
            await self._asks(ASK)
        return rest

    async def _asks(self, text: str) -> None:
        """Write to the bot, and wait until it has answered or a person is called."""
        heard = len(self.customer.heard)
        await self.customer.says(text)
        self.played.said.append(text)
        try:
            await self._until(lambda: len(self.customer.heard) > heard or self._card(), "an answer", AGAIN * 3)
        except NotSeen:
            return  # the answer was lost and flagged; the judge looks into it

    async def _customer_says(self, text: str) -> None:
        began = time.monotonic()
        count = self._lines_in_thread()
        await self.customer.says(text)
        self.played.said.append(text)
        await self._until(lambda: self._lines_in_thread() > count or None, f"in the thread: {text[:40]}")
        self.played.times.append(time.monotonic() - began)

    async def _agent_says(self, text: str) -> None:
        began = time.monotonic()
        ts = await self.team.types(self.agent, self._card_entry, text)
        self.typed.append((text, ts))
        self.played.replied.append(text)
        needed = sum(same(text, other) for other in self.played.replied)

        def arrived() -> bool:
            return sum(same(text, heard) for heard in self.customer.heard) >= needed

        while not arrived():
            await self._until(lambda: arrived() or self._question(), f"a reply: {text[:40]}")
            await self._decide()
        self.played.times.append(time.monotonic() - began)

    def _question(self) -> Entry | None:
        """A question whether a message arrived that has not been answered yet."""
        asked = (entry for entry in self._thread() if "may not have reached" in (entry.text or ""))
        return next((entry for entry in asked if entry.id not in self.decided and list(buttons(entry))), None)

    async def _decide(self) -> None:
        """Ask the customer whether they got it, and press the button, again if nothing comes of it."""
        while question := self._question():
            self.decided.add(question.id or "")
            text = unescape((question.text or "").partition("\n")[2])
            action = "arrived" if self._heard(text) else "resend"
            ts = next((ts for reply, ts in reversed(self.typed) if same(reply, text)), "")
            seen = (lambda ts=ts: self._marked(ts)) if action == "arrived" else (lambda text=text: self._settled(text))
            press = lambda at=question.id or "", action=action: self._press(at, action)  # noqa: E731
            await self._do(press, seen, f"the decision about: {text[:40]}")

    async def _press(self, at: str, action: str) -> None:
        with suppress(NotSeen):  # an answered question has no buttons any more
            await self.team.presses(self.agent, at, action)

    def _heard(self, text: str) -> bool:
        """As often as it was said."""
        said = sum(same(text, reply) for reply in self.played.replied)
        return sum(same(text, heard) for heard in self.customer.heard) >= max(1, said)

    def _settled(self, text: str) -> bool | None:
        return self._heard(text) or self._question() is not None or None

    def _marked(self, ts: str) -> bool | None:
        marks = (e for e in reversed(self.team.watch.world.history) if e.kind == "reactions.add" and e.id == ts)
        return any(mark.text == "white_check_mark" for mark in marks) or None

    async def _hand_back(self) -> None:
        way = int(self.script.customer[-5:]) % 3
        number = (self._card_entry.text or "").partition("#")[2].split()[0]
        ways: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: self.team.commands(self.agent, f"/handback #{number}"),
            lambda: self.team.clicks(self.agent, self._card_entry, "handback"),
            lambda: self.team.types(self.agent, self._card_entry, "!handback done"),
        )
        await self._do(ways[way], lambda: self._on_card("Back with the bot"), "the hand back")
        await self._until(lambda: self._accounted_for(RESUMES), "the resumes text")
        for _, text in [line for entry in self._thread() for line in lines(entry) if line[0].startswith("🤖")]:
            await self._until(lambda said=text: self._accounted_for(said), f"the bot's answer: {text[:40]}")

    def _accounted_for(self, said: str) -> bool | None:
        """The customer has heard it, or the thread says that they may not have."""
        heard = any(plain(said) in plain(text) for text in self.customer.heard)
        return heard or doubted(said, self._thread()) or None

    # -------------------------------------------------------------------------------------------------- what is seen

    @property
    def _card_entry(self) -> Entry:
        assert self.played.card is not None
        return self.played.card

    def _card(self) -> Entry | None:
        """The card of this customer, in what has come to the history since the last look."""
        if self.played.card is None:
            self._look()
        return self.played.card

    def _look(self) -> None:
        history = self.team.watch.world.history
        name = self.script.customer.capitalize()
        while self.position < len(history):
            entry = history[self.position]
            self.position += 1
            if entry.platform != "slack" or entry.direction != "out" or not entry.kind.startswith("chat."):
                continue
            if self.played.card is None:
                if entry.kind == "chat.postMessage" and not entry.thread and f" {name} " in (entry.text or ""):
                    self.played.card = entry
                    self.thread.append(entry)
            elif self.played.card.id in (entry.thread, entry.id):
                self.thread.append(entry)

    def _thread(self) -> list[Entry]:
        self._look()
        return self.thread

    def _lines_in_thread(self) -> int:
        name = self.script.customer.capitalize()
        return sum(speaker.startswith(name) for entry in self._thread() for speaker, _ in lines(entry))

    def _claimed(self) -> bool | None:
        return self._on_card("has this")

    def _on_card(self, piece: str) -> bool | None:
        return any(e.id == self._card_entry.id and piece in (e.text or "") for e in self._thread()) or None

    async def _until(self, found: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
        return await self.team.watch.until(found, f"{self.script.customer} on {self.script.channel}: {what}", patience)

    async def _do(self, act: Callable[[], Awaitable[object]], seen: Callable[[], object | None], what: str) -> None:
        """Act until it has had its effect, as a person would."""
        for _ in range(int(PATIENCE / AGAIN)):
            await act()
            try:
                await self._until(seen, what, AGAIN)
            except NotSeen:
                continue
            return
        raise NotSeen(what)
