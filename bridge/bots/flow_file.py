"""A flow file, read and proven sound: every target is there, every step can be reached, no path runs in a circle."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bridge import texts
from bridge.bots.lined_yaml import Lined, near, read
from bridge.bots.steps import END, Step, read_steps

_KEYS = ("steps", "begins", "commands", "thanks")


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps by id, the first one first. `begins`: words that start it; `commands`: words that lead to a step."""

    steps: Mapping[str, Step]
    begins: tuple[str, ...]
    commands: Mapping[str, str]
    thanks: str

    @property
    def first(self) -> str:
        """Where the flow begins."""
        return next(iter(self.steps))

    @property
    def names(self) -> frozenset[str]:
        """The names under which it stores answers."""
        return frozenset(step.store for step in self.steps.values() if step.store)


def read_flow(path: Path) -> Flow:
    """Read and check a file; what is wrong is a WrongSetting with its line."""
    top = read(path)
    table = top.table(_KEYS)
    if "steps" not in table:
        top.refuse("there are no steps")
    steps = {step.id: step for step in read_steps(table["steps"])}
    if not steps:
        table["steps"].refuse("there are no steps")
    commands = table["commands"].table() if "commands" in table else {}
    begins = tuple(item.text() for item in table["begins"].items()) if "begins" in table else ()
    thanks = table["thanks"].text() if "thanks" in table else "You are welcome!"
    flow = Flow(steps, begins, {said: target.text() for said, target in commands.items()}, thanks)
    for target in commands.values():
        _is_there(target, target.text(), steps)
    for step in steps.values():
        _check_step(step, flow)
    _all_reached(flow)
    for step in steps.values():
        _no_circle(step, flow)
    return flow


def _check_step(step: Step, flow: Flow) -> None:
    for target in step.targets:
        if target != END:
            _is_there(step.at, target, flow.steps)
        elif step.asks:
            step.at.refuse(f"after the question {step.id!r} nothing is said; let it lead to a step with say")
    if step.by and step.by not in flow.names:
        step.at.refuse(f"no step stores {step.by!r}{near(step.by, flow.names) if flow.names else ''}")
    known = flow.names | {"customer.name"}
    for text in (step.text, step.invalid, step.hand_off):
        for wrong in texts.check(text, known):
            step.at.refuse(wrong)


def _is_there(at: Lined, target: str, steps: Mapping[str, Step]) -> None:
    if target not in steps:
        at.refuse(f"there is no step {target!r}{near(target, steps)}")


def _all_reached(flow: Flow) -> None:
    reached = _from((flow.first, *flow.commands.values()), flow, lambda step: True)
    for step in flow.steps.values():
        if step.id not in reached:
            step.at.refuse(f"nothing leads to the step {step.id!r}")


def _no_circle(step: Step, flow: Flow) -> None:
    """Steps that follow each other without waiting for the customer must not come back to where they were."""
    if not step.waits and step.id in _from(step.targets, flow, lambda after: not after.waits):
        step.at.refuse(f"the step {step.id!r} comes back to itself without asking anything")


def _from(starts: Iterable[str], flow: Flow, passes: Callable[[Step], bool]) -> set[str]:
    """Every step reached from the starts, going on through those that `passes` lets through."""
    reached, ahead = set[str](), [start for start in starts if start != END]
    while ahead:
        here = ahead.pop()
        if here in reached:
            continue
        reached.add(here)
        if passes(flow.steps[here]):
            ahead += [target for target in flow.steps[here].targets if target != END]
    return reached
