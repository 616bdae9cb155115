"""What is known of those who waited before and of those who are away, on both databases."""

from datetime import timedelta

from bridge.ports import Agent
from bridge.store import duty, threads, timeline, waits
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import MINUTE, NOW
from .test_waits import claimed, queued

ANA, BEN = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben")


def happened(tx: Tx, number: int, event: str, minutes: float, note: str = "") -> None:
    timeline.record(tx, 1, number, event, "", "", NOW + minutes * MINUTE, note)


async def test_how_long_customers_waited_for_the_first_claim(store: Store) -> None:
    def work(tx: Tx) -> list[timedelta]:
        happened(tx, 1001, "escalated", 0)
        happened(tx, 1001, "claimed", 5)
        happened(tx, 1001, "requeued", 6)
        happened(tx, 1001, "claimed", 60)
        happened(tx, 1002, "escalated", 0)  # nobody ever came
        happened(tx, 1003, "taken_over", 1)  # nobody waited
        happened(tx, 1004, "escalated", 2)
        happened(tx, 1004, "assigned", 9)
        happened(tx, 1005, "escalated", 0)  # not asked for
        happened(tx, 1005, "claimed", 1)
        assert waits.waited(tx, []) == []
        return waits.waited(tx, [1001, 1002, 1003, 1004])

    assert sorted(await store.write(work)) == [5 * MINUTE, 7 * MINUTE]


async def test_handoffs_of_one_queue_channel_since_then(store: Store) -> None:
    def work(tx: Tx) -> None:
        old, billing, new = (claimed(tx, chat, at).handoff or 0 for chat, at in (("1", -90), ("2", 0), ("3", 1)))
        waiting = queued(tx, "4", 2).handoff
        threads.set_route(tx, billing, "billing")
        expected = [(waiting, NOW + 2 * MINUTE), (new, NOW + MINUTE)]
        assert waits.opened_lately(tx, "", NOW - 60 * MINUTE) == expected
        assert [number for number, _ in waits.opened_lately(tx, "", NOW - 90 * MINUTE)] == [waiting, new, old]
        assert waits.opened_lately(tx, "billing", NOW) == [(billing, NOW)]

    await store.write(work)


async def test_all_are_away_when_every_one_of_them_said_so(store: Store) -> None:
    def work(tx: Tx) -> None:
        duty.set_away(tx, ANA, True, NOW)
        assert duty.all_away(tx, [ANA.id])
        assert not duty.all_away(tx, [ANA.id, BEN.id])
        assert not duty.all_away(tx, [])
        duty.set_away(tx, BEN, True, NOW)
        assert duty.all_away(tx, [ANA.id, BEN.id])
        duty.set_away(tx, ANA, False, NOW)
        assert not duty.all_away(tx, [ANA.id, BEN.id])

    await store.write(work)


async def test_the_last_of_each_event_of_a_handoff(store: Store) -> None:
    def work(tx: Tx) -> None:
        happened(tx, 1001, "told_absent", 0)
        happened(tx, 1001, "told_absent", 7)
        happened(tx, 1002, "left_address", 1, "maria@example.com")
        found = timeline.last_of(tx, 1001, "told_absent", "left_address")
        assert {event: entry.at for event, entry in found.items()} == {"told_absent": NOW + 7 * MINUTE}
        assert timeline.last_of(tx, 1002, "left_address")["left_address"].note == "maria@example.com"

    await store.write(work)
