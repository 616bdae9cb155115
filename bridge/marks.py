"""Text that knows which of its words are bold, code or a link, wherever it was written and will be read. Pure.

It is a text like any other: whoever knows nothing of marks reads the plain words. To strip it, to take a piece of it
and to add to it keeps the marks; everything else loses them. So formatting may get lost, but it is never wrong.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, SupportsIndex, cast

KINDS = ("quote", "block", "link", "bold", "italic", "strike", "code")
"""From the outside in. A block is preformatted. The lines of a quote begin with `> `, for whoever cannot show one."""
LITERAL = ("block", "code")  # in which nothing else is marked
MOST = 500  # marks of one text: whoever has more has them for mischief, and reads the words
QUOTED = "> "
SEPARATOR = "\x1e"  # between words and marks, where both are kept as one text; nobody's words may hold it

_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#][^\s<>\"]*)?", re.ASCII | re.IGNORECASE)
_LINE = re.compile("^>(?: |$)", re.MULTILINE)
_SEPARATORS = re.compile(SEPARATOR)


class Span(NamedTuple):
    """Some characters, from `start` up to `end`, and how they look. A link has an address."""

    start: int
    end: int
    kind: str
    url: str = ""


class Marked(str):
    """Words with marks. To be made with `marked`, which sees to it that the marks are in order."""

    spans: tuple[Span, ...]

    def __new__(cls, words: str, spans: tuple[Span, ...] = ()) -> "Marked":
        """The words with these marks."""
        made = super().__new__(cls, words)
        made.spans = spans
        return made

    def __getnewargs__(self) -> Any:
        return str(self), self.spans

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """A piece with its marks."""
        if not isinstance(key, slice):
            return super().__getitem__(key)
        start, end, step = key.indices(len(self))
        words = super().__getitem__(key)
        return marked(words, (_moved(span, -start) for span in self.spans if span.start < end)) if step == 1 else words

    def strip(self, chars: str | None = None, /) -> str:
        """Without these on both sides."""
        return self.lstrip(chars).rstrip(chars)

    def lstrip(self, chars: str | None = None, /) -> str:
        """Without these at the beginning."""
        return self[len(self) - len(super().lstrip(chars)) :]

    def rstrip(self, chars: str | None = None, /) -> str:
        """Without these at the end."""
        return self[: len(super().rstrip(chars))]

    def __add__(self, other: str, /) -> str:
        return joined((self, other))

    def __radd__(self, other: str, /) -> str:
        return joined((other, self))


def marked(words: str, spans: Iterable[Span]) -> str:
    """The words with these marks: without those that mark nothing, none twice, and none inside of code."""
    here = [it for span in spans if _means_something(it := _clipped(span, len(words)))]
    return Marked(words, _tidy(here)) if 0 < len(here) <= MOST else str(words)


def marks_of(text: str) -> tuple[Span, ...]:
    """Its marks, in order."""
    return text.spans if isinstance(text, Marked) else ()


def same(one: str, other: str) -> bool:
    """Whether both say the same and look the same."""
    return one == other and marks_of(one) == marks_of(other)


def styled(words: str, *kinds: str) -> str:
    """All of these words in one look."""
    return marked(words, [*marks_of(words), *(Span(0, len(words), kind) for kind in kinds)])


def joined(pieces: Sequence[str], by: str = "") -> str:
    """Several texts in a row."""
    spans, at = list[Span](), 0
    for piece in pieces:
        spans += [_moved(span, at) for span in marks_of(piece)]
        at += len(piece) + len(by)
    return marked(by.join(pieces), spans)


def without(text: str, pattern: re.Pattern[str]) -> str:
    """Without what is found in it."""
    if not marks_of(text):
        return pattern.sub("", text)
    words = str(text)
    cuts = [found.span() for found in pattern.finditer(words)]
    ends, gone = [end for _, end in cuts], [0, *accumulate(end - start for start, end in cuts)]

    def moved(at: int) -> int:
        n = bisect_right(ends, at)
        return at - gone[n] - (max(0, at - cuts[n][0]) if n < len(cuts) else 0)

    spans = (span._replace(start=moved(span.start), end=moved(span.end)) for span in marks_of(text))
    return marked(pattern.sub("", words), spans)


def inserted(text: str, at: int, words: str) -> str:
    """With these words in it: plain ones, inside of what is marked around them, and of a quote that they end."""
    spans = [
        span._replace(
            start=span.start + (len(words) if span.start >= at else 0),
            end=span.end + (len(words) if span.end > at or (span.kind == "quote" and span.end == at) else 0),
        )
        for span in marks_of(text)
    ]
    return marked(text[:at] + words + text[at:], spans)


def linked(label: str, url: str) -> str:
    """Words that lead somewhere, and where to: who cannot press them reads it, and nobody is led astray."""
    shown = url.removeprefix("mailto:").removeprefix("tel:")
    bare = shown.strip("/")
    if not label or label.strip("/") in (bare, re.sub(r"^https?://", "", bare)):
        return label or shown
    return marked(label, [*marks_of(label), Span(0, len(label), "link", url)]) + f" ({shown})"


def quoted(text: str) -> str:
    """As a quote: each of its lines begins with a sign, for those who cannot show one."""
    lines, at = list[str](), 0
    for line in text.split("\n"):
        lines.append(QUOTED + text[at : at + len(line)])
        at += len(line) + 1
    return styled(joined(lines, "\n"), "quote") if text.strip() else joined(lines, "\n")


def unquoted(text: str) -> str:
    """For those who can: without the sign at the beginning of quoted lines, unless nothing would be left."""
    pieces, at = list[str](), 0
    for span in marks_of(text):
        if span.kind == "quote":
            inside = without(text[span.start : span.end], _LINE)
            pieces += [text[at : span.start], inside if inside.strip() else str(text)[span.start : span.end]]
            at = span.end
    return joined([*pieces, text[at:]])


def runs(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The plain words in pieces that look the same from end to end, and how each looks."""
    spans = marks_of(text)
    edges = sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)})
    for start, end in pairwise(edges):
        kinds = frozenset(span.kind for span in spans if span.start <= start and end <= span.end)
        yield str(text)[start:end], kinds


