"""Windows about one handoff: to whom to assign it, how to hand it back, and its labels."""

from bridge.assigning import LONGEST_LABEL, MOST_LABELS
from bridge.i18n import again, t
from bridge.ports import Agent, Choice, Form, OneOf, Option, Part, PersonInput, Row, TextInput, Words
from bridge.session import Session
from bridge.store import conversations, queue
from bridge.windows.words import YEAR, handoff_of

OUTCOMES = (Option("resolved", t("Yes, this is resolved")), Option("open", t("No, keep it open until it is")))


def assign(session: Session, _: Agent, about: str) -> Form:
    """To whom, or back to the queue."""
    handoff, customer = handoff_of(session, about)
    parts: list[Part] = [PersonInput("to", t("Who is to answer?"))]
    if handoff.state == "claimed":
        choice = Choice("requeue", t("Back to the queue"), str(handoff.number))
        parts.append(Row(t("Or let the next one claim it."), choices=(choice,)))
    title = t("Assign #{number}", number=handoff.number)
    return Form("assign", title, (Words(t("Customer"), customer), *parts), about, t("Assign"))


def handback(session: Session, _: Agent, about: str) -> Form:
    """A note for the bot and the team, which bot, and whether all is done."""
    handoff, customer = handoff_of(session, about)
    conversation, _contact = conversations.by_id(session.tx, handoff.conversation)
    house = session.house
    bots = tuple(Option(name, name) for name in house.bots)
    which = (OneOf("bot", t("Which bot goes on?"), bots, house.bot_of(conversation)),) if len(bots) > 1 else ()
    note = TextInput(
        "note", t("Note"), hint=t("For the bot, and on the card. The customer does not see it."),
        lines=True, optional=True, longest=2000,
    )  # fmt: skip
    outcome = "open" if house.policy.after_hand_back == "keep" else "resolved"
    done = OneOf("outcome", t("Is everything done?"), again(OUTCOMES), outcome)
    parts = (Words(t("Customer"), customer), *which, note, done)
    return Form("handback", t("Hand back #{number}", number=handoff.number), parts, about, t("Hand back"))


def labels(session: Session, _: Agent, about: str) -> Form:
    """What it is filed under, and what others are."""
    handoff, customer = handoff_of(session, about)
    known = queue.labels_in_use(session.tx, session.now - YEAR)
    field = TextInput(
        "labels", t("Labels"), " ".join(handoff.labels),
        hint=t("With blanks between them, such as: refund vip. Leave it empty for none."),
        optional=True, longest=MOST_LABELS * (LONGEST_LABEL + 1),
    )  # fmt: skip
    used = (Words(t("In use: {labels}", labels=", ".join(known))),) if known else ()
    title = t("Labels of #{number}", number=handoff.number)
    return Form("labels", title, (Words(t("Customer"), customer), field, *used), about, t("Save"))
