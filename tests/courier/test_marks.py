"""The mark on an agent's own message: one at a time, and the newest."""

import pytest

from bridge import to_agents
from bridge.courier import agents

from ..conftest import Rig


def drawn(rig: Rig, ts: str) -> list[str]:
    """What was put on a message and taken away, in order."""
    done = rig.history("slack", "reactions.add", "reactions.remove")
    return [f"{'+' if it.kind == 'reactions.add' else '-'}{it.text}" for it in done if it.id == ts]


async def test_a_reply_that_is_on_its_way_for_long_shows_an_hourglass_until_it_arrives(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (to_agents, agents):
        monkeypatch.setattr(module, "SLOW", to_agents.MARKS_WAIT)
    _, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "429", seconds=3)
    ts = await rig.types("ana", card, "It takes a while")
    await rig.team.sees_mark(ts, "hourglass_flowing_sand")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.until(lambda: len(drawn(rig, ts)) == 3 or None, "the hourglass taken away")
    assert drawn(rig, ts) == ["+hourglass_flowing_sand", "+white_check_mark", "-hourglass_flowing_sand"]


async def test_what_arrives_in_time_shows_none(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ana", card, "At once")
    await customer.hears(lambda text: text == "At once", "the reply")
    await rig.finds("SELECT 1 FROM lane", none=True)
    assert drawn(rig, ts) == ["+white_check_mark"]


async def test_what_the_customer_has_read_has_eyes_instead_of_a_tick(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    ts = await rig.types("ana", card, "Read me")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("whatsapp", "jonas", "read")
    await rig.team.sees_mark(ts, "eyes")
    await rig.until(lambda: len(drawn(rig, ts)) == 3 or None, "the tick taken away")
    assert drawn(rig, ts) == ["+white_check_mark", "+eyes", "-white_check_mark"]
    assert "Read me" in customer.heard


async def test_a_mark_of_which_no_answer_came_leaves_no_second_one(rig: Rig) -> None:
    _, card = await rig.claimed()
    rig.fault("slack", "reactions.add", "drop_after_accept")
    ts = await rig.types("ben", card, "Shall I?")
    await rig.team.sees_mark(ts, "raised_hand")
    question = await rig.told("ben", "")
    await rig.team.presses("ben", question.id or "", "held_note")
    await rig.until(lambda: drawn(rig, ts)[-1] == "-raised_hand" or None, "the mark taken away")
