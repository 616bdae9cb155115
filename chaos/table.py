"""The results as a Markdown table, and the page that carries the newest."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chaos.tally import COUNTS, Row, joined

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"
SHOWN = (*(name for name in COUNTS if not name.startswith("mutants")), "stuck")


def table(rows: Sequence[Row]) -> str:
    """One line for each mode, and what they come to together."""
    heads = ("mode", "store", "seed", "runs", "texts", *(name.replace("_", " ") for name in SHOWN), "seconds")
    lines = [heads, ("---", "---", *["---:"] * (len(heads) - 2)), *map(_line, rows)]
    if len(rows) > 1:
        lines.append(_line(joined([*rows]), "**all**"))
    mutants = sum(row.mutants for row in rows)
    caught = f"\n\nBroken bridges caught: {sum(row.mutants_caught for row in rows)} of {mutants}." if mutants else ""
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + caught


def _line(row: Row, name: str = "") -> tuple[str, ...]:
    counts = (str(row.count(count)) for count in SHOWN)
    about = (name or row.mode, "" if name else row.store, "" if name else str(row.seed), str(row.runs), str(row.texts))
    return (*about, *counts, f"{row.seconds:.0f}")


def save(rows: Sequence[Row], seconds: float) -> None:
    """Put the table into the page."""
    when = f"{datetime.now(UTC):%d %b %Y}"
    about = f"{when}, {os.cpu_count()} cores, Python {platform.python_version()}, {seconds / 60:.0f} minutes."
    text = PAGE.read_text(encoding="utf-8")
    new = f"{BEGIN}\n\n{table(rows)}\n\n{about}\n\n{END}"
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: new, text, flags=re.DOTALL), encoding="utf-8")
