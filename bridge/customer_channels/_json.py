"""JSON from outside: read so that any database takes it, and written again. Fast for what platforms really send."""

from contextlib import suppress
from json import loads
from typing import Any

import orjson

from bridge.graphemes import whole


class NoJson(ValueError):
    """It cannot be read. Nothing of it is repeated here, as the parsers' own errors do."""


def parsed(body: bytes) -> Any:
    """The value in `body`, fit to be stored. Raises NoJson."""
    if b"\\u0000" not in body:
        with suppress(orjson.JSONDecodeError):  # which also refuses what is only odd: a lone surrogate, 1e999
            return orjson.loads(body)
    try:
        return storable(loads(body))
    except (ValueError, RecursionError):
        raise NoJson from None


def written(value: Any) -> bytes:
    """`value` as JSON. Nothing that a person means is nested deeper than orjson writes, so that is not kept."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return b'"nested too deep"'


def storable(value: Any) -> Any:
    """The same without what databases refuse: NUL (PostgreSQL), lone surrogates (both), numbers beyond 64 bits."""
    match value:
        case str():
            return whole(value.replace("\0", ""))
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case int() if not -(2**63) <= value < 2**63:
            return str(value)
        case _:
            return value
