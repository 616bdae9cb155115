"""The results as people read them: tables on stderr, and, when they are to be kept, a file, a chart and a page."""

import json
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.chart import chart
from bench.goals import goals, rows
from bench.plan import Record
from bench.sentences import sentences

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results"
PICTURE = ROOT / "docs" / "images" / "bench.svg"
PAGE = ROOT / "docs" / "performance.md"
GOALS = re.compile(r"(?<=<!-- goals -->\n).*?(?=<!-- end of goals -->)", re.DOTALL)
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of table -->)", re.DOTALL)

Row = Sequence[str]
TITLES = {
    "ceiling": "The far ends alone",
    "saturated": "At most",
    "low_load": "At 20 messages/s",
    "at_80_percent": "At 80 %",
    "far_ends_120ms": "Far ends that take 120 ms",
    "two_processes": "Two processes",
    "history": "With a history",
}
HEAD = (
    "",
    "",
    "Store",
    "Way",
    "Messages/s",
    "CPU µs",
    "p50 ms",
    "p99 ms",
    "Bytes",
    "Lost",
    "Twice",
    "Of what order allows",
    "Far ends busy",
)
COLUMNS = ("messages_per_s", "cpu_us", "p50_ms", "p99_ms", "bytes", "lost", "twice", "of_bound", "far_ends_busy")


def everything(records: Sequence[Record]) -> str:
    """Both tables, for the terminal."""
    return f"{table(records)}\n\n{reached(records)}"


def table(records: Iterable[Record]) -> str:
    """Every run as a Markdown table, and below it what is not a run."""
    records = list(records)
    runs = [record for name in TITLES for record in records if record["name"] == name]
    lines = [_line(HEAD), _line(["---"] * 4 + ["--:"] * len(COLUMNS)), *(_line(_row(run)) for run in runs)]
    said = [*(lines if runs else ()), "", *sentences(records)]
    profiled = [_profiled(record) for record in records if record["name"] == "profile" and record["below_us"] >= 20]
    return "\n".join([*said, *profiled])


def reached(records: Sequence[Record]) -> str:
    """What was promised and what was reached, as a Markdown table."""
    found = rows(goals(records))
    return "\n".join([_line(("", "Goal", "Reached", "")), _line(["---", "--:", "--:", "---"]), *map(_line, found)])


def save(records: Sequence[Record]) -> None:
    """Keep the results, draw the chart and write the tables into the page."""
    RESULTS.mkdir(exist_ok=True)
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (RESULTS / time.strftime("%Y-%m-%d.jsonl", time.gmtime())).write_text(lines, encoding="utf-8")
    PICTURE.write_text(chart(records), encoding="utf-8")
    page = GOALS.sub(lambda _: f"{reached(records)}\n", PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(TABLE.sub(lambda _: f"{table(records)}\n", page), encoding="utf-8")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(run: Record) -> Row:
    first = (_title(run), run["subject"], run["store"] or "none", run["direction"])
    return (*first, *(_figure(run.get(column)) for column in COLUMNS))


def _title(run: Record) -> str:
    if "stored" in run:
        return f"With {run['stored']:,} stored messages"
    return ", ".join([TITLES[run["name"]], *([run["what"]] if "what" in run else [])])


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _profiled(it: Record) -> str:
    figures = f"{it['below_us']:>8} {it['own_us']:>7} {it['calls']:>7}"
    return f"{it['direction']:>3} {it['thread']:<6} {figures}  {it['function']}"
