"""An agent's reaction on its way to the customer, as it is when it leaves."""

from dataclasses import dataclass

from bridge.effects import TellAgent
from bridge.i18n import t
from bridge.ports import Place
from bridge.receipts import of_reaction
from bridge.session import Session
from bridge.store import shown
from bridge.store.outbox import Letter


@dataclass(frozen=True, slots=True)
class Reaction:
    """To which of the customer's messages, by the platform's id, and which emoji; blank: none any more."""

    to: str
    emoji: str


def on_its_way(session: Session, letter: Letter) -> Reaction:
    """The newest one."""
    return Reaction(*shown.reacted_to(session.tx, _place(letter)))


def arrived(session: Session, letter: Letter, reaction: Reaction, sent: str) -> None:
    """Whoever reacts for the first time in a while may not think of it that the customer sees that."""
    place, agent = _place(letter), letter.payload["agent"]
    if sent:
        shown.was_sent(session.tx, place, sent)
    if reaction.emoji:
        text = t("The customer sees your reactions such as {emoji} on what they wrote.", emoji=reaction.emoji)
        of_reaction(session, place, TellAgent(agent, text, once=f"reaction:{agent}:seen"))


def refused(session: Session, letter: Letter, reaction: Reaction, reason: str) -> None:
    """Once for each emoji."""
    agent, text = letter.payload["agent"], t("The customer does not see your reaction: {reason}", reason=reason)
    of_reaction(session, _place(letter), TellAgent(agent, text, once=f"reaction:{agent}:{reaction.emoji}"))


def _place(letter: Letter) -> Place:
    return Place(letter.payload["channel"], letter.payload["ts"])
