"""One customer and the agents around them, in one run: what they say and press, and what they see.

They behave as people do: they press again when nothing comes of it, and answer what they are asked truthfully.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from bridge.demo.customers import PhoneCustomer, WebCustomer
from bridge.demo.team import PEOPLE
from bridge.demo.watch import NotSeen
from bridge.sandbox.world import Entry, Fault
from chaos import reading
from chaos.awaits.ground import Ground
from chaos.deeds import Said
from chaos.people.board import Question
from chaos.reading import Card

AGAIN = 2.0  # seconds after which a person tries again
ANSWER = 25.0  # seconds that a customer waits for the bot before they go on: WhatsApp is given 15 to tell
PATIENCE = 30.0
LOOKED = "I have looked into it."
PERSON = "I want to talk to a person"
T = TypeVar("T")


class Scene:
    """One run, so far."""

    def __init__(self, ground: Ground, channel: str, number: int) -> None:
        self.ground, self.channel, self.name = ground, channel, f"C{number:03}"
        self.customer = _customer(ground, channel, self.name)
        self.owner = "ana"
        self._number = f"{number:03}"
        self._said = self._typed = 0
        self._pressed = set[str]()
        self._began = ground.watch.now
        self._handoff = 0  # the newest one's number
        ground.deeds.channels[self.name] = channel

    # --------------------------------------------------------------------------------------------------- the customer

    async def says(self, text: str = "What about my order?", *, answered: bool | None = False) -> str:
        """Write; the text's id. `answered`: the bot is to answer it."""
        self._said += 1
        said = f"c{self._number}n{self._said:03}"
        self.ground.deeds.said.append(Said(said, self.name, "customer", shown=True, answered=answered))
        await self.customer.says(f"{said} {text}")
        self.ground.deeds.chats[self.customer.chat] = self.name
        return said

    def hears(self, piece: str) -> bool | None:
        """Whether the customer has a text with these words in it."""
        return any(piece in text for text in self.customer.heard) or None

    def hears_the_bot(self, said: str) -> bool | None:
        """Whether the customer has the bot's answer to a text."""
        found = (reading.text(text) for text in self.customer.heard)
        return any((it.speaker, it.id) == ("bot", said) for it in found) or None

    async def is_answered(self, said: str) -> None:
        """Wait for the bot's answer, but not for ever: it may be in doubt, and then a thread says so later."""
        with suppress(NotSeen):
            await self.until(lambda: self.hears_the_bot(said), f"an answer to {said}", ANSWER)

    async def asks_for_a_person(self) -> Card:
        """Ask, until there is a card with what was said below it."""
        before = self._handoff
        said = await self.says(PERSON, answered=None)
        card = await self.until(lambda: self._newer_than(before), "the card")
        self._handoff = card.number
        await self.stands_in_thread(said)
        return card

    async def stands_in_thread(self, said: str) -> None:
        """Wait until a line of the customer can be read in the thread."""
        await self.until(lambda: said in self.ground.board.lines or None, f"{said} in the thread")

    # ----------------------------------------------------------------------------------------------------- the agents

    @property
    def card(self) -> Card:
        """The newest card, as it looks now."""
        self.ground.look()
        return self.ground.board.cards[self.name][self._handoff]

    @property
    def at(self) -> str:
        """Where the card stands."""
        return self.ground.board.places[self._handoff]

    async def clicks(self, who: str, action: str, target: str = "") -> None:
        """Press a button of the card, or of something else; it may be gone."""
        await self.ground.sandbox.act("slack", who, "click", target or self.at, action_id=action)

    async def claims(self, *who: str) -> None:
        """Press Claim, everybody at the same moment, until the card shows an owner."""

        async def press() -> None:
            for agent in who:
                await self.clicks(agent, "claim")

        owner = await self.do(press, lambda: self.card.owner or None, "the claim")
        self.owner = next(agent for agent in who if owner.lower().startswith(agent))

    async def types(
        self, who: str, text: str = "I have looked into it.", *, shown: bool | None = True
    ) -> tuple[str, str]:
        """Write in the thread; the text's id, and where it stands."""
        self._typed += 1
        typed = f"a{self._number}n{self._typed:03}"
        self.ground.deeds.said.append(Said(typed, self.name, who, shown=shown))
        done = await self.ground.sandbox.act("slack", who, "type", self.at, f"{typed} {text}")
        return typed, f"{self.at.partition(':')[0]}:{done['id']}"

    async def replies(self, text: str = LOOKED) -> tuple[str, str]:
        """The owner writes, and the customer has it, whatever has to be decided on the way."""
        typed, place = await self.types(self.owner, text)
        await self.arrives(typed)
        return typed, place

    async def arrives(self, typed: str) -> None:
        """Wait until the customer has a text."""
        await self.comes(lambda: self.hears(typed), f"{typed} at the customer")

    async def comes(self, found: Callable[[], T | None], what: str, answer: str = "") -> T:
        """Wait until something is seen, and answer the questions that come up meanwhile."""

        def seen_or_asked() -> tuple[T | None] | None:
            seen = found()
            return (seen,) if seen is not None or self.question else None

        while True:
            (seen,) = await self.until(seen_or_asked, what)
            if seen is not None:
                return seen
            await self.decides(answer)

    async def decides(self, answer: str = "") -> None:
        """Answer every open question: look at the customer's phone, and press until somebody confirms."""
        while question := self.question:
            after = self.ground.watch.now
            action = answer or ("arrived" if self.hears(question.about) else "resend")
            press = lambda it=question, how=action: self.clicks(self.owner, how, f"{it.channel}:{it.ts}")  # noqa: E731
            over = lambda it=question, since=after: self._confirmed(it.ts, since)  # noqa: E731
            await self.do(press, over, f"the decision about {question.about}")
            self._pressed.add(question.ts)

    def _confirmed(self, ts: str, after: int) -> bool | None:
        """Whether the bridge has put its confirmation in the question's place, or says that it has one already."""
        answers = (e for e in self.ground.sandbox.world.history[after:] if e.kind == "response_url")
        return any(e.id == ts or "decided about already" in (e.text or "") for e in answers) or None

    def must_arrive(self, typed: str) -> None:
        """From now on this text is one that the customer has to get."""
        said = self.ground.deeds.said
        index = next(index for index, it in enumerate(said) if it.id == typed)
        said[index] = replace(said[index], shown=True)

    # ------------------------------------------------------------------------------------------- what agents can see

    async def is_marked(self, place: str, mark: str) -> None:
        """Wait for a reaction on a message."""
        ts = place.rpartition(":")[2]
        await self.comes(
            lambda: any(e.kind == "reactions.add" and (e.id, e.text) == (ts, mark) for e in self._since) or None,
            f"the mark {mark}",
        )

    async def whispered(self, who: str, piece: str) -> str | None:
        """Where a private word with these words stands, if it comes at all."""
        user = PEOPLE[who]

        def find() -> str | None:
            words = (
                e for e in self._since if e.kind in ("response_url", "chat.postEphemeral") and piece in (e.text or "")
            )
            return next((f"{e.chat}:{e.id}" for e in words if e.raw.get("user") == user), None)

        with suppress(NotSeen):
            return await self.until(find, "a private word", ANSWER)
        return None

    def reads(self, piece: str) -> bool | None:
        """Whether a post in the thread has these words."""
        ts = self.card.ts
        return any(e.thread == ts and reading.is_post(e) and piece in (e.text or "") for e in self._since) or None

    @property
    def _since(self) -> Sequence[Entry]:
        """The history of this run."""
        return self.ground.sandbox.world.history[self._began :]

    @property
    def question(self) -> Question | None:
        """What an agent is asked and has not answered yet."""
        self.ground.look()
        cards = self.ground.board.cards.get(self.name, {})
        asked = self.ground.board.questions.get(cards[self._handoff].ts, {}) if self._handoff in cards else {}
        return next((it for it in asked.values() if it.ts not in self._pressed), None)

    def _newer_than(self, number: int) -> Card | None:
        card = self.ground.board.newest(self.name)
        return card if card and card.number > number else None

    # ----------------------------------------------------------------------------------------------------------- both

    def fault(self, platform: str, method: str, fault: str, times: int = 1, **more: float) -> None:
        """Have a platform misbehave."""
        self.ground.sandbox.world.faults.append(Fault(platform, method, fault, times=times, **more))

    async def until(self, found: Callable[[], T | None], what: str, patience: float = 0.0) -> T:
        """Wait until something is seen."""

        def look() -> T | None:
            self.ground.look()
            return found()

        return await self.ground.watch.until(look, f"{self.name} on {self.channel}: {what}", patience or PATIENCE)

    async def do(self, act: Callable[[], Awaitable[object]], seen: Callable[[], T | None], what: str) -> T:
        """Act until it has had its effect."""
        for _ in range(int(PATIENCE / AGAIN)):
            await act()
            with suppress(NotSeen):
                return await self.until(seen, what, AGAIN)
        raise NotSeen(f"{self.name} on {self.channel}: {what}")

    async def finish(self) -> None:
        """One line more each way, which stands behind everything that may still be on its way; then the end."""
        self.ground.sandbox.world.faults.clear()
        if not self._handoff or self.card.handed_back or self.ended:
            await self.asks_for_a_person()
        if not self.card.owner:
            await self.claims("ana")
        await self.stands_in_thread(await self.says("That is all."))
        await self.replies("Goodbye.")
        await self.ends()

    @property
    def ended(self) -> bool:
        """Whether the newest handoff is over."""
        return "⚪ Ended" in (self._drawn().text or "")

    def _drawn(self) -> Entry:
        ts = self.card.ts
        return next(entry for entry in reversed(self._since) if entry.id == ts and reading.is_post(entry))

    async def ends(self) -> None:
        """The owner ends the conversation, and the customer reads so, unless that is in doubt."""
        before = self._endings()
        self.ground.deeds.hand_backs.append((self.name, self.ground.watch.now + 1))  # the click itself
        await self.do(lambda: self.clicks(self.owner, "end"), lambda: self.ended or None, "the end")
        with suppress(NotSeen):
            await self.until(lambda: self._endings() > before or None, "the words of the end", ANSWER)

    def _endings(self) -> int:
        return sum("has ended" in text for text in self.customer.heard)

    async def close(self) -> None:
        """Everybody goes home."""
        await self.customer.close()


def _customer(ground: Ground, channel: str, name: str) -> PhoneCustomer | WebCustomer:
    if channel == "web":
        visitor = WebCustomer(ground.url, name, ground.session, ground.watch)
        ground.visits[name] = visitor.events
        return visitor
    return PhoneCustomer(ground.sandbox, ground.watch, channel, name.lower())
