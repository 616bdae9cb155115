"""What is wrong in bridge.toml is said with its line, however the file is written."""

from pathlib import Path

import pytest

from bridge.desk_file import read_desk
from bridge.desk_file.lines import Here
from bridge.desk_file.texts import check_texts
from bridge.errors import WrongSetting
from bridge.texts import BUILT_IN, Texts


def where(source: str, key: str, *table: str, piece: str = "") -> int:
    """The line that is told."""
    told = str(Here("bridge.toml", source).table(*table).wrong(key, "it is wrong", piece))
    return int(told.removeprefix("bridge.toml line ").removesuffix(": it is wrong."))


LISTS = """[[routes]]
channel = "#billing"
keywords = [
[],
"[routes]"]  # ]
languages = ["de"]
[[routes]]
languages = [["x", # [
"]"], {a = "}"}]
channel = "#shop"
"""


@pytest.mark.parametrize(("route", "key", "line"), [(0, "languages", 6), (0, "labels", 1), (1, "channel", 10)])
def test_a_bracket_inside_a_list_begins_no_table(route: int, key: str, line: int) -> None:
    wrong = Here("bridge.toml", LISTS).route(route).wrong(key, "it is wrong")
    assert str(wrong) == f"bridge.toml line {line}: it is wrong."


TEXTS = '''[desk]  # [texts]
name = "waiting = 1"
waiting = 5
[ texts ]  # told to customers
"waiting" = "Soon."
handover = """
[texts]
ended = \\"\\"\\"
to {{ agnet.name }}."""
ended = 'Bye {{agnet.name}}'
[texts."pt_BR"]
ended = "Tchau"
[bots.'a.b']
kind = "flow"
'''


@pytest.mark.parametrize(
    ("table", "key", "line"),
    [
        (("texts",), "waiting", 5),
        (("texts",), "ended", 10),
        (("texts", "pt-br"), "ended", 12),
        (("texts", "pt-br"), "", 11),
        (("desk",), "waiting", 3),
        (("bots",), "a.b", 13),
        (("nowhere",), "kind", 1),
        ((), "kind", 14),
    ],
)
def test_a_key_is_found_in_its_own_table(table: tuple[str, ...], key: str, line: int) -> None:
    assert where(TEXTS, key, *table) == line


def test_a_piece_of_a_long_text_is_found_in_its_own_line() -> None:
    assert where(TEXTS, "handover", "texts", piece="{{agnet.name}}") == 9
    assert where(TEXTS, "handover", "texts", piece="{{agent.name}}") == 6
    assert where(TEXTS, "waiting", "texts", piece="{{agnet.name}}") == 5


@pytest.mark.parametrize(
    "source", ['a = 1\ntexts.de.ended = ""\n', '[texts]\nde.ended = ""\n', '[texts]\nde = {ended = ""}']
)
def test_dotted_keys_and_inline_tables_have_lines_too(source: str) -> None:
    assert where(source, "ended", "texts", "de") == 2


def test_all_wrong_names_are_told_at_once() -> None:
    desk = read_desk(
        {"texts": {"handover": "You talk\nto {{ agnet.name }}.", "ended": "Bye {{agnet.name}}"}},
        Path("bridge.toml"),
        TEXTS,
    )
    with pytest.raises(WrongSetting) as wrong:
        check_texts(desk.here, desk.texts, desk.variants, BUILT_IN, ())
    assert str(wrong.value).splitlines() == [
        "bridge.toml line 9: {{agnet.name}} is not known; did you mean {{agent.name}}?",
        "bridge.toml line 10: {{agnet.name}} is not known; did you mean {{agent.name}}?",
    ]
    check_texts(desk.here, Texts(), {}, BUILT_IN, ())


def test_a_button_with_a_name_is_told_with_its_line() -> None:
    source = '[texts]\nended = "Bye {{customer.name}}"\nback = "{{customer.name}}"\n'
    desk = read_desk(
        {"texts": {"ended": "Bye {{customer.name}}", "back": "{{customer.name}}"}}, Path("bridge.toml"), source
    )
    with pytest.raises(WrongSetting, match=r"^bridge\.toml line 3: {{customer\.name}} cannot be on a button\.$"):
        check_texts(desk.here, desk.texts, desk.variants, BUILT_IN, ())


def test_a_key_that_is_unknown_in_one_table_is_not_sought_in_another() -> None:
    with pytest.raises(WrongSetting, match=r"^bridge\.toml line 4: name is not known; known are"):
        read_desk(
            {"desk": {"name": "Shop"}, "texts": {"name": "x"}},
            Path("bridge.toml"),
            '[desk]\nname = "Shop"\n[texts]\nname = "x"',
        )
