"""What became of agents' messages, and the marks that tell it to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.ports import Place
from bridge.store.moments import moment
from bridge.store.tx import Tx

UNSURE = "?"  # among the marks: they are just being drawn


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an agent's message, and the marks that stand on it, or (not `sure`) may stand on it."""

    message: int
    place: Place
    handoff: int | None
    state: str
    parts: tuple[str, ...]
    at: datetime
    marks: tuple[str, ...]
    sure: bool


def of_messages(tx: Tx, ids: Sequence[int]) -> dict[int, Fate]:
    """Of these messages, by id; those that no agent typed are left out."""
    return {fate.message: fate for fate in _fates(tx, tx.among("m.id"), tx.several(ids))}


def under_way(tx: Tx, conversation: int, most: int = 50) -> list[Fate]:
    """The newest of an agent's messages that the customer may not have yet and that carry no mark."""
    which = "m.conversation_id = ? AND m.mark = '' AND m.state IN ('pending', 'uncertain', 'sent')"
    return _fates(tx, f"{which} ORDER BY m.id DESC LIMIT {most}", conversation)


def _fates(tx: Tx, which: str, *values: object) -> list[Fate]:
    rows = tx.all(
        f"""SELECT m.id, m.source_channel, m.source_ts, m.handoff, m.state, m.at, m.mark FROM message m
            WHERE m.source_ts IS NOT NULL AND {which}""",
        *values,
    )  # fmt: skip
    parts: dict[int, list[str]] = {}
    if rows:
        of_these = tx.all(
            f"SELECT message_id, state FROM delivery WHERE {tx.among('message_id')}", tx.several(row[0] for row in rows)
        )
        for message, state in of_these:
            parts.setdefault(message, []).append(state)
    return [
        Fate(
            row[0], Place(row[1], row[2]), row[3], row[4], tuple(parts.get(row[0], ())), moment(row[5]), *_marks(row[6])
        )
        for row in rows
    ]


def _marks(known: str) -> tuple[tuple[str, ...], bool]:
    return tuple(known.replace(UNSURE, "").split()), UNSURE not in known


def set_marks(tx: Tx, message: int, marks: Iterable[str], *, sure: bool) -> None:
    """The agent sees these marks now, or may see them."""
    tx.tell("UPDATE message SET mark = ? WHERE id = ?", " ".join([*marks, *([] if sure else [UNSURE])]), message)
