"""Asks the bot, and brings its answer before the rules under the epoch that held when it was asked."""

import asyncio
from dataclasses import dataclass, replace

from bridge.conversation import Conversation, Why, bot_answers
from bridge.courier.trip import Kitbag, Trip, log
from bridge.ports import Answer, Turn
from bridge.session import Session
from bridge.store import conversations, messages, outbox, quotes
from bridge.store.conversations import Contact
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter
from bridge.triggers import why_a_human

SLOWEST = 35.0  # seconds that a bot may take
SPEECHLESS = Answer("Sorry, I could not answer that. Ask for a person at any time, and I will call one.", unsure=True)


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot is asked, and under which epoch."""

    conversation: int
    contact: Contact
    turn: Turn
    epoch: int
    bot: str
    heard: str  # the platform's id of what the customer said last, where the channel wants to know


def pack(session: Session, lane: Lane) -> Trip:
    """The next question of one conversation. Those from before a human was called are dropped."""
    found, contact = conversations.by_id(session.tx, int(lane.of))
    letters = outbox.letters(session.tx, lane.name)
    late = [letter for letter in letters if letter.payload["epoch"] != found.epoch]
    dropped = outbox.drop(session.tx, [letter.id for letter in late])
    left = [letter for letter in letters if letter not in late][:1]
    if not left:
        return Trip(lane, (), dropped=dropped)
    turn = _turn(session, found, contact, left[0])
    heard = _heard(session, found, contact)
    return Trip(lane, left, Question(found.id, contact, turn, found.epoch, found.bot, heard), dropped)


def _heard(session: Session, conversation: Conversation, contact: Contact) -> str:
    """Typing needs a message only where it shows, too, that this was read."""
    can = session.house.doorway(contact.channel).can
    shown_at_it = can.carries("typing", "out") and can.carries("read", "out")
    return quotes.heard_last(session.tx, conversation.id) if shown_at_it else ""


def _turn(session: Session, conversation: Conversation, contact: Contact, letter: Letter) -> Turn:
    history = messages.heard(session.tx, conversation.id, letter.payload["upto"] - 1, most=20)
    return Turn(
        letter.payload["text"], contact.name, contact.language, tuple(history), conversation.stage,
        conversation.answers, conversation.brief,
    )  # fmt: skip


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Have the bot answer one question."""
    question: Question = trip.errand
    channel = bag.channels.get(question.contact.channel)
    if channel and channel.can.carries("typing", "out"):
        await channel.typing(question.contact.chat, question.heard)
    answer = await _asked(bag, question)
    await bag.done(trip, lambda session: _answered(session, bag.bot_name, question, answer))


async def _asked(bag: Kitbag, question: Question) -> Answer:
    try:
        async with asyncio.timeout(SLOWEST):
            answer = await bag.bot(question.bot).answer(question.turn)
    except Exception as error:  # whatever a bot does, the customer hears something
        log.warning("bot.failed", conversation=question.conversation, error=type(error).__name__)
        answer = Answer("", question.turn.stage, question.turn.answers)
    text = answer.text.encode(errors="ignore").decode()  # half an emoji cannot be stored
    if text.strip() or answer.human:
        return replace(answer, text=text)
    return replace(answer, text=SPEECHLESS.text, unsure=True)


def _answered(session: Session, bot: str, question: Question, answer: Answer) -> None:
    """What follows from the answer is written down, in the transaction that ends the turn."""
    now, contact = conversations.by_id(session.tx, question.conversation)
    why = _why(session, now, question, answer)
    number = conversations.next_number(session.tx) if why else 0
    session.decided(now, contact, bot_answers(now, question.epoch, bot, answer, why, number, session.now))


def _why(session: Session, now: Conversation, question: Question, answer: Answer) -> Why | None:
    quote = question.turn.text[:200]
    if answer.human:
        return Why(answer.human, quote)
    if not answer.unsure:
        return None
    found = why_a_human(question.turn.text, unsure=now.unsure + 1, rules=session.house.triggers)
    return Why(found.reason, found.quote) if found else None
