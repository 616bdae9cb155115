"""One customer's life: asks the bot, wants a person, talks to whoever claims, is handed back, and so on.

Agents behave as people do: they press again when nothing comes of it, answer what they are asked, and tell the truth.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from chaos.deeds import Deeds, Said
from chaos.far_end import FarEnd, NotSeen, Refused
from chaos.people.board import Board
from chaos.people.visitor import Visitor
from chaos.reading import Card

AGENTS = {"ana": "Ana", "ben": "Ben"}
QUEUE = "C0SUPPORT"
AGAIN = 3.0  # seconds after which a person tries again
ANSWER = 30.0  # seconds that a customer waits for the bot before they want a person
T = TypeVar("T")
WORDS = ("my order", "the blue kettle", "a refund", "the parcel", "my invoice", "two cups", "the lid", "Monday")


@dataclass(slots=True)
class Life:
    """Everything that one customer goes through."""

    name: str  # C007
    channel: str
    far: FarEnd
    board: Board
    deeds: Deeds
    dice: random.Random
    visitor: Visitor | None
    patience: float
    said: int = 0
    replied: int = 0
    handoff: int = 0  # the newest one's number
    open: set[str] = field(default_factory=set[str])  # ids that are still on their way

    async def live(self, enough: asyncio.Event) -> None:
        """Go through handoffs until it is enough. Raises NotSeen when something never comes."""
        while True:
            await self._with_the_bot()
            card = await self._calls_for_a_person()
            owner = await self._is_claimed(card)
            await self._with(owner, card)
            await self._is_handed_back(owner, card)
            if enough.is_set():
                return

    # -------------------------------------------------------------------------------------------------- the customer

    async def _with_the_bot(self) -> None:
        for _ in range(self.dice.randint(1, 2)):
            asked = await self._says("What about {}?", answered=True)
            try:
                await self._until(lambda it=asked: self._hears("bot", it) or it in self.board.doubted, "", ANSWER)
            except NotSeen:
                self.deeds.no_answer_due(asked)  # whoever calls a person takes the floor from the bot

    async def _calls_for_a_person(self) -> Card:
        if self.dice.random() < 0.3:  # the bot is still thinking about this one
            await self._says("Tell me about {}.", answered=None)
        before = self.handoff
        await self._says("can I talk to a person about {}, please?", answered=None)
        card = await self._until(lambda: self._card_after(before), "the card")
        self.handoff = card.number
        return card

    async def _says(self, what: str, *, answered: bool | None = False) -> str:
        self.said += 1
        said = f"c{self.name[1:]}n{self.said:03d}"
        text = f"{said} {what.format(self.dice.choice(WORDS))}"
        self.deeds.said.append(Said(said, self.name, "customer", shown=True, answered=answered))
        self.open.add(said)
        if self.visitor:
            await self.visitor.say(text)
        else:
            await self.far.act(self.channel, self.name.lower(), "write", "", text)
        return said

    # ----------------------------------------------------------------------------------------------------- the agents

    async def _is_claimed(self, card: Card) -> str:
        """Both press at the same moment, and again while the card shows nobody."""

        async def both() -> None:
            await asyncio.gather(*(self._clicks(agent, card.number, "claim") for agent in AGENTS))

        owner = await self._do(both, lambda: self._now(card).owner or None, f"the claim of #{card.number}")
        return next(agent for agent, name in AGENTS.items() if name == owner)

    async def _with(self, owner: str, card: Card) -> None:
        """They talk, in any order, sometimes without waiting; what is asked in the thread is answered meanwhile."""
        turns = [*["agent"] * self.dice.randint(1, 3), *["customer"] * self.dice.randint(0, 3)]
        turns += ["other"] * (self.dice.random() < 0.15)
        self.dice.shuffle(turns)
        answering = asyncio.create_task(self._answers(owner, card))
        try:
            for turn in turns:
                if turn == "customer":
                    await self._says("and what about {}?")
                else:
                    await self._types(owner if turn == "agent" else _other(owner), card, sent=turn == "agent")
                await asyncio.sleep(self.dice.choice((0.0, 0.02, 0.2)))
            await self._until(self._all_there, f"{', '.join(sorted(self.open))} or so")
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)

    async def _types(self, agent: str, card: Card, *, sent: bool) -> None:
        self.replied += 1
        said = f"a{self.name[1:]}n{self.replied:03d}"
        self.deeds.said.append(Said(said, self.name, agent, shown=sent))
        if sent:
            self.open.add(said)
        text = f"{said} I have looked at {self.dice.choice(WORDS)}."
        await self.far.act("slack", agent, "type", self.board.places[card.number], text)

    async def _answers(self, owner: str, card: Card) -> None:
        """Ask the customer what came, and press the button; again after a while if the question is still there."""
        pressed: set[str] = set()
        asked = self.board.questions.setdefault(card.ts, {})
        while True:
            question = await self.far.until(
                lambda: next((it for it in asked.values() if it.ts not in pressed), None), "", 1e6
            )
            pressed.add(question.ts)
            await self.far.read()
            action = "arrived" if self._hears("agent", question.about) else "resend"
            await self._press(owner, f"{question.channel}:{question.ts}", action)
            asyncio.get_running_loop().call_later(AGAIN, pressed.discard, question.ts)

    async def _is_handed_back(self, owner: str, card: Card) -> None:
        async def button() -> None:
            await self._clicks(owner, card.number, "handback")

        async def command() -> None:
            await self.far.act("slack", owner, "command", QUEUE, f"/handback #{card.number}")

        async def words() -> None:
            await self.far.act("slack", owner, "type", self.board.places[card.number], "!handback done")

        self.deeds.hand_backs.append((self.name, len(self.far.history)))
        way = self.dice.choice((button, command, words))
        await self._do(way, lambda: self._now(card).handed_back or None, f"the hand back of #{card.number}")

    async def _clicks(self, agent: str, number: int, action: str) -> None:
        await self._press(agent, self.board.places[number], action)

    async def _press(self, agent: str, target: str, action: str) -> None:
        with suppress(Refused):  # the button is gone by now
            await self.far.act("slack", agent, "click", target, action_id=action)

    async def _do(self, act: Callable[[], Awaitable[None]], seen: Callable[[], T | None], what: str) -> T:
        """Act until it has had its effect."""
        for _ in range(int(self.patience / AGAIN)):
            await act()
            try:
                return await self.far.until(seen, what, AGAIN)
            except NotSeen:
                continue
        raise NotSeen(f"{self.name} on {self.channel}: {what}")

    # ----------------------------------------------------------------------------------------------------- what is seen

    async def _until(self, found: Callable[[], T | None], what: str, patience: float | None = None) -> T:
        told = f"{self.name} on {self.channel}: {what}"
        return await self.far.until(lambda: found() or None, told, patience or self.patience)

    def _all_there(self) -> bool:
        """Whether everything that was said so far is where it should be."""
        self.open -= self.board.lines
        self.open -= {it for it in self.open if it[0] == "a" and self._hears("agent", it)}
        return not self.open

    def _hears(self, speaker: str, said: str) -> bool:
        if self.visitor:
            return (speaker, said) in self.visitor.heard
        return (speaker, said) in self.board.heard

    def _card_after(self, number: int) -> Card | None:
        card = self.board.newest(self.name)
        return card if card and card.number > number else None

    def _now(self, card: Card) -> Card:
        return self.board.cards[self.name][card.number]


def _other(agent: str) -> str:
    return next(other for other in AGENTS if other != agent)
