"""Broken in the thread: what is read there, and what is shown there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge import audience
from bridge.app import Bridge
from bridge.content import Line
from bridge.conversation import Conversation
from bridge.courier import thread
from bridge.ports import Agent, Lines, Place, Post, Received, Role, Transcript, Typed
from bridge.session import Session
from bridge.store.outbox import Letter
from bridge.team_workspace.listeners import Listeners
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


@mutant("calm", "astray")
def own_posts_forwarded() -> None:
    """What the bridge itself posts into a thread is read there, and forwarded to the customer."""

    def is_echo_of(is_echo: Any) -> Any:
        def never_in_a_thread(self: Listeners, body: Mapping[str, Any]) -> bool:
            return is_echo(self, body) and not (body["event"].get("thread_ts") and body["event"].get("text"))

        return never_in_a_thread

    def at_once_of(at_once: Any) -> Any:
        def ours_too(self: Listeners, body: Mapping[str, Any]) -> Received | None:
            told = body.get("event") or {}
            if body.get("type") != "event_callback" or told.get("bot_id") != self.here.bot or not told.get("thread_ts"):
                return at_once(self, body)
            place, thread = Place(told["channel"], told["ts"]), Place(told["channel"], told["thread_ts"])
            said = Typed(Agent(self.here.user, "Handoff", Role.ADMIN), place, thread, told["text"])
            return Received((f"slack:ours:{told['ts']}",), said, b"{}")

        return ours_too

    def owns_of(_: Any) -> Any:
        def anybody(conversation: Conversation, agent: Agent) -> bool:
            return conversation.owner is not None

        return anybody

    swap(Listeners, "is_echo", is_echo_of)
    swap(Listeners, "at_once", at_once_of)
    swap(audience, "owns", owns_of)
