"""How large a picture is, from its first bytes; and what is too large is carried in no direction."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bridge.courier.passage import Passage
from bridge.errors import Undeliverable
from bridge.files import File
from bridge.pictures import HEAD, MOST, pixels, too_many

SIZE = (8000, 9000)  # 72 million
SMALL = (640, 480)


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0" + bytes(99)


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(99)


def jpeg(width: int, height: int, before: int = 0, frame: int = 0xC2) -> bytes:
    """As cameras write it: what they know of the moment comes first, with a small picture in it."""
    inner = jpeg(160, 120) if before else b""
    about = b"\xff\xe1" + (len(inner) + before + 2).to_bytes(2) + inner + bytes(before) if before else b""
    size = b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x03" + bytes(9)
    tables = b"\xff\xdb\0\x04\0\0" + b"\xff\xc4\0\x04\0\0" + b"\xff\xff" + b"\xdd\0\x04\0\0"
    return b"\xff\xd8" + about + tables + bytes([0xFF, frame]) + (len(size) + 2).to_bytes(2) + size + b"\xff\xda"


def webp(kind: bytes, size: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + size + bytes(99)


def extended(width: int, height: int) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


def lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"/" + (width - 1 | (height - 1) << 14).to_bytes(4, "little"))


def lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little"))


KINDS = [
    (png, "image/png"), (gif, "image/gif"), (jpeg, "image/jpeg"),
    (extended, "image/webp"), (lossless, "image/webp"), (lossy, "image/webp"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "mime"), KINDS)
def test_every_kind_says_how_large_it_is(make, mime: str) -> None:  # type: ignore[no-untyped-def]
    assert pixels(make(*SIZE), mime) == 72_000_000
    assert pixels(make(*SMALL), mime) == 640 * 480
    assert too_many(make(*SMALL), mime) == ""
    assert too_many(make(*SIZE), mime) == "It is a picture of 72 million pixels; up to 50 million are carried."


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2, 0xC9, 0xCF])
def test_a_cameras_jpeg_is_as_large_as_the_picture_and_not_its_preview(frame: int) -> None:
    assert pixels(jpeg(*SIZE, before=60_000, frame=frame), "image/jpeg") == 72_000_000


@pytest.mark.parametrize(("make", "mime"), KINDS)
def test_what_is_cut_short_or_no_picture_harms_nobody(make, mime: str) -> None:  # type: ignore[no-untyped-def]
    whole = make(*SIZE)
    for end in range(len(whole)):
        assert pixels(whole[:end], mime) in range(72_000_001)
    assert pixels(b"", mime) == 0
    assert pixels(b"\xff" * HEAD, mime) >= 0
    assert pixels(bytes(HEAD), mime) >= 0
    assert pixels(whole, "application/pdf") == 0


def test_a_segment_without_a_length_does_not_hold_us_up() -> None:
    assert pixels(b"\xff\xd8" + b"\xff\xe0\0\0" * 60_000, "image/jpeg") == 0


async def test_it_is_refused_on_its_way_in_words(tmp_path: Path) -> None:
    async def content(some: bytes) -> AsyncGenerator[bytes]:
        for at in range(0, len(some), 1000):
            yield some[at : at + 1000]

    file = File("photo", "holiday.jpg", "image/jpeg", 0, "r")
    with pytest.raises(Undeliverable, match="72 million pixels"):
        async with Passage(tmp_path).holding(file, content(jpeg(*SIZE, before=60_000))):
            pass
    async with Passage(tmp_path).holding(file, content(jpeg(7000, 7000, before=60_000))) as loaded:
        assert loaded.mime == "image/jpeg"
    assert MOST > 7000 * 7000


def test_what_stands_between_the_parts_of_a_jpeg_hides_nothing() -> None:
    whole = jpeg(*SIZE)
    assert pixels(whole[:2] + b"\x00stray\xff\x00" + whole[2:], "image/jpeg") == 72_000_000
