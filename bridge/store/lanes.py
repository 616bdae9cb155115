"""Lanes: what is sent in order, to one customer or one thread. One worker has a lane, and gives it back when done.

A lane is a row of its own: how many letters wait, when it is due, who has it. Taking it is a lease: a worker that dies
is found dead, and its lanes are free again. What it reports late changes nothing, because the lane is not its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.store.moments import micros, moment
from bridge.store.tx import Tx

AHEAD = timedelta(seconds=60)  # by which a conversation that an agent has goes before one that waits


class Fenced(Exception):
    """The lane is somebody else's by now: what this worker did is not recorded."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with something due; once it is taken, with the proof of who took it."""

    name: str
    way: str  # how it is sent: `thread`, `card` ..., or a customer channel's name
    waiting_since: datetime
    claimed: bool  # an agent and a customer are talking
    worker: str = ""
    claim: int = 0

    @property
    def of(self) -> str:
        """Which conversation, handoff or person it belongs to."""
        return self.name.partition(":")[2]

    def taken_by(self, worker: str, claim: int) -> "Lane":
        """The same, with the proof of who took it."""
        return Lane(self.name, self.way, self.waiting_since, self.claimed, worker, claim)


def add(tx: Tx, name: str, way: str, due: datetime | None, now: datetime, priority: int) -> None:
    """One more letter waits in the lane. A new lane is due then; None: at once, whatever the clock will say."""
    tx.tell(
        """INSERT INTO lane (name, way, pending, due, waiting_since, priority, claim) VALUES (?, ?, 1, ?, ?, ?, 0)
           ON CONFLICT (name) DO UPDATE SET pending = lane.pending + 1, priority = excluded.priority""",
        name, way, _due(due), micros(now), priority,
    )  # fmt: skip


def arm(tx: Tx, name: str, way: str, due: datetime) -> None:
    """A lane without letters, to be looked at then; one that is there already stays as it is."""
    tx.tell(
        """INSERT INTO lane (name, way, pending, due, waiting_since, priority, claim) VALUES (?, ?, 0, ?, ?, 0, 0)
           ON CONFLICT (name) DO NOTHING""",
        name, way, micros(due), micros(due),
    )  # fmt: skip


def due(tx: Tx, ways: Sequence[str], now: datetime, most: int) -> list[Lane]:
    """Lanes that may be taken, those first where an agent and a customer are talking; the others age."""
    marks = ", ".join("?" * len(ways))
    rows = tx.all(
        f"""SELECT name, way, waiting_since, priority FROM lane
            WHERE way IN ({marks}) AND due <= ? AND worker IS NULL
            ORDER BY waiting_since - priority * {micros_of(AHEAD)} LIMIT ?{tx.skip_locked}""",
        *ways, micros(now), most,
    )  # fmt: skip
    return [Lane(row[0], row[1], moment(row[2]), row[3] > 0) for row in rows]


def next_due(tx: Tx, now: datetime) -> datetime | None:
    """When the next free lane falls due."""
    row = tx.one("SELECT MIN(due) FROM lane WHERE due > 0 AND due > ? AND worker IS NULL", micros(now))
    return moment(row[0]) if row and row[0] is not None else None


def take(tx: Tx, names: Sequence[str], worker: str, claim: int) -> None:
    """These are ours now."""
    if names:
        tx.tell(
            f"UPDATE lane SET worker = ?, claim = ? WHERE {tx.among('name')}", worker, claim, tx.several(names)
        )  # fmt: skip


def finish(tx: Tx, lane: Lane, gone: int) -> None:
    """Give the lane back with so many letters less. Raises Fenced, which must undo everything, when it is not ours."""
    mine = "name = ? AND worker = ? AND claim = ?"
    if tx.run(f"DELETE FROM lane WHERE {mine} AND pending <= ?", lane.name, lane.worker, lane.claim, gone):
        return
    first = "SELECT at FROM outbox WHERE outbox.lane = lane.name ORDER BY outbox.id LIMIT 1"
    if not tx.run(
        f"""UPDATE lane SET pending = pending - ?, due = 0, worker = NULL,
            waiting_since = COALESCE(({first}), waiting_since) WHERE {mine}""",
        gone, lane.name, lane.worker, lane.claim,
    ):  # fmt: skip
        raise Fenced(lane.name)


