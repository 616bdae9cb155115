"""Lines of a conversation to summarise."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bridge.content import Author, AuthorKind, Line

from ..model import asked, sandbox, script, url

__all__ = ["asked", "sandbox", "script", "url"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def lines() -> Callable[..., list[Line]]:
    """Lines from `("customer", text)` pairs."""

    def make(*said: tuple[AuthorKind, str]) -> list[Line]:
        return [Line(Author(kind, kind), text, NOW) for kind, text in said]

    return make
