"""Plays scenarios on a ground, with a death in each, and has the judge look at all of them in the end."""

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.demo.watch import NotSeen
from chaos.awaits.ground import DidNotStart, Ground
from chaos.awaits.scenarios import Scenario
from chaos.awaits.scene import Scene
from chaos.awaits.steps import NEVER
from chaos.judge import Case, judge
from chaos.tally import PROMISES

NUMBER = re.compile(r"\b[Cca](\d{3})\b|\b[ac](\d{3})n")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where one run's bridge is stopped: at a step of the scenario, and once more at a step of its recovery."""

    scenario: Scenario
    at: int = NEVER
    again: int = 0
    how: signal.Signals = signal.SIGKILL


@dataclass(slots=True)
class Outcome:
    """What came of some runs."""

    runs: int = 0
    stops: int = 0
    texts: int = 0
    flagged: int = 0
    doubted: list[str] = field(default_factory=list[str])  # what an agent was told may not have arrived
    steps: list[int] = field(default_factory=list[int])  # of each run
    broken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROMISES, 0))
    stuck: int = 0
    notes: list[str] = field(default_factory=list[str])

    def trouble(self, what: str) -> None:
        """Somebody waited in vain, or the bridge did not do what it should."""
        self.stuck += 1
        self.notes.append(what)

    def join(self, other: "Outcome") -> None:
        """Count another one in."""
        self.runs += other.runs
        self.stops += other.stops
        self.texts += other.texts
        self.flagged += other.flagged
        self.doubted += other.doubted
        self.steps += other.steps
        self.stuck += other.stuck
        self.notes += other.notes
        for name, count in other.broken.items():
            self.broken[name] += count


async def played(ground: Ground, stops: Sequence[Stop]) -> tuple[Outcome, int]:
    """Play one run after the other, until the first in which somebody waits in vain; how many were begun."""
    outcome, told = Outcome(), list[str]()
    for number, stop in enumerate(stops):
        before = len(ground.deaths)
        scene = Scene(ground, stop.scenario.channel, number)
        try:
            await _play(scene, stop)
        except (NotSeen, DidNotStart) as error:
            outcome.trouble(f"{_where(stop, ground.deaths[before:])}: {error}")
        finally:
            await scene.close()
        outcome.steps.append(ground.steps.made)
        told.append(_where(stop, ground.deaths[before:]))
        if outcome.stuck:
            break
    outcome.runs, outcome.stops, outcome.texts = len(told), len(ground.deaths), len(ground.deeds.said)
    _judge(ground, outcome, told)
    return outcome, len(told)


async def _play(scene: Scene, stop: Stop) -> None:
    ground = scene.ground
    await stop.scenario.before(scene)
    await ground.idle()
    ground.next_stop = stop.again
    ground.steps.mark(stop.at, stop.how)
    await stop.scenario.act(scene)
    await ground.settled()
    ground.next_stop = 0
    ground.steps.rest()
    await scene.finish()


def _judge(ground: Ground, outcome: Outcome, told: Sequence[str]) -> None:
    history = ground.sandbox.world.history
    verdict = judge(history, ground.visits, ground.deeds)
    outcome.doubted = [
        f"{_run_of(it, told)}: {it} is in doubt" for it in Case(history, ground.visits, ground.deeds).in_doubt
    ]
    for name in PROMISES:
        outcome.broken[name] += getattr(verdict, name)
    outcome.flagged += verdict.flagged
    outcome.notes += [f"{_run_of(note, told)}: {note}" for note in verdict.notes]
    for code in ground.exits:
        if code not in (-signal.SIGKILL, 0):
            outcome.trouble(f"the bridge ended with {code}: {ground.last_words()[-300:]}")


def _run_of(note: str, told: Sequence[str]) -> str:
    """The run that a sentence of the judge is about."""
    found = NUMBER.search(note)
    number = int(found[1] or found[2]) if found else len(told)
    return told[number] if number < len(told) else "somewhere"


def _where(stop: Stop, deaths: Sequence[str]) -> str:
    at = "unharmed" if stop.at == NEVER else f"step {stop.at}" + (f", again {stop.again}" if stop.again else "")
    return f"{stop.scenario.name}, {at}" + "".join(f" [{death}]" for death in deaths)
