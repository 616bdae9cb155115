"""What customers did, brought before the rules: loads, decides, saves. Runs inside the desk's transaction."""

from datetime import timedelta
from typing import assert_never

import orjson

from bridge import albums
from bridge.address import address_in
from bridge.content import Author, Line
from bridge.conversation import Conversation, State, Why, customer_goes_back, customer_says
from bridge.customer_answers import told_when_asked
from bridge.customer_asides import aside, readable, seen_to_be
from bridge.customer_changes import corrected, withdrawn
from bridge.effects import RedrawCard, ShowFiles, TellCustomer
from bridge.files import with_files
from bridge.held import can_be_sent
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
    conversations,
    files,
    journal,
    messages,
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
        case Said() if event.album and event.files:
            _part_of_album(session, channel, event)
        case Said():
            return Stored(True, said(session, channel, event))
        case Corrected() | Withdrawn() | Reacted() | Noticed() | Echoed() | Reachable():
            _done(session, channel, event)
        case Receipt():
            receipt(session, channel, event)
        case Troubled():
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


def _part_of_album(session: Session, channel: str, part: Said) -> None:
    """It waits for the others. Whatever does not go with it is a message of its own, and was said before."""
    before, _ = _known(session, channel, part)
    if not albums.goes_with(session.tx, before.id, part):
        _album_ends(session, channel, before)
    albums.gather(session, before.id, part)


def _album_ends(session: Session, channel: str, conversation: Conversation) -> bool:
    """What was gathered is said now. False: nothing was."""
    if not session.house.doorways[channel].can.albums:
        return False
    album = albums.ended(session.tx, conversation.id)
    if album:
        said(session, channel, album)
    return album is not None


def _done(
    session: Session, channel: str, event: Corrected | Withdrawn | Reacted | Noticed | Echoed | Reachable
) -> None:
    """Something that the customer did besides writing, or that was done to them."""
    if session.house.doorways[channel].can.albums and (known := conversations.known(session.tx, channel, event.chat)):
        _album_ends(session, channel, known[0])
    match event:
        case Corrected():
            corrected(session, channel, event)
        case Withdrawn():
            withdrawn(session, channel, event)
        case _:
            aside(session, channel, event)


def _conversation(session: Session, channel: str, said: Said) -> tuple[Conversation, Contact]:
    """With this customer, as it is after what they sent before."""
    found = _known(session, channel, said)
    return _known(session, channel, said) if _album_ends(session, channel, found[0]) else found


def _known(session: Session, channel: str, said: Said) -> tuple[Conversation, Contact]:
    return conversations.of_chat(
        session.tx, channel, said.chat, said.name, said.language, session.now, said.verified, said.also, said.topic
    )  # fmt: skip


def said(session: Session, channel: str, said: Said) -> int | None:
    """A customer's whole message. Tells its seq where the channel keeps a journal."""
    tx, now = session.tx, session.now
    before, contact = _conversation(session, channel, said)
    text = readable(tx, before.id, said)
    author = Author("customer", contact.name)
    can = session.house.doorways[channel].can
    last = reply_windows.wrote(tx, before.id) if can.reply_window and before.live else None
    moves = can.reply_window and before.live and moves_on(last, said.at)
    opens = can.reply_window and before.owner and reply_window(can.reply_window, last, now).stage == "shut"
    message = messages.add(tx, before.id, before.handoff, author, text, "received", said.at, platform_id=said.id)
    came = files.add(tx, message, said.files, said.brought)
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
