"""As many open files as the system allows; and a word where that is few."""

import resource
from collections.abc import Iterator

import pytest
import structlog

from bridge.open_files import allow_many


@pytest.fixture
def hard() -> Iterator[int]:
    """The hard limit; the soft one is lowered below it, and as it was afterwards."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_soft_limit_is_raised_and_never_lowered(hard: int) -> None:
    assert allow_many(wanted=1024, few=1024) == 1024
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (1024, hard)
    assert allow_many(wanted=600, few=600) == 1024


def test_few_are_said_with_what_to_do(hard: int) -> None:
    with structlog.testing.capture_logs() as lines:
        allow_many(wanted=1024, few=1025)
    [line] = lines
    assert (line["event"], line["allowed"]) == ("few_open_files", 1024)
    assert "LimitNOFILE" in line["mend"]
    with structlog.testing.capture_logs() as lines:
        allow_many(wanted=1025, few=1025)
    assert lines == []
