"""The rules about passing a conversation on: to another agent, back to the queue, and out of the bot's hands.

And about how a handoff is filed and closed. Pure.
"""

import unicodedata
from dataclasses import replace
from datetime import datetime

from bridge.conversation import (
    Conversation,
    Decision,
    State,
    Why,
    claim,
    escalate,
    give_to,
    may_answer,
    owner_name,
    owns,
    released,
    who_loses,
)
from bridge.effects import (
    OpenThread,
    PostNotice,
    RedrawCard,
    SetLabels,
    SetResolved,
    ShowPresence,
    TellAgent,
    TellCustomer,
)
from bridge.errors import Refused
from bridge.i18n import t
from bridge.ports import Agent, Role

MOST_LABELS, LONGEST_LABEL = 20, 40


def assign(conversation: Conversation, agent: Agent, to: Agent, now: datetime) -> Decision:
    """The owner, or an admin, gives the conversation to somebody else. What nobody has, anybody may take themselves."""
    if to.id == agent.id and conversation.state is State.QUEUED:
        return claim(conversation, agent, now)
    _may_pass_on(conversation, agent)
    if to.role < Role.RESPONDER:
        raise Refused(t("{agent} may not answer customers here. Nothing has changed.", agent=to.name))
    if owns(conversation, to):
        raise Refused(t("{owner} has this conversation already.", owner=to.name))
    left = (ShowPresence(owner_name(conversation), "left"),) if conversation.owner else ()
    given = give_to(conversation, to, now)
    told = t("{agent} assigned this to {to}: their messages reach the customer now.", agent=agent.name, to=to.name)
    notice = PostNotice(told, pings=(to.id, *who_loses(conversation, agent)))
    return replace(given, effects=(*left, *given.effects, notice), event="assigned", whom=to.name)


def put_back(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
    """The owner, or an admin, puts the conversation back into the queue: the next to claim it has it."""
    _may_pass_on(conversation, agent)
    if conversation.owner is None:
        raise Refused(t("Nobody has claimed this conversation: it is in the queue already."))
    waiting = released(conversation, State.QUEUED, now)
    told = t("{agent} put this back into the queue. Nobody's messages reach the customer now.", agent=agent.name)
    left = ShowPresence(owner_name(conversation), "left")
    notice = PostNotice(told, pings=who_loses(conversation, agent))
    return Decision(waiting, (left, TellCustomer("waiting"), RedrawCard(), notice), "requeued")


def take_from_bot(
    conversation: Conversation, agent: Agent, number: int, now: datetime, *, reopens: bool = False
) -> Decision:
    """An agent steps in where the bot answers, or reopens what has ended: an escalation that is claimed at once."""
    may_answer(agent)
    if conversation.state not in (State.BOT, State.ENDED):
        raise Refused(_busy(conversation))
    took, reopened = t("{agent} took over from the bot", agent=agent.name), t("{agent} reopened this", agent=agent.name)
    why = Why(reopened if reopens else took)
    asked = escalate(conversation, why, number, now).conversation
    claimed = give_to(asked, agent, now)
    effects = (OpenThread(), *(it for it in claimed.effects if not isinstance(it, RedrawCard)))
    return replace(claimed, effects=effects, event="reopened" if reopens else "taken_over", why=why)


def label(conversation: Conversation, agent: Agent, labels: tuple[str, ...]) -> Decision:
    """What the handoff is filed under, in place of what it was."""
    may_answer(agent)
    if len(labels) > MOST_LABELS:
        many = t("A conversation has at most {most} labels; these are {count}.", most=MOST_LABELS, count=len(labels))
        raise Refused(many)
    said = t("Labels: {labels}", labels=", ".join(labels)) if labels else t("This has no labels now.")
    return Decision(conversation, (SetLabels(labels), RedrawCard(), TellAgent(agent.id, said)), "labelled")


def resolve(conversation: Conversation, agent: Agent, number: int, outcome: str) -> Decision:
    """Handoff `number`, which stayed open when it was handed back, is done with."""
    may_answer(agent)
    if outcome != "open":
        done, live = t("#{number} is not open any more.", number=number), t("#{number} is not over yet.", number=number)
        raise Refused(done if outcome else live)
    said = PostNotice(t("{agent} resolved this.", agent=agent.name))
    return Decision(conversation, (SetResolved(), RedrawCard(), said), "resolved")


def labels_in(text: str) -> tuple[str, ...]:
    """Labels as people write them: `refund VIP`, `#refund, vip`. In small letters, each once."""
    found = (_label(word) for word in text.replace(",", " ").split())
    return tuple(dict.fromkeys(word for word in found if word))


def _label(word: str) -> str:
    seen = "".join(sign for sign in unicodedata.normalize("NFC", word) if sign.isprintable())
    return seen.strip("#.;:`*_~<>&").lower()[:LONGEST_LABEL]


def _may_pass_on(conversation: Conversation, agent: Agent) -> None:
    may_answer(agent)
    match conversation.state:
        case State.CLAIMED if not owns(conversation, agent) and agent.role < Role.ADMIN:
            owner = owner_name(conversation)
            raise Refused(t("Only {owner} or an admin can pass this conversation on.", owner=owner))
        case State.QUEUED if agent.role < Role.ADMIN:
            raise Refused(t("Only an admin can assign what nobody has claimed. You can claim it yourself."))
        case State.CLAIMED | State.QUEUED:
            return
        case State.BOT:
            raise Refused(t("The bot is answering here. Take over first."))
        case State.ENDED:
            raise Refused(t("This conversation has ended. Reopen it first."))


def _busy(conversation: Conversation) -> str:
    if conversation.owner:
        return t("{owner} has this conversation already.", owner=owner_name(conversation))
    return t("This conversation waits in the queue already. Claim it there.")
