"""What customers did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction."""

from typing import assert_never

import orjson

from bridge.audience import can_be_sent
from bridge.content import Author, Line
from bridge.conversation import Conversation, State, Why, customer_says
from bridge.effects import Mirror, PostNotice, RedrawCard, ShowFiles
from bridge.files import with_files
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.ports import (
    Closed,
    Commanded,
    Corrected,
    CustomerEvent,
    Erased,
    Exposed,
    Ignored,
    Pressed,
    Reachable,
    Receipt,
    Retyped,
    Said,
    Stored,
    Submitted,
    Typed,
    Visited,
    Withdrawn,
    WorkspaceEvent,
)
from bridge.receipts import receipt
from bridge.reply_window import moves_on, reply_window
from bridge.session import Session
from bridge.store import afterwards, conversations, files, journal, messages, reply_windows, uploads, waits
from bridge.store.conversations import Contact
from bridge.triggers import why_a_human


def handle(session: Session, channel: str, event: CustomerEvent | WorkspaceEvent) -> Stored:
    """Let the rules decide about one event. Tells the message's seq where the channel keeps a journal."""
    match event:
        case Said():
            return Stored(True, _said(session, channel, event))
        case Corrected():
            _corrected(session, channel, event)
        case Withdrawn():
            _withdrawn(session, channel, event)
        case Receipt():
            receipt(session, event)
        case Reachable():
            _reachable(session, channel, event)
        case (
            Ignored()
            | Typed()
            | Retyped()
            | Erased()
            | Pressed()
            | Commanded()
            | Closed()
            | Exposed()
            | Submitted()
            | Visited()
        ):
            pass
        case _:
            assert_never(event)
    return Stored(True)


def earlier_seq(session: Session, event: CustomerEvent | WorkspaceEvent) -> int | None:
    """The seq that a repeated message got the first time."""
    return journal.seq_of(session.tx, event.chat, event.id) if isinstance(event, Said) else None


def _said(session: Session, channel: str, said: Said) -> int | None:
    tx, now = session.tx, session.now
    before, contact = conversations.of_chat(tx, channel, said.chat, said.name, said.language, now)
    text = _readable(said)
    author = Author("customer", contact.name)
    can = session.house.doorways[channel].can
    last = reply_windows.wrote(tx, before.id) if can.reply_window and before.live else None
    moves = can.reply_window and before.live and moves_on(last, said.at)
    opens = can.reply_window and before.owner and reply_window(can.reply_window, last, now).stage == "shut"
    message = messages.add(tx, before.id, before.handoff, author, text, "received", said.at, platform_id=said.id)
    came = files.add(tx, message, said.files)
    if before.state is State.CLAIMED:  # in the queue they wait already
        waits.wrote(tx, before.handoff, min(said.at, now))
    line = Line(author, text if before.live else text or with_files("", said.files), said.at)  # a bot needs words
    found = None if before.live else why_a_human(said.text, unsure=0, rules=session.house.triggers)
    why = Why(found.reason, found.quote) if found else None
    number = conversations.next_number(tx) if why else 0
    scene = session.decided(before, contact, customer_says(before, line, why, number, now))
    if came and before.live:
        carry_out(scene, (ShowFiles(tuple(came)),))
    if moves:
        carry_out(scene, (RedrawCard(),))
    if opens:
        _can_be_answered(session, before, contact)
    if can.journal:
        for file in said.files:
            uploads.use(tx, file.ref)
        return journal.add(tx, said.chat, said.id, _journalled(said, contact.name))
    return None


def _can_be_answered(session: Session, conversation: Conversation, contact: Contact) -> None:
    """What the owner wrote while replies were not taken is asked about once more."""
    handoff = conversations.handoff(session.tx, conversation.handoff or 0)
    if handoff and handoff.thread and conversation.owner:
        scene = session.scene(conversation, contact, thread=handoff.thread)
        owner = conversation.owner.id
        held = messages.held_by(session.tx, conversation.id, handoff.number, owner)
        carry_out(scene, can_be_sent(conversation, held, owner) if not scene.shut() else ())


def _readable(said: Said) -> str:
    """The text, with a word about what came along and is not carried yet."""
    if not said.unsupported:
        return said.text
    if text := said.text.lstrip():
        return t("{text}\n[{what}: not carried]", text=text, what=said.unsupported)
    return t("[{what}: not carried]", what=said.unsupported)


def _journalled(said: Said, name: str) -> str:
    author = {"kind": "customer", "name": name}
    event: dict[str, object] = {"kind": "message", "author": author, "text": said.text}
    event |= {"id": said.id, "at": said.at.isoformat()}
    if said.files:
        event["files"] = [{"id": it.ref, "name": it.name, "mime": it.mime, "size": it.size} for it in said.files]
    return orjson.dumps(event).decode()


def _corrected(session: Session, channel: str, event: Corrected) -> None:
    known = conversations.known(session.tx, channel, event.chat)
    if known is None:
        return
    conversation, contact = known
    author = Author("customer", contact.name)
    if afterwards.customer_changed(session.tx, conversation.id, event.id, event.text) and conversation.live:
        line = Line(author, t("{text} (edited)", text=event.text), session.now)
        carry_out(session.scene(conversation, contact), (Mirror(line),))


def _withdrawn(session: Session, channel: str, event: Withdrawn) -> None:
    """Agents have read it, so it is not taken from them; they are told."""
    known = conversations.known(session.tx, channel, event.chat)
    if known is None:
        return
    conversation, contact = known
    gone = afterwards.customer_deleted(session.tx, conversation.id, event.id)
    if gone and conversation.live:
        message, text = gone
        said = with_files(text, [it.file for it in files.of_message(session.tx, message)])
        carry_out(session.scene(conversation, contact), (PostNotice(t("The customer deleted this message:"), said),))


def _reachable(session: Session, channel: str, event: Reachable) -> None:
    known = conversations.known(session.tx, channel, event.chat)
    if known is None:
        return
    conversation, contact = known
    conversations.set_reachable(session.tx, conversation.id, event.yes)
    if conversation.live:
        blocked = t("The customer has blocked the bot and cannot be reached.")
        told = t("The customer is back and can be reached again.") if event.yes else blocked
        carry_out(session.scene(conversation, contact), (PostNotice(told),))
