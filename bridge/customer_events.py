"""What customers did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction."""

from datetime import timedelta
from typing import assert_never

import orjson

from bridge.address import address_in
from bridge.content import Author, Line
from bridge.conversation import Conversation, State, Why, customer_goes_back, customer_says
from bridge.customer_answers import told_when_asked
from bridge.customer_asides import aside, readable, seen_to_be
from bridge.effects import Mirror, PostNotice, RedrawCard, ShowFiles, TellCustomer
from bridge.files import File, with_files
from bridge.held import can_be_sent
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.ports import (
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
from bridge.receipts import let_go, receipt
from bridge.reply_window import moves_on, reply_window
from bridge.scene import Scene
from bridge.session import Session
from bridge.store import (
    afterwards,
    conversations,
    files,
    journal,
    messages,
    quotes,
    reply_windows,
    timeline,
    uploads,
    waits,
)
from bridge.store.conversations import Contact
from bridge.store.timeline import CAME_BY, LEFT_ADDRESS, TOLD_ABSENT, WENT_BACK
from bridge.triggers import why_a_human
from bridge.wording import wants_bot

MOST_BACK = 5  # times within an hour that a customer goes back to the bot


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
            receipt(session, channel, event)
        case Reacted() | Noticed() | Echoed() | Reachable() | Troubled():
            aside(session, channel, event)
        case Introduced() | Rated() | Writing():
            told_when_asked(session, channel, event)
        case (
            Ignored()
            | Typed()
            | Retyped()
            | Erased()
            | Emoted()
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
    before, contact = conversations.of_chat(
        tx, channel, said.chat, said.name, said.language, now, said.verified, said.also
    )
    text = readable(tx, before.id, said)
    author = Author("customer", contact.name)
    can = session.house.doorways[channel].can
    last = reply_windows.wrote(tx, before.id) if can.reply_window and before.live else None
    moves = can.reply_window and before.live and moves_on(last, said.at)
    opens = can.reply_window and before.owner and reply_window(can.reply_window, last, now).stage == "shut"
    message = messages.add(tx, before.id, before.handoff, author, text, "received", said.at, platform_id=said.id)
    came = files.add(tx, message, said.files)
    if said.link:
        timeline.record(tx, before.id, before.handoff, CAME_BY, "", contact.name, now, said.link)
    if before.state is State.CLAIMED:  # in the queue they wait already
        waits.wrote(tx, before.handoff, min(said.at, now))
    line = Line(author, text if before.live else _asked(said) or text or with_files("", said.files), said.at)
    back = not came and _wants_bot(session, before, contact, said.text)
    found = None if before.live or back else why_a_human(said.text, unsure=0, rules=session.house.triggers)
    why = Why(found.reason, found.quote) if found else None
    number = conversations.next_number(tx) if why else 0
    decision = customer_goes_back(before, line, now) if back else customer_says(before, line, why, number, now)
    scene = session.decided(before, contact, decision, heard=message)
    if decision.event == WENT_BACK:
        let_go(session, before.id)
    if before.state is State.QUEUED and not back:
        _address(session, scene, said.text)
    if came and before.live:
        carry_out(scene, (ShowFiles(tuple(came)),))
    if moves or (contact.news and before.live):
        carry_out(scene, (RedrawCard(),))
    if opens:
        _can_be_answered(session, before, contact)
    if not can.journal:
        seen_to_be(session, scene.conversation, contact, reachable=True)
        return None
    for file in said.files:
        uploads.use(tx, file.ref)
    return journal.add(tx, said.chat, said.id, _journalled(said, contact.name))


def _asked(said: Said) -> str:
    """What a bot is asked: it may wait for one certain word. Where there are no words, it is told what came."""
    return said.text if said.text.strip() and not said.unsupported else ""


def _wants_bot(session: Session, conversation: Conversation, contact: Contact, text: str) -> bool:
    """Whether who waits, or did, asks for the bot. With an agent it is a word like any other."""
    if conversation.handoff is None or conversation.state is State.CLAIMED:
        return False
    if not wants_bot(text, session.house.wording.of("back", contact.channel, contact.language)):
        return False
    since = session.now - timedelta(hours=1)  # who goes to and fro does not fill the queue channel
    return timeline.times(session.tx, conversation.id, WENT_BACK, since) < MOST_BACK


def _address(session: Session, scene: Scene, text: str) -> None:
    """Who was told that nobody is there may leave an address. The first one counts."""
    if not session.house.ask_address or not (found := address_in(text)):
        return
    tx, number = session.tx, scene.handoff or 0
    happened = timeline.last_of(tx, number, TOLD_ABSENT, LEFT_ADDRESS)
    if happened.keys() == {TOLD_ABSENT}:
        timeline.record(tx, scene.conversation.id, number, LEFT_ADDRESS, "", "", session.now, found)
        carry_out(scene, (TellCustomer("noted"), RedrawCard()))


def _can_be_answered(session: Session, conversation: Conversation, contact: Contact) -> None:
    """What the owner wrote while replies were not taken is asked about once more."""
    handoff = conversations.handoff(session.tx, conversation.handoff or 0)
    if handoff and handoff.thread and conversation.owner:
        scene = session.scene(conversation, contact, thread=handoff.thread)
        owner = conversation.owner.id
        held = messages.held_by(session.tx, conversation.id, handoff.number, owner)
        carry_out(scene, can_be_sent(conversation, held, owner) if not scene.shut() else ())


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
    text, scene = readable(session.tx, conversation.id, event), session.scene(conversation, contact)
    if afterwards.customer_changed(session.tx, conversation.id, event.id, text) and conversation.live:
        shown = text or with_files("", event.files)
        scene.heard = quotes.received(session.tx, conversation.id, event.id) or 0
        carry_out(scene, (Mirror(Line(Author("customer", contact.name), shown, session.now, since=t("edited"))),))
    if (came := _exchanged(session, conversation, event)) and conversation.live:
        carry_out(scene, (ShowFiles(tuple(came)),))


def _exchanged(session: Session, conversation: Conversation, event: Corrected) -> list[int]:
    """The files that an edited message has in place of those that it had. Their ids tell nothing: they may differ."""
    message = quotes.received(session.tx, conversation.id, event.id) if event.files else None
    if message is None:
        return []
    had = {_shape(it.file) for it in files.of_message(session.tx, message)}
    return files.add(session.tx, message, [file for file in event.files if _shape(file) not in had])


def _shape(file: File) -> tuple[str, str, str, int]:
    return file.kind, file.name, file.mime, file.size


def _withdrawn(session: Session, channel: str, event: Withdrawn) -> None:
    """Agents have read it, so it is not taken from them; they are told."""
    known = conversations.known(session.tx, channel, event.chat)
    if known is None:
        return
    conversation, contact = known
    gone = afterwards.customer_deleted(session.tx, conversation.id, event.id)
    if gone is None:
        return
    message, text = gone
    came = [it.file for it in files.of_message(session.tx, message)]
    if session.house.doorways[channel].can.journal:
        for file in came:
            uploads.withdraw(session.tx, file.ref, session.now)
    if conversation.live:
        said = with_files(text, came)
        carry_out(session.scene(conversation, contact), (PostNotice(t("The customer deleted this message:"), said),))
