"""How large a picture is once it is unpacked, from its first bytes. Pure.

A file of ten kilobytes can be a picture of a hundred million pixels, which stops whoever opens it.
"""

from bridge.i18n import t

HEAD = 256 * 1024  # bytes, within which a picture says how large it is: what cameras write comes first
MOST = 50_000_000  # pixels

# The frames of a JPEG that begin with its size: all of C0 to CF but tables and arithmetic conditioning (T.81, B.1.1.3).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})  # marks with nothing after them


def pixels(head: bytes, mime: str) -> int:
    """How many a picture of this type has; 0: it does not say."""
    match mime:
        case "image/png":
            width, height = _number(head[16:20]), _number(head[20:24])
        case "image/gif":
            width, height = _little(head[6:8]), _little(head[8:10])
        case "image/webp":
            width, height = _webp(head)
        case "image/jpeg":
            width, height = _jpeg(head)
        case _:
            return 0
    return width * height


def too_many(head: bytes, mime: str) -> str:
    """Why a picture is not carried; empty when it is."""
    count = pixels(head, mime)
    if count <= MOST:
        return ""
    return t(
        "It is a picture of {count} million pixels; up to {most} million are carried.",
        count=-(-count // 1_000_000),
        most=MOST // 1_000_000,
    )


def _webp(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8X":
            return _little(head[24:27]) + 1, _little(head[27:30]) + 1
        case b"VP8L":
            both = _little(head[21:25])
            return (both & 0x3FFF) + 1, (both >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
        case _:
            return 0, 0


def _jpeg(head: bytes) -> tuple[int, int]:
    at = 2
    while 0 <= (at := head.find(b"\xff", at)) <= len(head) - 9:  # what is between is passed over by other programs, too
        mark = head[at + 1]
        if mark in _FRAMES:
            return _number(head[at + 7 : at + 9]), _number(head[at + 5 : at + 7])
        if mark == 0xFF:  # padding
            at += 1
        else:
            at += 2 if mark in _ALONE else 2 + _number(head[at + 2 : at + 4])
    return 0, 0


def _number(some: bytes) -> int:
    return int.from_bytes(some)


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")
