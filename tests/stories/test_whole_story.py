"""The story that the demo plays, step by step, on all three channels at once; and on PostgreSQL."""

import pytest

from bridge.demo.stage import staged
from bridge.demo.story import Step, play

STEPS = [
    *("bot_answers", "asks_for_human", "queued", "summary", "claim", "claim_refused", "customer_told", "reply"),
    *("delivered", "note_kept", "not_owner_held", "edit", "handback", "resumed", "bot_continues"),
]


async def played(**more: str) -> list[Step]:
    steps: list[Step] = []
    async with staged(more={"BRIDGE_PACING": "off", **more}) as stage:
        stage.sandbox.world.strict = False
        assert await play(stage, steps.append), [step for step in steps if not step.ok]
    return steps


async def test_every_step_is_seen_at_the_far_end_on_every_channel() -> None:
    steps = await played()
    for channel in ("telegram", "whatsapp", "web"):
        assert [step.step for step in steps if step.channel == channel] == STEPS


@pytest.mark.postgres
async def test_the_same_on_postgresql(postgres: str) -> None:
    assert len(await played(DATABASE_URL=postgres)) == 3 * len(STEPS)
