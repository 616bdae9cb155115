"""The benchmark measures what it says: every message is counted once, and every record has what is promised."""

import asyncio
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from bench import __main__ as program
from bench import handoff
from bench import load as loading
from bench.far_ends import FarEnds
from bench.load import Load, quantile
from bench.plan import Plan, Record
from bench.subject import running

PROMISED = {"name", "subject", "store", "direction", "messages_per_s", "cpu_us", "p50_ms", "p99_ms"}


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
    monkeypatch.setattr(loading, "PATIENCE", 0.05)
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


def test_nothing_is_kept_of_a_busy_machine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(program, "load", lambda: 3.0)
    monkeypatch.setattr(sys, "argv", ["bench", "ceiling", "--save"])
    assert program.main() == 1
    assert "The machine is busy (load 3.0)" in capsys.readouterr().err


async def test_who_was_silent_longest_speaks_next(ends: FarEnds, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []
    monkeypatch.setattr(ends, "say", lambda direction, customer: said.append(customer))
    load = Load(ends, lambda: (0.0, 0.0))
    run = asyncio.create_task(load.saturated("in", range(4), seconds=0.0, warm=0.0, at_once=2))
    await asyncio.sleep(0)
    for customer in (1, 0, 2):
        ends.arrived(customer)
    await run
    assert said == [0, 1, 2, 3, 1]


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([0.001, 0.002, 0.003], 0.5) == 2.0
    assert quantile([0.001, 0.002, 0.003], 0.99) == 3.0


@pytest.mark.slow
async def test_a_handoff_takes_few_of_the_calls_that_slack_allows(tmp_path: Path) -> None:
    told: list[Record] = []
    await handoff.handoff(Plan(frozenset()), tmp_path, told.append)
    (found,) = told
    assert found["calls"]["chat.postMessage"] >= 2  # the card, and that it was handed back
    assert found["slack_calls"] <= 12, found
