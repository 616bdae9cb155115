"""The rules: who may speak to a customer, and what follows when that changes. Pure: no I/O, no clock.

Every rule takes the conversation as it is and returns a Decision, or raises Refused and changes nothing.
Every change of who may speak raises the epoch; an answer that was asked for under another epoch is not sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bridge.content import Author, Line, time_of_day
from bridge.effects import (
    AskBot,
    AskRating,
    Effect,
    Mirror,
    OpenThread,
    PostNotice,
    RedrawCard,
    Say,
    ShowPresence,
    TellAgent,
    TellCustomer,
)
from bridge.errors import Refused
from bridge.i18n import t
from bridge.ports import Agent, Answer, Role


class State(StrEnum):
    """Who may speak to the customer."""

    BOT = "bot"
    QUEUED = "queued"
    CLAIMED = "claimed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a human is wanted, with the words that showed it."""

    reason: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The ongoing exchange with one customer on one channel."""

    id: int
    state: State
    epoch: int
    since: datetime
    handoff: int | None = None  # the latest one's number
    owner: Agent | None = None
    stage: str = ""  # owned by the bot's flow
    kept_stage: str = ""  # the stage at takeover, restored at hand back
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    unsure: int = 0  # times in a row that the bot did not know
    brief: str = ""  # what the bot is to know from the last human
    bot: str = ""  # which one answers; blank: the desk's first

    @property
    def live(self) -> bool:
        """A human is wanted or answering: what is said shows in the thread."""
        return self.state in (State.QUEUED, State.CLAIMED)


@dataclass(frozen=True, slots=True)
class Decision:
    """The conversation as it is from now on, what must happen outside, and what the timeline says."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    event: str = ""  # escalated, claimed, assigned, requeued, released, went_back, ended, reopened, taken_over
    why: Why | None = None
    note: str = ""
    whom: str = ""  # it was assigned to
    outcome: Literal["", "resolved", "open"] = ""  # of the handoff that is over with this

    def then(self, *effects: Effect) -> "Decision":
        """The same, and these too."""
        return replace(self, effects=(*self.effects, *effects))


def customer_says(conversation: Conversation, line: Line, why: Why | None, number: int, now: datetime) -> Decision:
    """A customer wrote. The bot is asked, a human is called, or the line appears in the thread."""
    match conversation.state:
        case State.QUEUED | State.CLAIMED:
            return Decision(conversation, (Mirror(line),))
        case State.ENDED:
            awake = replace(conversation, state=State.BOT, epoch=conversation.epoch + 1, since=now, unsure=0)
            return customer_says(awake, line, why, number, now)
        case State.BOT if why:
            return escalate(conversation, why, number, now)
        case State.BOT:
            return Decision(conversation, (AskBot(line.text),))


def customer_goes_back(conversation: Conversation, line: Line, now: datetime) -> Decision:
    """A customer whom nobody has claimed goes on with the bot. Where it has them already, it says so once more."""
    match conversation.state:
        case State.CLAIMED:
            return Decision(conversation, (Mirror(line),))
        case State.QUEUED:
            back = released(conversation, State.BOT, now)
            resumed = replace(back, stage=conversation.kept_stage, kept_stage="")
            told = PostNotice(t("The customer did not want to wait and went back to the bot."))
            effects = (Mirror(line), TellCustomer("resumes"), RedrawCard(), told)
            return Decision(resumed, effects, "went_back", outcome="resolved")
        case State.ENDED:
            awake = replace(conversation, state=State.BOT, epoch=conversation.epoch + 1, since=now, unsure=0)
            return Decision(awake, (TellCustomer("resumes"),))
        case State.BOT:
            return Decision(conversation, (TellCustomer("resumes"),))


def team_answers(conversation: Conversation) -> Conversation:
    """Somebody of the team answered past us: what the bot was just going to say is not said any more."""
    return replace(conversation, epoch=conversation.epoch + 1) if conversation.state is State.BOT else conversation


def escalate(conversation: Conversation, why: Why, number: int, now: datetime) -> Decision:
    """A human is wanted. Wanting one twice opens nothing more."""
    match conversation.state:
        case State.QUEUED | State.CLAIMED:
            return Decision(conversation)
        case State.BOT | State.ENDED:
            queued = replace(
                conversation,
                state=State.QUEUED,
                epoch=conversation.epoch + 1,
                since=now,
                handoff=number,
                owner=None,
                kept_stage=conversation.stage,
                stage="",
                unsure=0,
            )
            return Decision(queued, (TellCustomer("waiting"), OpenThread()), "escalated", why)


def bot_answers(
    conversation: Conversation, epoch: int, bot: str, answer: Answer, why: Why | None, number: int, now: datetime
) -> Decision:
    """The bot's answer, asked for under `epoch`. Too late, it is never sent, but offered to the agent."""
    if epoch != conversation.epoch:
        return _too_late(conversation, answer)
    told = replace(
        conversation,
        stage=answer.stage,
        answers=dict(answer.answers),
        unsure=conversation.unsure + 1 if answer.unsure else 0,
    )
    said = (Say(Author("bot", bot), answer.text, answer.choices),) if answer.text.strip() else ()
    if why is None:
        return Decision(told, said)
    escalated = escalate(told, why, number, now)
    return replace(escalated, effects=(*said, *escalated.effects))


def _too_late(conversation: Conversation, answer: Answer) -> Decision:
    if not answer.text.strip() or conversation.state not in (State.QUEUED, State.CLAIMED):
        return Decision(conversation)
    text = t("The bot's answer came too late and was *not* sent. As a suggestion:")
    return Decision(conversation, (PostNotice(text, quote=answer.text),))


