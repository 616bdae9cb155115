"""Gathers what the card shows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.hours import Hours
from bridge.ports import Card, Known, Other, Place
from bridge.session import Session
from bridge.store import contacts, conversations, timeline
from bridge.store.contacts import Identity
from bridge.store.timeline import (
    INTRODUCED,
    LEFT_ADDRESS,
    RATED_BAD,
    RATED_GOOD,
    RATING_WORDS,
    TOLD_ABSENT,
    WENT_BACK,
)

MOST_EARLIER = 5
ON_CARD = (TOLD_ABSENT, LEFT_ADDRESS, WENT_BACK, RATED_GOOD, RATED_BAD, RATING_WORDS)  # of what happened


def card_of(session: Session, number: int) -> tuple[Card, Place | None]:
    """The card of a handoff as it is now, and where it stands."""
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    earlier, later = conversations.others(session.tx, number, handoff.conversation)
    members = contacts.identities(session.tx, handoff.conversation)
    elsewhere = _elsewhere(session, handoff.conversation, members)
    happened = timeline.last_of(session.tx, number, *ON_CARD)
    told = happened.get(TOLD_ABSENT) if handoff.state == "queued" else None
    live, doorway = handoff.state in ("queued", "claimed"), session.house.doorway(contact.channel)
    card = Card(
        number=number,
        state=handoff.state,
        customer=contact.name,
        verified=contact.verified,
        channel=doorway.label,
        reason=handoff.reason,
        quote=handoff.quote,
        since=handoff.since,
        owner=handoff.owner,
        summary=handoff.summary,
        stage=conversation.kept_stage,
        note=handoff.note,
        labels=handoff.labels,
        outcome=handoff.outcome,
        absent=told is not None,
        opens=_opens(session.house.hours, told.at) if told else None,
        address=happened[LEFT_ADDRESS].note if LEFT_ADDRESS in happened else "",
        went_back=WENT_BACK in happened,
        typed=timeline.noted_last(session.tx, conversation.id, INTRODUCED),
        rating="good" if RATED_GOOD in happened else "bad" if RATED_BAD in happened else "",
        rating_words=happened[RATING_WORDS].note if RATING_WORDS in happened else "",
        calls=session.house.call if handoff.state == "queued" else (),
        reachable=not live or contact.reachable,
        came_by=timeline.came_by(session.tx, conversation.id),
        folded=handoff.outcome == "resolved" and session.house.policy.after_hand_back == "close",
        earlier=_newest((*earlier, *(it for it in elsewhere if it.number < number and not it.live))),
        later=later,
        beside=tuple(it for it in elsewhere if it.number > number or it.live),
        also=tuple(_known(session, it) for it in members if it.conversation != handoff.conversation),
        perhaps=_perhaps(session, members) if live else None,
        window=session.scene(conversation, contact).reply_window() if live else None,
        templates=doorway.can.templates,
    )
    return card, handoff.thread


def _elsewhere(session: Session, conversation: int, members: Sequence[Identity]) -> list[Other]:
    found = contacts.elsewhere(session.tx, conversation, members)
    return [replace(it, channel=session.house.doorway(it.channel).label) for it in found]


def _newest(others: Sequence[Other]) -> tuple[Other, ...]:
    return tuple(sorted(others, key=lambda it: -it.number)[:MOST_EARLIER])


def _perhaps(session: Session, members: Sequence[Identity]) -> Known | None:
    found = contacts.alike(session.tx, members, 1)
    return _known(session, found[0]) if found else None


def _known(session: Session, who: Identity) -> Known:
    return Known(who.name, session.house.doorway(who.channel).label, who.handoff)


def _opens(hours: Hours, told: datetime) -> datetime | None:
    """When they were told somebody will be back. In the hours all were away, and nobody could say."""
    return None if hours.open_at(told) else hours.next_opening(told)
