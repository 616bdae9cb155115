"""What became of messages to customers: delivered, failed, or in doubt; and what their agent sees of it.

Used for a platform's receipts, for the courier's own outcomes and for an agent's decision about a message in doubt.
"""

from collections.abc import Sequence

from bridge.effects import PostNotice, TellAgent
from bridge.fate import THERE
from bridge.files import with_files
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.ports import Choice, Place, Receipt
from bridge.session import Session
from bridge.store import afterwards, conversations, files, lanes, messages, outbox, shown, waits
from bridge.store.messages import Source
from bridge.store.outbox import Letter
from bridge.to_agents import show_fate


def receipt(session: Session, channel: str, event: Receipt) -> None:
    """A platform says what became of a message. It may overtake the answer to the very call that sent it."""
    joins = session.house.doorway(channel).limit.joins
    found = messages.deliveries(session.tx, event.key, event.id, joins=joins)
    if not found and event.key:
        found = _out_of_doubt(session, event)
    if not found and event.status == "failed":
        _reaction_failed(session, event)
    for key, message, state in found:
        if event.status == "failed" and state not in ("delivered", "read", "failed"):
            messages.delivered(session.tx, key, message, event.id, "failed", event.reason)
            failed(session, message, event.reason, shut=event.shut)
        elif _further(state, event.status):
            messages.delivered(session.tx, key, message, event.id, event.status)
            if event.status != "sent":
                _arrived(session, message)


def _reaction_failed(session: Session, event: Receipt) -> None:
    if reaction := shown.of_sent(session.tx, event.id):
        place, agent, emoji = reaction
        text = t("The customer does not see your reaction: {reason}", reason=event.reason)
        of_reaction(session, place, TellAgent(agent, text, once=f"reaction:{agent}:{emoji}"))


def part_settled(session: Session, message: int, last: bool, only: str = "") -> None:
    """A part has left our hands: with the `last` one so has the message, and it is in doubt if any part is.

    `only` is the state of a part that is all of its message.
    """
    if not last:
        messages.set_state(session.tx, message, "pending", ("uncertain",))
        return
    states = {only} if only else {state for _, _, state in messages.parts(session.tx, message)}
    source = messages.settle(session.tx, message, "uncertain" if "uncertain" in states else "sent")
    if source and THERE.issuperset(states):
        _show(session, message, source, good=True)


def _arrived(session: Session, message: int) -> None:
    """Once the customer has every part, the agent sees a mark on their own message."""
    there = THERE.issuperset(state for _, _, state in messages.parts(session.tx, message))
    if there and messages.set_state(session.tx, message, "sent", ("uncertain", "sent")):
        _show(session, message, messages.source_of(session.tx, message), good=True)


def failed(session: Session, message: int, reason: str, *, shut: bool = False) -> None:
    """It certainly did not reach the customer: a mark, and a word in the thread with a way to send it again.

    `shut`: the platform takes no replies now. A template that failed may be chosen again, but its words are no reply.
    """
    if not messages.set_state(session.tx, message, "failed", ("pending", "uncertain", "sent")):
        return
    waits.not_answered(session.tx, message)
    if afterwards.is_deleted(session.tx, message):  # nobody wants it to arrive
        return
    _show(session, message, messages.source_of(session.tx, message))
    arrived = messages.begun(session.tx, message)
    kept, template = messages.kept(session.tx, message), messages.is_template(session.tx, message)
    again = (Choice("again", t("Send again"), str(message), "primary"),) if kept and not template else ()
    text = t("This did not reach the customer: {reason}", reason=reason)
    text = t("Part of this did not reach the customer: {reason}", reason=reason) if arrived else text
    _say_in_thread(session, (message,), text, (*again, *_by_template(session, message, shut=shut or template)))


def _by_template(session: Session, message: int, *, shut: bool) -> tuple[Choice, ...]:
    """What still reaches a customer who cannot be answered freely."""
    conversation, contact = conversations.of_message(session.tx, message)
    scene = session.scene(conversation, contact)
    if not conversation.live or not scene.doorway.can.templates or not (shut or scene.shut()):
        return ()
    return (Choice("template", t("Send a template …"), str(conversation.handoff)),)


