"""When customers last wrote, and what people were shown of it: for channels that take replies only for a while."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bridge.store.moments import moment
from bridge.store.tx import Tx

NEWEST = 20  # messages of a customer among which the last is: a platform may bring them in another order

_WROTE = f"""(SELECT MAX(at) FROM (SELECT m.at FROM message m
 WHERE m.conversation_id = c.id AND m.author = 'customer' ORDER BY m.id DESC LIMIT {NEWEST}) AS newest)"""


@dataclass(frozen=True, slots=True)
class Live:
    """A conversation in which a human is wanted or answering."""

    id: int
    channel: str
    wrote: datetime | None
    shown: str


def wrote(tx: Tx, conversation: int) -> datetime | None:
    """When the customer wrote last; None: never."""
    row = tx.one(f"SELECT {_WROTE} FROM conversation c WHERE c.id = ?", conversation)
    return moment(row[0]) if row and row[0] is not None else None


def unanswered(tx: Tx, conversation: int) -> bool:
    """Whether no agent has answered what the customer wrote last."""
    row = tx.one(
        """SELECT author FROM message WHERE conversation_id = ? AND (author = 'customer'
           OR (author = 'agent' AND state IN ('pending', 'uncertain', 'sent'))) ORDER BY id DESC LIMIT 1""",
        conversation,
    )
    return row is not None and row[0] == "customer"


def live(tx: Tx, channels: Collection[str]) -> list[Live]:
    """All on these channels."""
    rows = tx.all(
        f"""SELECT c.id, c.channel, {_WROTE}, c.window_shown FROM handoff h
            JOIN conversation c ON c.id = h.conversation_id
            WHERE h.state IN ('queued', 'claimed') AND {tx.among("c.channel")} ORDER BY c.id""",
        tx.several(channels),
    )
    return [Live(row[0], row[1], moment(row[2]) if row[2] is not None else None, row[3]) for row in rows]


def show(tx: Tx, conversation: int, turned: str) -> bool:
    """Remember what is shown from now on. False: it is shown already."""
    told = "UPDATE conversation SET window_shown = ? WHERE id = ? AND window_shown <> ?"
    return tx.run(told, turned, conversation, turned) > 0
