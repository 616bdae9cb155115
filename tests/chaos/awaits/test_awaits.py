"""The rig that kills the bridge at every await: it counts, it kills where it is told to, and it sees what is lost."""

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from chaos.awaits import scene
from chaos.awaits.counted import counting
from chaos.awaits.ground import ground
from chaos.awaits.play import Outcome, Stop, played
from chaos.awaits.scenarios import SCENARIOS, Scenario
from chaos.awaits.steps import NEVER, Steps

EARLY = {"CHAOS_SPOIL": str(Path(__file__).parent / "early.py")}


def named(name: str) -> Scenario:
    return next(it for it in SCENARIOS if it.name == name)


async def outcome_of(stops: Sequence[Stop], env: dict[str, str] | None = None) -> Outcome:
    async with ground(1, env or {}) as it:
        outcome, begun = await played(it, stops)
    assert begun == len(stops) or outcome.stuck
    return outcome


# --------------------------------------------------------------------------------------------------------- the steps


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    return Steps(tmp_path / "steps")


def test_steps_count_only_after_the_mark_and_stop_once(steps: Steps) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))
    try:
        steps.next("nothing yet")
        steps.mark(2, signal.SIGUSR1)
        for what in ("one", "two", "three"):
            steps.next(what)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (steps.made, steps.stopped, heard) == (3, "two", [signal.SIGUSR1])


def test_both_sides_see_the_same_numbers(steps: Steps, tmp_path: Path) -> None:
    other = Steps(tmp_path / "steps")
    steps.mark()
    other.next("a step")
    assert steps.made == 1
    steps.rest()
    other.next("another")
    assert (steps.made, steps.stopped) == (1, "")


def test_every_send_into_a_task_is_a_step_and_the_task_is_what_it_was(steps: Steps) -> None:
    async def child() -> str:
        for _ in range(3):
            await asyncio.sleep(0)
        return "done"

    async def parent() -> None:
        steps.mark()
        assert await asyncio.create_task(child()) == "done"
        assert steps.made == 5  # four sends into the child, one back into this one
        cancelled = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled

    loop = counting(steps)
    try:
        loop.run_until_complete(parent())
    finally:
        loop.close()


# ------------------------------------------------------------------------------------------------------- the bridge


async def test_wherever_it_dies_nothing_is_lost_and_nothing_comes_twice() -> None:
    stops = [Stop(named("reply telegram"), at) for at in (4, 14, 24, 34)] + [Stop(named("line whatsapp"), 9)]
    outcome = await outcome_of(stops)
    assert (outcome.notes, outcome.stuck, outcome.broken) == ([], 0, dict.fromkeys(outcome.broken, 0))
    assert outcome.stops == len(stops)


async def test_it_may_die_again_while_it_finds_out_what_became_of_a_message() -> None:
    outcome = await outcome_of([Stop(named("reply_without_answer telegram"), 12, again=20)])
    assert (outcome.notes, outcome.stuck, outcome.broken) == ([], 0, dict.fromkeys(outcome.broken, 0))
    assert outcome.stops == 2


async def test_without_a_stop_the_steps_of_a_scenario_are_counted() -> None:
    outcome = await outcome_of([Stop(named("line telegram"), NEVER)])
    assert (outcome.stops, outcome.notes) == (0, [])
    assert outcome.steps[0] > 10


async def test_a_stop_that_is_asked_for_ends_the_bridge_in_peace() -> None:
    outcome = await outcome_of([Stop(named("line telegram"), at, how=signal.SIGTERM) for at in (3, 9)])
    assert (outcome.notes, outcome.stuck, outcome.stops) == ([], 0, 2)


async def test_a_bridge_that_answers_before_it_has_stored_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "PATIENCE", 5.0)  # what is lost never comes
    outcome = await outcome_of([Stop(named("line whatsapp"), at) for at in range(1, 13)], EARLY)
    assert outcome.broken["lost"], outcome.notes
