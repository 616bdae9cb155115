"""What answers when no human does, and what sums up for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bridge.content import Line


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message that a bot is to answer. `answers` are earlier answers by flow node id."""

    text: str
    customer: str
    language: str = ""
    history: tuple[Line, ...] = ()  # oldest first, without this message
    stage: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    brief: str = ""  # what a human said and promised before handing back


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bot says. `human` is why it wants one, as an agent would read it."""

    text: str
    stage: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    unsure: bool = False
    human: str = ""
    choices: tuple[str, ...] = ()


class Bot(Protocol):
    """Answers customers when no human does."""

    name: str

    async def answer(self, turn: Turn) -> Answer:
        """Answer one message. May raise anything: the bridge counts that as one failure."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What an agent reads first. `offline`: made without a model, and marked as such."""

    subject: str
    asked: str
    tried: str
    wants: str
    last_words: str
    language: str
    facts: tuple[str, ...] = ()
    mood: str = ""
    offline: bool = True


class Drafter(Protocol):
    """Suggests to an agent what to say next."""

    async def draft(self, customer: str, lines: Sequence[Line], hint: str) -> str:
        """A suggestion, from what the agent wants to say if they gave a hint. Blank: there is none. Never raises."""
        ...


class Summariser(Protocol):
    """Says what a conversation is about."""

    async def summarise(self, customer: str, lines: Sequence[Line]) -> Summary:
        """Summarise; never raises for a model's failure, but falls back to the offline form."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
