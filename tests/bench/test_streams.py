"""Pages of the web chat that are open are measured: each reply once, with its time and what a page costs."""

from pathlib import Path

from bench.plan import Plan, Record
from bench.sentences import sentences
from bench.streams import streams


async def test_replies_reach_the_pages_of_those_who_talk(tmp_path: Path) -> None:
    told: list[Record] = []
    await streams(Plan(frozenset(), seconds=0.1, visitors=80), tmp_path, told.append)
    [found] = told
    assert (found["visitors"], found["lost"], found["twice"]) == (80, 0, 0)
    assert found["messages"] > 0
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    [said] = sentences(told)
    assert "80 visitors" in said
