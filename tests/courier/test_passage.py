"""A file on its way through: on the disk, without a name there, and only whole."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bridge.courier import passage
from bridge.courier.passage import LARGEST, NotFetched, Passage
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.files import File

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16) + bytes(range(256)) * 4000


def file(size: int = 0, name: str = "a.txt") -> File:
    return File("photo", name, "image/png", size, "r")


async def pieces(*content: bytes, error: Exception | None = None) -> AsyncGenerator[bytes]:
    for some in content:
        yield some
    if error:
        raise error


async def test_it_is_read_as_often_as_it_is_asked_for_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with Passage(tmp_path).holding(file(len(PNG)), pieces(PNG[:3], PNG[3:])) as loaded:
        assert (loaded.name, loaded.mime, loaded.kind, loaded.size) == ("a.txt.png", "image/png", "photo", len(PNG))
        for _ in range(2):
            assert b"".join([some async for some in loaded.content()]) == PNG
        assert list(tmp_path.iterdir()) == []


async def test_without_a_folder_of_our_own_the_systems_is_used(tmp_path: Path) -> None:
    async with Passage(tmp_path / "not there").holding(file(), pieces(b"x")) as loaded:
        assert loaded.size == 1


async def test_without_any_room_it_is_tried_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage.tempfile, "tempdir", str(tmp_path / "neither"))
    with pytest.raises(NotFetched, match="no room"):
        async with Passage(tmp_path / "not there").holding(file(), pieces(b"x")):
            pytest.fail("there is nowhere to keep it")


@pytest.mark.parametrize(
    ("size", "content", "error", "raises", "why"),
    [
        (9, b"short", None, NotFetched, "did not arrive whole"),
        (0, b"", None, Undeliverable, "empty"),
        (0, b"x", TryLater("Not now.", 3.0), NotFetched, "Not now"),
        (0, b"x", Uncertain("No answer."), NotFetched, "No answer"),
        (0, b"x", Undeliverable("Gone."), Undeliverable, "Gone"),
        (0, b"x", OSError(28, "No space left"), NotFetched, "no room for it here"),
        (LARGEST + 1, b"x", None, Undeliverable, "larger than the 100 MB"),
    ],
)
async def test_what_does_not_come_whole_does_not_go_on(
    size: int, content: bytes, error: Exception | None, raises: type[Exception], why: str
) -> None:
    with pytest.raises(raises, match=why):
        async with Passage().holding(file(size), pieces(*([content] if content else []), error=error)):
            pytest.fail("there is nothing to go on with")


async def test_what_was_said_to_be_small_is_stopped_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage, "LARGEST", 10)
    with pytest.raises(Undeliverable, match="larger than"):
        async with Passage().holding(file(), pieces(b"x" * 6, b"x" * 6)):
            pytest.fail("it is too large")
