"""`./run chaos`: harms the program in every way there is, shows a table, and says whether every promise was kept."""

import argparse
import asyncio
import json
import sys
import time

from chaos.modes import MODES, POSTGRES, SQLITE
from chaos.program import SIDE_BY_SIDE, Plan, run
from chaos.table import save, table
from chaos.tally import totals

BETWEEN = 5.0  # seconds between two words about the same run


def main() -> int:
    """Run what is asked for; 0 if every promise was kept."""
    asked = _arguments(sys.argv[1:])
    began = time.monotonic()
    stores = (POSTGRES,) if asked.postgres else (SQLITE, POSTGRES)
    modes = tuple(asked.only or MODES)
    rows = asyncio.run(run(Plan(modes, asked.seed, asked.quick, stores, asked.jobs), _Progress(began).say))
    seconds = time.monotonic() - began
    sys.stdout.write(f"{table(rows)}\n\nIt took {seconds:.0f} s.\n{json.dumps(totals(rows))}\n")
    if asked.save:
        save(rows, seconds)
    return 0 if rows and all(row.kept for row in rows) else 1


class _Progress:
    """Says on stderr how far it is; of what comes often, only now and then."""

    def __init__(self, began: float) -> None:
        self._began, self._last = began, dict[str, float]()

    def say(self, what: str) -> None:
        now, (about, _, rest) = time.monotonic(), what.partition("): ")
        if rest and not rest.startswith(("kept", "BROKEN")) and now - self._last.get(about, 0.0) < BETWEEN:
            return
        self._last[about] = now
        sys.stderr.write(f"[{now - self._began:5.0f} s] {what}\n")


def _arguments(given: list[str]) -> argparse.Namespace:
    told = "\n".join(f"  {name:<12} {mode.says}" for name, mode in MODES.items())
    parser = argparse.ArgumentParser(
        prog="./run chaos", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__, epilog=told
    )
    parser.add_argument("--quick", action="store_true", help="a few minutes instead of two hours")
    parser.add_argument("--seed", type=int, default=1, help="of the first run of each mode (default 1)")
    parser.add_argument(
        "--only", action="append", choices=[*MODES], metavar="MODE", help="only this one; may be repeated"
    )
    parser.add_argument("--postgres", action="store_true", help="only with PostgreSQL, three bridges at a time")
    parser.add_argument("--jobs", type=int, default=SIDE_BY_SIDE, help=f"runs side by side (default {SIDE_BY_SIDE})")
    parser.add_argument("--save", action="store_true", help="also write the table into docs/reliability.md")
    return parser.parse_args(given)


if __name__ == "__main__":
    sys.exit(main())
