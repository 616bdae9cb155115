"""Bots are built from their tables; what is wrong in a table is one sentence that names it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.bots import build, kinds
from bridge.errors import WrongSetting

FLOW = "begins: [go]\nsteps:\n  - id: a\n    say: hi\n"


def test_every_kind_is_found_by_being_there() -> None:
    assert kinds() == ["flow", "knowledge", "llm"]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"x": {"kind": "flwo"}}, "[bots.x]: there is no kind 'flwo'; the kinds are flow, knowledge, llm."),
        ({"x": {"kind": "options"}}, "[bots.x]: there is no kind 'options'"),
        ({"x": {}}, "[bots.x]: there is no kind 'x'"),
        ({"knowledge": {}}, "[bots.knowledge] folder: is needed."),
        ({"knowledge": {"folder": "k", "foldr": 1}}, "[bots.knowledge] foldr: is no option; did you mean folder?"),
        ({"knowledge": {"folder": 3}}, "[bots.knowledge] folder: Input should be a valid string."),
        ({"knowledge": {"folder": "none"}}, "[bots.knowledge] folder: "),
        ({"knowledge": {"folder": "k", "says": {"helo": ""}}}, "[bots.knowledge] says.helo: is no option"),
        ({"flow": {"file": "none.yaml"}}, "[bots.flow] file: "),
        ({"flow": {"file": "plain.yaml", "otherwise": "flow"}}, "plain.yaml needs begins"),
        ({"flow": {"file": "f.yaml", "otherwise": "b"}}, "There is no bot 'b'; the bots are flow."),
        ({"flow": {"file": "f.yaml", "otherwise": "flow"}}, "[bots.flow]: flow -> flow leads back to itself."),
        ({"llm": {}}, "[bots.llm]: OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint without a key, is needed."),
        ({"llm": {"timeout": 90.0}}, "[bots.llm] timeout: Input should be less than or equal to 30."),
    ],
)
def test_a_mistake_names_its_table(tmp_path: Path, tables: Mapping[str, Mapping[str, object]], told: str) -> None:
    (tmp_path / "f.yaml").write_text(FLOW)
    (tmp_path / "plain.yaml").write_text(FLOW.removeprefix("begins: [go]\n"))
    with pytest.raises(WrongSetting) as error:
        build(tables, tmp_path, {})
    assert told in str(error.value)


def test_bots_may_name_each_other_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(FLOW)
    tables = {"one": {"kind": "flow", "file": "f.yaml", "otherwise": "two"}, "two": {"kind": "flow", "file": "f.yaml"}}
    assert [bot.name for bot in build(tables, tmp_path, {}).values()] == ["one", "two"]
