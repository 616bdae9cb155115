"""`python -m chaos.fuzz [--seed N] [--requests N]`: a table of what was answered, and what should not have been."""

import argparse
import asyncio
import sys

from chaos.fuzz import REQUESTS, fuzzed
from chaos.rig import Setup


def main() -> int:
    """Exit non-zero when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m chaos.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="at each endpoint")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    report = asyncio.run(fuzzed(Setup(store=asked.store), asked.seed, _tell, asked.requests))
    sys.stdout.write(f"{report.table()}\n{report.requests} requests, seed {asked.seed}, {len(report.wrong)} wrong\n")
    return 1 if report.wrong else 0


def _tell(what: str) -> None:
    sys.stderr.write(f"{what}\n")


if __name__ == "__main__":
    sys.exit(main())
