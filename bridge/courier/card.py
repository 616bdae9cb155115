"""Gathers what the card shows."""

from datetime import datetime

from bridge.hours import Hours
from bridge.ports import Card, Place
from bridge.scene import (
    INTRODUCED,
    LEFT_ADDRESS,
    RATED_BAD,
    RATED_GOOD,
    RATING_WORDS,
    TOLD_ABSENT,
    WENT_BACK,
)
from bridge.session import Session
from bridge.store import conversations, timeline


def card_of(session: Session, number: int) -> tuple[Card, Place | None]:
    """The card of a handoff as it is now, and where it stands."""
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    earlier, later = conversations.others(session.tx, number, handoff.conversation)
    happened = timeline.last_of(
        session.tx, number, TOLD_ABSENT, LEFT_ADDRESS, WENT_BACK, RATED_GOOD, RATED_BAD, RATING_WORDS
    )
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
        reachable=not live or conversations.is_reachable(session.tx, conversation.id),
        came_by=timeline.came_by(session.tx, conversation.id),
        folded=handoff.outcome == "resolved" and session.house.policy.after_hand_back == "close",
        earlier=earlier,
        later=later,
        window=session.scene(conversation, contact).reply_window() if live else None,
        templates=doorway.can.templates,
    )
    return card, handoff.thread


def _opens(hours: Hours, told: datetime) -> datetime | None:
    """When they were told somebody will be back. In the hours all were away, and nobody could say."""
    return None if hours.open_at(told) else hours.next_opening(told)
