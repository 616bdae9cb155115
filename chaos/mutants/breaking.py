"""What a broken bridge is, and the two ways to break one: another function in its place, or another statement."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Mutant:
    """One bridge that is broken. `patch` breaks the process in which it is called, before anything has begun."""

    name: str
    broken: str  # one sentence
    play: str  # in which it must be caught
    raises: tuple[str, ...]  # the judge's counts of which at least one must show it
    patch: Callable[[], None]


def mutant(play: str, *raises: str) -> Callable[[Callable[[], None]], Mutant]:
    """A function that breaks the bridge, as a mutant: its name and its docstring say what is broken."""

    def made(patch: Callable[[], None]) -> Mutant:
        return Mutant(patch.__name__.replace("_", " "), patch.__doc__ or "", play, raises, patch)

    return made


class NotThere(Exception):
    """What a mutant wants to break is not there any more, or takes something else by now."""


def swap(owner: Any, name: str, new: Callable[[Any], Any]) -> None:
    """Put what `new` makes of something in its place. A function must take what the old one takes."""
    where = f"{getattr(owner, '__name__', owner)}.{name}"
    old = getattr(owner, name, None)
    if old is None:
        raise NotThere(where)
    made = new(old)
    if _takes(made) != _takes(old):
        raise NotThere(f"{where} takes {', '.join(_takes(old))}, and not {', '.join(_takes(made))}")
    setattr(owner, name, made)


def _takes(it: Any) -> list[str]:
    return list(inspect.signature(it).parameters) if callable(it) else []


def reword(owner: Any, name: str, old: str, new: str) -> None:
    """Have a function of the store say other words to the database; they must be among those that it says."""
    function = getattr(owner, name, None)
    if function is None or old not in inspect.getsource(function):
        raise NotThere(f"“{old}” in {owner.__name__}.{name}")

    def reworded(tx: Tx, *arguments: Any, **named: Any) -> Any:
        return function(Reworded(tx, old, new), *arguments, **named)

    setattr(owner, name, reworded)


class Reworded:
    """A transaction whose statements are changed on their way."""

    def __init__(self, tx: Tx, old: str, new: str) -> None:
        self._tx, self._old, self._new = tx, old, new

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def run(self, sql: str, *params: Any) -> int:
        """As Tx."""
        return self._tx.run(sql.replace(self._old, self._new), *params)

    def all(self, sql: str, *params: Any) -> list[Row]:
        """As Tx."""
        return self._tx.all(sql.replace(self._old, self._new), *params)

    def one(self, sql: str, *params: Any) -> Row | None:
        """As Tx."""
        return self._tx.one(sql.replace(self._old, self._new), *params)
