"""Since when customers wait for a person: kept at their handoff, so that nobody has to read what was said to know it.

From when a person is wanted, and afterwards from the first thing they write until an agent answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.store.moments import micros, moment
from bridge.store.tx import Tx

MOST = 1_000  # that are counted, and handoffs among which some are looked for

_ANSWERED = """COALESCE((SELECT MAX(a.id) FROM message a WHERE a.conversation_id = handoff.conversation_id
 AND a.handoff = handoff.number AND a.author = 'agent' AND a.state IN ('pending', 'uncertain', 'sent')), 0)"""


@dataclass(frozen=True, slots=True)
class Late:
    """How many wait too long, at most MOST, and who last began to."""

    count: int = 0
    newest: int = 0


def wrote(tx: Tx, number: int | None, at: datetime) -> None:
    """The customer said something; if it is the first that nobody has answered, they wait from then on."""
    if number is not None:
        tx.tell("UPDATE handoff SET waits = ? WHERE number = ? AND waits IS NULL", micros(at), number)


def answered(tx: Tx, number: int | None) -> None:
    """An agent's words are on their way to the customer."""
    if number is not None:
        tx.tell("UPDATE handoff SET waits = NULL WHERE number = ? AND state = 'claimed' AND waits IS NOT NULL", number)


def was_answered(tx: Tx, conversation: int, number: int) -> bool:
    """Whether an agent has said something in this handoff that the customer has, or is to have."""
    return bool(
        tx.one(
            """SELECT 1 FROM message WHERE conversation_id = ? AND handoff = ? AND author = 'agent'
               AND state IN ('pending', 'uncertain', 'sent', 'delivered', 'read') LIMIT 1""",
            conversation, number,
        )
    )  # fmt: skip


def not_answered(tx: Tx, message: int) -> None:
    """An agent's words do not reach the customer: they wait as if they had not been said."""
    tx.run(
        f"""UPDATE handoff SET waits = (
              SELECT CASE WHEN m.at < opened THEN opened ELSE m.at END FROM message m
              WHERE m.conversation_id = handoff.conversation_id AND m.author = 'customer' AND m.id > {_ANSWERED}
              ORDER BY m.id LIMIT 1)
            WHERE state = 'claimed' AND number = (SELECT handoff FROM message WHERE id = ? AND author = 'agent')""",
        message,
    )  # fmt: skip


def late(tx: Tx, since: datetime | None) -> Late:
    """Who waits since then or before."""
    if since is None:
        return Late()
    row = tx.one(
        """SELECT COUNT(*), COALESCE(MAX(waits), 0) FROM (
             SELECT * FROM (SELECT waits FROM handoff WHERE state = 'queued' AND waits <= ?
                            ORDER BY waits DESC LIMIT ?) AS queued
             UNION ALL
             SELECT * FROM (SELECT waits FROM handoff WHERE state = 'claimed' AND waits <= ?
                            ORDER BY waits DESC LIMIT ?) AS claimed) AS every""",
        micros(since), MOST, micros(since), MOST,
    )  # fmt: skip
    return Late(*row) if row else Late()


def opened_lately(tx: Tx, route: str, since: datetime) -> list[tuple[int, datetime]]:
    """The newest handoffs of a queue channel that were opened since, and when."""
    rows = tx.all(
        """SELECT number, opened FROM (SELECT number, opened, route FROM handoff ORDER BY number DESC LIMIT ?) AS newest
           WHERE route = ? AND opened >= ? ORDER BY number DESC""",
        MOST, route, micros(since),
    )  # fmt: skip
    return [(row[0], moment(row[1])) for row in rows]


def waited(tx: Tx, numbers: Sequence[int]) -> list[timedelta]:
    """How long the customers of these waited until somebody first claimed. Nobody waited for what agents opened."""
    rows = tx.all(
        f"""SELECT MIN(CASE WHEN event = 'escalated' THEN at END) AS wanted,
                   MIN(CASE WHEN event IN ('claimed', 'assigned', 'taken_over') THEN at END) AS claimed
            FROM timeline WHERE handoff IN ({", ".join("?" * len(numbers)) or "NULL"}) GROUP BY handoff""",
        *numbers,
    )  # fmt: skip
    return [moment(row[1]) - moment(row[0]) for row in rows if row[0] is not None and row[1] is not None]
