"""`python -m chaos.mutants.child NAME serve` is `bridge serve`, broken as NAME says; `unbroken` breaks nothing."""

import sys

from bridge.cli import main
from chaos.mutants.every import MUTANTS

UNBROKEN = "unbroken"


def run() -> None:
    """Break it, and hand over to the program's own command line."""
    name = sys.argv.pop(1)
    if name != UNBROKEN:
        MUTANTS[name].patch()
    main()


if __name__ == "__main__":
    run()
