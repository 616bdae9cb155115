"""Broken in the thread: what is read there, and what is shown there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bridge.app import Bridge
from bridge.content import Line
from bridge.courier import thread
from bridge.ports import Lines, Post, Transcript
from bridge.session import Session
from bridge.store.outbox import Letter
from chaos.mutants.breaking import mutant, swap


def _cut(kind: type[Lines] | type[Transcript], least: int) -> None:
    """Posts of this kind, if they have so many lines, lack the customer's last."""

    def without_the_last(lines: Sequence[Line]) -> tuple[Line, ...]:
        last = max((number for number, line in enumerate(lines) if line.author.kind == "customer"), default=len(lines))
        return (*lines[:last], *lines[last + 1 :])

    def written_of(written: Any) -> Any:
        def shorter(session: Session, conversation: int, label: str, letters: Sequence[Letter]) -> Post | None:
            post = written(session, conversation, label, letters)
            if isinstance(post, kind) and len(post.lines) >= least:
                return replace(post, lines=without_the_last(post.lines))
            return post

        return shorter

    swap(thread, "_written", written_of)


@mutant("hurried", "lost")
def joined_without_the_last() -> None:
    """Lines that share a post lose the last one."""
    _cut(Lines, 2)


@mutant("calm", "lost")
def transcript_without_the_last() -> None:
    """The transcript lacks what the customer said last."""
    _cut(Transcript, 1)


@mutant("down", "lost")
def never_caught_up() -> None:
    """Threads are not read after a downtime."""

    def catch_up_of(_: Any) -> Any:
        async def catch_nothing(self: Bridge) -> None:
            pass

        return catch_nothing

    swap(Bridge, "_catch_up", catch_up_of)
