"""Windows with lists: the handoffs that somebody looks for, and the conversations that the bot has."""

from bridge import filters
from bridge.errors import Refused
from bridge.filters import Filter
from bridge.ports import Agent, Choice, Form, OneOf, Option, Part, Role, Row, TextInput, Words
from bridge.session import Session
from bridge.store import queue as store
from bridge.store.queue import Entry, Talk
from bridge.windows.words import YEAR, clock, details, headline

MOST = 20
ANY = Option("-", "Anybody")
STATES = (
    Option("open", "Waiting or claimed"),
    Option("queued", "Waiting"),
    Option("claimed", "Claimed"),
    Option("unresolved", "Not resolved"),
    Option("over", "Over"),
    Option("all", "All"),
)
LAST = (Option("-", "Whoever spoke last"), *(Option(who, f"Last: the {who}") for who in filters.LAST))


def queue(session: Session, agent: Agent, about: str) -> Form:
    """What waits, who has what, and what is over, by what was chosen above the list."""
    wanted = filters.from_text(about)
    found, total = store.handoffs(session.tx, wanted, MOST)
    parts: list[Part] = [*_choices(session, agent, wanted)]
    parts += [_row(session, agent, entry) for entry in found]
    if not found:
        parts.append(Words("Nothing here."))
    if total > len(found):
        parts.append(Words(f"{total - len(found)} more. Choose less above to see them."))
    return Form("queue", "Queue", tuple(parts), filters.as_text(wanted))


def _choices(session: Session, agent: Agent, wanted: Filter) -> tuple[Part, ...]:
    owners = {ANY.value: ANY.label, agent.id: "Me"}
    if wanted.owner and wanted.owner not in owners:
        owners[wanted.owner] = "Somebody else"
    doorways = session.house.doorways
    channels = (Option("-", "All channels"), *(Option(name, it.label) for name, it in sorted(doorways.items())))
    return (
        OneOf("state", "State", STATES, wanted.state, acts=True),
        OneOf("owner", "Owner", tuple(Option(*it) for it in owners.items()), wanted.owner or "-", acts=True),
        OneOf("channel", "Channel", channels, wanted.channel or "-", acts=True),
        OneOf("last", "Who spoke last", LAST, wanted.last or "-", acts=True),
        *_labels(session, wanted),
    )


def _labels(session: Session, wanted: Filter) -> tuple[Part, ...]:
    known = store.labels_in_use(session.tx, session.now - YEAR)
    if wanted.label and wanted.label not in known:
        known = [wanted.label, *known]
    options = (Option("-", "Any label"), *(Option(label, label) for label in known))
    return (OneOf("label", "Label", options, wanted.label or "-", acts=True),) if known else ()


def _row(session: Session, agent: Agent, entry: Entry) -> Row:
    number, may = str(entry.number), agent.role >= Role.RESPONDER
    choices = (Choice("claim", "Claim", number, "primary"),) if entry.state == "queued" and may else ()
    title = headline(entry, session.house.doorway(entry.channel).label)
    return Row(title, details(entry), entry.subject, choices, entry.thread)


def takeover(session: Session, agent: Agent, about: str) -> Form:
    """The conversations that the bot has, newest first, with a button each."""
    if agent.role < Role.RESPONDER:
        raise Refused("Your role lets you watch. Ask an admin to make you a responder.")
    found, total = store.with_the_bot(session.tx, about, MOST)
    parts: list[Part] = [TextInput("search", "Search for a name or words", about, optional=True, longest=150)]
    parts += [_talk(session, talk) for talk in found]
    if not found:
        parts.append(Words("The bot is talking to nobody" + (" who fits." if about else " now.")))
    if total > len(found):
        parts.append(Words(f"{total - len(found)} more. Search to see them."))
    return Form("takeover", "With the bot", tuple(parts), about, "Search")


def _talk(session: Session, talk: Talk) -> Row:
    title = f"{talk.customer or 'Customer'} · {session.house.doorway(talk.channel).label}"
    return Row(title, clock(talk.at), talk.words, (Choice("takeover", "Take over", str(talk.id)),))
