"""What agents did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction.

Every refusal is told to the one person who asked, and changes nothing.
"""

from typing import assert_never

from bridge.act import Act, current, handoff_of, number_in
from bridge.audience import agent_changes, agent_says
from bridge.conversation import claim, end, hand_back
from bridge.effects import TellAgent
from bridge.errors import NotYet, Refused
from bridge.moving import card_deleted, not_in_former, of_former, queue_lost
from bridge.ports import (
    Choice,
    Closed,
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
    Said,
    Typed,
    WorkspaceEvent,
)
from bridge.questions import doubt_decided, held, send_more
from bridge.session import Session
from bridge.store import conversations, inbox, messages, outbox
from bridge.store.conversations import Handoff
from bridge.verbs import number_and_note, read


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
        case Closed():
            queue_lost(session, event.channel, event.loss)
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
    found = conversations.of_thread(act.session.tx, typed.thread)
    if found is None:
        not_in_former(act.session, typed.thread)
        if outbox.opening(act.session.tx):  # it may be the thread of a card whose posting is still in doubt
            raise NotYet
        return
    if not _first_heard(act.session, typed.place):  # it was changed or deleted before we heard of it
        return
    number, conversation, contact = found
    asks = read(typed.text).verb == "held"
    waiting = messages.held_by(act.session.tx, conversation.id, number, act.agent.id) if asks else ()
    act.decided(number, conversation, contact, agent_says(conversation, typed, number, act.session.now, waiting))


def _retyped(act: Act, edit: Retyped) -> None:
    kept = messages.kept_at(act.session.tx, edit.place)
    found = conversations.of_thread(act.session.tx, edit.thread) or of_former(act.session, edit.thread)
    if kept is None:  # Slack keeps no order: these may be the first words that we hear
        _typed(act, Typed(edit.agent, edit.place, edit.thread, edit.text, edit.mentions))
        return
    if found is None:
        return
    number, conversation, contact = found
    doorway = act.session.house.doorway(contact.channel)
    decision = agent_changes(conversation, kept, edit, doorway.label, doorway.can.edits)
    act.decided(number, conversation, contact, decision)


def _erased(session: Session, erased: Erased) -> None:
    """A held message that is deleted is decided: it stays unsent. What is on its way or there is not taken back."""
    _first_heard(session, erased.place)
    if card_deleted(session, erased.place):
        return
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
    return inbox.once(session.tx, f"heard:{place.channel}:{place.ts}", session.now)


def _pressed(act: Act, pressed: Pressed) -> None:
    action = pressed.action
    if action in ("claim", "handback", "end"):
        _card_button(act, action, pressed.value)
    elif action == "handback_pick":
        number, note = number_and_note(pressed.value)
        _hand_back(act, handoff_of(act, number), note)
        act.confirm(f"#{number} is back with the bot.")
    elif action.startswith("held_"):
        held(act, action.removeprefix("held_"), pressed.value)
    elif action in ("resend", "arrived"):
        doubt_decided(act, action, pressed.value)
    elif action in ("again", "correct"):
        send_more(act, action, pressed.value)


def _card_button(act: Act, action: str, value: str) -> None:
    handoff = handoff_of(act, number_in(value))
    if action == "handback":
        _hand_back(act, handoff, "")
        return
    conversation, contact = current(act, handoff)
    rule = claim if action == "claim" else end
    act.decided(handoff.number, conversation, contact, rule(conversation, act.agent, act.session.now))


def _hand_back(act: Act, handoff: Handoff, note: str) -> None:
    conversation, contact = current(act, handoff)
    act.decided(handoff.number, conversation, contact, hand_back(conversation, act.agent, note, act.session.now))


def _commanded(act: Act, command: Commanded) -> None:
    if command.verb != "handback":
        act.tell(f"`/{command.verb}` is not known here. Try `/handback [#number] [note]`.")
        return
    number, note = number_and_note(command.text)
    if number is not None:
        _hand_back(act, handoff_of(act, number), note)
        return
    mine = conversations.claimed_by(act.session.tx, act.agent.id, command.channel)
    if not mine:
        raise Refused("You have no claimed conversation in this channel. Name one: `/handback #1042`.")
    if len(mine) == 1:
        _hand_back(act, handoff_of(act, mine[0][0]), note)
        return
    choices = tuple(
        Choice("handback_pick", f"#{handed} {customer}"[:70], f"{handed} {note}"[:1900])
        for handed, customer in mine[:20]
    )
    act.tell("You have several conversations. Which one goes back to the bot?", choices)
