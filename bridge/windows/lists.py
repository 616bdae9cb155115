"""Windows with lists: the handoffs that somebody looks for, and the conversations that the bot has."""

from bridge import filters
from bridge.content import time_of_day
from bridge.errors import Refused
from bridge.filters import Filter
from bridge.i18n import again, t
from bridge.ports import Agent, Choice, Form, OneOf, Option, Part, PersonInput, Role, Row, TextInput, Words
from bridge.session import Session
from bridge.store import queue as store
from bridge.store.queue import Entry, Talk
from bridge.windows.words import YEAR, details, headline

MOST = 20
ANY = Option("-", t("Anybody"))
STATES = (
    Option("open", t("Waiting or claimed")),
    Option("queued", t("Waiting")),
    Option("claimed", t("Claimed")),
    Option("late", t("Waiting too long")),
    Option("unresolved", t("Not resolved")),
    Option("over", t("Over")),
    Option("all", t("All")),
)
LAST = (
    Option("-", t("Whoever spoke last")),
    Option("customer", t("Last: the customer")),
    Option("agent", t("Last: the agent")),
    Option("bot", t("Last: the bot")),
)


def queue(session: Session, agent: Agent, about: str) -> Form:
    """What waits, who has what, and what is over, by what was chosen above the list."""
    wanted = filters.from_text(about)
    found, total = store.handoffs(session.tx, wanted, MOST, session.late)
    parts: list[Part] = [*_choices(session, agent, wanted)]
    if wanted.whose:
        all_again = Choice("whose", t("Show all customers"), "-")
        parts.append(
            Row(t("All of the customer of #{number}, on whichever channel", number=wanted.whose), choices=(all_again,))
        )
    parts += [_row(session, agent, entry) for entry in found]
    if not found:
        parts.append(Words(t("Nothing here.")))
    if total > len(found):
        parts.append(Words(t("{count} more. Choose less above to see them.", count=total - len(found))))
    return Form("queue", t("Queue"), tuple(parts), filters.as_text(wanted))


def _choices(session: Session, agent: Agent, wanted: Filter) -> tuple[Part, ...]:
    owners = {ANY.value: again(ANY.label), agent.id: t("Me")}
    if wanted.owner and wanted.owner not in owners:
        owners[wanted.owner] = t("Somebody else")
    doorways = session.house.doorways
    channels = (
        Option("-", t("All channels")),
        *(Option(name, again(it.label)) for name, it in sorted(doorways.items())),
    )
    return (
        OneOf("state", t("State"), again(STATES), wanted.state, acts=True),
        OneOf("owner", t("Owner"), tuple(Option(*it) for it in owners.items()), wanted.owner or "-", acts=True),
        PersonInput("person", t("Pick a person"), "" if wanted.owner == agent.id else wanted.owner, acts=True),
        OneOf("channel", t("Channel"), channels, wanted.channel or "-", acts=True),
        OneOf("last", t("Who spoke last"), again(LAST), wanted.last or "-", acts=True),
        *_labels(session, wanted),
    )


def _labels(session: Session, wanted: Filter) -> tuple[Part, ...]:
    known = store.labels_in_use(session.tx, session.now - YEAR)
    if wanted.label and wanted.label not in known:
        known = [wanted.label, *known]
    options = (Option("-", t("Any label")), *(Option(label, label) for label in known))
    return (OneOf("label", t("Label"), options, wanted.label or "-", acts=True),) if known else ()


def _row(session: Session, agent: Agent, entry: Entry) -> Row:
    number, may = str(entry.number), agent.role >= Role.RESPONDER
    choices = (Choice("claim", t("Claim"), number, "primary"),) if entry.state == "queued" and may else ()
    title = headline(entry, again(session.house.doorway(entry.channel).label))
    return Row(title, details(entry, session.late), again(entry.subject), choices, entry.thread)


def takeover(session: Session, agent: Agent, about: str) -> Form:
    """The conversations that the bot has, newest first, with a button each."""
    if agent.role < Role.RESPONDER:
        raise Refused(t("Your role lets you watch. Ask an admin to make you a responder."))
    found, total = store.with_the_bot(session.tx, about, MOST)
    parts: list[Part] = [TextInput("search", t("Search for a name or words"), about, optional=True, longest=150)]
    parts += [_talk(session, talk) for talk in found]
    if not found:
        nobody = t("The bot is talking to nobody who fits.") if about else t("The bot is talking to nobody now.")
        parts.append(Words(nobody))
    if total > len(found):
        parts.append(Words(t("{count} more. Search to see them.", count=total - len(found))))
    return Form("takeover", t("With the bot"), tuple(parts), about, t("Search"))


def _talk(session: Session, talk: Talk) -> Row:
    title = f"{talk.customer or t('Customer')} · {again(session.house.doorway(talk.channel).label)}"
    return Row(title, time_of_day(talk.at), talk.words, (Choice("takeover", t("Take over"), str(talk.id)),))
