"""The benchmark measures what it says: every message is counted once, and every record has what is promised."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench import page
from bench.chart import chart
from bench.far_ends import FarEnds
from bench.load import Load, quantile
from bench.subject import running

PROMISED = {"name", "subject", "store", "direction", "messages_per_s", "cpu_us", "p50_ms", "p99_ms"}
RUN: dict[str, Any] = {
    "name": "saturated", "subject": "bridge", "store": "sqlite", "direction": "in", "messages_per_s": 2500.0,
    "cpu_us": 365.0, "p50_ms": 12.5, "p99_ms": 40.0, "bytes": 870, "lost": 0, "twice": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "database"), [("raw", "raw.db"), ("bridge", "bridge.db"), ("naive", ""), ("naive-concurrent", "")]
)
async def test_a_subject_relays_both_ways(ends: FarEnds, tmp_path: Path, name: str, database: str) -> None:
    address = f"sqlite:///{tmp_path}/{database}" if database else ""
    async with running(name, ends, tmp_path, address) as subject:
        load = Load(ends, subject.cpu)
        await load.open_conversations(range(4), at_once=2)
        await load.warm_up(range(4))
        assert ends.slack.claims == (4 if name == "bridge" else 0)
        assert subject.rss_mib() > 1
        before = subject.stored() or 0
        there = await load.saturated("in", range(4), 0.2, warm=0.1)
        back = await load.at_rate("out", range(4), 40, 0.2)
        assert there.calls == {"chat.postMessage": 1}
        assert back.calls == {"sendMessage": 1, **({"reactions.add": 1} if name == "bridge" else {})}
        assert ends.slack.unacknowledged == 0
        for run in (there, back):
            assert run.messages > 0
            assert (run.lost, run.twice) == (0, 0)
            assert 0 < run.p50_ms <= run.p99_ms
        assert bool(database) == ((subject.stored() or 0) > before)


async def test_what_never_arrives_is_lost(ends: FarEnds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.load.PATIENCE", 0.05)
    run = await Load(ends, lambda: (0.0, 0.0)).at_rate("in", range(4), 100, 0.1, steady=True)
    assert (run.messages, run.lost) == (0, 10)
    assert math.isnan(run.p50_ms)


async def test_a_subject_that_does_not_start_says_why(ends: FarEnds, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="DATABASE_URL"):
        async with running("bridge", ends, tmp_path, "mysql://nowhere"):
            pass


def test_the_command_prints_records_with_what_is_promised() -> None:
    command = [sys.executable, "-m", "bench", "ceiling", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(it["name"], it["direction"]) for it in records] == [("ceiling", "in"), ("ceiling", "out")]
    assert all(set(it) >= PROMISED and it["messages_per_s"] > 0 and it["lost"] == 0 for it in records)
    assert "The far ends alone" in done.stderr


def test_the_chart_is_a_picture_of_every_subject() -> None:
    picture = ElementTree.fromstring(chart([RUN, {**RUN, "subject": "naive", "store": None, "direction": "out"}]))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "The bridge, SQLite" in texts
    assert "Naive" in texts
    assert texts.count("2,500") == 2


def test_the_page_has_a_place_for_the_table_and_takes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "performance.md"
    copy.write_text(page.PAGE.read_text())
    monkeypatch.setattr(page, "PAGE", copy)
    monkeypatch.setattr(page, "PICTURE", tmp_path / "bench.svg")
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results")
    page.save([{**RUN, "subject": "somebody"}])
    assert "| At most | somebody | sqlite | in | 2,500 | 365 | 12.5 | 40 | 870 | 0 | 0 |  |" in copy.read_text()
    (kept,) = (tmp_path / "results").iterdir()
    assert json.loads(kept.read_text())["subject"] == "somebody"


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([0.001, 0.002, 0.003], 0.5) == 2.0
    assert quantile([0.001, 0.002, 0.003], 0.99) == 3.0
