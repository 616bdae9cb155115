"""Who waits too long for a person is pointed out: on the board without anybody doing anything, and in the lists.

Time goes by at once: it is put into the past since when they wait.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.sandbox.world import Entry
from bridge.session import Session
from bridge.windows.desk import board

from ..conftest import Desk, Rig, Rigs, number_of
from .test_desk_settings import changes
from .test_windows import all_text, home_of, queue_of

LATE = "Without an answer for 15 min or longer: {}"


async def passes(rig: Rig, minutes: int) -> None:
    by = timedelta(minutes=minutes) // timedelta(microseconds=1)
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE handoff SET waits = waits - ?", by))


async def drawn(rig: Rig, piece: str, after: int, *, without: str = "") -> str:
    """The board, once it says this."""

    def fits(entry: Entry) -> bool:
        said = all_text(entry.raw.get("blocks"))
        board = entry.kind in ("chat.postMessage", "chat.update") and "Today (" in said
        return board and piece in said and not (without and without in said)

    return all_text((await rig.watch.entry("slack", fits, f"the board with {piece}", after)).raw["blocks"])


async def test_the_board_follows_the_clock_from_the_queue_to_the_answer(rigs: Rigs) -> None:
    async with rigs(board=True) as rig:
        customer, card = await rig.waiting()
        await drawn(rig, f"#{number_of(card)}", 0, without="⚠")
        after = rig.now
        await passes(rig, 16)
        shown = await drawn(rig, LATE.format(1), after)
        assert "⚠ no answer since" in shown
        await rig.team.clicks("ana", card, "claim")
        await drawn(rig, "Ana has it", after)
        assert "⚠ no answer since" in await drawn(rig, "Claimed: 1", after), "to claim is not to answer"
        after = rig.now
        await rig.hears_next(customer, "ana", card)
        await drawn(rig, "Claimed: 1", after, without="⚠")
        await customer.says("And when does it come?")
        await rig.team.sees_post(card, "And when does it come?", after)
        after = rig.now
        await passes(rig, 16)
        await drawn(rig, LATE.format(1), after)


async def test_lists_point_out_who_waits_too_long_and_show_only_them(rig: Rig) -> None:
    _, maria = await rig.claimed()
    await passes(rig, 16)
    _, jonas = await rig.waiting(name="jonas")
    everybody, late = await queue_of(rig, ""), await queue_of(rig, "late")
    for shown in (everybody, late):
        assert f"#{number_of(maria)} Maria" in shown
        assert shown.count("⚠ no answer since") == 1
    assert f"#{number_of(jonas)} Jonas" in everybody
    assert "Jonas" not in late
    page = await home_of(rig, "ana", LATE.format(1))
    assert "⚠ no answer since" in all_text(page.raw["view"]["blocks"])


async def test_an_answer_that_failed_is_none(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    after = rig.now
    await rig.types("ana", card, "It comes on Monday.")
    await rig.team.sees_post(card, "did not reach the customer", after)
    await passes(rig, 16)
    assert "⚠ no answer since" in await queue_of(rig, "late")
    assert "It comes on Monday." not in customer.heard


async def test_an_answer_that_was_taken_back_is_none(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ana", card, "It comes on Monday.")
    await customer.hears(lambda heard: heard == "It comes on Monday.", "the answer")
    await passes(rig, 16)
    assert "Nothing here." in await queue_of(rig, "late")
    await rig.team.deletes("ana", card, ts)
    await rig.finds("SELECT 1 FROM message WHERE state = 'erased'")
    await passes(rig, 16)
    assert "⚠ no answer since" in await queue_of(rig, "late")


async def test_a_desk_says_how_long_is_too_long_in_its_file_and_in_slack(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({"[desk]": "[desk]\nanswer_minutes = 5"})
    async with rigs(BRIDGE_CONFIG=config) as rig:
        await rig.waiting()
        await passes(rig, 6)
        assert "⚠ no answer since" in await queue_of(rig, "")
        await changes(rig, "policy", answer_minutes="0")
        assert "⚠" not in await queue_of(rig, "")
        assert "Nothing here." in await queue_of(rig, "late")


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        ("UTC", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Madrid", datetime(2026, 3, 28, 23, tzinfo=UTC)),  # that night the clocks went forward
        ("America/New_York", datetime(2026, 3, 28, 4, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 28, 18, 30, tzinfo=UTC)),
    ],
)
async def test_today_is_the_desk_s_day(rigs: Rigs, desk_with: Desk, zone: str, began: datetime) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with({"[desk]": f'[desk]\ntimezone = "{zone}"'})) as rig:
        await rig.waiting()

        def at(session: Session) -> Any:
            session.now = datetime(2026, 3, 29, 3, 30, tzinfo=UTC)
            session.tx.run("UPDATE timeline SET at = ?", int(began.timestamp()) * 1_000_000)
            inside = board(session).parts[-1]
            session.tx.run("UPDATE timeline SET at = at - 1")
            return session.midnight, inside, board(session).parts[-1]

        midnight, inside, before = await rig.bridge.desk.within(at)
        assert midnight == began
        assert inside.text.startswith(f"Today ({zone}): 1 wanted")
        assert before.text.startswith(f"Today ({zone}): 0 wanted")
