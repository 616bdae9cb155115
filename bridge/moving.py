"""A handoff whose thread is lost gets a new card under its old number, and goes on there.

Lost is a thread whose card somebody deleted, and every thread of a queue channel that was archived or deleted, or that
the app was taken out of. Runs inside a transaction: what has to be posted, and who has to be told, is in the outbox.
"""

from collections.abc import Iterable, Mapping

from bridge.alarms import tell, tell_admins
from bridge.conversation import Conversation
from bridge.effects import OpenThread, PostNotice
from bridge.errors import ChannelGone, Loss, Refused, ThreadGone
from bridge.i18n import again, t
from bridge.letters import carry_out
from bridge.ports import Place
from bridge.session import Session
from bridge.store import conversations, files, outbox, threads, timeline
from bridge.store.conversations import Contact

LOST = "queue_channel.lost"  # in the log
WHAT: Mapping[Loss, str] = {
    "archived": t("{channel} is archived"),
    "deleted": t("{channel} is gone, or the app is not in it any more"),
    "left": t("{channel} does not have the app in it any more"),
}


def begin(session: Session, wrong: Iterable[str]) -> list[str]:
    """What is `wrong` with channels at the start is told; gives the channels in which live threads are."""
    for sentence in wrong:
        told = t("{wrong} Its conversations go to {queue}.", wrong=sentence, queue=_fallback(session))
        tell_admins(session, f"wrong:{sentence}", told, LOST)
    return threads.channels_in_use(session.tx)


def queue_lost(session: Session, channel: str, loss: Loss) -> None:
    """A queue channel is lost: everybody who waits or is served there goes on in the fallback."""
    what = again(WHAT[loss], channel=session.house.queues.name_of(channel))
    if is_fallback(session, channel):
        told = t("{what}: no conversation can be shown there, and what waits is kept until one can.", what=what)
        tell_admins(session, f"lost:{channel}", told, LOST)
        return
    lost = threads.live_in(session.tx, channel)
    moved = sum([new_card(session, number, thread, t("{what}.", what=what)) for number, thread in lost])
    queue = _fallback(session)
    if moved == 1:
        told = t("{what}: 1 conversation went to {queue}, and so do new ones.", what=what, queue=queue)
    elif moved:
        told = t(
            "{what}: {count} conversations went to {queue}, and so do new ones.", what=what, count=moved, queue=queue
        )
    else:
        told = t("{what}: its conversations go to {queue}.", what=what, queue=queue)
    tell_admins(session, f"{'moved' if moved else 'lost'}:{channel}", told, LOST)


def card_deleted(session: Session, place: Place) -> bool:
    """Whether this was a card. Somebody deleted it: where the handoff is not over, it gets a new one."""
    found = conversations.of_thread(session.tx, place)
    if found is None:
        return False
    new_card(session, found[0], place)
    return True


def refused(session: Session, number: int, thread: Place | None, channel: str, why: ChannelGone | ThreadGone) -> bool:
    """A thread, or the channel for a card, took nothing. Whether it is worth trying again at once, elsewhere."""
    if isinstance(why, ThreadGone):
        return thread is not None and new_card(session, number, thread)
    queue_lost(session, channel, why.loss)
    if is_fallback(session, channel):
        return False
    if thread is None:
        threads.reroute(session.tx, number, channel)
        return True
    return conversations.thread_of(session.tx, number)[0] != thread


def new_card(session: Session, number: int, thread: Place, lost: str = "") -> bool:
    """Post card and conversation anew; where the channel was `lost`, in the fallback. False: there is no need to."""
    if not threads.leave(session.tx, number, thread, stays=not lost):
        return False
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    waiting = outbox.clear(session.tx, f"thread:{number}")
    files.take_back(session.tx, number)
    scene = session.scene(conversation, contact, handoff=number)
    carry_out(scene, (OpenThread(), PostNotice(lost or t("The card was deleted. This is a new one."))))
    for letter in waiting:
        if letter.kind in ("notice", "retold"):  # lines are in the conversation so far
            scene.to_thread("notice", letter.payload)
    timeline.record(session.tx, conversation.id, number, "moved", "", "", session.now, lost)
    _tell_owner(session, conversation, number, thread if not lost else None)
    return True


def not_in_former(session: Session, thread: Place) -> None:
    """Refuse what is written in a thread that its handoff has left: the customer does not hear it."""
    if (number := threads.formerly(session.tx, thread)) is not None:
        moved = t("This was not sent: #{number} has a new card, and goes on in the thread below that.", number=number)
        raise Refused(moved)


def of_former(session: Session, thread: Place) -> tuple[int, Conversation, Contact] | None:
    """The handoff that had this thread, and its conversation: what was sent from there can still be changed there."""
    if (number := threads.formerly(session.tx, thread)) is None:
        return None
    handoff = conversations.handoff(session.tx, number)
    return (number, *conversations.by_id(session.tx, handoff.conversation)) if handoff else None


def is_fallback(session: Session, channel: str) -> bool:
    """Whether everything goes there that goes nowhere else."""
    return channel == session.house.queues.id_of("")


def _fallback(session: Session) -> str:
    queues = session.house.queues
    return queues.name_of(queues.id_of(""))


def _tell_owner(session: Session, conversation: Conversation, number: int, thread: Place | None) -> None:
    if conversation.owner:
        where = session.house.queues.name_of(thread.channel) if thread else _fallback(session)
        told = t("Your conversation #{number} goes on under a new card in {channel}.", number=number, channel=where)
        tell(session, conversation.owner.id, told)
