"""A mistake in a flow file is told with its line, at the start and not in front of a customer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.bots.flow_file import read_flow
from bridge.errors import WrongSetting

Write = Callable[[str, str], Path]

WRONG = {
    "steps:\n  - id: a\n    say: hi\n    next: bb\n": "line 2: there is no step 'bb'; there are a.",
    "steps:\n  - id: a\n    ask: x\n    next: {no: c, else: b}\n  - id: b\n    say: y\n": "line 2: there is no step",
    "steps:\n  - id: a\n    say: x\n    next: end\n  - id: b\n    say: y\n": "line 5: nothing leads to the step 'b'",
    "steps:\n  - id: a\n    say: x\n  - id: b\n    say: y\n    next: a\n": (
        "line 2: the step 'a' comes back to itself without asking anything"
    ),
    "steps:\n  - id: a\n    ask: x\n": "line 2: after the question 'a' nothing is said",
    "steps:\n  - id: a\n    say: '{{nmae}}'\n": "line 2: {{nmae}} is not known",
    "steps:\n  - id: a\n    sya: x\n": "line 3: 'sya' is not known; did you mean 'say'?",
    "steps:\n  - id: a\n    say: x\n    say: y\n": "line 4: 'say' is here twice",
    "steps:\n  - id: a\n    say: x\n  - id: a\n    say: y\n": "line 4: there are two steps 'a'",
    "steps:\n  - say: x\n": "line 2: the step has no id",
    "steps:\n  - id: end\n    say: x\n": "line 2: 'end' cannot be an id",
    "steps:\n  - id: A b\n    say: x\n": "line 2: 'A b' cannot be an id",
    "steps:\n  - id: a\n": "line 2: the step 'a' needs either ask or say",
    "steps:\n  - id: a\n    ask: x\n    say: y\n": "line 2: the step 'a' needs either ask or say",
    "steps:\n  - id: a\n    say: ''\n": "line 3: say is empty",
    "steps:\n  - id: a\n    ask: x\n    hand_off: y\n": "line 4: a step either asks or hands off",
    "steps:\n  - id: a\n    say: x\n    choices: [b]\n": "line 4: choices goes with ask",
    "steps:\n  - id: a\n    ask: x\n    check: phone\n  - id: b\n    say: y\n": "line 4: 'phone' is no check",
    "steps:\n  - id: a\n    ask: x\n    check: {pattern: '('}\n  - id: b\n    say: y\n": "line 4: the pattern is not",
    "steps:\n  - id: a\n    ask: x\n    check: {}\n  - id: b\n    say: y\n": "line 4: the pattern is missing",
    "steps:\n  - id: a\n    ask: x\n    optional: maybe\n  - id: b\n    say: y\n": "line 4: yes or no is expected here",
    "steps:\n  - id: a\n    say: x\n    next: {b: end}\n": "line 4: which answer decides?",
    "steps:\n  - id: a\n    say: x\n    by: b\n    next: {b: end}\n": "line 2: no step stores 'b'",
    "steps:\n  - id: a\n    say: [x]\n": "line 3: a text is expected here",
    "steps:\n  id: a\n": "line 2: a list is expected here",
    "steps:\n  - a\n": "line 2: keys with values are expected here",
    "steps: []\n": "line 1: there are no steps",
    "commands: {}\n": "line 1: there are no steps",
    "commands: {x: b}\nsteps:\n  - id: a\n    say: x\n": "line 1: there is no step 'b'",
    "steps:\n  - id: a\n    say: 'x\n": "this is not YAML",
    "steps:\n  - id: a\n   say: x\n": "line 3: this is not YAML",
    "": "line 1: the file is empty",
    "- a": "line 1: keys with values are expected here",
    "steps: &s\n  - id: a\n    say: *s\n": "a text is expected here",
    "!!python/object/apply:os.system ['true']": "keys with values are expected here",
}


@pytest.mark.parametrize(("source", "told"), WRONG.items())
def test_a_mistake_is_told_with_its_line(write: Write, source: str, told: str) -> None:
    with pytest.raises(WrongSetting) as error:
        read_flow(write("returns.yaml", source) / "returns.yaml")
    assert str(error.value).startswith("returns.yaml")
    assert told in str(error.value)
    assert not str(error.value).endswith("?.")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongSetting, match=r"f\.yaml"):
        read_flow(tmp_path / "f.yaml")


def test_a_circle_that_asks_something_is_allowed(write: Write) -> None:
    flow = read_flow(write("f.yaml", "steps:\n  - id: a\n    ask: x\n    next: a\n") / "f.yaml")
    assert flow.first == "a"
    longer = "steps:\n  - id: a\n    say: x\n  - id: b\n    ask: y\n    next: a\n"
    assert read_flow(write("g.yaml", longer) / "g.yaml").first == "a"


def test_words_that_yaml_takes_for_truth_stay_words(write: Write) -> None:
    source = "steps:\n  - id: a\n    ask: x\n    choices: {yes: b, no: b, 12: b}\n  - id: b\n    say: y\n"
    assert read_flow(write("f.yaml", source) / "f.yaml").steps["a"].choices == ("yes", "no", "12")
