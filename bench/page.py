"""The results as people read them: a table on stderr, and, when they are to be kept, a file, a chart and a page."""

import json
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.chart import chart

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results"
PICTURE = ROOT / "docs" / "images" / "bench.svg"
PAGE = ROOT / "docs" / "performance.md"
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of table -->)", re.DOTALL)

Record = dict[str, Any]
Row = Sequence[str]
TITLES = {
    "ceiling": "The far ends alone",
    "saturated": "At most",
    "low_load": "At 20 messages/s",
    "at_80_percent": "At 80 %",
    "far_ends_100ms": "Far ends that take 100 ms",
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
)
COLUMNS = ("messages_per_s", "cpu_us", "p50_ms", "p99_ms", "bytes", "lost", "twice", "of_bound")


def table(records: Iterable[Record]) -> str:
    """Every run as a Markdown table, and below it what is not a run."""
    records = list(records)
    runs = [record for name in TITLES for record in records if record["name"] == name]
    lines = [_line(HEAD), _line(["---"] * 4 + ["--:"] * len(COLUMNS)), *(_line(_row(run)) for run in runs)]
    return "\n".join([*(lines if runs else ()), "", *_sentences(records)])


def save(records: Sequence[Record]) -> None:
    """Keep the results, draw the chart and write the table into the page."""
    RESULTS.mkdir(exist_ok=True)
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (RESULTS / time.strftime("%Y-%m-%d.jsonl", time.gmtime())).write_text(lines, encoding="utf-8")
    PICTURE.write_text(chart(records), encoding="utf-8")
    text = table(records)
    PAGE.write_text(TABLE.sub(lambda _: f"{text}\n", PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(run: Record) -> Row:
    first = (TITLES[run["name"]], run["subject"], run["store"] or "none", run["direction"])
    return (*first, *(_figure(run.get(column)) for column in COLUMNS))


def _figure(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _sentences(records: Sequence[Record]) -> list[str]:
    said: list[str] = []
    for it in records:
        who = f"{it.get('subject')} ({it['store']})" if it.get("store") else it.get("subject")
        match it["name"]:
            case "machine":
                said.append(
                    f"* {it['cpus']} cores, Python {it['python']}, {it['system']}; load {it['load_before']} before the "
                    f"start; one sync of the disk: p50 {it['sync_p50_ms']} ms, p99 {it['sync_p99_ms']} ms."
                )
            case "start":
                said.append(f"* {who} listens after {it['start_s']} s, with {it['rss_mib']} MiB.")
            case "conversations":
                said.append(
                    f"* {who} takes {it['rss_mib']} MiB with {it['conversations']} more open conversations: "
                    f"{it['rss_mib_per_10000']} MiB for each 10,000."
                )
            case "one_channel":
                said.append(
                    f"* {who}, {it['messages_per_s']:g} messages/s offered to one channel for 20 s: "
                    f"{it['posts']} posts with {it['messages']} messages, p50 {it['p50_ms'] / 1000:.1f} s, "
                    f"p95 {it['p95_ms'] / 1000:.1f} s; {it['lost']} lost, {it['twice']} twice."
                )
            case "left_out":
                said.append(f"* {who} is left out: {it['why']}.")
            case "profile" if it["below_us"] >= 20:
                said.append(
                    f"{it['direction']:>3} {it['thread']:<6} {it['below_us']:>8} {it['own_us']:>7} {it['calls']:>7}  "
                    f"{it['function']}"
                )
            case _:
                pass
    return said
