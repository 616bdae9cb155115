"""What customers tell beside the conversation: where they can be reached, how it was with a person, that they write."""

from datetime import timedelta

import orjson

from bridge.conversation import Conversation, State
from bridge.effects import PostNotice, RedrawCard
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.ports import Introduced, Rated, Writing
from bridge.session import Session
from bridge.store import conversations, journal, outbox, timeline
from bridge.store.conversations import Contact
from bridge.store.moments import micros
from bridge.store.timeline import ASKED_RATING, INTRODUCED, RATED_BAD, RATED_GOOD, RATING_WORDS

WRITES_FOR = timedelta(seconds=8)  # after it was last heard


def told_when_asked(session: Session, channel: str, event: Introduced | Rated | Writing) -> None:
    """Take one of these. Only who introduces themselves need not be known yet."""
    if isinstance(event, Introduced):
        found = conversations.of_chat(session.tx, channel, event.chat, event.name, event.language, session.now)
        timeline.record(session.tx, found[0].id, None, INTRODUCED, "", event.name, session.now, event.address)
        return
    if (known := conversations.known(session.tx, channel, event.chat)) is None:
        return
    if isinstance(event, Rated):
        _rated(session, *known, event)
    elif known[0].state is State.CLAIMED:
        _writes(session, known[0].handoff or 0)


def _rated(session: Session, conversation: Conversation, contact: Contact, rated: Rated) -> None:
    """It belongs to the handoff that was asked about, whatever has happened since. The first counts, for ever."""
    tx, now = session.tx, session.now
    number = timeline.handoff_of(tx, conversation.id, ASKED_RATING, rated.id)
    if number is None or timeline.last_of(tx, number, *((RATING_WORDS,) if rated.text else (RATED_GOOD, RATED_BAD))):
        return
    if rated.text:
        what, told = RATING_WORDS, t("The customer says of the rating:")
    elif rated.good:
        what, told = RATED_GOOD, t("👍 The customer rated it good.")
    else:
        what, told = RATED_BAD, t("👎 The customer rated it not good.")
    timeline.record(tx, conversation.id, number, what, "", contact.name, now, rated.text)
    scene = session.scene(conversation, contact, handoff=number)
    carry_out(scene, (PostNotice(told, rated.text), RedrawCard()))
    if not rated.text and session.house.doorway(contact.channel).can.journal:
        journal.add(tx, contact.chat, f"rated:{rated.id}", _journalled(session, contact, rated))


def _journalled(session: Session, contact: Contact, rated: Rated) -> str:
    author = {"kind": "customer", "name": contact.name}
    event = {"kind": "rated", "author": author, "text": "", "of": rated.id, "good": rated.good}
    return orjson.dumps(event | {"id": f"rated:{rated.id}", "at": session.now.isoformat()}).decode()


def _writes(session: Session, number: int) -> None:
    """On the card for a while, in a lane of its own, so that nothing waits for it."""
    lane, until = f"writing:{number}", {"until": micros(session.now + WRITES_FOR)}
    if there := outbox.letters(session.tx, lane, 1):
        outbox.set_payload(session.tx, there[0].id, there[0].payload | until)
    else:
        outbox.put(session.tx, lane, "writing", until, session.house.new_key(), session.now)
