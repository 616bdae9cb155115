"""Windows about one handoff: to whom to assign it, its labels, and everything that was said and done."""

from bridge.assigning import LONGEST_LABEL, MOST_LABELS
from bridge.content import Line
from bridge.errors import Refused
from bridge.ports import Agent, Choice, Form, OneOf, Option, Part, PersonInput, Row, TextInput, Words
from bridge.session import Session
from bridge.store import conversations, messages, queue, timeline
from bridge.store.conversations import Handoff
from bridge.store.timeline import Happened
from bridge.windows.words import YEAR, clock, number, shown

MOST_LINES, MOST_ENTRIES = 60, 30
OUTCOMES = (Option("resolved", "Yes, this is resolved"), Option("open", "No, keep it open until it is"))
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


def assign(session: Session, _: Agent, about: str) -> Form:
    """To whom, or back to the queue."""
    handoff, customer = _handoff(session, about)
    parts: list[Part] = [PersonInput("to", "Who is to answer?")]
    if handoff.state == "claimed":
        choice = Choice("requeue", "Back to the queue", str(handoff.number))
        parts.append(Row("Or let the next one claim it.", choices=(choice,)))
    return Form("assign", f"Assign #{handoff.number}", (Words("Customer", customer), *parts), about, "Assign")


def handback(session: Session, _: Agent, about: str) -> Form:
    """A note for the bot and the team, which bot, and whether all is done."""
    handoff, customer = _handoff(session, about)
    conversation, _contact = conversations.by_id(session.tx, handoff.conversation)
    house = session.house
    bots = tuple(Option(name, name) for name in house.bots)
    which = (OneOf("bot", "Which bot goes on?", bots, house.bot_of(conversation)),) if len(bots) > 1 else ()
    note = TextInput(
        "note", "Note", hint="For the bot, and on the card. The customer does not see it.", lines=True, optional=True,
        longest=2000,
    )  # fmt: skip
    outcome = "open" if house.policy.after_hand_back == "keep" else "resolved"
    done = OneOf("outcome", "Is everything done?", OUTCOMES, outcome)
    parts = (Words("Customer", customer), *which, note, done)
    return Form("handback", f"Hand back #{handoff.number}", parts, about, "Hand back")


def labels(session: Session, _: Agent, about: str) -> Form:
    """What it is filed under, and what others are."""
    handoff, customer = _handoff(session, about)
    known = queue.labels_in_use(session.tx, session.now - YEAR)
    field = TextInput(
        "labels", "Labels", " ".join(handoff.labels),
        hint="With blanks between them, such as: refund vip. Leave it empty for none.",
        optional=True, longest=MOST_LABELS * (LONGEST_LABEL + 1),
    )  # fmt: skip
    used = (Words("In use: " + ", ".join(known)),) if known else ()
    return Form("labels", f"Labels of #{handoff.number}", (Words("Customer", customer), field, *used), about, "Save")


def transcript(session: Session, _: Agent, about: str) -> Form:
    """All that was said, as far as there is room, and who did what."""
    handoff, customer = _handoff(session, about)
    said = messages.lines(session.tx, handoff.conversation, most=MOST_LINES + 1)
    happened = timeline.of_handoff(session.tx, handoff.number, MOST_ENTRIES)
    parts: list[Part] = [Words(f"*{shown(customer)}*")]
    if len(said) > MOST_LINES:
        parts.append(Words(f"The last {MOST_LINES} messages:"))
    parts += [_said(line) for line in said[-MOST_LINES:]]
    parts.append(Words("*What happened*" if happened else "Nothing has happened yet."))
    parts += [_done(entry) for entry in happened]
    return Form("transcript", f"#{handoff.number}", tuple(parts), about)


def _said(line: Line) -> Words:
    who = {
        "customer": line.author.name or "Customer",
        "bot": f"🤖 {line.author.name}",
        "agent": f"👤 {line.author.name}",
    }
    name = shown(who.get(line.author.kind, "ℹ️ Desk"))
    doubt = f" (⚠ {line.doubt})" if line.doubt else ""
    return Words(f"{clock(line.at)}  *{name}*{doubt}", line.text)


def _done(entry: Happened) -> Words:
    told = HAPPENED.get(entry.event, entry.event)
    line = told.format(name=shown(entry.name or "Somebody"), note=shown(entry.note))
    return Words(f"{clock(entry.at)}  {line}", "" if "{note}" in told else entry.note)


def _handoff(session: Session, about: str) -> tuple[Handoff, str]:
    handoff = conversations.handoff(session.tx, number(about))
    if handoff is None:
        raise Refused("This handoff is not known any more.")
    _, contact = conversations.by_id(session.tx, handoff.conversation)
    return handoff, contact.name or "Customer"
