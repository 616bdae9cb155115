"""The chart in docs/images/bench.svg: bars in panels, one panel for each thing that is compared. Drawn by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.hours import BUSY
from bench.plan import Record

NAMES = {
    ("raw", "sqlite"): "Raw limit, SQLite",
    ("bridge", "sqlite"): "The bridge, SQLite",
    ("bridge", "postgres"): "The bridge, PostgreSQL",
    ("naive-concurrent", None): "Naive, concurrent",
    ("naive", None): "Naive",
}
DIRECTIONS = {"in": "Telegram to Slack", "out": "Slack to Telegram"}
WIDTH, LEFT, BAR, GAP, TOP = 760, 220, 20, 8, 34
STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #1d1c1d }
    .title { font-weight: 600 } .bar { fill: #b0b6bd } .ours { fill: #2bac76 }
    @media (prefers-color-scheme: dark) { text { fill: #e8e8e8 } .bar { fill: #5c6370 } }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One value."""

    label: str
    value: float
    ours: bool = True


Panel = tuple[str, list[Bar]]


def chart(records: Sequence[Record]) -> str:
    """An SVG with a panel for everything that was measured."""
    drawn: list[str] = []
    y = 0
    for title, bars in panels(records):
        panel, height = _panel(title, bars, y)
        drawn.append(panel)
        y += height
    size = f'viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n'
        f"  <title>What was measured, on one machine</title>\n  <style>{STYLE}  </style>\n"
        f"{''.join(drawn)}</svg>\n"
    )


def panels(records: Sequence[Record]) -> list[Panel]:
    """Titles and bars; panels without any are left out."""
    found: list[Panel] = []
    for direction, words in DIRECTIONS.items():
        found.append((f"{words}, messages a second", _subjects(records, "saturated", direction, "messages_per_s")))
    found[0][1].extend(_each(records, "two_processes", "messages_per_s", lambda it: f"Two processes, {it['what']}"))
    for direction, words in DIRECTIONS.items():
        title = f"{words}, far ends that take 120 ms: share of what order allows"
        found.append((title, _subjects(records, "far_ends_120ms", direction, "of_bound")))
    history = _each(records, "history", "cpu_us", lambda it: f"{DIRECTIONS[it['direction']]}, {it['stored']:,}")
    found.append(("CPU of a message in µs, with so many messages stored", history))
    hour = [it for it in records if it["name"] == "scheduler" and it["conversations"] == BUSY]
    for column, who in (("claimed_p95_ms", "with an agent, p95"), ("p99_ms", "everybody, p99")):
        bars = [Bar(str(it["subject"]).capitalize(), it[column] / 1000, it["subject"] == "bridge") for it in hour]
        found.append((f"One channel, {BUSY} conversations: seconds until Slack has it, {who}", bars))
    return [panel for panel in found if panel[1]]


def _subjects(records: Sequence[Record], name: str, direction: str, column: str) -> list[Bar]:
    runs = {
        (it["subject"], it["store"]): it for it in records if (it["name"], it.get("direction")) == (name, direction)
    }
    return [Bar(words, runs[key][column], key[0] == "bridge") for key, words in NAMES.items() if key in runs]


def _each(records: Sequence[Record], name: str, column: str, label: Callable[[Record], str]) -> list[Bar]:
    return [Bar(label(it), it[column]) for it in records if it["name"] == name and it[column] is not None]


def _panel(title: str, bars: Sequence[Bar], top: int) -> tuple[str, int]:
    """One panel from `top` on, and how high it is."""
    most = max(bar.value for bar in bars)
    lines = [f'  <text class="title" x="0" y="{top + 20}">{title}</text>\n']
    y = top + TOP
    for bar in bars:
        long = max(1, round((WIDTH - LEFT - 80) * bar.value / most))
        kind = "bar ours" if bar.ours else "bar"
        lines.append(
            f'  <text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{bar.label}</text>\n'
            f'  <rect class="{kind}" x="{LEFT}" y="{y}" width="{long}" height="{BAR}" rx="3"/>\n'
            f'  <text x="{LEFT + long + 8}" y="{y + 15}">{_figure(bar.value)}</text>\n'
        )
        y += BAR + GAP
    return "".join(lines), y + 12 - top


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
