"""What a run came to: the judge's counts, and whether every promise was kept."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain

PROMISES = ("lost", "twice", "disordered", "two_winners", "bot_after_claim", "silent", "astray")
COUNTS = (*PROMISES, "flagged", "kills", "mutants_caught", "mutants")
TOLD = 8  # notes of one row


@dataclass(frozen=True, slots=True)
class Row:
    """One mode, one line of the table."""

    mode: str
    seed: int
    store: str = "sqlite"
    runs: int = 1
    texts: int = 0  # said by people
    lost: int = 0  # a person's words that never came, and nobody was told
    twice: int = 0
    disordered: int = 0
    two_winners: int = 0
    bot_after_claim: int = 0
    silent: int = 0  # what the desk or the bot said, likewise
    astray: int = 0  # shown to somebody for whom it was not meant
    flagged: int = 0  # an agent was told that it may not have arrived
    kills: int = 0
    mutants_caught: int = 0
    mutants: int = 0
    stuck: int = 0  # somebody waited in vain, or the program did not do what this mode asks of it
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.stuck and self.mutants_caught == self.mutants and not any(map(self.count, PROMISES))

    def count(self, name: str) -> int:
        """One of `COUNTS`."""
        return int(getattr(self, name))


SUMMED = tuple(field.name for field in fields(Row) if field.name not in ("mode", "seed", "store", "notes", "seconds"))


def joined(rows: Sequence[Row]) -> Row:
    """Several runs of one mode as one row. They may have run side by side: the seconds are their sum."""
    sums = {name: sum(getattr(row, name) for row in rows) for name in SUMMED}
    notes = tuple(chain.from_iterable(row.notes for row in rows))[:TOLD]
    first = rows[0]
    return Row(first.mode, first.seed, first.store, seconds=sum(row.seconds for row in rows), notes=notes, **sums)


def totals(rows: Sequence[Row]) -> dict[str, int]:
    """What the last line of the output says."""
    return {name: sum(row.count(name) for row in rows) for name in COUNTS}