def nested(text: str) -> list[Span]:
    """Its marks so that of two each is inside or outside of the other, the outer ones first."""
    placed: list[Span] = []
    for span in sorted(marks_of(text), key=lambda span: KINDS.index(span.kind)):
        edges = {edge for other in placed if _crosses(span, other) for edge in (other.start, other.end)}
        cuts = [span.start, *sorted(edge for edge in edges if span.start < edge < span.end), span.end]
        placed += [span._replace(start=start, end=end) for start, end in pairwise(cuts)]
    return sorted(placed, key=lambda span: (span.start, -span.end, KINDS.index(span.kind)))


def packed(text: str) -> str:
    """As one plain text, from which the marks can be read again: nobody's words can look like it."""
    text = without(text, _SEPARATORS) if SEPARATOR in text else text
    if not marks_of(text):
        return str(text)
    kept = [list(span) if span.url else list(span[:3]) for span in marks_of(text)]
    return f"{text}{SEPARATOR}{json.dumps(kept, ensure_ascii=False, separators=(',', ':'))}"


def unpacked(kept: str) -> str:
    """What was packed. What never was is as it is."""
    words, known, spans = kept.partition(SEPARATOR)
    if not known:
        return kept
    try:
        return marked(words, [_read(span) for span in json.loads(spans)])
    except (ValueError, TypeError, RecursionError):
        return words + spans  # somebody's words, from before this was kept so


def _read(span: Any) -> Span:
    start, end, kind, url = [*cast(list[Any], span), ""][:4]
    if type(start) is not int or type(end) is not int or not isinstance(kind, str) or not isinstance(url, str):
        raise TypeError("no span")
    return Span(start, end, kind, url)


def _moved(span: Span, by: int) -> Span:
    return span._replace(start=span.start + by, end=span.end + by)


def _clipped(span: Span, length: int) -> Span:
    return span._replace(start=max(0, span.start), end=min(span.end, length))


def _means_something(span: Span) -> bool:
    known = bool(_ADDRESS.fullmatch(span.url)) if span.kind == "link" else not span.url
    return known and span.start < span.end and span.kind in KINDS


def _crosses(one: Span, other: Span) -> bool:
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def _tidy(spans: list[Span]) -> tuple[Span, ...]:
    """What touches is one; of two links over the same words the first counts; and code is nothing else."""
    tidy: list[Span] = []
    for kind in KINDS:
        alike = sorted(span for span in spans if span.kind == kind)
        above = [span for span in tidy if span.kind in LITERAL] if kind != "quote" else []
        tidy += [piece for span in _merged(alike) for piece in _outside(span, above)]
    literal = [span for span in tidy if span.kind == "code"]
    kept = [it for span in tidy for it in (_outside(span, literal) if span.kind not in ("quote", "code") else [span])]
    return tuple(sorted(kept, key=lambda span: (span.start, -span.end, KINDS.index(span.kind))))


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last and span.start <= last.end and span.url == last.url:
            merged[-1] = last._replace(end=max(last.end, span.end))
        elif last is None or span.end > last.end:
            merged.append(span._replace(start=max(span.start, last.end if last else 0)))
    return merged


def _outside(span: Span, others: Iterable[Span]) -> list[Span]:
    """What is left of it outside of these."""
    left = [span]
    for other in others:
        left = [
            it._replace(start=start, end=end)
            for it in left
            for start, end in ((it.start, min(it.end, other.start)), (max(it.start, other.end), it.end))
            if start < end
        ]
    return left
