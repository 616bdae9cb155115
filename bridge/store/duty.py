"""Who said that they are away, and the board's place in each queue channel."""

from datetime import datetime

from bridge.ports import Agent, Place
from bridge.store.moments import micros, moment
from bridge.store.tx import Tx


def set_away(tx: Tx, agent: Agent, away: bool, now: datetime) -> bool:
    """Whether that is news."""
    return tx.run(
        """INSERT INTO duty (agent_id, name, away, since) VALUES (?, ?, ?, ?) ON CONFLICT (agent_id) DO UPDATE
           SET name = excluded.name, away = excluded.away, since = excluded.since WHERE duty.away <> excluded.away""",
        agent.id, agent.name, away, micros(now),
    ) > 0  # fmt: skip


def away_since(tx: Tx, agent_id: str) -> datetime | None:
    """Since when this person is away; None: they are there, or never said."""
    row = tx.one("SELECT since FROM duty WHERE agent_id = ? AND away = ?", agent_id, True)
    return moment(row[0]) if row else None


def there_and_away(tx: Tx) -> tuple[list[str], list[str]]:
    """The names of those who said that they are there, and of those who said that they are away."""
    rows = tx.all("SELECT name, away FROM duty ORDER BY name")
    return [row[0] for row in rows if not row[1]], [row[0] for row in rows if row[1]]


def board(tx: Tx) -> Place | None:
    """Where the board stands."""
    row = tx.one("SELECT channel, ts FROM board")
    return Place(row[0], row[1]) if row else None


def set_board(tx: Tx, place: Place) -> None:
    """It stands here now, and nowhere else."""
    tx.run("DELETE FROM board WHERE channel <> ?", place.channel)
    tx.run(
        "INSERT INTO board (channel, ts) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET ts = excluded.ts",
        place.channel, place.ts,
    )  # fmt: skip
