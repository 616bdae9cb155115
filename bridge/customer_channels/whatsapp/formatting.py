"""WhatsApp's way to mark words: signs around them, *so*, which no sign can escape (platform facts, 3.4). Pure.

What of ours is not marked must not look as if it were: behind a sign that could begin something goes a blank that
nobody sees. What the signs cannot say (half a word, a bold asterisk) goes out unmarked. Quotes and lists are said there
as they are in our words.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bridge.content import units
from bridge.marks import Span, joined, marked, marks_of, nested, styled

UNSEEN = "\u200b"
SIGNS = {"bold": "*", "italic": "_", "strike": "~", "code": "`", "block": "```"}

_KINDS = {sign: kind for kind, sign in SIGNS.items()}
_ADDRESS = r"https?://\S+"
_INSIDE = r"(?=[^\s\u200b])(?:(?!(?P={sign}))[^\n])+(?<=[^\s\u200b])"  # from one word to another, in one line
_TOKEN = re.compile(
    rf"(?P<address>{_ADDRESS})|(?<!`)(?P<fence>```)(?P<block>[^`]+)```(?!`)"
    rf"|(?<![\w`])(?P<tick>`)(?P<code>{_INSIDE.format(sign='tick')})`(?![\w`])"
    rf"|(?<![\w*~`])(?P<sign>[*_~])(?P<inside>{_INSIDE.format(sign='sign')})(?P=sign)(?![\w*~`])"
)
_QUOTE = re.compile(r"^> .*(?:\n> .*)*", re.MULTILINE)


def read(body: str) -> str:
    """What a customer wrote."""
    text = _read(body)
    quotes = (Span(found.start(), found.end(), "quote") for found in _QUOTE.finditer(text))
    return marked(text, [*marks_of(text), *quotes])


def _read(body: str) -> str:
    pieces, end = list[str](), 0
    for found in _TOKEN.finditer(body):
        pieces += [body[end : found.start()], _meant(found)]
        end = found.end()
    return joined([*pieces, body[end:]]) if pieces else body


def _meant(found: re.Match[str]) -> str:
    for literal in ("block", "code"):
        if found[literal]:
            return styled(found[literal], literal)
    return found[0] if found["address"] else styled(_read(found["inside"]), _KINDS[found["sign"]])


def written(text: str, most: int) -> str:
    """What to send. Where the signs leave no room for the words, those go first."""
    fitting = (body for body in (_written(text), _written(str(text))) if units(body) <= most)
    return next(fitting, str(text))


def _written(text: str) -> str:
    words, spans = str(text), _sayable(text)
    signs: dict[int, list[str]] = {at: [UNSEEN] for at in _misleading(words, spans)}
    for span in spans:  # the outer ones first
        sign = SIGNS[span.kind]
        signs.setdefault(span.start, []).append(sign)
        signs.setdefault(span.end, []).insert(0, sign)
    ends = [0, *sorted(signs), len(words)]
    return "".join(
        "".join(signs.get(start, ()) if number else ()) + words[start:end]
        for number, (start, end) in enumerate(pairwise(ends))
    )


def _sayable(text: str) -> list[Span]:
    """The marks that signs can say, the outer ones first."""
    words, said = str(text), list[Span]()
    addresses = [found.span() for found in re.finditer(_ADDRESS, words)]
    for span in (line for whole in nested(text) if whole.kind in SIGNS for line in _lines(words, whole)):
        torn = any(start < edge < end for start, end in addresses for edge in (span.start, span.end))
        if not torn and SIGNS[span.kind][0] not in words[span.start : span.end] and _stands_free(words, span, said):
            said.append(span)
    return said


def _lines(text: str, span: Span) -> Iterator[Span]:
    """It begins and ends with a word; and only a block goes on in the next line."""
    lines = [(span.start, span.end)]
    if span.kind != "block":
        lines = [(found.start(), found.end()) for found in re.compile(r"[^\n]+").finditer(text, span.start, span.end)]
    for start, end in lines:
        line = text[start:end]
        start, end = start + len(line) - len(line.lstrip()), end - len(line) + len(line.rstrip())
        if start < end:
            yield span._replace(start=start, end=end)


def _stands_free(text: str, span: Span, said: Sequence[Span]) -> bool:
    """No letter and no other sign touches it from outside, but those of what it is in."""
    around = [it for it in said if it.start <= span.start and span.end <= it.end]
    begins, ends = (any(it.start == span.start for it in around), any(it.end == span.end for it in around))
    touched = any(it.end == span.start or it.start == span.end for it in said)
    before = "" if begins else text[span.start - 1 : span.start]
    after = "" if ends else text[span.end : span.end + 1]
    return not touched and not any(it.isalnum() or it in "*_~`" for it in (before, after) if it)


def _misleading(text: str, said: Sequence[Span]) -> Iterator[int]:
    """The places behind signs that could begin something."""
    literal = [span for span in said if span.kind in ("code", "block")]
    literal += [Span(found.start(), found.end(), "") for found in re.finditer(_ADDRESS, text)]
    for found in re.finditer(r"(?<![^\W_])[*_~`](?=\S)", text):
        at = found.start()
        if any(span.start <= at < span.end for span in literal):
            continue
        rest = text[at + 1 :] if found[0] == "`" else text[at + 1 :].partition("\n")[0]
        ends = at + 1 + len(rest)
        if found[0] in rest or any(SIGNS[it.kind][0] == found[0] and at < it.end <= ends for it in said):
            yield at + 1
