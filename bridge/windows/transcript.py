"""The transcript: what was said in a conversation, a page at a time and the newest first, and who did what."""

from collections.abc import Iterator, Sequence

from bridge.content import Line, signed, split, time_of_day, units
from bridge.i18n import again, t
from bridge.language.words import cut
from bridge.ports import Agent, Choice, Form, Part, Row, Words
from bridge.session import Session
from bridge.store import contacts, messages, timeline
from bridge.store.contacts import Identity, Said
from bridge.store.timeline import Happened
from bridge.windows.words import handoff_of, number, shown

MOST_LINES, MOST_ENTRIES = 50, 30
ROOM = 12_000  # UTF-16 units on a page with several messages: a window takes 250 KB, and one unit may take six bytes
LONGEST, LONGEST_FIRST, PIECE = 20_000, 10_000, 2_500  # of one message, of its first words, of a text in a window
LONGEST_NAME, LONGEST_NOTE = 80, 500
HAPPENED = {
    "escalated": t("A person was wanted"),
    "claimed": t("{name} claimed it"),
    "taken_over": t("{name} took over"),
    "assigned": t("{name} assigned it to {note}"),
    "requeued": t("{name} put it back into the queue"),
    "released": t("{name} handed back to the bot"),
    "told_absent": t("The customer was told that nobody is here"),
    "left_address": t("The customer left an address: {note}"),
    "went_back": t("The customer went back to the bot"),
    "resolved": t("{name} resolved it"),
    "ended": t("{name} ended it"),
    "reopened": t("{name} reopened it"),
    "moved": t("It got a new thread"),
    "labelled": t("{name} changed the labels"),
    "asked_rating": t("The customer was asked how it was with {name}"),
    "rated_good": t("The customer rated it good"),
    "rated_bad": t("The customer rated it not good"),
    "rating_words": t("The customer says of the rating: {note}"),
    "came_by": t("{name} came by link: {note}"),
    "merged": t("{name} said that this is the same person as {note}"),
    "parted": t("{name} separated this again from {note}"),
}
Lines = Sequence[Said]


def transcript(session: Session, _agent: Agent, about: str) -> Form:
    """One page. `about` is the handoff, and before or after which message the page is; else it is the newest."""
    asked, _, where = about.partition(" ")
    handoff, customer = handoff_of(session, asked)
    members = contacts.identities(session.tx, handoff.conversation)
    whose = contacts.ids(members)
    page = _page(session, whose, where)
    earlier = bool(page and contacts.earlier(session.tx, whose, page[0][0], 1))
    later = bool(page and contacts.later(session.tx, whose, page[-1][0], 1))
    turn = tuple(_turn(asked, page, earlier=earlier, later=later))
    parts: list[Part] = [Words(f"*{_name(customer)}*")]
    if turn:
        parts += [*_where(session, whose, page), *turn]
    parts += _conversations(session, members, page)
    if not later:
        happened = timeline.of_handoff(session.tx, handoff.number, MOST_ENTRIES + 1)
        parts.append(Words(t("*What happened*") if happened else t("Nothing has happened yet.")))
        if len(happened) > MOST_ENTRIES:
            parts.append(Words(t("The newest {count}:", count=MOST_ENTRIES)))
        parts += [_done(entry) for entry in happened[-MOST_ENTRIES:]]
    return Form("transcript", f"#{handoff.number}", (*parts, *turn), about)


def _page(session: Session, whose: Sequence[int], where: str) -> Lines:
    """What is not there any more, or never was, is the newest page."""
    way, _, text = where.partition(" ")
    message = number(text)
    if way == "after" and (found := contacts.later(session.tx, whose, message, MOST_LINES)):
        return found[: _fitting(found)]
    if way == "before" and (found := contacts.earlier(session.tx, whose, message, MOST_LINES)):
        return found[-_fitting(found[::-1]) :]
    found = contacts.earlier(session.tx, whose, messages.NEWEST, MOST_LINES)
    return found[-_fitting(found[::-1]) :]


def _fitting(found: Lines) -> int:
    """How many of these a page has room for: at least one."""
    room = ROOM
    for count, (_, line, _where) in enumerate(found):
        room -= units(line.text) + units(line.first)
        if room < 0 and count:
            return count
    return len(found)


def _conversations(session: Session, members: Sequence[Identity], page: Lines) -> Iterator[Words]:
    """What was said; where the same person is known on several channels, also on which."""
    known, before = {it.conversation: it for it in members}, 0
    for _, line, conversation in page:
        if len(members) > 1 and conversation != before:
            who, before = known[conversation], conversation
            label = again(session.house.doorway(who.channel).label)
            yield Words(t("*{channel}* · {name}", channel=label, name=_name(who.name)))
        yield from _said(line)


def _where(session: Session, whose: Sequence[int], page: Lines) -> Iterator[Words]:
    """Which messages these are, where all can be counted."""
    total = contacts.count(session.tx, whose)
    if total < messages.COUNTED:
        first = contacts.count(session.tx, whose, page[0][0])
        last = first + len(page) - 1
        if last > first:
            yield Words(t("Messages {first} to {last} of {total}:", first=first, last=last, total=total))
        else:
            yield Words(t("Message {first} of {total}:", first=first, total=total))


def _turn(asked: str, page: Lines, *, earlier: bool, later: bool) -> Iterator[Row]:
    """The ways to the next pages."""
    choices = [Choice("earlier", t("Earlier"), f"{asked} before {page[0][0]}")] if earlier else []
    if later:
        choices.append(Choice("later", t("Later"), f"{asked} after {page[-1][0]}"))
    if choices:
        yield Row("", choices=tuple(choices))


def _said(line: Line) -> Iterator[Words]:
    """Who said it, the words, and those that it was said in first."""
    doubt = f" (⚠ {again(line.doubt)})" if line.doubt else ""
    since = f" ({again(line.since)})" if line.since else ""
    name = _name(signed(line.author.kind, line.author.name))
    yield from _pieces(f"{time_of_day(line.at)}  *{name}*{doubt}{since}", cut(line.text, LONGEST))
    if line.first:
        yield from _pieces(t("Before it was edited:"), cut(line.first, LONGEST_FIRST))


def _pieces(head: str, text: str) -> Iterator[Words]:
    """The words below, in pieces where they are many."""
    first, *more = split(text, PIECE) or [""]
    yield Words(head, first)
    yield from (Words("", piece) for piece in more)


def _done(entry: Happened) -> Words:
    told, note = HAPPENED.get(entry.event, entry.event), cut(entry.note, LONGEST_NOTE)
    line = again(told, name=_name(entry.name or t("Somebody")), note=shown(note))
    return Words(f"{time_of_day(entry.at)}  {line}", "" if "{note}" in told else note)


def _name(name: str) -> str:
    return shown(cut(name, LONGEST_NAME))