def claim(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
    """An agent takes the conversation. The first to claim wins; claiming twice is harmless."""
    may_answer(agent)
    since = time_of_day(conversation.since)
    match conversation.state:
        case State.QUEUED:
            return give_to(conversation, agent, now)
        case State.CLAIMED if owns(conversation, agent):
            return Decision(conversation, (TellAgent(agent.id, t("This conversation is yours already.")),))
        case State.CLAIMED:
            had = t("{owner} has had this conversation since {time}.", owner=owner_name(conversation), time=since)
            raise Refused(had)
        case State.BOT:
            raise Refused(t("Nobody is waiting here: the bot is answering."))
        case State.ENDED:
            raise Refused(t("This conversation has ended."))


def take_over(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
    """An agent takes the conversation from its owner, or claims it where there is none."""
    if conversation.state is not State.CLAIMED or owns(conversation, agent):
        return claim(conversation, agent, now)
    may_answer(agent)
    before = owner_name(conversation)
    taken = give_to(conversation, agent, now)
    told = t("{agent} took over from {owner}.", agent=agent.name, owner=before)
    notice = PostNotice(told, pings=who_loses(conversation, agent))
    return replace(taken, effects=(ShowPresence(before, "left"), *taken.effects, notice), event="taken_over")


def hand_back(
    conversation: Conversation, agent: Agent, note: str, now: datetime, *, resolved: bool = True, bot: str | None = None
) -> Decision:
    """The owner, or an admin, gives the conversation back to the bot, or to another one: that begins anew."""
    may_answer(agent)
    match conversation.state:
        case State.CLAIMED if owns(conversation, agent) or agent.role >= Role.ADMIN:
            resumed = released(conversation, State.BOT, now)
            bot = conversation.bot if bot is None else bot
            stage = conversation.kept_stage if bot == conversation.bot else ""
            resumed = replace(resumed, stage=stage, kept_stage="", brief=note, bot=bot)
            left = _leaving(conversation, resumed, agent, "released", _handed_back(agent, resolved=resolved), note)
            if not resolved:
                return replace(left, outcome="open")
            return replace(_asking(left, conversation), outcome="resolved")
        case State.CLAIMED:
            owner = owner_name(conversation)
            raise Refused(t("Only {owner} or an admin can hand this conversation back.", owner=owner))
        case State.QUEUED:
            raise Refused(t("Nobody has claimed this conversation yet. Claim it first, or end it."))
        case State.BOT:
            raise Refused(t("The bot is answering here already."))
        case State.ENDED:
            raise Refused(t("This conversation has ended."))


def _handed_back(agent: Agent, *, resolved: bool) -> str:
    if resolved:
        return t("{agent} handed back to the bot.", agent=agent.name)
    return t("{agent} handed back to the bot. This stays open until somebody resolves it.", agent=agent.name)


def end(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
    """Close the conversation without the bot resuming. A customer who writes again is answered by the bot first."""
    may_answer(agent)
    match conversation.state:
        case State.CLAIMED if not owns(conversation, agent) and agent.role < Role.ADMIN:
            owner = owner_name(conversation)
            raise Refused(t("Only {owner} or an admin can end this conversation.", owner=owner))
        case State.CLAIMED | State.QUEUED:
            ended = released(conversation, State.ENDED, now)
            told = t("{agent} ended the conversation.", agent=agent.name)
            left = _leaving(conversation, ended, agent, "ended", told)
            return replace(_asking(left, conversation), outcome="resolved")
        case State.BOT:
            raise Refused(t("This handoff is over: the bot is answering."))
        case State.ENDED:
            raise Refused(t("This conversation has ended already."))


def give_to(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
    """Make this agent the one whom the customer hears."""
    owned = replace(conversation, state=State.CLAIMED, owner=agent, since=now, epoch=conversation.epoch + 1)
    return Decision(owned, (ShowPresence(agent.name, "joined"), TellCustomer("handover"), RedrawCard()), "claimed")


def released(conversation: Conversation, state: State, now: datetime) -> Conversation:
    """Nobody owns it any more."""
    return replace(conversation, state=state, owner=None, since=now, epoch=conversation.epoch + 1, unsure=0)


def _leaving(
    before: Conversation, after: Conversation, agent: Agent, event: str, notice: str, note: str = ""
) -> Decision:
    left = (ShowPresence(before.owner.name, "left"),) if before.owner else ()
    told = TellCustomer("resumes" if after.state is State.BOT else "ended")
    posted = PostNotice(notice, quote=note, pings=who_loses(before, agent))
    return Decision(after, (*left, told, RedrawCard(), posted), event, note=note)


def _asking(decision: Decision, before: Conversation) -> Decision:
    """What a person has done is over with this: the customer may say how it was."""
    return decision.then(AskRating(before.owner.name)) if before.owner else decision


def may_watch(agent: Agent) -> None:
    """Refused for people who are not of this workspace's team."""
    if agent.role is Role.OUTSIDER:
        raise Refused(t("Only members of this workspace can see this."))


def may_answer(agent: Agent) -> None:
    if agent.role is Role.OUTSIDER:
        raise Refused(t("Only members of this workspace can answer customers. Nothing has changed."))
    if agent.role < Role.RESPONDER:
        raise Refused(t("Your role lets you watch. Ask an admin to make you a responder."))


def owns(conversation: Conversation, agent: Agent) -> bool:
    return conversation.owner is not None and conversation.owner.id == agent.id


def who_loses(conversation: Conversation, agent: Agent) -> tuple[str, ...]:
    """Whose conversation it is that this agent, somebody else, decides about: they are to hear of it."""
    return (conversation.owner.id,) if conversation.owner and not owns(conversation, agent) else ()


def owner_name(conversation: Conversation) -> str:
    return conversation.owner.name if conversation.owner else t("Nobody")
