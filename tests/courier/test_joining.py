"""Short replies that wait because WhatsApp takes only so many messages for one customer go as one."""

from datetime import timedelta

from bridge.demo.customers import Customer
from bridge.pacing import quiet_until
from bridge.ports import Rate
from bridge.sandbox.world import Entry
from bridge.store import buckets, lanes

from ..conftest import Rig, Rigs
from ..stories.test_files import PDF, uploads

LINES = ["Line 0", "Line 1", "Line 2"]


async def is_too_fast(rig: Rig, for_seconds: float = 2.0, speed: float = 1.0) -> None:
    """As after forty messages: for so long none goes to Maria, and then one."""
    await rig.quiet()
    until = quiet_until(rig.bridge.desk.house.clock() + timedelta(seconds=for_seconds), Rate(speed / 6, 40))
    await rig.bridge.store.write(lambda tx: buckets.set_full_at(tx, "whatsapp customer:1", until))


async def says(rig: Rig, card: Entry, lines: list[str] = LINES) -> list[str]:
    return [await rig.types("ana", card, line) for line in lines]


def heard(customer: Customer) -> list[str]:
    return [text for text in customer.heard if text.startswith("Line")]


async def test_what_waits_for_the_rate_goes_as_one_and_each_is_marked(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig)
        stamps = await says(rig, card)
        await maria.hears(lambda text: text == "Line 0\nLine 1\nLine 2", "all of it")
        for ts in stamps:
            await rig.team.sees_mark(ts, "white_check_mark")
        assert heard(maria) == ["Line 0\nLine 1\nLine 2"]


async def test_what_need_not_wait_goes_as_it_was_written(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await says(rig, card)
        await maria.hears(lambda text: text == "Line 2", "the last one")
        assert heard(maria) == LINES


async def test_files_and_long_texts_stay_what_they_are_and_in_order(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="600") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig, speed=600)
        await says(rig, card, ["Line 0", "Line 1"])
        await uploads(rig, "ana", card, ("invoice.pdf", PDF))
        await says(rig, card, ["Line 2", "Line 3 " + "a" * 4085])
        await maria.hears(lambda text: text.startswith("Line 3"), "the last one")
        assert [text[:20] for text in heard(maria)] == ["Line 0\nLine 1", "Line 2", "Line 3 " + "a" * 13]


async def test_what_is_changed_or_deleted_while_it_waits_is_not_what_goes(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig, 4.0)
        first, second, _ = await says(rig, card)
        for action, ts in (("delete", first), ("edit", second)):
            done = await rig.sandbox.act("slack", "ana", action, f"{card.chat}:{ts}", "Line B")
            assert done["ok"]
        await rig.told("ana", "You deleted this in time")
        await maria.hears(lambda text: text == "Line B\nLine 2", "what is left")


async def test_what_whatsapp_refuses_together_is_told_of_each(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig)
        await rig.sandbox.act("whatsapp", "maria", "block")
        stamps = await says(rig, card)
        for ts, line in zip(stamps, LINES, strict=True):
            await rig.team.sees_mark(ts, "warning")
            await rig.team.sees_post(card, line)
        assert heard(maria) == ["Line 0\nLine 1\nLine 2"]  # as far as we tried


async def test_when_whatsapp_itself_says_that_it_is_too_fast_the_rest_is_joined(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict", strict=True) as rig:
        maria, card = await rig.claimed("whatsapp")
        await rig.quiet()
        for _ in range(45):
            rig.sandbox.whatsapp.customers.of("maria").limit.take()
        await says(rig, card)
        await maria.hears(lambda text: text == "Line 0\nLine 1\nLine 2", "all of it")


async def test_a_report_that_comes_in_place_of_the_answer_is_about_each(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig)
        rig.fault("whatsapp", "messages", "drop_after_accept")
        for ts in await says(rig, card):
            await rig.team.sees_mark(ts, "white_check_mark")
        assert heard(maria) == ["Line 0\nLine 1\nLine 2"]


async def asked_about(rig: Rig, card: Entry) -> tuple[list[str], Entry]:
    """Several that went as one, of which nobody can know: what was typed, and the question in the thread."""
    await is_too_fast(rig)
    rig.fault("whatsapp", "messages", "disconnect")
    stamps = await says(rig, card)
    await no_report_comes(rig)
    return stamps, await rig.team.sees_post(card, "This may not have reached the customer")


async def no_report_comes(rig: Rig) -> None:
    """None has for a while."""
    await rig.finds("SELECT 1 FROM lane WHERE name = 'customer:1' AND due > 0")
    await rig.finds("SELECT 1 FROM outbox WHERE lane = 'customer:1' AND state = 'uncertain'")
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE bucket SET full_at = 0"))
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, "customer:1"))


async def test_what_is_in_doubt_together_is_asked_about_once_and_sent_again(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        stamps, question = await asked_about(rig, card)
        assert "Line 0\nLine 1\nLine 2" in (question.text or "")
        await rig.team.presses("ana", question.id or "", "resend")
        await maria.hears(lambda text: text == "Line 2", "the last one")
        assert heard(maria) == LINES  # each by itself, for they may be there already
        for ts in stamps:
            await rig.team.sees_mark(ts, "white_check_mark")


async def test_what_is_in_doubt_together_arrived_together(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        _, card = await rig.claimed("whatsapp")
        stamps, question = await asked_about(rig, card)
        await rig.team.presses("ana", question.id or "", "arrived")
        for ts in stamps:
            await rig.team.sees_mark(ts, "white_check_mark")
        await rig.finds("SELECT 1 FROM lane WHERE name = 'customer:1'", none=True)


async def test_one_that_is_deleted_while_all_are_in_doubt_lets_the_lane_go_on(rigs: Rigs) -> None:
    async with rigs(BRIDGE_PACING="strict") as rig:
        maria, card = await rig.claimed("whatsapp")
        await is_too_fast(rig)
        rig.fault("whatsapp", "messages", "disconnect")
        stamps = await says(rig, card)
        await no_report_comes(rig)
        await rig.team.sees_post(card, "This may not have reached the customer")
        await rig.sandbox.act("slack", "ana", "delete", f"{card.chat}:{stamps[1]}")
        await says(rig, card, ["Line 9"])
        await maria.hears(lambda text: text == "Line 9", "what comes after it")
