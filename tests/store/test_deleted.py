"""What was deleted, on both databases: what of it may still be taken back, and who still reads it."""

from datetime import timedelta

from bridge.content import Author
from bridge.ports import Place
from bridge.store import afterwards, lanes, messages, outbox
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import NOW

ANA, PLACE, LANE = Author("agent", "Ana"), Place("C1", "2.0"), "customer:7"


def say(tx: Tx, text: str, corrects: int | None = None) -> int:
    source = None if corrects else PLACE
    return messages.add(tx, 7, 1001, ANA, text, "pending", NOW, author_id="U0ANA", source=source, corrects=corrects)


def put(tx: Tx, message: int, *parts: int) -> None:
    for part in parts:
        outbox.put(tx, LANE, "part", {"message": message, "part": part}, f"key-{message}-{part}", NOW)


async def test_what_was_deleted_is_known_and_models_do_not_read_it(store: Store) -> None:
    def work(tx: Tx) -> None:
        message = say(tx, "Oops")
        kept = messages.kept(tx, message)
        assert kept
        assert (kept.deleted, afterwards.is_deleted(tx, message)) == (False, False)
        assert messages.typed_in(tx, 1001, 7) == [PLACE.ts]
        afterwards.set_deleted(tx, message)
        kept = messages.kept_at(tx, PLACE)
        assert kept
        assert messages.typed_in(tx, 1001, 7) == []  # nobody asks Slack for it again
        assert (kept.deleted, kept.state, afterwards.is_deleted(tx, message)) == (True, "pending", True)
        assert [line.text for line in messages.heard(tx, 7)] == ["Oops"]  # the customer still has it
        messages.set_state(tx, message, "erased")
        assert messages.heard(tx, 7) == []
        assert [line.text for line in messages.lines(tx, 7)] == ["Oops"]  # people see what was said

    await store.write(work)


async def test_corrections_are_found_by_what_they_correct(store: Store) -> None:
    def work(tx: Tx) -> None:
        message = say(tx, "Short")
        first, second = (say(tx, text, corrects=message) for text in ("Long", "Longer"))
        assert afterwards.corrections(tx, 7, message) == [first, second]
        assert afterwards.corrections(tx, 7, first) == []
        assert afterwards.corrections(tx, 8, message) == []

    await store.write(work)


async def test_only_what_has_not_begun_to_leave_is_unsent(store: Store) -> None:
    def work(tx: Tx) -> None:
        message = say(tx, "Oops")
        assert outbox.unsent(tx, LANE, message) == []
        put(tx, message, 1, 2)
        assert len(outbox.unsent(tx, LANE, message)) == 2
        first, _ = outbox.letters(tx, LANE)
        outbox.mark_sending(tx, [first.id])
        assert outbox.unsent(tx, LANE, message) == []
        outbox.mark_pending(tx, [first.id])
        assert len(outbox.unsent(tx, LANE, message)) == 2  # it was certainly not accepted
        outbox.settle(tx, first)
        messages.delivered(tx, first.key, message, "55")
        assert outbox.unsent(tx, LANE, message) == []

    await store.write(work)


async def test_what_is_taken_out_does_not_end_the_platform_s_quiet(store: Store) -> None:
    later = NOW + timedelta(minutes=5)

    def work(tx: Tx) -> None:
        message, other = say(tx, "Oops"), say(tx, "Behind it", corrects=99)
        put(tx, message, 1)
        put(tx, other, 1)
        lanes.rest(tx, LANE, later)
        outbox.take_back(tx, LANE, outbox.unsent(tx, LANE, message))
        assert [letter.payload["message"] for letter in outbox.letters(tx, LANE)] == [other]
        assert lanes.next_due(tx, NOW) == later

    await store.write(work)
