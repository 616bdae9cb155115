"""`[[routes]]` in bridge.toml: read as they are meant, and what is wrong is said with its line."""

from pathlib import Path

import pytest

from bridge import settings
from bridge.app import check_routes
from bridge.errors import WrongSetting
from bridge.routing import Route

FILE = """[desk]
name = "Shop"
keywords = ["lawyer"]

[[routes]]
channel = "#billing"
keywords = ["refund", "Rechnung"]
languages = ["en", "pt-BR"]

[[routes]]
channel = " C0GERMAN "
languages = ["de"]
customer_channels = ["web"]
bots = ["knowledge"]
labels = ["vip"]
"""
BROKEN = [
    ('channel = "#billing"', "", 'line 5: a route needs its channel, as in channel = "#billing".'),
    ('channel = "#billing"', 'channel = "#"', 'line 6: a route needs its channel, as in channel = "#billing".'),
    ('channel = "#billing"', "channel = 5", "line 6: channel must be a text in quotes."),
    ('languages = ["de"]', 'languages = "de"', 'line 12: languages must be a list of texts, such as ["a", "b"].'),
    ('languages = ["de"]', 'languages = ["German"]', "line 12: German is not a language: write a code such as"),
    ('languages = ["de"]', 'langauges = ["de"]', "line 12: langauges is not known; did you mean languages?"),
    ('bots = ["knowledge"]', 'bots = ["shop"]', "line 14: there is no [bots.shop]; there are knowledge."),
    ('customer_channels = ["web"]', 'customer_channels = ["tea"]', "line 13: there is no customer channel tea; there"),
    ('["refund", "Rechnung"]', '["refund", " "]', "line 7: keywords must not hold a blank text."),
    (
        'keywords = ["refund", "Rechnung"]\nlanguages = ["en", "pt-BR"]',
        "languages = []",
        "line 5: this route would take everything: give it one of customer_channels, languages, labels, bots",
    ),
]


def load(folder: Path, content: str) -> settings.Settings:
    (folder / "bridge.toml").write_text(content)
    found = settings.load({"BRIDGE_CONFIG": str(folder / "bridge.toml"), "BRIDGE_DATA_DIR": str(folder)})
    check_routes(found)
    return found


def test_routes_are_read_in_their_order(tmp_path: Path) -> None:
    assert load(tmp_path, FILE).desk.routes == (
        Route("billing", languages=("en", "pt-BR"), keywords=("refund", "Rechnung")),
        Route("C0GERMAN", ("web",), ("de",), ("vip",), ("knowledge",)),
    )


@pytest.mark.parametrize(("old", "new", "why"), BROKEN)
def test_what_is_wrong_with_a_route_is_said_with_its_line(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in FILE
    with pytest.raises(WrongSetting) as wrong:
        load(tmp_path, FILE.replace(old, new))
    assert str(wrong.value).startswith(("bridge.toml line", "bridge.toml: "))
    assert why in str(wrong.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('[routes]\nchannel = "x"', "bridge.toml line 1: routes are tables, each written [[routes]]."),
        ('routes = ["x"]', "bridge.toml line 1: a route is a table, written [[routes]]."),
    ],
)
def test_what_is_no_list_of_tables_is_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        load(tmp_path, content)
    assert str(wrong.value) == why
