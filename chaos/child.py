"""The shipped program, counted: `python -m chaos.child serve` is `bridge serve` that can be stopped at any step.

A step is one `send()` into any task of the event loop, or a moment around a transaction at which a death makes a
difference: before each unit of work, before the commit, and after it before anybody is told. `CHAOS_STEPS` names the
file that is shared with the rig. `CHAOS_SPOIL` names a Python file that breaks the bridge on purpose.
"""

import ctypes
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bridge.cli
from bridge.store.tx import Tx
from bridge.store.writer import Work, Writer
from chaos.awaits.counted import counting
from chaos.awaits.steps import Steps

WITH_PARENT = 1  # prctl(2): PR_SET_PDEATHSIG


def count(steps: Steps) -> None:
    """Have every step of this process counted from now on."""
    bridge.cli.new_event_loop = lambda: counting(steps)
    _count_units(steps)
    _count_commits(steps)


def _count_units(steps: Steps) -> None:
    write = Writer.write

    async def stepping(writer: Writer, work: Work[Any]) -> Any:
        name = getattr(work, "__qualname__", "of work")

        def unit(tx: Tx) -> Any:
            steps.next(f"before the unit {name}")
            return work(tx)

        return await write(writer, unit)

    Writer.write = stepping  # type: ignore[method-assign]


def _count_commits(steps: Steps) -> None:
    commit = Tx.commit

    def stepping(tx: Tx) -> None:
        steps.next("before a commit")
        commit(tx)
        steps.next("after a commit, before anybody is told")

    Tx.commit = stepping  # type: ignore[method-assign]


def serve(environment: Mapping[str, str], log: str) -> None:
    """Be `bridge serve` with these variables, in a process that was forked for it; its words go to a file."""
    ctypes.CDLL(None).prctl(WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(environment)
    sys.argv = ["bridge", "serve"]
    run()


def run() -> None:
    """Count, spoil, and hand over to the program's own command line."""
    if path := os.environ.get("CHAOS_STEPS"):
        count(Steps(Path(path)))
    if spoil := os.environ.get("CHAOS_SPOIL"):
        runpy.run_path(spoil)
    bridge.cli.main()


if __name__ == "__main__":
    run()
