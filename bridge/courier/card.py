"""Gathers what the card shows."""

from bridge.ports import Card, Place
from bridge.session import Session
from bridge.store import conversations


def card_of(session: Session, number: int) -> tuple[Card, Place | None]:
    """The card of a handoff as it is now, and where it stands."""
    handoff = conversations.handoff(session.tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(session.tx, handoff.conversation)
    earlier, later = conversations.others(session.tx, number, handoff.conversation)
    live, doorway = handoff.state in ("queued", "claimed"), session.house.doorway(contact.channel)
    card = Card(
        number=number,
        state=handoff.state,
        customer=contact.name,
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
        calls=session.house.call if handoff.state == "queued" else (),
        folded=handoff.outcome == "resolved" and session.house.policy.after_hand_back == "close",
        earlier=earlier,
        later=later,
        window=session.scene(conversation, contact).reply_window() if live else None,
        templates=doorway.can.templates,
    )
    return card, handoff.thread
