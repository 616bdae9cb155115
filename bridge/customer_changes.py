"""What customers change of what they wrote, or take back: agents have read it, so they are told."""

from bridge.content import Author, Line
from bridge.conversation import Conversation
from bridge.customer_asides import readable
from bridge.effects import Mirror, PostNotice, ShowFiles
from bridge.files import File, with_files
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.ports import Corrected, Withdrawn
from bridge.session import Session
from bridge.store import afterwards, conversations, files, messages, quotes, uploads


def corrected(session: Session, channel: str, event: Corrected) -> None:
    known = conversations.known(session.tx, channel, event.chat)
    if known is None:
        return
    conversation, contact = known
    text, scene = readable(session.tx, conversation.id, event), session.scene(conversation, contact)
    scene.heard = quotes.received(session.tx, conversation.id, event.id) or 0
    author, came = Author("customer", contact.name), _exchanged(session, conversation, event)
    changed = afterwards.customer_changed(session.tx, conversation.id, event.id, text)
    if not changed and _is_new_caption(session, conversation, event):
        changed = bool(messages.add(
            session.tx, conversation.id, conversation.handoff, author, text, "received", session.now,
            platform_id=event.id,
        ))  # fmt: skip
    if changed and conversation.live:
        shown = text or with_files("", event.files)
        carry_out(scene, (Mirror(Line(author, shown, session.now, since=t("edited"))),))
    if came and conversation.live:
        carry_out(scene, (ShowFiles(tuple(came)),))


def _is_new_caption(session: Session, conversation: Conversation, event: Corrected) -> bool:
    """Whether it is about a part of an album that had no words, and is kept under another part's id."""
    part = files.brought_by(session.tx, conversation.id, event.id) if event.text else None
    return part is not None and not messages.is_known(session.tx, conversation.id, event.id)


def _exchanged(session: Session, conversation: Conversation, event: Corrected) -> list[int]:
    """The files that an edited message has in place of those that it had. Their ids tell nothing: they may differ."""
    message = quotes.received(session.tx, conversation.id, event.id) if event.files else None
    if message is None:
        return []
    had = {_shape(it.file) for it in files.of_message(session.tx, message)}
    new = [file for file in event.files if _shape(file) not in had]
    part = files.brought_by(session.tx, conversation.id, event.id)
    return files.add(session.tx, message, new, [event.id] * len(new) if part else ())


def _shape(file: File) -> tuple[str, str, str, int]:
    return file.kind, file.name, file.mime, file.size


def withdrawn(session: Session, channel: str, event: Withdrawn) -> None:
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
