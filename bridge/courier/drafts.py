"""Has a reply suggested to an agent, and puts it into the window that is open for it. Sends nothing to anybody else."""

import asyncio
from collections.abc import Sequence

from bridge.content import Line
from bridge.courier.asked import asked_lately
from bridge.courier.bot_turns import SLOWEST
from bridge.courier.trip import Kitbag, Trip, log
from bridge.language.asking import besides_asking
from bridge.language.courtesy import courtesy
from bridge.language.words import words
from bridge.ports import Agent, Place, Role, Turn
from bridge.session import Session
from bridge.store import conversations, messages
from bridge.store.lanes import Lane
from bridge.triggers import asks_for_person
from bridge.windows.draft import suggested

MOST = 40  # messages
MOST_ASKED = 3  # questions to the bot


def pack(session: Session, lane: Lane) -> Trip:
    """What is to be answered."""
    left, dropped = asked_lately(session, lane)
    handoff = conversations.handoff(session.tx, left[0].payload["number"]) if left else None
    if handoff is None:
        return Trip(lane, (), dropped=dropped)
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    said = messages.heard(session.tx, conversation.id, most=MOST)
    return Trip(lane, left, (conversation.bot, contact, said), dropped)


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Ask the model; without one, or without its answer, what the bot would say."""
    bot, contact, said = trip.errand
    asked = trip.first.payload
    text, offline = "", False
    if bag.drafter:
        text = await bag.drafter.draft(contact.name, said, asked["hint"])
    if not text:
        text, offline = await _the_bot_s(bag, bot, contact.name, contact.language, said), True
    agent = Agent(asked["agent"], "", Role(asked["role"]), asked.get("language", ""))
    about = suggested(asked["number"], text, offline=offline, hint=asked["hint"])
    await bag.done(trip, lambda session: session.form("draft", about, agent, "", Place("", ""), asked["window"]))


async def _the_bot_s(bag: Kitbag, bot: str, customer: str, language: str, said: list[Line]) -> str:
    try:
        async with asyncio.timeout(SLOWEST):
            for number, asked in questions(said):
                answer = await bag.bot(bot).answer(Turn(asked, customer, language, tuple(said[:number])))
                if not (answer.unsure or answer.human):
                    return answer.text.encode(errors="ignore").decode()
    except Exception as error:  # whatever a bot does, the agent gets a window to write in
        log.warning("draft.no_bot", error=type(error).__name__)
    return ""


def questions(said: Sequence[Line]) -> list[tuple[int, str]]:
    """Which line a bot could answer, and what of its words: what the customer asked last that has substance.

    Words that only ask for a person have none, nor has a greeting after a question. Who asks for a person and says
    more may mean what they asked before: then that comes next.
    """
    found, greeting = list[tuple[int, str]](), list[tuple[int, str]]()
    for number, line in reversed(list(enumerate(said))):
        asked = besides_asking(line.text) if line.author.kind == "customer" else ""
        if courtesy(asked.rstrip("?？؟")) == "hello":
            greeting.append((number, asked))
        elif words(asked):
            found.append((number, asked))
            if len(found) == MOST_ASKED or not asks_for_person(line.text):
                break
    return found or greeting[:1]
