"""The page: every figure has its place, and what falls short is said."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench import page
from bench.chart import chart
from bench.goals import goals, rows
from bench.plan import record
from bench.sentences import sentences

RUN: dict[str, Any] = {
    "name": "saturated", "subject": "bridge", "store": "sqlite", "direction": "in", "messages_per_s": 2500.0,
    "cpu_us": 365.0, "p50_ms": 12.5, "p99_ms": 40.0, "bytes": 870, "lost": 0, "twice": 0, "far_ends_busy": 0.2,
}  # fmt: skip
NAIVE = {**RUN, "subject": "naive", "store": None, "messages_per_s": 1000.0}


def test_a_goal_is_met_or_not_and_left_out_when_it_was_not_measured() -> None:
    assert rows(goals([RUN, NAIVE])) == [
        ("Telegram to Slack, as many times as naive", "at least 3 ×", "2.5 ×", "**no**"),
        ("Telegram to Slack, CPU of a message", "at most 370 µs", "365 µs", "yes"),
    ]


def test_a_goal_of_zero_can_be_met() -> None:
    run = record("one_channel", offered=3.0, posts=30, p95_ms=9700.0, refused=0, lost=0)
    assert [(reached, verdict) for _, _, reached, verdict in rows(goals([run]))] == [
        ("30", "yes"), ("9.7 s", "yes"), ("0", "yes"), ("0", "yes")
    ]  # fmt: skip


def test_a_figure_is_that_of_the_record_which_has_it() -> None:
    short, long = record("history", direction="out", stored=1_000), record("history", direction="out", ratio=1.2)
    assert [(reached, verdict) for _, _, reached, verdict in rows(goals([short, long]))] == [("1.2 ×", "**no**")]


def test_the_bridge_is_compared_on_sqlite() -> None:
    postgres = {**RUN, "store": "postgres", "messages_per_s": 9000.0}
    assert rows(goals([postgres, RUN, NAIVE]))[0][2] == "2.5 ×"


def test_the_chart_is_a_picture_of_every_subject() -> None:
    machine = {"name": "machine", "cpus": 2}  # has no direction
    picture = ElementTree.fromstring(chart([machine, RUN, {**NAIVE, "direction": "out", "messages_per_s": 2500.0}]))
    texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "The bridge, SQLite" in texts
    assert "Naive" in texts
    assert texts.count("2,500") == 2


def test_the_page_has_a_place_for_the_tables_and_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "performance.md"
    copy.write_text(page.PAGE.read_text())
    monkeypatch.setattr(page, "PAGE", copy)
    monkeypatch.setattr(page, "PICTURE", tmp_path / "bench.svg")
    monkeypatch.setattr(page, "RESULTS", tmp_path / "results")
    page.save([{**RUN, "subject": "somebody"}, RUN])
    assert "| At most | somebody | sqlite | in | 2,500 | 365 | 12.5 | 40 | 870 | 0 | 0 |  | 0.2 |" in copy.read_text()
    assert "| Telegram to Slack, CPU of a message | at most 370 µs | 365 µs | yes |" in copy.read_text()
    (kept,) = (tmp_path / "results").iterdir()
    assert [json.loads(line)["subject"] for line in kept.read_text().splitlines()] == ["somebody", "bridge"]


def test_every_result_that_is_no_run_is_a_sentence() -> None:
    found = [
        record("conversations", conversations=9, rss_mib=90.0, rss_mib_per_10000=1.0),
        record("open_conversations", conversations=100_000, start_s=1.0, rss_at_first_mib=80.0, rss_mib=90.0, used=5),
        record("low_load", direction="in", commits=1, sync_p50_ms=0.2, added_p50_ms=2.5),
        record("history", direction="in", ratio=1.05, stored=1_000_000),
        record("handoff", calls={"chat.postMessage": 3, "reactions.add": 5}, slack_calls=3, marks=5, replies=5),
        record("left_out", "bridge", "postgres", why="PostgreSQL is not installed"),
    ]
    told = sentences(found)
    assert len(told) == 6
    assert "100,000 open conversations" in told[1]
    assert "1.05 times the CPU with 1,000,000 stored messages" in told[3]
    assert "3 calls to Slack without the 5 marks; all of them are 3 chat.postMessage, 5 reactions.add." in told[4]
