"""Pure: what the bridge says in a thread or to one person: mirrored lines, the transcript, notices, whispers."""

from collections.abc import Sequence
from itertools import groupby

from bridge.content import Author, Line, clean, signed
from bridge.i18n import t
from bridge.marks import marks_of
from bridge.ports import Choice, Lines, Notice, Post, Transcript, Whisper
from bridge.team_workspace.inert import (
    LONG_TEXT,
    QUOTE,
    SHORT_TEXT,
    Block,
    Message,
    cut,
    escaped,
    mention,
    one_line,
    own_words,
    own_words_spoken,
    quote,
    rich,
    section,
    words,
)

LONGEST_LINE = 600  # of a transcript
MOST_CHOICES = 40  # a message has at most 50 blocks
MENU = "more"  # the action_id of a menu; which action is meant stands in what was chosen


def post(post: Post) -> Message:
    """Draw a post of any kind."""
    match post:
        case Lines():
            return lines(post)
        case Transcript():
            return transcript(post)
        case Notice():
            return told(post)


def lines(post: Lines) -> Message:
    """What was said, under the name of who said it; one name above what somebody said in a row."""
    elements: list[Block] = []
    spoken: list[str] = []
    room = LONG_TEXT
    for author, said in groupby(post.lines, key=lambda line: line.author):
        name = speaker(author, post.channel)
        elements.append(words(f"{_break(elements)}\n{name}" if elements else name, "bold"))
        spoken.append(name)
        for line in said:
            text = cut(clean(line.text), max(1, room))
            room -= len(text)
            elements += [*_words(elements, text), *_asides(line)]
            spoken.append(f"{text}{_aside(line)}")
    return Message(escaped("\n".join(spoken), LONG_TEXT), [rich(*_parts(elements))] if elements else [])


def _words(before: Sequence[Block], text: str) -> list[Block]:
    """What somebody said, below that. Who formats it gets a quote: else they could make it look like a name of ours."""
    if marks_of(text):
        return [quote(text)]
    start = _break(before)
    return [*([words(start)] if start else []), words(text)]


def _break(before: Sequence[Block]) -> str:
    return "" if before[-1]["type"] == QUOTE else "\n"


def _parts(elements: Sequence[Block]) -> list[Block]:
    """Sections, and the quotes between them."""
    grouped = groupby(elements, key=lambda element: element["type"] == QUOTE)
    return [part for quotes, some in grouped for part in (some if quotes else [section(*some)])]


def transcript(post: Transcript) -> Message:
    """The conversation so far, a line each; of a long one the newest, and how many there are before."""
    shown = _newest(post)
    title = t("Conversation so far · {channel}", channel=channel_name(post.channel))
    left_out = post.earlier + len(post.lines) - len(shown)
    gap = [_left_out(left_out)] if left_out else []
    elements = [words(title, "bold"), *(words(f"\n{said}", "italic") for said in gap)]
    for name, text, line in shown:
        elements.append(words(f"{_break(elements)}{name}", "bold"))
        elements += [quote(text) if marks_of(text) else words(text)] if text else []
        elements += _asides(line)
    spoken = [title, *gap, *(f"{name}{text}{_aside(line)}" for name, text, line in shown)]
    return Message(escaped("\n".join(spoken), LONG_TEXT), [rich(*_parts(elements))])


def _left_out(count: int) -> str:
    if count == 1:
        return t("… 1 earlier message: press Transcript on the card to read all …")
    return t("… {count} earlier messages: press Transcript on the card to read all …", count=count)


def shows_all(post: Transcript) -> bool:
    """Whether it has room for every message, from the first word to the last."""
    whole = all(len(clean(line.text)) <= LONGEST_LINE for line in post.lines)
    return whole and not post.earlier and len(_newest(post)) == len(post.lines)


def _newest(post: Transcript) -> list[tuple[str, str, Line]]:
    """Names, as they stand before the words, and words of as many messages as there is room for."""
    shown: list[tuple[str, str, Line]] = []
    room = LONG_TEXT - 200
    for line in reversed(post.lines):
        text = "" if line.gone else cut(clean(line.text), LONGEST_LINE)
        name = speaker(line.author, "") + (": " if text else ":")
        room -= len(name) + len(text) + len(_aside(line)) + 1
        if room < 0:
            break
        shown.append((name, text, line))
    return shown[::-1]


def told(told: Notice | Whisper, most: int = SHORT_TEXT) -> Message:
    """The bridge's own sentence, what it is about, and what can be answered."""
    pings = told.pings if isinstance(told, Notice) else ()
    quoted = cut(told.quote, most // 2) if told.quote.strip() else ""
    said = own_words(cut(told.text, most - len(quoted)))
    parts = [section(*(it for who in pings for it in (mention(who), words(" "))), *said)]
    if quoted:
        parts.append(quote(quoted))
    spoken = "\n".join(text for text in (own_words_spoken(told.text), told.quote) if text.strip())
    return Message(escaped(spoken, most), [rich(*parts), *buttons(told.choices)])


def buttons(choices: Sequence[Choice]) -> list[Block]:
    """Buttons in a row; the same action again starts a new row, as Slack wants action_ids unique in a block."""
    rows: list[list[Block]] = []
    for choice in choices[:MOST_CHOICES]:
        button = _button(choice)
        if not rows or len(rows[-1]) == 5 or any(other["action_id"] == choice.action for other in rows[-1]):
            rows.append([])
        rows[-1].append(button)
    return [{"type": "actions", "elements": row} for row in rows]


def _button(choice: Choice) -> Block:
    button: Block = {"type": "button", "action_id": choice.action, "text": _label(choice), "value": choice.value}
    return button | {"style": choice.style} if choice.style else button


def menu(choices: Sequence[Choice]) -> Block:
    """The menu behind "⋯". Slack takes up to 5 options, with a value of up to 150 characters each."""
    options = [{"text": _label(choice), "value": f"{choice.action}:{choice.value}"} for choice in choices]
    return {"type": "overflow", "action_id": MENU, "options": options}


def _label(choice: Choice) -> Block:
    return {"type": "plain_text", "text": one_line(choice.label, 75) or "…", "emoji": False}


def speaker(author: Author, channel: str) -> str:
    """The name over somebody's words, and for a customer where they write from."""
    name = signed(author.kind, one_line(author.name, 80))
    return f"{name} · {channel_name(channel)}" if channel and author.kind == "customer" else name


def channel_name(channel: str) -> str:
    """A channel's name, not too long."""
    return one_line(channel, 40)


def _aside(line: Line) -> str:
    """Whether it arrived, and what became of it since."""
    doubt = f" (⚠ {one_line(line.doubt, 200)})" if line.doubt else ""
    return doubt + (f" ({one_line(line.since, 200)})" if line.since else "")


def _asides(line: Line) -> list[Block]:
    return [words(aside, "italic")] if (aside := _aside(line)) else []
