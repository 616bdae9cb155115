"""Asks the bot, and brings its answer before the rules under the epoch that held when it was asked."""

import asyncio
from dataclasses import dataclass, replace

from bridge.conversation import Conversation, Why, bot_answers
from bridge.courier.trip import Kitbag, log
from bridge.ports import Answer, Turn
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.conversations import Contact
from bridge.store.outbox import Lane, Letter
from bridge.triggers import why_a_human

SLOWEST = 35.0  # seconds that a bot may take
SPEECHLESS = Answer("Sorry, I could not answer that. Ask for a person at any time, and I will call one.", unsure=True)


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot is asked, and under which epoch."""

    letter: Letter
    conversation: Conversation
    contact: Contact
    turn: Turn


async def serve_bot(bag: Kitbag, lane: Lane) -> None:
    """Have the bot answer what waits in one conversation."""
    conversation = int(lane.name.partition(":")[2])
    while question := await bag.desk.within(lambda session: _next(session, lane, conversation)):
        channel = bag.channels.get(question.contact.channel)
        if channel and channel.can.typing:
            await channel.typing(question.contact.chat)
        answer = await _asked(bag, question)
        await bag.desk.within(lambda session, q=question, a=answer: _answered(session, lane, bag.bot_name, q, a))


def _next(session: Session, lane: Lane, conversation: int) -> Question | None:
    found, contact = conversations.by_id(session.tx, conversation)
    for letter in outbox.letters(session.tx, lane.name):
        if letter.payload["epoch"] == found.epoch:
            return Question(letter, found, contact, _turn(session, found, contact, letter))
        outbox.done(session.tx, lane.name, [letter.id], session.now)  # a human was called meanwhile
    return None


def _turn(session: Session, conversation: Conversation, contact: Contact, letter: Letter) -> Turn:
    history = messages.lines(session.tx, conversation.id, letter.payload["upto"] - 1, most=20)
    return Turn(
        letter.payload["text"], contact.name, contact.language, tuple(history), conversation.stage,
        conversation.answers, conversation.brief,
    )  # fmt: skip


async def _asked(bag: Kitbag, question: Question) -> Answer:
    try:
        async with asyncio.timeout(SLOWEST):
            answer = await bag.bot.answer(question.turn)
    except Exception as error:  # whatever a bot does, the customer hears something
        log.warning("bot.failed", conversation=question.conversation.id, error=type(error).__name__)
        answer = Answer("", question.turn.stage, question.turn.answers)
    text = answer.text.encode(errors="ignore").decode()  # half an emoji cannot be stored
    if text.strip() or answer.human:
        return replace(answer, text=text)
    return replace(answer, text=SPEECHLESS.text, unsure=True)


def _answered(session: Session, lane: Lane, bot: str, question: Question, answer: Answer) -> None:
    """One transaction: the turn is over, and what follows from the answer is written down."""
    outbox.done(session.tx, lane.name, [question.letter.id], session.now)
    now, contact = conversations.by_id(session.tx, question.conversation.id)
    why = _why(session, now, question, answer)
    number = conversations.next_number(session.tx) if why else 0
    epoch = question.letter.payload["epoch"]
    session.decided(now, contact, bot_answers(now, epoch, bot, answer, why, number, session.now))


def _why(session: Session, now: Conversation, question: Question, answer: Answer) -> Why | None:
    quote = question.turn.text[:200]
    if answer.human:
        return Why(answer.human, quote)
    if not answer.unsure:
        return None
    found = why_a_human(question.turn.text, unsure=now.unsure + 1, rules=session.house.triggers)
    return Why(found.reason, found.quote) if found else None
