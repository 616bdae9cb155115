"""The chart in docs/images/bench.svg: messages a second of each subject, in both directions. Drawn by hand."""

from collections.abc import Sequence
from typing import Any

NAMES = {
    ("raw", "sqlite"): "Raw limit, SQLite",
    ("bridge", "sqlite"): "The bridge, SQLite",
    ("bridge", "postgres"): "The bridge, PostgreSQL",
    ("naive-concurrent", None): "Naive, concurrent",
    ("naive", None): "Naive",
}
PANELS = (("in", "Telegram to Slack"), ("out", "Slack to Telegram"))
WIDTH, LEFT, BAR, GAP, TOP = 760, 190, 20, 8, 34
STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #1d1c1d }
    .title { font-weight: 600 } .bar { fill: #b0b6bd } .ours { fill: #2bac76 }
    @media (prefers-color-scheme: dark) { text { fill: #e8e8e8 } .bar { fill: #5c6370 } }
"""


def chart(records: Sequence[dict[str, Any]]) -> str:
    """An SVG with one panel for each direction."""
    runs = [record for record in records if record["name"] == "saturated"]
    panels: list[str] = []
    y = 0
    for direction, title in PANELS:
        drawn, height = _panel([run for run in runs if run["direction"] == direction], f"{title}, messages a second", y)
        panels.append(drawn)
        y += height
    size = f'viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n'
        f"  <title>Messages a second, saturated, on one machine</title>\n  <style>{STYLE}  </style>\n"
        f"{''.join(panels)}</svg>\n"
    )


def _panel(runs: Sequence[dict[str, Any]], title: str, top: int) -> tuple[str, int]:
    """One direction from `top` on, and how high it is."""
    rates = {(run["subject"], run["store"]): float(run["messages_per_s"]) for run in runs}
    most = max(rates.values(), default=1.0)
    lines = [f'  <text class="title" x="0" y="{top + 20}">{title}</text>\n']
    y = top + TOP
    for key in (key for key in NAMES if key in rates):
        long = max(1, round((WIDTH - LEFT - 80) * rates[key] / most))
        kind = "bar ours" if key[0] == "bridge" else "bar"
        lines.append(
            f'  <text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{NAMES[key]}</text>\n'
            f'  <rect class="{kind}" x="{LEFT}" y="{y}" width="{long}" height="{BAR}" rx="3"/>\n'
            f'  <text x="{LEFT + long + 8}" y="{y + 15}">{rates[key]:,.0f}</text>\n'
        )
        y += BAR + GAP
    return "".join(lines), y + 12 - top
