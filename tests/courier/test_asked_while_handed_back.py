"""A question about a message in doubt, put in the very moment in which another process hands the conversation back."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from bridge.content import Author
from bridge.conversation import Why, claim, escalate, hand_back
from bridge.courier import doubt
from bridge.courier.trip import Trip
from bridge.ports import Agent, Capabilities, Limit, Place
from bridge.receipts import let_go
from bridge.scene import Doorway
from bridge.session import House, Session
from bridge.store import conversations, lanes, outbox
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.triggers import Triggers

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA = Agent("U0ANA", "Ana")
BLOCKED = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def session(tx: Tx) -> Session:
    keys = iter(range(1000))
    doorways = {"telegram": Doorway("telegram", "Telegram", Capabilities(), Limit(length=4096))}
    return Session(tx, House({}, Triggers(), doorways, lambda: NOW, lambda: f"k{id(tx)}-{next(keys)}"), NOW)


def something_on_its_way(tx: Tx) -> Trip:
    """Ana has said something, and what became of it is not known."""
    at = session(tx)
    first, contact = conversations.of_chat(tx, "telegram", "7", "Maria", "en", NOW)
    queued = escalate(first, Why("Asked."), 1001, NOW)
    at.decided(first, contact, queued)
    conversations.set_thread(tx, 1001, Place("C0SUPPORT", "1.0"))
    claimed = claim(queued.conversation, ANA, NOW)
    at.decided(queued.conversation, contact, claimed, agent=ANA)
    tx.run("DELETE FROM outbox")
    tx.run("DELETE FROM lane")
    scene = at.scene(claimed.conversation, contact, agent=ANA)
    message = scene.tx.one(
        """INSERT INTO message (conversation_id, handoff, author, author_id, author_name, text, changed, state, at,
           source_channel, source_ts) VALUES (?, 1001, 'agent', 'U0ANA', 'Ana', 'Hello', '', 'pending', 0,
           'C0SUPPORT', '2.0') RETURNING id""",
        first.id,
    )
    assert message
    scene.say(message[0], Author("agent", "Ana"), "Hello")
    (lane,) = lanes.due(tx, ["telegram"], NOW, 10)
    lanes.take(tx, [lane.name], "one", 1)
    letters = outbox.letters(tx, lane.name)
    outbox.mark_sending(tx, [letter.id for letter in letters])
    return Trip(lane.taken_by("one", 1), outbox.letters(tx, lane.name)[:1])


def handed_back(tx: Tx, conversation: int) -> None:
    at = session(tx)
    before, contact = conversations.by_id(tx, conversation)
    at.decided(before, contact, hand_back(before, ANA, "", NOW), agent=ANA)
    let_go(at, conversation)


@pytest.mark.postgres
async def test_nobody_is_waited_for_who_has_handed_back_meanwhile(postgres: str) -> None:
    one, two = Store(postgres), Store(postgres)
    trip = await one.write(something_on_its_way)
    conversation = int(trip.lane.of)
    decided, go_on = threading.Event(), threading.Event()

    def hand(tx: Tx) -> None:
        handed_back(tx, conversation)
        tx.one("SELECT 1")  # all of it is done, but not committed
        decided.set()
        go_on.wait(20)

    handing = asyncio.create_task(two.write(hand))
    await asyncio.to_thread(decided.wait, 20)
    asking = asyncio.create_task(one.write(lambda tx: doubt._ask(session(tx), trip)))
    three = Store(postgres)
    async with asyncio.timeout(20):
        while not asking.done() and await three.read(lambda tx: tx.one(BLOCKED)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    go_on.set()
    await asyncio.gather(asking, handing)
    assert not await three.read(lambda tx: lanes.waits_for_a_person(tx, trip.lane.name))
    for store in (one, two, three):
        store.close()