def put_off(tx: Tx, lane: Lane, until: datetime | None) -> None:
    """Give the lane back as it is, to be taken again then; None: when a person has decided. Raises Fenced."""
    if not tx.run(
        "UPDATE lane SET due = ?, worker = NULL WHERE name = ? AND worker = ? AND claim = ?",
        None if until is None else micros(until), lane.name, lane.worker, lane.claim,
    ):  # fmt: skip
        raise Fenced(lane.name)


def send_by(tx: Tx, lane: Lane, way: str) -> None:
    """What waits in it goes another way from now on."""
    tx.tell("UPDATE lane SET way = ? WHERE name = ?", way, lane.name)


def keep(tx: Tx, lane: Lane) -> None:
    """Go on with a lane that is ours. Raises Fenced when it is not."""
    mine = "SELECT 1 FROM lane WHERE name = ? AND worker = ? AND claim = ?"
    if tx.one(mine + tx.for_update, lane.name, lane.worker, lane.claim) is None:
        raise Fenced(lane.name)


def shrink(tx: Tx, name: str, gone: int, *, wake: bool = True) -> None:
    """So many letters less, but not because they were sent: settled by a report or a person, or of no use any more.

    `wake`: what the lane waited for may be over with that.
    """
    if not tx.run("DELETE FROM lane WHERE name = ? AND pending <= ? AND worker IS NULL", name, gone):
        tx.tell(f"UPDATE lane SET pending = pending - ?{', due = 0' if wake else ''} WHERE name = ?", gone, name)


def drop(tx: Tx, name: str) -> None:
    """There is nothing in it."""
    tx.tell("DELETE FROM lane WHERE name = ?", name)


def rest(tx: Tx, name: str, until: datetime) -> None:
    """Leave a free lane alone until then."""
    tx.tell("UPDATE lane SET due = ? WHERE name = ?", micros(until), name)


def call(tx: Tx, name: str, due: datetime, now: datetime) -> None:
    """A free lane that was put off until `due`, and for nothing else since, may come now."""
    tx.tell("UPDATE lane SET due = ? WHERE name = ? AND due = ? AND worker IS NULL", micros(now), name, micros(due))


def waits_for_a_person(tx: Tx, name: str) -> bool:
    """Whether nothing is sent here until somebody has decided."""
    return tx.one("SELECT 1 FROM lane WHERE name = ? AND due IS NULL", name) is not None


def wake(tx: Tx, name: str) -> None:
    """Look at the lane now."""
    tx.tell("UPDATE lane SET due = 0 WHERE name = ?", name)


def free_lost(tx: Tx, worker: str, claim: int, busy: Iterable[str]) -> None:
    """Give back what this worker took, up to that claim, and is not busy with: the word that it has it got lost."""
    tx.tell(
        f"UPDATE lane SET worker = NULL, due = 0 WHERE worker = ? AND claim <= ? AND NOT ({tx.among('name')})",
        worker, claim, tx.several(busy),
    )  # fmt: skip


def no_later(tx: Tx, then: datetime) -> None:
    """Nothing waits longer than that: whatever would was put off by another clock."""
    tx.tell("UPDATE lane SET due = 0 WHERE due > ?", micros(then))


def shift(tx: Tx, by: timedelta) -> None:
    """The clock was set: what waits for a moment waits for that moment on the new clock."""
    tx.tell("UPDATE lane SET due = due + ? WHERE due > 0", micros_of(by))


def prefer(tx: Tx, names: Iterable[str], priority: int) -> None:
    """Whether these go ahead has changed."""
    tx.tell(f"UPDATE lane SET priority = ? WHERE {tx.among('name')}", priority, tx.several(names))


def _due(moment: datetime | None) -> int:
    return 0 if moment is None else micros(moment)


def micros_of(time: timedelta) -> int:
    """Whole microseconds."""
    return time // timedelta(microseconds=1)
