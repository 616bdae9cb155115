"""Somebody in the workspace acts: who it was, where the answer goes, and what they may mean by a number."""

from dataclasses import dataclass

from bridge.conversation import Conversation, Decision
from bridge.effects import TellAgent
from bridge.errors import Refused
from bridge.i18n import t
from bridge.ports import Agent, Choice, Place
from bridge.receipts import let_go
from bridge.session import Session
from bridge.store import conversations
from bridge.store.conversations import Contact, Handoff


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, and where the answer goes."""

    session: Session
    agent: Agent
    thread: Place
    answer_to: str = ""
    trigger: str = ""

    def decided(self, number: int, conversation: Conversation, contact: Contact, decision: Decision) -> None:
        """Save the decision and its effects."""
        self.session.decided(
            conversation, contact, decision,
            agent=self.agent, thread=self.thread, handoff=number, answer_to=self.answer_to,
        )  # fmt: skip
        if decision.event in ("released", "ended", "requeued"):
            let_go(self.session, conversation.id)

    def confirm(self, text: str, quote: str = "") -> None:
        """Say what has come of a question, in the place of the question."""
        done = TellAgent(self.agent.id, text, quote, replaces=True)
        self.session.whisper(done, self.thread, self.answer_to)

    def show(self, form: str, about: object = "") -> str:
        """Open a window for them, or draw the one anew in which they clicked; gives its address.

        Words bring nothing to open one with: then there is none yet, and they get a button that does.
        """
        if not self.trigger and not self.answer_to:
            self.tell(t("This opens in a window."), (Choice(form, t("Open"), str(about), "primary"),))
            return ""
        return self.session.form(form, str(about), self.agent, self.trigger, self.thread, self.answer_to)

    def tell(self, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """A private word that belongs to no conversation."""
        self.session.whisper(TellAgent(self.agent.id, text, choices=choices), self.thread, self.answer_to)


def current(act: Act, handoff: Handoff) -> tuple[Conversation, Contact]:
    """The conversation of a handoff that is not over; else Refused."""
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    if conversation.handoff != handoff.number:
        newer = conversation.handoff
        raise Refused(t("Handoff #{number} is over; #{newer} is the newer one.", number=handoff.number, newer=newer))
    return conversation, contact


def handoff_of(act: Act, number: int | None) -> Handoff:
    """The handoff with this number; else Refused."""
    handoff = conversations.handoff(act.session.tx, number) if number is not None else None
    if handoff is None:
        raise Refused(
            t("There is no handoff #{number}.", number=number)
            if number is not None
            else t("This is not the thread of a customer. Give a number, as in #1042.")
        )
    return handoff


def number_in(text: str) -> int:
    """The number that a button carries; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
