"""The transcript: what was said in a conversation, a page at a time and the newest first, and who did what."""

from collections.abc import Iterator, Sequence

from bridge.content import Line, split, units
from bridge.ports import Agent, Choice, Form, Part, Row, Words
from bridge.session import Session
from bridge.store import messages, timeline
from bridge.store.timeline import Happened
from bridge.windows.words import clock, handoff_of, number, shown

MOST_LINES, MOST_ENTRIES = 50, 30
ROOM = 12_000  # UTF-16 units on a page with several messages: a window takes 250 KB, and one unit may take six bytes
LONGEST, PIECE = 20_000, 2_500  # of one message, and of a text in a window
LONGEST_NAME, LONGEST_NOTE = 80, 500
HAPPENED = {
    "escalated": "A person was wanted",
    "claimed": "{name} claimed it",
    "taken_over": "{name} took over",
    "assigned": "{name} assigned it to {note}",
    "requeued": "{name} put it back into the queue",
    "released": "{name} handed back to the bot",
    "resolved": "{name} resolved it",
    "ended": "{name} ended it",
    "reopened": "{name} reopened it",
    "moved": "It got a new thread",
    "labelled": "{name} changed the labels",
}
Lines = Sequence[tuple[int, Line]]
SIGNS = "🤖👤ℹ⚠"  # the team's: a customer's name cannot have one


def transcript(session: Session, _agent: Agent, about: str) -> Form:
    """One page. `about` is the handoff, and before or after which message the page is; else it is the newest."""
    asked, _, where = about.partition(" ")
    handoff, customer = handoff_of(session, asked)
    page = _page(session, handoff.conversation, where)
    total = messages.count(session.tx, handoff.conversation)
    before = messages.count(session.tx, handoff.conversation, page[0][0] - 1) if page else 0
    upto = before + len(page)
    turn = tuple(_turn(asked, page, earlier=before > 0, later=upto < total))
    parts: list[Part] = [Words(f"*{_name(customer)}*")]
    if turn:
        here = f"Messages {before + 1} to {upto}" if len(page) > 1 else f"Message {upto}"
        parts += [Words(f"{here} of {total}:"), *turn]
    parts += [said for _, line in page for said in _said(line)]
    if upto == total:
        happened = timeline.of_handoff(session.tx, handoff.number, MOST_ENTRIES)
        parts.append(Words("*What happened*" if happened else "Nothing has happened yet."))
        parts += [_done(entry) for entry in happened]
    return Form("transcript", f"#{handoff.number}", (*parts, *turn), about)


def _page(session: Session, conversation: int, where: str) -> Lines:
    """What is not there any more, or never was, is the newest page."""
    way, _, text = where.partition(" ")
    message = number(text)
    if way == "after" and (found := messages.later(session.tx, conversation, message, MOST_LINES)):
        return found[: _fitting(found)]
    if way == "before" and (found := messages.earlier(session.tx, conversation, message, MOST_LINES)):
        return found[-_fitting(found[::-1]) :]
    found = messages.earlier(session.tx, conversation, messages.NEWEST, MOST_LINES)
    return found[-_fitting(found[::-1]) :]


def _fitting(found: Lines) -> int:
    """How many of these a page has room for: at least one."""
    room = ROOM
    for count, (_, line) in enumerate(found):
        room -= units(line.text)
        if room < 0 and count:
            return count
    return len(found)


def _turn(asked: str, page: Lines, *, earlier: bool, later: bool) -> Iterator[Row]:
    """The ways to the next pages."""
    choices = [Choice("earlier", "Earlier", f"{asked} before {page[0][0]}")] if earlier else []
    if later:
        choices.append(Choice("later", "Later", f"{asked} after {page[-1][0]}"))
    if choices:
        yield Row("", choices=tuple(choices))


def _said(line: Line) -> Iterator[Words]:
    """Who said it, and the words; in pieces where they are many."""
    who = {
        "customer": "".join(sign for sign in line.author.name if sign not in SIGNS).strip() or "Customer",
        "bot": f"🤖 {line.author.name}",
        "agent": f"👤 {line.author.name}",
    }
    doubt = f" (⚠ {line.doubt})" if line.doubt else ""
    pieces = split(_cut(line.text, LONGEST), PIECE)
    yield Words(f"{clock(line.at)}  *{_name(who.get(line.author.kind, 'ℹ️ Desk'))}*{doubt}", *pieces[:1])
    yield from (Words("", piece) for piece in pieces[1:])


def _done(entry: Happened) -> Words:
    told, note = HAPPENED.get(entry.event, entry.event), _cut(entry.note, LONGEST_NOTE)
    line = told.format(name=_name(entry.name or "Somebody"), note=shown(note))
    return Words(f"{clock(entry.at)}  {line}", "" if "{note}" in told else note)


def _name(name: str) -> str:
    return shown(_cut(name, LONGEST_NAME))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
