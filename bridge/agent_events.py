"""What agents did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction.

Every refusal is told to the one person who asked, and changes nothing.
"""

from dataclasses import replace
from typing import assert_never

import structlog

from bridge import adjusting, by_template, orders, same_person
from bridge.act import Act, handoff_of
from bridge.alarms import queue_exposed
from bridge.audience import agent_says
from bridge.changing import Reach, agent_changes, agent_deletes
from bridge.effects import Delete, TellAgent
from bridge.errors import NotYet, Refused, WrongEntry
from bridge.files import described
from bridge.i18n import Phrase, t
from bridge.moving import card_deleted, not_in_former, of_former, queue_lost
from bridge.ports import (
    HOME,
    Agent,
    Closed,
    Commanded,
    Corrected,
    CustomerEvent,
    Echoed,
    Emoted,
    Erased,
    Exposed,
    Ignored,
    Introduced,
    Noticed,
    Place,
    Pressed,
    Rated,
    Reachable,
    Reacted,
    Receipt,
    Retyped,
    Said,
    Stored,
    Submitted,
    Troubled,
    Typed,
    Visited,
    Withdrawn,
    WorkspaceEvent,
    Writing,
)
from bridge.questions import doubt_decided, held, send_kept, send_more
from bridge.reacting import Reach as ReactionReach
from bridge.reacting import agent_reacts
from bridge.receipts import doubt_before, let_go
from bridge.session import Session
from bridge.store import afterwards, conversations, inbox, messages, outbox, shown
from bridge.verbs import ORDERS, number_and_note, read

log = structlog.get_logger()


def handle(session: Session, _source: str, event: CustomerEvent | WorkspaceEvent) -> Stored:
    """Let the rules decide about one event."""
    match event:
        case Typed() | Retyped() | Emoted():
            _refusable(Act(session, event.agent, event.place if isinstance(event, Emoted) else event.thread), event)
        case Pressed():
            thread = event.thread or event.place
            _refusable(Act(session, event.agent, thread, event.answer_to, event.trigger), event)
            if event.form == HOME:
                session.home(event.agent)
        case Commanded():
            place = Place(event.channel, "")
            _refusable(Act(session, event.agent, place, event.answer_to, event.trigger), event)
        case Submitted():
            return _submitted(session, event)
        case Visited():
            session.home(event.agent)
        case Erased():
            _erased(session, event)
        case Closed() | Exposed():
            _channel_changed(session, event)
        case (
            Ignored()
            | Said()
            | Corrected()
            | Withdrawn()
            | Reacted()
            | Noticed()
            | Introduced()
            | Rated()
            | Writing()
            | Echoed()
            | Receipt()
            | Reachable()
            | Troubled()
        ):
            pass
        case _:
            assert_never(event)
    return Stored(True)


def _submitted(session: Session, form: Submitted) -> Stored:
    """A refusal is shown in the place of the form itself."""
    handoff = conversations.handoff(session.tx, number_and_note(form.about)[0] or 0)
    thread = handoff.thread if handoff else None
    answer_to = form.answer_to if thread is None else ""
    try:
        next_one = orders.submitted(Act(session, form.agent, thread or Place("", ""), answer_to), form)
    except WrongEntry as entry:
        return Stored(True, wrong=entry.fields)
    except Refused as refusal:
        _log(form.agent, form, refusal)
        return Stored(True, told=str(refusal))
    return Stored(True, shows=session.house.draw(session, form.agent, *next_one) if next_one else None)


def _refusable(act: Act, event: Typed | Retyped | Emoted | Pressed | Commanded) -> None:
    try:
        match event:
            case Typed():
                _typed(act, event)
            case Retyped():
                _retyped(act, event)
            case Emoted():
                _emoted(act, event)
            case Pressed():
                _pressed(act, event)
            case Commanded():
                orders.commanded(act, event)
    except Refused as refusal:
        _log(act.agent, event, refusal)
        act.tell(str(refusal))


def _log(agent: Agent, event: WorkspaceEvent, refusal: Refused) -> None:
    """What was refused to whom; never what anybody wrote."""
    why = str(refusal)
    why = why.template if isinstance(why, Phrase) else ""
    log.info("event.refused", agent=agent.id, what=type(event).__name__.lower(), why=why)


