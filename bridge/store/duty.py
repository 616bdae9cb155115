"""Who said that they are away, and where the board stands."""

from collections.abc import Collection
from datetime import datetime

from bridge.ports import Agent, Place
from bridge.store.moments import micros, moment
from bridge.store.tx import Tx


def set_away(tx: Tx, agent: Agent, away: bool, now: datetime) -> None:
    """They say that they are away, or back. Saying it again changes nothing, not even since when."""
    tx.run(
        """INSERT INTO duty (agent_id, name, away, since) VALUES (?, ?, ?, ?) ON CONFLICT (agent_id) DO UPDATE
           SET name = excluded.name, away = excluded.away, since = excluded.since WHERE duty.away <> excluded.away""",
        agent.id, agent.name, away, micros(now),
    )  # fmt: skip


def away_since(tx: Tx, agent_id: str) -> datetime | None:
    """Since when this person is away; None: they are there, or never said."""
    row = tx.one("SELECT since FROM duty WHERE agent_id = ? AND away = ?", agent_id, True)
    return moment(row[0]) if row else None


def who_is_away(tx: Tx) -> list[str]:
    """The names of those who said that they are away."""
    return [row[0] for row in tx.all("SELECT name FROM duty WHERE away = ? ORDER BY name", True)]


def all_away(tx: Tx, people: Collection[str]) -> bool:
    """Whether every one of these said that they are away; of nobody it is not so."""
    return bool(people) and {*people} <= {row[0] for row in tx.all("SELECT agent_id FROM duty WHERE away = ?", True)}


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
