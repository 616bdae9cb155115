"""Small checks from which the description of Block Kit is put together.

A check looks at one value and yields a line per problem, worded as Slack does, with a JSON pointer.
"""

from collections.abc import Callable, Iterator
from typing import Any

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]


def problem(words: str, where: str) -> str:
    return f"[ERROR] {words} [json-pointer:{where}]"


def string(longest: int | None = None, shortest: int = 0) -> Check:
    """A string of so many characters."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, str):
            yield problem("must be a string", where)
        elif longest is not None and len(value) > longest:
            yield problem(f"must be less than {longest + 1} characters", where)
        elif len(value) < shortest:
            yield problem(f"must be more than {shortest - 1} characters", where)

    return check


def url(value: Any, where: str) -> Problems:
    """An address of at most 3,000 characters."""
    if not isinstance(value, str) or ":" not in value or len(value) > 3000:
        yield problem("must be a valid URL of less than 3001 characters", where)


def flag(value: Any, where: str) -> Problems:
    if not isinstance(value, bool):
        yield problem("must be a boolean", where)


def integer(value: Any, where: str) -> Problems:
    if isinstance(value, bool) or not isinstance(value, int):
        yield problem("must be an integer", where)


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, where: str) -> Problems:
        if value not in allowed:
            yield problem(f"value must be one of {', '.join(allowed)}", where)

    return check


def anything(_value: Any, _where: str) -> Problems:
    yield from ()


def array(of: Check, most: int, least: int = 1) -> Check:
    """A list of so many items, each of which passes `of`."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, list):
            yield problem("must be an array", where)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", where)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", where)
        for at, item in enumerate(value):
            yield from of(item, f"{where}/{at}")

    return check


def shape(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = required | (optional or {})

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must be an object", where)
            return
        for name in required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", where)
        for name, item in value.items():
            if name not in known:
                yield problem(f"invalid additional property: {name}", where)
            elif item is not None:
                yield from known[name](item, f"{where}/{name}")

    return check


def by_type(kinds: dict[str, Check], only: frozenset[str] | None = None) -> Check:
    """An object whose `type` says which of `kinds` it must pass."""

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must be an object", where)
        elif (kind := value.get("type")) is None:
            yield problem("missing required field: type", where)
        elif not isinstance(kind, str) or kind not in kinds or (only is not None and kind not in only):
            yield problem(f"unsupported type: {kind}", f"{where}/type")
        else:
            yield from kinds[kind](value, where)

    return check


def _text(kinds: tuple[str, ...], longest: int, shortest: int) -> Check:
    inner = string(longest, shortest)

    def check(value: Any, where: str) -> Problems:
        if not isinstance(value, dict):
            yield problem("must be an object", where)
            return
        kind = value.get("type")
        if kind not in kinds:
            yield problem(f"must be a valid text object of type {' or '.join(kinds)}", f"{where}/type")
            return
        allowed = ("type", "text", "verbatim") if kind == "mrkdwn" else ("type", "text", "emoji")
        yield from (problem(f"invalid additional property: {name}", where) for name in value if name not in allowed)
        yield from inner(value.get("text"), f"{where}/text")

    return check


def plain(longest: int, shortest: int = 1) -> Check:
    """A plain_text object."""
    return _text(("plain_text",), longest, shortest)


def text(longest: int, shortest: int = 1) -> Check:
    """A plain_text or mrkdwn object."""
    return _text(("plain_text", "mrkdwn"), longest, shortest)
