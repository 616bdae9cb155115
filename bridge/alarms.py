"""What is wrong with the desk and only a person can mend: said to admins, not too often.

Runs inside a transaction: what is said is in the outbox. Mends nothing itself.
"""

from datetime import timedelta

import structlog

from bridge.i18n import packed
from bridge.ports import is_group
from bridge.session import Session
from bridge.store import inbox, outbox

log = structlog.get_logger()
TOLD_AGAIN = timedelta(hours=1)  # after which admins hear again of what is still wrong


def tell_admins(session: Session, key: str, text: str, event: str) -> None:
    """In a direct message each, if they have not just been told; as this event in the log in any case."""
    admins = session.house.listed.admins
    log.error(event, what=text, admins=len(admins))
    if admins and inbox.once_in(session.tx, f"told:{key}", session.now, TOLD_AGAIN):
        persons = [admin for admin in admins if not is_group(admin)]
        for whom in persons or [session.house.queues.id_of("")]:  # nobody can write to a group
            tell(session, whom, text)


def tell(session: Session, whom: str, text: str) -> None:
    """A person or a whole channel."""
    outbox.put(session.tx, f"direct:{whom}", "direct", {"text": packed(text)}, session.house.new_key(), session.now)
