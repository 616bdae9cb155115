"""Windows about one handoff: to whom to assign it, how to hand it back, and its labels."""

from bridge.assigning import LONGEST_LABEL, MOST_LABELS
from bridge.ports import Agent, Choice, Form, OneOf, Option, Part, PersonInput, Row, TextInput, Words
from bridge.session import Session
from bridge.store import conversations, queue
from bridge.windows.words import YEAR, handoff_of

OUTCOMES = (Option("resolved", "Yes, this is resolved"), Option("open", "No, keep it open until it is"))


def assign(session: Session, _: Agent, about: str) -> Form:
    """To whom, or back to the queue."""
    handoff, customer = handoff_of(session, about)
    parts: list[Part] = [PersonInput("to", "Who is to answer?")]
    if handoff.state == "claimed":
        choice = Choice("requeue", "Back to the queue", str(handoff.number))
        parts.append(Row("Or let the next one claim it.", choices=(choice,)))
    return Form("assign", f"Assign #{handoff.number}", (Words("Customer", customer), *parts), about, "Assign")


def handback(session: Session, _: Agent, about: str) -> Form:
    """A note for the bot and the team, which bot, and whether all is done."""
    handoff, customer = handoff_of(session, about)
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
    handoff, customer = handoff_of(session, about)
    known = queue.labels_in_use(session.tx, session.now - YEAR)
    field = TextInput(
        "labels", "Labels", " ".join(handoff.labels),
        hint="With blanks between them, such as: refund vip. Leave it empty for none.",
        optional=True, longest=MOST_LABELS * (LONGEST_LABEL + 1),
    )  # fmt: skip
    used = (Words("In use: " + ", ".join(known)),) if known else ()
    return Form("labels", f"Labels of #{handoff.number}", (Words("Customer", customer), field, *used), about, "Save")
