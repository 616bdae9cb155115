"""Broken in between: the outbox, its lanes and the commits around them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bridge.store import lanes, outbox, workers
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter
from bridge.store.tx import Tx
from bridge.store.writer import Work, Writer
from chaos.mutants.breaking import mutant, reword, swap


@mutant("full", "twice")
def sent_before_the_commit() -> None:
    """Letters leave before the transaction that takes them is committed."""

    def do_of(do: Any) -> Any:
        def do_and_send(self: Writer, works: Sequence[Work[Any]]) -> Any:
            taken = do(self, works)
            if taken is not None:
                self.last.took(taken)

        return do_and_send

    swap(Writer, "_do", do_of)


@mutant("killed", "twice")
def sending_unmarked() -> None:
    """“sending” is marked in memory only."""

    def mark_of(_: Any) -> Any:
        def mark_nothing(tx: Tx, ids: Sequence[int]) -> None:
            pass

        return mark_nothing

    swap(outbox, "mark_sending", mark_of)


@mutant("refused", "lost", "silent")
def deleted_when_taken() -> None:
    """Outbox rows are deleted before they are sent."""

    def mark_of(_: Any) -> Any:
        def delete(tx: Tx, ids: Sequence[int]) -> None:
            tx.run(f"DELETE FROM outbox WHERE {tx.among('id')}", tx.several(ids))  # noqa: S608

        return delete

    def drop_of(_: Any) -> Any:
        def say_so(tx: Tx, ids: Sequence[int]) -> int:
            return len(ids)

        return say_so

    swap(outbox, "mark_sending", mark_of)
    swap(outbox, "drop", drop_of)


@mutant("hurried", "disordered")
def newest_first() -> None:
    """The newest letter of a lane goes first."""

    def letters_of(letters: Any) -> Any:
        def turned(tx: Tx, lane: str, most: int = 50) -> list[Letter]:
            found = letters(tx, lane, most)
            return found[::-1] if lane.startswith("customer:") else found

        return turned

    swap(outbox, "letters", letters_of)


@mutant("slow", "twice")
def taken_twice() -> None:
    """A lane is taken while another has it."""
    reword(lanes, "due", "AND worker IS NULL", "")


@mutant("refused", "lost", "silent")
def put_off_for_ever() -> None:
    """A lane whose letter is put off is never due again."""

    def put_off_of(put_off: Any) -> Any:
        def for_ever(tx: Tx, lane: Lane, until: datetime | None) -> None:
            put_off(tx, lane, None)

        return for_ever

    swap(lanes, "put_off", put_off_of)


@mutant("killed", "lost", "silent")
def kept_by_the_dead() -> None:
    """A process that dies keeps its lanes for ever."""

    def only_of(_: Any) -> Any:
        def only(tx: Tx, worker: str, now: datetime) -> None:
            workers.beat(tx, worker, now)

        return only

    swap(workers, "only", only_of)
