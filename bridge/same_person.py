"""How people say that two customers are one person, and take it back: they look at both sides in a window first.

It is never done by itself, and changes nothing about who hears what: a reply goes where its own conversation is.
"""

from collections.abc import Sequence

from bridge.act import Act, handoff_of, number_in
from bridge.conversation import Conversation, State, may_answer, owner_name, owns, who_loses
from bridge.effects import Effect, PostNotice, RedrawCard
from bridge.errors import Refused
from bridge.i18n import joined, t
from bridge.letters import carry_out
from bridge.ports import Agent, Pressed, Role, Submitted
from bridge.session import Session
from bridge.store import contacts, conversations, timeline
from bridge.store.contacts import Identity
from bridge.store.conversations import Handoff
from bridge.verbs import number_and_note

LONGEST_SEARCH = 100
REDRAWN = 8  # of the newest cards: those that name the others
MERGED, PARTED = "merged", "parted"  # on the timeline


def open_window(act: Act, handoff: Handoff, search: str = "") -> None:
    """In which others are looked for, and what was said before can be taken back."""
    _may(act, handoff)
    act.show("same", f"{handoff.number} {' '.join(search.split())[:LONGEST_SEARCH]}".strip())


def pressed(act: Act, press: Pressed) -> bool:
    """A click; whether it is about who is who."""
    number, text = number_and_note(press.value)
    if press.action == "same":
        open_window(act, handoff_of(act, number), text)
    elif press.form == "same" and press.action == "compare":
        _compare(act, handoff_of(act, number), number_in(text))
    elif press.form == "same" and press.action == "part":
        _part(act, handoff_of(act, number), number_in(text))
        act.show("same", press.about)
    else:
        return False
    return True


def submitted(act: Act, handoff: Handoff, form: Submitted) -> tuple[str, str] | None:
    """A search, in the same window; or somebody has looked at both sides: these are one contact from now on."""
    if form.form == "same":
        _may(act, handoff)
        search = " ".join(form.values.get("search", "").split())[:LONGEST_SEARCH]
        return "same", f"{handoff.number} {search}".strip()
    _merge(act, handoff, form.about)
    return None


def compared(handoff: int, other: int, ones: Sequence[Identity], others: Sequence[Identity]) -> str:
    """What travels with the window that shows both sides: whoever says yes means these, and no more."""
    sides = ";".join(",".join(map(str, contacts.ids(side))) for side in (ones, others))
    return f"{handoff} {other} {sides}"


def apart(session: Session, one: int, other: int) -> tuple[tuple[Identity, ...], tuple[Identity, ...]]:
    """Both sides, if they can be put together; else Refused."""
    ones, others = contacts.identities(session.tx, one), contacts.identities(session.tx, other)
    if one == other:
        raise Refused(t("This is the same conversation: there is nothing to put together."))
    if not others:
        raise Refused(t("This conversation is not known any more."))
    if other in contacts.ids(ones):
        raise Refused(t("These are one contact already. Nothing has changed."))
    if len(ones) + len(others) > contacts.MOST:
        raise Refused(t("One contact has at most {most} conversations. Nothing has changed.", most=contacts.MOST))
    return ones, others


def other_in(about: str) -> int:
    """The conversation on the other side, in what travelled with a window."""
    return number_in(number_and_note(about)[1].partition(" ")[0])


def may_say_who(conversation: Conversation, agent: Agent) -> None:
    """Whose conversation it is, or an admin; else Refused."""
    may_answer(agent)
    if agent.role >= Role.ADMIN or owns(conversation, agent):
        return
    if conversation.state is State.CLAIMED:
        owner = owner_name(conversation)
        raise Refused(t("Only {owner} or an admin can say who this customer is.", owner=owner))
    raise Refused(t("Claim this conversation first: only who has it, or an admin, can say who this customer is."))


def said_of(session: Session, who: Identity) -> str:
    """Whom, on which channel, and in which handoff."""
    number = [f"#{who.handoff}"] if who.handoff is not None else []
    return joined([who.name or t("Customer"), session.house.doorway(who.channel).label, *number], " · ")


def _may(act: Act, handoff: Handoff) -> Conversation:
    """The conversation, if they may say who it is with; else Refused."""
    conversation, _ = conversations.by_id(act.session.tx, handoff.conversation)
    may_say_who(conversation, act.agent)
    return conversation


def _merge(act: Act, handoff: Handoff, about: str) -> None:
    """Two contacts are one, if they still are what was looked at."""
    tx, here, there = act.session.tx, _may(act, handoff).id, other_in(about)
    ones, others = apart(act.session, here, there)
    if about != compared(handoff.number, there, ones, others):
        raise Refused(t("Somebody has just changed who is who. Look at both sides again; nothing has changed."))
    contacts.join(tx, here, contacts.ids(ones), there, contacts.ids(others), act.agent, act.session.now)
    _tell(act, here, there, MERGED, (*ones, *others))


def _compare(act: Act, handoff: Handoff, other: int) -> None:
    here = _may(act, handoff).id
    act.show("same_preview", compared(handoff.number, other, *apart(act.session, here, other)))


def _part(act: Act, handoff: Handoff, said: int) -> None:
    """Undo exactly that: what has been said of others since stays."""
    tx, here = act.session.tx, _may(act, handoff).id
    members = contacts.identities(tx, here, kept=True)
    pair = next((it for it in contacts.pairs(tx, contacts.ids(members)) if it.id == said), None)
    if pair is None:
        raise Refused(t("These are separate already. Nothing has changed."))
    contacts.part(tx, pair, contacts.ids(members))
    _tell(act, pair.one, pair.other, PARTED, members)


def _tell(act: Act, one: int, other: int, event: str, members: Sequence[Identity]) -> None:
    """On the timeline and in the thread of both; and the cards of all say it."""
    session, agent, known = act.session, act.agent, {it.conversation: it for it in members}
    for here, there in ((one, other), (other, one)):
        conversation, contact = conversations.by_id(session.tx, here)
        who = said_of(session, known[there])
        timeline.record(session.tx, here, conversation.handoff, event, agent.id, agent.name, session.now, who)
        if conversation.handoff is not None:
            told = _told(agent, event, session.house.doorway(contact.channel).label)
            notice = PostNotice(told, who, pings=who_loses(conversation, agent))
            _carry_out(session, conversation.handoff, notice)
    for number in contacts.newest(session.tx, contacts.ids(members), REDRAWN):
        _carry_out(session, number, RedrawCard())


def _told(agent: Agent, event: str, channel: str) -> str:
    if event == PARTED:
        return t("{agent} separated this customer again from:", agent=agent.name)
    return t(
        "{agent} said that this is the same person: now one contact. Replies here still go to {channel}.",
        agent=agent.name, channel=channel,
    )  # fmt: skip


def _carry_out(session: Session, number: int, effect: Effect) -> None:
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    carry_out(session.scene(conversation, contact, handoff=number), (effect,))
