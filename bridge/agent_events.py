"""What agents did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction.

Every refusal is told to the one person who asked, and changes nothing.
"""

from dataclasses import dataclass
from typing import assert_never

from bridge.audience import agent_changes, agent_says, correct, decide
from bridge.conversation import Conversation, Decision, claim, end, hand_back, may_answer, owns
from bridge.effects import MarkMessage, TellAgent
from bridge.errors import NotYet, Refused
from bridge.letters import carry_out
from bridge.ports import (
    Agent,
    Choice,
    Commanded,
    Corrected,
    CustomerEvent,
    Erased,
    Ignored,
    Place,
    Pressed,
    Reachable,
    Receipt,
    Retyped,
    Role,
    Said,
    Typed,
    WorkspaceEvent,
)
from bridge.receipts import let_go, part_settled
from bridge.session import Session
from bridge.store import conversations, inbox, messages, outbox
from bridge.store.conversations import Contact, Handoff
from bridge.verbs import number_and_note


@dataclass(frozen=True, slots=True)
class Act:
    """Who did something, and where the answer goes."""

    session: Session
    agent: Agent
    thread: Place
    answer_to: str = ""

    def decided(self, handoff: Handoff, conversation: Conversation, contact: Contact, decision: Decision) -> None:
        """Save the decision and its effects."""
        self.session.decided(
            conversation, contact, decision,
            agent=self.agent, thread=self.thread, handoff=handoff.number, answer_to=self.answer_to,
        )  # fmt: skip
        if decision.event in ("released", "ended"):
            let_go(self.session, conversation.id)

    def confirm(self, text: str, quote: str = "") -> None:
        """Say what has come of a question, in the place of the question."""
        done = TellAgent(self.agent.id, text, quote, replaces=True)
        self.session.whisper(done, self.thread, self.answer_to)

    def tell(self, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """A private word that belongs to no conversation."""
        self.session.whisper(TellAgent(self.agent.id, text, choices=choices), self.thread, self.answer_to)


def handle(session: Session, _source: str, event: CustomerEvent | WorkspaceEvent) -> int | None:
    """Let the rules decide about one event."""
    match event:
        case Typed() | Retyped():
            _refusable(Act(session, event.agent, event.thread), event)
        case Pressed():
            thread = event.thread or event.place
            _refusable(Act(session, event.agent, thread, event.answer_to), event)
        case Commanded():
            _refusable(Act(session, event.agent, Place(event.channel, ""), event.answer_to), event)
        case Erased():
            _erased(session, event)
        case Ignored() | Said() | Corrected() | Receipt() | Reachable():
            pass
        case _:
            assert_never(event)
    return None


def _refusable(act: Act, event: Typed | Retyped | Pressed | Commanded) -> None:
    try:
        match event:
            case Typed():
                _typed(act, event)
            case Retyped():
                _retyped(act, event)
            case Pressed():
                _pressed(act, event)
            case Commanded():
                _commanded(act, event)
    except Refused as refusal:
        act.tell(str(refusal))


def _typed(act: Act, typed: Typed) -> None:
    handoff = conversations.handoff_of_thread(act.session.tx, typed.thread)
    if handoff is None:
        if outbox.opening(act.session.tx):  # it may be the thread of a card whose posting is still in doubt
            raise NotYet
        return
    if not _first_heard(act.session, typed.place):  # it was changed or deleted before we heard of it
        return
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    decision = agent_says(conversation, typed, handoff.number, act.session.now)
    act.decided(handoff, conversation, contact, decision)


def _retyped(act: Act, edit: Retyped) -> None:
    kept = messages.kept_at(act.session.tx, edit.place)
    handoff = conversations.handoff_of_thread(act.session.tx, edit.thread)
    if kept is None:  # Slack keeps no order: these may be the first words that we hear
        _typed(act, Typed(edit.agent, edit.place, edit.thread, edit.text, edit.mentions))
        return
    if handoff is None:
        return
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    doorway = act.session.house.doorway(contact.channel)
    decision = agent_changes(conversation, kept, edit, doorway.label, doorway.can.edits)
    act.decided(handoff, conversation, contact, decision)


def _erased(session: Session, erased: Erased) -> None:
    """A held message that is deleted is decided: it stays unsent. What is on its way or there is not taken back."""
    _first_heard(session, erased.place)
    kept = messages.kept_at(session.tx, erased.place)
    if kept is None:
        return
    if kept.state == "held":
        messages.set_state(session.tx, kept.id, "note", ("held",))
    handoff = conversations.handoff(session.tx, kept.handoff)
    if kept.state in ("pending", "sent", "uncertain") and handoff and handoff.thread:
        text = "You deleted this here, but it is not taken back from the customer."
        session.whisper(TellAgent(kept.agent_id, text, kept.text), handoff.thread, "")


def _first_heard(session: Session, place: Place) -> bool:
    """Whether nothing was heard of this message before."""
    return inbox.once(session.tx, f"heard:{place.channel}:{place.ts}")


def _pressed(act: Act, pressed: Pressed) -> None:
    action = pressed.action
    if action in ("claim", "handback", "end"):
        _card_button(act, action, pressed.value)
    elif action == "handback_pick":
        number, note = number_and_note(pressed.value)
        _hand_back(act, _handoff(act, number), note)
        act.confirm(f"#{number} is back with the bot.")
    elif action.startswith("held_"):
        _held(act, action.removeprefix("held_"), pressed.value)
    elif action in ("resend", "arrived"):
        _doubt_decided(act, action, pressed.value)
    elif action in ("again", "correct"):
        _send_more(act, action, pressed.value)


def _card_button(act: Act, action: str, value: str) -> None:
    handoff = _handoff(act, _number(value))
    if action == "handback":
        _hand_back(act, handoff, "")
        return
    conversation, contact = _current(act, handoff)
    rule = claim if action == "claim" else end
    act.decided(handoff, conversation, contact, rule(conversation, act.agent, act.session.now))


def _hand_back(act: Act, handoff: Handoff, note: str) -> None:
    conversation, contact = _current(act, handoff)
    act.decided(handoff, conversation, contact, hand_back(conversation, act.agent, note, act.session.now))


def _commanded(act: Act, command: Commanded) -> None:
    if command.verb != "handback":
        act.tell(f"`/{command.verb}` is not known here. Try `/handback [#number] [note]`.")
        return
    number, note = number_and_note(command.text)
    if number is not None:
        _hand_back(act, _handoff(act, number), note)
        return
    mine = conversations.claimed_by(act.session.tx, act.agent.id, command.channel)
    if not mine:
        raise Refused("You have no claimed conversation in this channel. Name one: `/handback #1042`.")
    if len(mine) == 1:
        _hand_back(act, _handoff(act, mine[0][0]), note)
        return
    choices = tuple(
        Choice("handback_pick", f"#{handed} {customer}"[:70], f"{handed} {note}"[:1900])
        for handed, customer in mine[:20]
    )
    act.tell("You have several conversations. Which one goes back to the bot?", choices)


def _held(act: Act, answer: str, value: str) -> None:
    message, _, epoch = value.partition(":")
    kept = messages.kept(act.session.tx, _number(message))
    if kept is None:
        raise Refused("This message is not known any more.")
    handoff = _handoff(act, kept.handoff)
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    decision = decide(conversation, kept, answer, _number(epoch), act.agent, act.session.now)
    act.decided(handoff, conversation, contact, decision)
    if answer != "take":  # that one asks again
        act.confirm("Kept as a note." if answer == "note" else "On its way to the customer.", kept.text)


def _send_more(act: Act, action: str, value: str) -> None:
    """A failed message again, or a changed wording as a message of its own."""
    kept = messages.kept(act.session.tx, _number(value))
    if kept is None:
        raise Refused("This message is not known any more.")
    conversation, contact = conversations.by_id(act.session.tx, _handoff(act, kept.handoff).conversation)
    handoff = _handoff(act, kept.handoff)
    if action == "correct":
        act.decided(handoff, conversation, contact, correct(conversation, kept, act.agent))
        act.confirm("On its way to the customer, as a correction.", kept.changed)
        return
    _may_decide(act, conversation, handoff)
    if not messages.set_state(act.session.tx, kept.id, "pending", ("failed",)):
        raise Refused("This message was sent again already.")
    scene = act.session.scene(conversation, contact, agent=act.agent, thread=act.thread, handoff=handoff.number)
    carry_out(scene, (MarkMessage(kept.source, "failed", on=False),))
    author = messages.author_of(act.session.tx, kept.id)
    scene.say(kept.id, author, kept.text, but=messages.not_failed(act.session.tx, kept.id))
    act.confirm(f"This did not reach the customer at first. {act.agent.name} is sending it again.", kept.text)


def _doubt_decided(act: Act, action: str, key: str) -> None:
    """An agent says what became of a message in doubt; the lane that waited for it goes on."""
    tx, now = act.session.tx, act.session.now
    letter = outbox.find(tx, key)
    if letter is None or letter.state != "uncertain":
        raise Refused("This was decided about already.")
    message = letter.payload["message"]
    conversation, _ = conversations.of_message(tx, message)
    if conversation.handoff is None:
        return
    _may_decide(act, conversation, _handoff(act, conversation.handoff))
    if action == "resend":
        messages.set_state(tx, message, "pending", ("uncertain",))
        outbox.mark_pending(tx, [letter.id])
        outbox.wake(tx, letter.lane, now)
        act.confirm(f"{act.agent.name} is sending this again.", letter.payload["text"])
        return
    act.confirm(f"{act.agent.name} says that this arrived.", letter.payload["text"])
    outbox.done(tx, letter.lane, [letter.id], now)
    messages.delivered(tx, key, message, "", "delivered", part=letter.payload.get("part", 1))
    part_settled(act.session, message, last=letter.payload.get("last", True))


def _may_decide(act: Act, conversation: Conversation, handoff: Handoff) -> None:
    may_answer(act.agent)
    if conversation.handoff != handoff.number:
        raise Refused(f"Handoff #{handoff.number} is over. Nothing was sent.")
    if not owns(conversation, act.agent) and act.agent.role < Role.ADMIN:
        raise Refused("Only the owner of this conversation or an admin can decide this.")


def _current(act: Act, handoff: Handoff) -> tuple[Conversation, Contact]:
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    if conversation.handoff != handoff.number:
        raise Refused(f"Handoff #{handoff.number} is over; #{conversation.handoff} is the newer one.")
    return conversation, contact


def _handoff(act: Act, number: int | None) -> Handoff:
    handoff = conversations.handoff(act.session.tx, number) if number is not None else None
    if handoff is None:
        raise Refused(f"There is no handoff #{number}." if number else "Which handoff? Give its number, as in #1042.")
    return handoff


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
