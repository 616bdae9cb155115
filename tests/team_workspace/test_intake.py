"""What arrives together is committed together, in each thread's order, and one bad event keeps no other away."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bridge.ports import Received, Retyped, Stored, Typed
from bridge.team_workspace import intake as module
from bridge.team_workspace.intake import Intake

from .conftest import Rig


class Desk:
    """Notes in what portions it is handed events, and commits them when it is let."""

    def __init__(self) -> None:
        self.portions: list[list[str]] = []
        self.handed = asyncio.Queue[list[str]]()
        self.poison = "none"
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self, events: Sequence[Received]) -> list[Stored]:
        texts = [each.event.text if isinstance(each.event, Typed | Retyped) else "" for each in events]
        self.portions.append(texts)
        self.handed.put_nowait(texts)
        await self.open.wait()
        if self.poison in texts:
            raise OSError("cannot be stored")
        return [Stored(new=True) for _ in events]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def way_in(rig: Rig, desk: Desk) -> Intake:
    await rig.slack.people.agent("U0ANA")  # who writes is known, so that nothing waits for Slack
    return Intake(rig.slack.listeners, rig.slack.quota, desk.receive)


def said(ts: str, text: str, thread: str = "1.0", user: str = "U0ANA") -> dict[str, Any]:
    message = {"type": "message", "channel": "C0SUPPORT", "user": user, "text": text, "ts": ts, "thread_ts": thread}
    return {"type": "event_callback", "event_id": f"Ev{ts}", "event": {**message, "event_ts": ts}}


async def test_what_arrives_together_is_committed_together_in_its_order(way_in: Intake, desk: Desk) -> None:
    committed = await asyncio.gather(*(way_in.take(said(f"{ts}.0", f"part {ts}")) for ts in (4, 2, 3)))
    assert committed == [Stored(new=True)] * 3
    assert desk.portions == [["part 2", "part 3", "part 4"]]


async def test_what_comes_a_moment_later_over_another_socket_is_seen(way_in: Intake, desk: Desk) -> None:
    later = way_in.take(said("3.0", "later"))
    await asyncio.sleep(0)  # one round of the loop
    earlier = way_in.take(said("2.0", "earlier"))
    await asyncio.gather(later, earlier)
    assert desk.portions == [["earlier", "later"]]


async def test_a_thread_waits_for_its_commit_and_other_threads_do_not(way_in: Intake, desk: Desk) -> None:
    desk.open.clear()
    first = way_in.take(said("2.0", "first"))
    assert await desk.handed.get() == ["first"]
    second, other = way_in.take(said("3.0", "second")), way_in.take(said("4.0", "other", thread="1.5"))
    assert await desk.handed.get() == ["other"]
    desk.open.set()
    assert await asyncio.gather(first, second, other) == [Stored(new=True)] * 3
    assert desk.portions[2:] == [["second"]]


async def test_nothing_overtakes_a_message_whose_author_is_looked_up(way_in: Intake, desk: Desk, rig: Rig) -> None:
    rig.fault("users.info", "delay", seconds=0.2)
    slow = way_in.take(said("2.0", "from Ben", user="U0BEN"))
    quick = way_in.take(said("3.0", "from Ana"))
    other = way_in.take(said("4.0", "elsewhere", thread="1.5"))
    await asyncio.gather(slow, quick, other)
    assert desk.portions == [["elsewhere"], ["from Ben", "from Ana"]]


async def test_one_that_cannot_be_stored_keeps_no_other_away(way_in: Intake, desk: Desk) -> None:
    desk.poison = "bad"
    taken = [way_in.take(said(f"{ts}.0", text)) for ts, text in ((2, "good"), (3, "bad"), (4, "better"))]
    assert await asyncio.gather(*taken) == [Stored(new=True), None, Stored(new=True)]
    assert desk.portions == [["good", "bad", "better"], ["good"], ["bad"], ["better"]]


async def test_after_a_failure_the_thread_goes_on(way_in: Intake, desk: Desk) -> None:
    desk.poison = "bad"
    assert not await way_in.take(said("2.0", "bad"))
    assert await way_in.take(said("3.0", "good"))


async def test_a_flood_is_committed_in_portions_and_in_order(
    way_in: Intake, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 3)
    assert all(await asyncio.gather(*(way_in.take(said(f"{ts}.0", str(ts))) for ts in range(17, 10, -1))))
    assert desk.portions == [["11", "12", "13"], ["14", "15", "16"], ["17"]]


async def test_of_somebody_whom_slack_does_not_name_nothing_is_taken(way_in: Intake, desk: Desk, rig: Rig) -> None:
    rig.fault("users.info", "500")
    assert not await way_in.take(said("2.0", "from Ben", user="U0BEN"))
    assert desk.portions == []
    assert await way_in.take(said("2.0", "from Ben", user="U0BEN"))


async def test_closing_lets_go_of_what_is_not_committed(way_in: Intake, desk: Desk) -> None:
    desk.open.clear()
    under_way = way_in.take(said("2.0", "first"))
    await desk.handed.get()
    waiting = way_in.take(said("3.0", "second"))
    await way_in.close()
    desk.open.set()
    assert not under_way.done()
    assert not waiting.done()
    assert desk.portions == [["first"]]
