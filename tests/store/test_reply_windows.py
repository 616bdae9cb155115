"""When a customer wrote last, whether anybody answered, and what was shown of it, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.content import Author
from bridge.conversation import Conversation, State, Why, escalate
from bridge.store import conversations, messages, reply_windows
from bridge.store.reply_windows import Live
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import MINUTE, NOW

MARIA, ANA, BOT, DESK = (Author(kind, "") for kind in ("customer", "agent", "bot", "system"))


def begin(tx: Tx, chat: str = "42", channel: str = "whatsapp") -> Conversation:
    return conversations.of_chat(tx, channel, chat, "Maria", "", NOW)[0]


def queued(tx: Tx, chat: str = "42", channel: str = "whatsapp") -> Conversation:
    before, why = begin(tx, chat, channel), Why("Asked for a person.")
    after = escalate(before, why, conversations.next_number(tx), NOW).conversation
    conversations.open_handoff(tx, after, why, NOW)
    conversations.save(tx, before, after)
    return after


def says(tx: Tx, who: Author, minutes: float, state: str = "received", of: int = 1) -> None:
    messages.add(tx, of, None, who, "words", state, NOW + minutes * MINUTE)


async def test_the_last_message_is_the_newest_one_in_whatever_order_they_came(store: Store) -> None:
    def work(tx: Tx) -> None:
        begin(tx)
        assert reply_windows.wrote(tx, 1) is None
        for minutes in (1, 7, 3):
            says(tx, MARIA, minutes)
        says(tx, BOT, 8, "sent")
        begin(tx, "43")
        says(tx, MARIA, 9, of=2)
        assert reply_windows.wrote(tx, 1) == NOW + 7 * MINUTE

    await store.write(work)


@pytest.mark.parametrize(
    ("who", "state", "unanswered"),
    [
        (ANA, "sent", False),
        (ANA, "pending", False),
        (ANA, "uncertain", False),
        (ANA, "failed", True),
        (ANA, "suppressed", True),
        (ANA, "note", True),
        (ANA, "held", True),
        (BOT, "sent", True),
        (DESK, "sent", True),
    ],
)
async def test_only_what_an_agent_said_is_an_answer(store: Store, who: Author, state: str, unanswered: bool) -> None:
    def work(tx: Tx) -> None:
        begin(tx)
        says(tx, ANA, 0, "sent")
        says(tx, MARIA, 1)
        assert reply_windows.unanswered(tx, 1)
        says(tx, who, 2, state)
        assert reply_windows.unanswered(tx, 1) is unanswered

    await store.write(work)


async def test_live_are_those_where_somebody_waits_or_works_on_these_channels(store: Store) -> None:
    def work(tx: Tx) -> None:
        silent, written, over = (queued(tx, chat) for chat in ("42", "43", "44"))
        queued(tx, "45", "telegram")
        begin(tx, "46")
        conversations.save(tx, over, replace(over, state=State.ENDED, epoch=over.epoch + 1))
        says(tx, MARIA, 1, of=written.id)
        assert reply_windows.show(tx, written.id, "shut 7")
        found = reply_windows.live(tx, {"whatsapp": timedelta(hours=24)})
        assert found == [
            Live(silent.id, "whatsapp", None, ""),
            Live(written.id, "whatsapp", NOW + MINUTE, "shut 7"),
        ]
        assert reply_windows.live(tx, ["web"]) == []

    await store.write(work)


async def test_a_customer_who_has_two_handoffs_is_there_once(store: Store) -> None:
    def work(tx: Tx) -> None:
        first = queued(tx)
        ended = replace(first, state=State.ENDED, epoch=first.epoch + 1)
        conversations.save(tx, first, ended)
        queued(tx)
        assert [it.id for it in reply_windows.live(tx, ["whatsapp"])] == [first.id]

    await store.write(work)


async def test_what_is_shown_is_new_once(store: Store) -> None:
    await store.write(begin)
    assert await store.write(lambda tx: reply_windows.show(tx, 1, "closing 7"))
    assert not await store.write(lambda tx: reply_windows.show(tx, 1, "closing 7"))
    assert await store.write(lambda tx: reply_windows.show(tx, 1, "shut 7"))
    assert await store.write(lambda tx: reply_windows.show(tx, 1, ""))
