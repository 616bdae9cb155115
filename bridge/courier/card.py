"""Gathers what the card shows."""

from bridge.ports import Card, Place
from bridge.store import conversations
from bridge.store.writer import Tx


def card_of(tx: Tx, number: int) -> tuple[Card, Place | None]:
    """The card of a handoff as it is now, and where it stands."""
    handoff = conversations.handoff(tx, number)
    assert handoff is not None
    conversation, contact = conversations.by_id(tx, handoff.conversation)
    card = Card(
        number=number,
        state=handoff.state,
        customer=contact.name,
        channel=contact.channel,
        reason=handoff.reason,
        quote=handoff.quote,
        since=handoff.since,
        owner=handoff.owner,
        summary=handoff.summary,
        stage=conversation.kept_stage,
        note=handoff.note,
        earlier=conversations.earlier(tx, number, handoff.conversation),
    )
    return card, handoff.thread
