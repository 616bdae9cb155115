"""The windows in which people look for the same person on another channel, and see both sides before they say so."""

from collections.abc import Iterator

from bridge.content import time_of_day
from bridge.i18n import again, t
from bridge.language.words import cut
from bridge.ports import Agent, Choice, Form, Part, Row, TextInput, Words
from bridge.same_person import LONGEST_SEARCH, apart, other_in, said_of
from bridge.session import Session
from bridge.store import contacts, messages
from bridge.store.contacts import Identity, Pair
from bridge.verbs import number_and_note
from bridge.windows.words import handoff_of, shown

MOST = 15
LAST_WORDS, LAST_LINES = 200, 30  # characters, and messages among which a customer's is looked for


def same(session: Session, _: Agent, about: str) -> Form:
    """Who this is elsewhere already, each to be separated again; who it may be; and a search."""
    asked, search = number_and_note(about)
    handoff, _customer = handoff_of(session, str(asked))
    members = contacts.identities(session.tx, handoff.conversation)
    number, known = handoff.number, {it.conversation: it for it in members}
    parts: list[Part] = [Words(t("*This customer*"), _all(session, members))]
    said = contacts.pairs(session.tx, contacts.ids(members))
    parts += [_said(session, number, it, known) for it in said if {it.one, it.other} <= known.keys()]
    hint = t("A name, an e-mail address, a phone number, or the number of a conversation, such as #1042.")
    who = t("Who is it elsewhere?")
    parts.append(TextInput("search", who, search, hint, optional=True, longest=LONGEST_SEARCH))
    parts += _found(session, number, members, search)
    return Form("same", t("Same person as #{number}", number=number), tuple(parts), about, t("Search"))


def preview(session: Session, _: Agent, about: str) -> Form:
    """Both sides, before they are put together."""
    handoff, _customer = handoff_of(session, str(number_and_note(about)[0]))
    sides = apart(session, handoff.conversation, other_in(about))
    both = [part for side in sides for who in side for part in _seen(session, who)]
    follows = Words(
        t(
            "Agents see all of this as one contact: earlier handoffs, notes and the transcript. The customer is told "
            "nothing, and each reply still goes to the channel of its own conversation. It can be separated again."
        )
    )
    return Form("same_preview", t("One person?"), (*both, follows), about, t("They are the same"))


def _found(session: Session, number: int, members: tuple[Identity, ...], search: str) -> Iterator[Part]:
    """Who may be meant, or those of whom the same address or number is certain."""
    if search:
        mine = contacts.ids(members)
        found = [it for it in contacts.search(session.tx, search, MOST + len(mine)) if it.conversation not in mine]
        if not found:
            yield Words(t("Nobody else fits."))
        elif len(found) > MOST:
            yield Words(t("These are the newest {count}. Search for more words to see others.", count=MOST))
    else:
        found = contacts.alike(session.tx, members)
        if found:
            yield Words(t("Of these, the same address or number is certain. A family may share one."))
    for it in found[:MOST]:
        compare = Choice("compare", t("Compare …"), f"{number} {it.conversation}")
        yield Row(said_of(session, it), _certain(it), "", (compare,))


def _said(session: Session, number: int, pair: Pair, known: dict[int, Identity]) -> Row:
    one, other = known[pair.one], known[pair.other]
    details = t("{name} said so, {time}", name=shown(pair.by), time=time_of_day(pair.at))
    title = f"{said_of(session, one)} = {said_of(session, other)}"
    return Row(title, details, "", (Choice("part", t("Separate again"), f"{number} {pair.id}", "danger"),))


def _certain(who: Identity) -> str:
    return t("✓ verified: {who}", who=shown(who.verified)) if who.verified else ""


def _seen(session: Session, who: Identity) -> Iterator[Part]:
    """One identity: who it is for certain, and what they said last."""
    said = messages.earlier(session.tx, who.conversation, messages.NEWEST, LAST_LINES)
    last = next((line for _, line in reversed(said) if line.author.kind == "customer"), None)
    yield Words("", said_of(session, who))
    if who.verified:
        yield Words(_certain(who))
    if last:
        yield Words(t("Wrote last, {time}:", time=time_of_day(last.at)), cut(last.text, LAST_WORDS))


def _all(session: Session, members: tuple[Identity, ...]) -> str:
    return "\n".join(again(said_of(session, it)) for it in members)