def stays(session: Session, message: int, reason: str) -> None:
    """It cannot be taken back. Only its author hears of that: nobody else is to be shown it once more."""
    kept = messages.kept(session.tx, message)
    handoff = conversations.handoff(session.tx, kept.handoff) if kept else None
    if kept and handoff and handoff.thread:
        text = t("This was deleted here, but it stays with the customer: {reason}", reason=reason)
        session.whisper(TellAgent(kept.agent_id, text, kept.text), handoff.thread, "")


def of_reaction(session: Session, place: Place, told: TellAgent) -> None:
    """What became of an agent's reaction to what stands there: they alone hear of it."""
    found = shown.at(session.tx, place)
    handoff = conversations.handoff(session.tx, found.handoff) if found else None
    if found and handoff and handoff.thread:
        scene = session.scene(*conversations.of_message(session.tx, found.message), thread=handoff.thread)
        carry_out(scene, (told,))


def in_doubt(session: Session, said: Sequence[int], key: str, question: bool) -> None:
    """These went as one message, and may not have reached the customer: with `question`, a person decides."""
    for message in said:
        messages.set_state(session.tx, message, "uncertain", ("pending", "uncertain"))
    ways = (Choice("resend", t("Send again"), key, "primary"), Choice("arrived", t("It arrived"), key))
    text = t("This may not have reached the customer: the connection broke while it was being sent.")
    _say_in_thread(session, said, text, ways if question else ())


def let_go(session: Session, conversation: int, message: int | None = None) -> None:
    """Nobody is to decide: what waits for that, or only this message, stays in doubt, and the lane goes on."""
    lane = f"customer:{conversation}"
    first = outbox.letters(session.tx, lane, 1)
    group = outbox.sharing(session.tx, first[0]) if first else []
    if not group or message not in (None, *(it.payload.get("message") for it in group)):
        return
    if group[0].state == "uncertain" and lanes.waits_for_a_person(session.tx, lane):
        for letter in group:
            leave_open(session, letter)
            outbox.settle(session.tx, letter)


def doubt_before(session: Session, conversation: int) -> bool:
    """Whether nothing goes to this customer until somebody has decided about a message in doubt."""
    return lanes.waits_for_a_person(session.tx, f"customer:{conversation}")


def leave_open(session: Session, letter: Letter) -> None:
    """Nobody is going to say what became of it: it stays in doubt. The letter is over then."""
    message = letter.payload["message"]
    messages.delivered(session.tx, letter.key, message, "", "uncertain", part=letter.payload["part"])
    part_settled(session, message, letter.payload["last"])


def _out_of_doubt(session: Session, event: Receipt) -> list[tuple[str, int, str]]:
    """The receipt of a message that we did not know to be accepted."""
    letter = outbox.find(session.tx, event.key)
    if letter is None or "message" not in letter.payload:
        return []
    found = list[tuple[str, int, str]]()
    for it in outbox.sharing(session.tx, letter):
        message = it.payload["message"]
        outbox.settle(session.tx, it)
        messages.delivered(session.tx, it.key, message, event.id, "sending", part=it.payload.get("part", 1))
        part_settled(session, message, it.payload.get("last", True))
        found.append((it.key, message, "sending"))
    return found


_ORDER = ("uncertain", "sending", "sent", "delivered", "read")


def _further(state: str, status: str) -> bool:
    return state in _ORDER and _ORDER.index(status) > _ORDER.index(state)


def _show(session: Session, message: int, source: Source, *, good: bool = False) -> None:
    place, handoff, _, author = source
    if place is not None and author == "agent":
        show_fate(session.tx, handoff, message, session.house.new_key(), session.now, good=good)


def _say_in_thread(session: Session, said: Sequence[int], text: str, choices: tuple[Choice, ...]) -> None:
    """In the messages' own thread; what the bot said before there was one, in the newest."""
    _, handoff, _, _ = messages.source_of(session.tx, said[0])
    conversation, contact = conversations.of_message(session.tx, said[0])
    handoff = handoff or conversation.handoff
    if handoff is not None:
        quote = "\n".join(_quoted(session, message) for message in said)
        carry_out(session.scene(conversation, contact, handoff=handoff), (PostNotice(text, quote, choices),))


def _quoted(session: Session, message: int) -> str:
    came = [it.file for it in files.of_message(session.tx, message)]
    return with_files(messages.source_of(session.tx, message)[2], came)
