"""What nobody should send: JSON with wrong values in right places, and bytes that are none. Pure, but for the dice."""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

WORDS = "words-of-a-customer-4f1c"  # stand in what people say, and so in no refusal and in no line of the log
JUNK = "junk-77aa"  # stands wherever something is wrong; of strangers' junk the log says nothing either
MEBIBYTE = 1_048_576

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 2**31, 2**53, -(2**63), 2**64, 10**40, 1e308, float("nan"), float("inf")),
    *("", " ", "\0", f"a\0{JUNK}", "\ud800", "\udfff\ud800", "\u202e", "\U0001f468\u200d\U0001f469" * 40, "0", "1e999"),
    *(JUNK, JUNK * 2_000, "%s%n{0}{{x}}", "../../etc/passwd", "'; DROP TABLE inbox; --", "<!channel>", "private"),
    *([], {}, [[]], [None] * 40, {"": None}, {"id": 1, "type": "private"}, {"type": {"type": []}}),
)


def spoiled(value: Any, dice: Random) -> Any:
    """A copy that is wrong in one to three places."""
    value = copy.deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        found = list(_places(value))
        if not found:
            break
        where, name = dice.choice(found)
        dice.choice(CHANGES)(where, name, dice)
    return value


def written(value: Any, dice: Random) -> bytes:
    """As JSON, with or without escapes; a lone surrogate is invalid UTF-8 then."""
    return json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")


def mangled(body: bytes, dice: Random) -> bytes:
    """Bytes that are near to these, and seldom JSON."""
    if dice.random() < 0.004:
        return body.ljust(MEBIBYTE + dice.randint(-2_000, 2_000))
    return dice.choice(MANGLES)(body, dice)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in it: what holds it, and under which name."""
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        yield value, name
        yield from _places(value[name])


def _replace(where: Any, name: Any, dice: Random) -> None:
    where[name] = copy.deepcopy(dice.choice(VALUES))


def _remove(where: Any, name: Any, _: Random) -> None:
    del where[name]


def _wrap(where: Any, name: Any, dice: Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 60, 300))):
        where[name] = [where[name]] if dice.random() < 0.5 else {"text": where[name]}


def _repeat(where: Any, name: Any, dice: Random) -> None:
    where[name] = [where[name]] * dice.choice((2, 50))


def _rename(where: Any, name: Any, dice: Random) -> None:
    if isinstance(where, dict):
        where[dice.choice(("", JUNK, f"{name}\0", f"{name}\ud800", str(name).upper()))] = where.pop(name)


def _retype(where: Any, name: Any, _: Random) -> None:
    value = where[name]
    number = isinstance(value, str) and value.isdecimal() and len(value) < 300
    where[name] = int(value) if number else [value] if isinstance(value, str) else str(value)


CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    *(_replace, _replace, _replace, _remove, _wrap, _repeat, _rename, _retype),
)


def _flipped(body: bytes, dice: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(min(len(body), dice.randint(1, 8))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _interrupted(body: bytes, dice: Random) -> bytes:
    at = dice.randint(0, len(body))
    return (
        body[:at]
        + dice.choice((b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"\\ud800", b"\r\n\r\n", b"]", b"}"))
        + body[at:]
    )


def _deep(body: bytes, dice: Random) -> bytes:
    depth = dice.choice((200, 300, 900, 1_100, 20_000))
    opening, closing = dice.choice(((b"[", b"]"), (b'{"message":', b"}"), (b'{"a":[', b"]}")))
    return opening * depth + dice.choice((b"1", b"", body)) + closing * dice.choice((depth, depth - 1, 0))


MANGLES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flipped,
    _interrupted,
    _deep,
    lambda body, dice: body[: dice.randint(0, len(body))],
    lambda body, dice: dice.randbytes(dice.randint(0, 300)),
    lambda body, _: b"[" + body + b"]",
    lambda body, _: b'{"type":1,"update_id":2,"update_id":"x",' + body[1:],
    lambda body, _: b"\xef\xbb\xbf" + body,
    lambda body, dice: body.decode(errors="replace").encode(dice.choice(("utf-16", "utf-32", "utf-7"))),
    lambda body, dice: b'{"update_id":' + b"9" * dice.choice((20, 400, 5_000)) + b"}",
    lambda _, dice: dice.choice(
        (b"", b"null", b"NaN", b'"%s"' % JUNK.encode(), b"-", b"{}", b"[]", b"payload=", b"a=b&c")
    ),
)
