"""What becomes of a reply that is deleted in Slack: the table."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.changing import Reach, agent_changes, agent_deletes, correct
from bridge.conversation import Conversation, State, claim
from bridge.effects import Delete, Effect, KeepDeleted, Settle, TakeBack, TellAgent
from bridge.errors import Refused
from bridge.held import Kept, send_to_customer
from bridge.ports import Place, Retyped

from .test_conversation import ANA, BEN, NOW, queued

SENT = Kept(31, ANA.id, "On its way", "sent", Place("C1", "2.0"), 1001)
MINE = claim(queued(), ANA, NOW).conversation
BENS = claim(queued(), BEN, NOW).conversation
OVER = replace(MINE, state=State.BOT, owner=None)
LATER = replace(MINE, handoff=1002)  # Ana has the customer again, in another thread
TELEGRAM, WHATSAPP = Reach("Telegram", can_delete=True), Reach("WhatsApp")
WAITS = replace(WHATSAPP, waits=True)
NOTHING_THERE = replace(TELEGRAM, there=False)
IN_TIME = "You deleted this in time: the customer does not get it."
CANNOT = "Messages on WhatsApp cannot be deleted: this stays with the customer."
NOT_YOURS = "This was deleted here, but it stays with the customer: this conversation is no longer yours."


def told(text: str) -> TellAgent:
    return TellAgent(ANA.id, text, SENT.text)


@pytest.mark.parametrize(
    ("conversation", "state", "reach", "follows"),
    [
        (MINE, "sent", TELEGRAM, (Delete(31),)),
        (MINE, "pending", TELEGRAM, (Delete(31),)),
        (MINE, "uncertain", TELEGRAM, (Delete(31),)),
        (MINE, "failed", TELEGRAM, (Delete(31),)),  # some of it is there
        (MINE, "failed", NOTHING_THERE, ()),
        (MINE, "sent", WHATSAPP, (told(CANNOT),)),
        (MINE, "pending", WAITS, (TakeBack(31, "suppressed"), told(IN_TIME))),
        (OVER, "pending", WAITS, (TakeBack(31, "suppressed"), told(IN_TIME))),
        (BENS, "sent", TELEGRAM, (told(NOT_YOURS),)),
        (OVER, "sent", TELEGRAM, (told(NOT_YOURS),)),
        (LATER, "sent", TELEGRAM, (told(NOT_YOURS),)),
        (BENS, "sent", WHATSAPP, (told(NOT_YOURS),)),
        (MINE, "held", TELEGRAM, (Settle(31, "note"),)),
        (MINE, "note", TELEGRAM, ()),
        (MINE, "suppressed", TELEGRAM, ()),
    ],
)
def test_what_is_deleted_is_taken_back_or_its_author_told(
    conversation: Conversation, state: str, reach: Reach, follows: tuple[Effect, ...]
) -> None:
    decision = agent_deletes(conversation, replace(SENT, state=state), reach)
    assert decision.effects == (KeepDeleted(31), *follows)
    assert decision.conversation is conversation


def test_what_is_deleted_twice_is_deleted_once() -> None:
    assert agent_deletes(MINE, replace(SENT, deleted=True), TELEGRAM).effects == ()


def test_what_was_deleted_is_neither_changed_nor_corrected_nor_sent() -> None:
    gone = replace(SENT, deleted=True, changed="It left today")
    edit = Retyped(ANA, gone.source, Place("C1", "1.0"), "It left today, I think")
    assert agent_changes(MINE, gone, edit, Reach("Telegram", can_edit=True)).effects == ()
    assert refused(lambda: correct(MINE, gone, ANA))
    assert refused(lambda: send_to_customer(MINE, replace(gone, state="note"), ANA))


def refused(rule: Callable[[], object]) -> bool:
    with pytest.raises(Refused, match="deleted in Slack"):
        rule()
    return True
