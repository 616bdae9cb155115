"""What is wrong with the desk and only a person can mend: said to admins or in the queue channel, not too often.

Runs inside a transaction: what is said is in the outbox. Mends nothing itself.
"""

from datetime import timedelta

import structlog

from bridge.i18n import packed, t
from bridge.ports import is_group
from bridge.session import Session
from bridge.store import inbox, outbox

log = structlog.get_logger()
DAY = timedelta(days=1)
TOLD_AGAIN = timedelta(hours=1)  # after which admins hear again of what is still wrong


def nobody_can_claim(session: Session, mend: str) -> None:
    """Said in the queue channel itself, for there is nobody else whom it could be said to; once a day."""
    if inbox.once_in(session.tx, "told:nobody can claim", session.now, DAY):
        told = t("Nobody here can claim a conversation. {mend}", mend=mend)
        tell(session, session.house.queues.id_of(""), told)


def nothing_calls_anybody(session: Session) -> None:
    """Said in the queue channel, where a human is waited for in vain; once a day."""
    if inbox.once_in(session.tx, "told:nothing calls", session.now, DAY):
        told = t("Nothing that a customer writes can call a person: all triggers are off. Change that with /desk.")
        tell(session, session.house.queues.id_of(""), told)


def queue_exposed(session: Session, channel: str) -> None:
    """Another company reads along: said to somebody in any case, but nothing moves.

    What is there has been read, and people work there.
    """
    told = t(
        "{channel} is shared with another company now, which reads your customers' words there. "
        "Stop sharing it, or name another channel.",
        channel=session.house.queues.name_of(channel),
    )
    tell_admins(session, f"shared:{channel}", told, "queue_channel.exposed", or_all=True)


def tell_admins(session: Session, key: str, text: str, event: str, *, or_all: bool = False) -> None:
    """In a direct message each, if they have not just been told; as this event in the log in any case.

    Where none is listed, nobody is told; `or_all`: everybody, in the queue channel.
    """
    admins = session.house.listed.admins
    log.error(event, what=text, admins=len(admins))
    if (admins or or_all) and inbox.once_in(session.tx, f"told:{key}", session.now, TOLD_AGAIN):
        persons = [admin for admin in admins if not is_group(admin)]
        for whom in persons or [session.house.queues.id_of("")]:  # nobody can write to a group
            tell(session, whom, text)


def tell(session: Session, whom: str, text: str) -> None:
    """A person or a whole channel."""
    outbox.put(session.tx, f"direct:{whom}", "direct", {"text": packed(text)}, session.house.new_key(), session.now)
