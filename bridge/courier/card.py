"""Gathers what the card shows."""

from bridge.ports import Card, Place
from bridge.session import Session
from bridge.store import conversations, timeline


def card_of(session: Session, number: int) -> tuple[Card, Place | None]:
    """The card of a handoff as it is now, and where it stands."""
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    earlier, later = conversations.others(session.tx, number, handoff.conversation)
    live = handoff.state in ("queued", "claimed")
    card = Card(
        number=number,
        state=handoff.state,
        customer=contact.name,
        verified=contact.verified,
        channel=session.house.doorway(contact.channel).label,
        reason=handoff.reason,
        quote=handoff.quote,
        since=handoff.since,
        owner=handoff.owner,
        summary=handoff.summary,
        stage=conversation.kept_stage,
        note=handoff.note,
        labels=handoff.labels,
        outcome=handoff.outcome,
        calls=session.house.call if handoff.state == "queued" else (),
        reachable=not live or conversations.is_reachable(session.tx, conversation.id),
        came_by=timeline.came_by(session.tx, conversation.id),
        folded=handoff.outcome == "resolved" and session.house.policy.after_hand_back == "close",
        earlier=earlier,
        later=later,
        window=session.scene(conversation, contact).reply_window() if live else None,
    )
    return card, handoff.thread