def _typed(act: Act, typed: Typed, *, by_an_edit: bool = False) -> None:
    found = conversations.of_thread(act.session.tx, typed.thread)
    if found is None:
        not_in_former(act.session, typed.thread)
        if outbox.opening(act.session.tx):  # it may be the thread of a card whose posting is still in doubt
            raise NotYet
        return
    if by_an_edit and not _first_heard(act.session, typed.place):  # it was heard then, and nothing was kept of it
        return
    number, conversation, contact = found
    words = read(typed.text)
    if words.verb in ORDERS:
        orders.carry_out(act, words.verb, handoff_of(act, number), words.text, typed.named)
        return
    asks, audience = words.verb == "held", act.session.house.policy.audience
    waiting = messages.held_by(act.session.tx, conversation.id, number, act.agent.id) if asks else ()
    doorway = act.session.house.doorway(contact.channel)
    whys = ((described(file), doorway.unfit(file)) for file in typed.files)
    unfit = next((t("{file}. {why}", file=file, why=why) for file, why in whys if why), "")
    fit = replace(typed, unsupported=unfit) if unfit and not typed.unsupported else typed
    shut = act.session.scene(conversation, contact).shut()
    act.decided(number, conversation, contact, agent_says(conversation, fit, number, waiting, audience, shut))


def _retyped(act: Act, edit: Retyped) -> None:
    kept = messages.kept_at(act.session.tx, edit.place)
    found = conversations.of_thread(act.session.tx, edit.thread) or of_former(act.session, edit.thread)
    if kept is None:  # Slack keeps no order: these may be the first words that we hear
        first = Typed(edit.agent, edit.place, edit.thread, edit.text, edit.mentions, edit.unsupported, (), edit.files)
        _typed(act, first, by_an_edit=True)
        return
    if found is None:
        return
    number, conversation, contact = found
    doorway = act.session.house.doorway(contact.channel)
    waits = bool(outbox.unsent(act.session.tx, f"customer:{conversation.id}", kept.id))
    can, audience = doorway.can, act.session.house.policy.audience
    reach = Reach(doorway.label, can.carries("edit", "out"), waits, audience, can_caption=can.captions)
    decision = agent_changes(conversation, kept, edit, reach)
    act.decided(number, conversation, contact, decision)


def _emoted(act: Act, event: Emoted) -> None:
    """A reaction to what nobody said is for whoever reads it there."""
    found = shown.at(act.session.tx, event.place)
    if found is None:
        return
    conversation, contact = conversations.of_message(act.session.tx, found.message)
    handoff = conversations.handoff(act.session.tx, found.handoff)
    doorway, scene = act.session.house.doorway(contact.channel), act.session.scene(conversation, contact)
    carries, which = doorway.can.carries("reaction", "out"), act.session.house.policy.seen
    there = replace(act, thread=handoff.thread if handoff and handoff.thread else event.place)
    reach = ReactionReach(doorway.label, carries, which, scene.shut())
    there.decided(found.handoff, conversation, contact, agent_reacts(conversation, found, event, reach))


def _erased(session: Session, erased: Erased) -> None:
    _first_heard(session, erased.place)
    if card_deleted(session, erased.place):
        return
    kept = messages.kept_at(session.tx, erased.place)
    handoff = conversations.handoff(session.tx, kept.handoff) if kept else None
    if kept is None or handoff is None or handoff.thread is None:
        return
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    doorway = session.house.doorway(contact.channel)
    waits = bool(outbox.unsent(session.tx, f"customer:{conversation.id}", kept.id))
    there = messages.begun(session.tx, kept.id)
    reach = Reach(doorway.label, waits=waits, can_delete=doorway.can.carries("delete", "out"), there=there)
    decision = agent_deletes(conversation, kept, reach)
    session.decided(conversation, contact, decision, thread=handoff.thread, handoff=handoff.number)
    if kept.state not in ("note", "held"):
        for each in (kept.id, *afterwards.corrections(session.tx, conversation.id, kept.id)):
            let_go(session, conversation.id, each)
    if any(isinstance(it, Delete) for it in decision.effects) and doubt_before(session, conversation.id):
        later = t("This is taken back as soon as somebody has decided about a message that may not have arrived.")
        session.whisper(TellAgent(kept.agent_id, later, kept.text), handoff.thread, "")


def _channel_changed(session: Session, event: Closed | Exposed) -> None:
    if isinstance(event, Closed):
        queue_lost(session, event.channel, event.loss)
    else:
        queue_exposed(session, event.channel)


def _first_heard(session: Session, place: Place) -> bool:
    """Whether nothing was heard of this message before. When it comes itself, later, it is a repeat."""
    return inbox.once(session.tx, place.heard, session.now)


def _pressed(act: Act, press: Pressed) -> None:
    if any(room.pressed(act, press) for room in (adjusting, by_template, same_person, orders)):
        return
    action = press.action
    if action.startswith("held_"):
        held(act, action.removeprefix("held_"), press.value)
    elif action in ("resend", "arrived"):
        doubt_decided(act, action, press.value)
    elif action in ("again", "correct"):
        send_more(act, action, press.value)
    elif action == "send_message":
        send_kept(act, press.place)
    elif action == "handback_message":
        found = conversations.of_thread(act.session.tx, act.thread)
        orders.carry_out(act, "handback", handoff_of(act, found[0] if found else None))
