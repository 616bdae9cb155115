"""The whole story without a browser: on each channel, every step is believed only when it is seen at the far end."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bridge.demo.customers import Customer, PhoneCustomer, WebCustomer
from bridge.demo.stage import Stage
from bridge.demo.team import Team
from bridge.demo.watch import NotSeen, Watch
from bridge.sandbox.world import Entry

CAST = {"telegram": "maria", "whatsapp": "jonas", "web": "Priya"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it was seen."""

    step: str
    channel: str
    ok: bool
    detail: str
    ms: int


Report = Callable[[Step], None]


@dataclass(slots=True)
class Play:
    """The story on one channel."""

    customer: Customer
    team: Team
    report: Report
    all_well: bool = True
    card: Entry = field(init=False)
    number: str = ""
    seen: int = 0
    winner: str = ""
    loser: str = ""
    reply_ts: str = ""

    async def step(self, name: str, work: Callable[[], Awaitable[str]]) -> None:
        """Do one step and say how it went."""
        began = time.monotonic()
        try:
            detail, ok = await work(), True
        except NotSeen as error:
            detail, ok = f"not seen: {error}", False
        self.all_well &= ok
        self.report(Step(name, self.customer.channel, ok, detail, round((time.monotonic() - began) * 1000)))
        if not ok:
            raise NotSeen(name)

    # ------------------------------------------------------------------------------------------------ what they do

    async def bot_answers(self) -> str:
        await self.customer.says("How long does delivery take?")
        return await self.customer.hears(lambda text: "days" in text, "the bot's answer about delivery")

    async def asks_for_human(self) -> str:
        self.seen = self.team.watch.now
        await self.customer.says("I want to talk to a human")
        return await self.customer.hears(lambda text: "A person from our team" in text, "the waiting text")

    async def queued(self) -> str:
        self.card = await self.team.card_of(self.customer.name, self.seen)
        self.number = (self.card.text or "").partition("#")[2].split()[0]
        await self.team.sees_post(self.card, "How long does delivery take?", self.seen)
        return (self.card.text or "").splitlines()[0]

    async def summary(self) -> str:
        card = await self.team.sees_card(self.card, "Wants", self.seen)
        return next(line for line in (card.text or "").splitlines() if "Wants" in line)

    async def claim(self) -> str:
        self.seen = self.team.watch.now
        await asyncio.gather(*(self.team.clicks(who, self.card, "claim") for who in ("ana", "ben")))
        card = await self.team.sees_card(self.card, "has this", self.seen)
        line = (card.text or "").splitlines()[0]
        self.winner = "ana" if "Ana has this" in line else "ben"
        self.loser = "ben" if self.winner == "ana" else "ana"
        return line

    async def claim_refused(self) -> str:
        told = await self.team.is_told(self.loser, "has had this conversation", self.seen)
        return told.text or ""

    async def customer_told(self) -> str:
        return await self.customer.hears(lambda text: "You are now talking to" in text, "the handover text")

    async def reply(self) -> str:
        text = f"Hello {self.customer.name}, I am looking into it. 👋"
        self.reply_ts = await self.team.types(self.winner, self.card, text)
        return await self.customer.hears(lambda heard: heard == text, "the agent's reply")

    async def delivered(self) -> str:
        mark = await self.team.sees_mark(self.reply_ts, "white_check_mark")
        return f":{mark.text}: on the reply"

    async def note_kept(self) -> str:
        await self.team.types(self.winner, self.card, "!note customer sounds worried")
        await self.customer.says("Thank you, I will wait.")
        await self.team.sees_post(self.card, "Thank you, I will wait.", self.seen)
        return self.not_heard("worried")

    async def not_owner_held(self) -> str:
        ts = await self.team.types(self.loser, self.card, "Tell them it is lost")
        await self.team.sees_mark(ts, "raised_hand")
        await self.team.is_told(self.loser, "messages reach the customer", self.seen)
        return self.not_heard("lost")

    async def edit(self) -> str:
        after = self.team.watch.now
        text = f"Hello {self.customer.name}, I have found your parcel."
        await self.team.edits(self.winner, self.card, self.reply_ts, text)
        if self.customer.channel == "whatsapp":
            told = await self.team.is_told(self.winner, "cannot be changed", after)
            await self.team.presses(self.winner, told.id or "", "correct")
        await self.customer.hears(lambda heard: heard == text, "the changed reply")
        return "sent as a correction" if self.customer.channel == "whatsapp" else "changed in place"

    async def handback(self) -> str:
        self.seen = self.team.watch.now
        await self.team.commands(self.winner, f"/handback #{self.number} parcel found")
        await self.team.sees_card(self.card, "Back with the bot", self.seen)
        post = await self.team.sees_post(self.card, "handed back", self.seen)
        return (post.text or "").splitlines()[0]

    async def resumed(self) -> str:
        return await self.customer.hears(lambda text: "Our assistant is back" in text, "the resumes text")

    async def bot_continues(self) -> str:
        after = len(self.customer.heard)
        await self.customer.says("What does shipping cost?")
        return await self.customer.hears(lambda text: "€" in text or "£" in text or "free" in text, "an answer", after)

    def not_heard(self, piece: str) -> str:
        """The customer has not read it. (Whatever came behind it has arrived already.)"""
        if any(piece in text for text in self.customer.heard):
            raise NotSeen("it reached the customer, but must not")
        return "the customer did not get it"

    async def run(self) -> None:
        """Every step in order; the first that is not seen ends it."""
        for work in (
            self.bot_answers, self.asks_for_human, self.queued, self.summary, self.claim, self.claim_refused,
            self.customer_told, self.reply, self.delivered, self.note_kept, self.not_owner_held, self.edit,
            self.handback, self.resumed, self.bot_continues,
        ):  # fmt: skip
            await self.step(work.__name__, work)


async def play(stage: Stage, report: Report) -> bool:
    """The story on all three channels at once. True: every step was seen."""
    watch = Watch(stage.sandbox.world)
    async with cast(stage, watch) as customers:
        plays = [Play(customer, Team(stage.sandbox, watch), report) for customer in customers]
        await asyncio.gather(*(one.run() for one in plays), return_exceptions=True)
        return all(one.all_well for one in plays)


@asynccontextmanager
async def cast(stage: Stage, watch: Watch) -> AsyncGenerator[list[Customer]]:
    """One customer on each channel."""
    async with aiohttp.ClientSession() as session:
        customers: list[Customer] = [
            PhoneCustomer(stage.sandbox, watch, "telegram", CAST["telegram"]),
            PhoneCustomer(stage.sandbox, watch, "whatsapp", CAST["whatsapp"]),
            WebCustomer(stage.url, CAST["web"], session, watch),
        ]
        try:
            yield customers
        finally:
            for customer in customers:
                await customer.close()
