"""The bridge under cProfile, for `./run bench profile`: SIGUSR1 begins anew, SIGUSR2 writes down what was seen.

The event loop and the two threads of the store are profiled apart. Tracing makes everything slower, and small
functions most: what counts is who stands above whom, and how often something is called.
"""

import cProfile
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bridge.__main__ import main
from bridge.store.store import Store

THREADS = ("loop", "reader")
profilers = {thread: cProfile.Profile() for thread in THREADS}
watching = False


def watched(thread: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same method, seen by the thread's profiler while we watch."""

    def do(*arguments: Any) -> Any:
        return profilers[thread].runcall(work, *arguments) if watching else work(*arguments)

    return do


def begin(*_: object) -> None:
    """Forget what was seen, and watch."""
    global watching
    for thread in THREADS:
        profilers[thread].clear()
    watching = True
    profilers["loop"].enable()


def write_down(*_: object) -> None:
    """Stop watching, and leave a file for each thread here."""
    global watching
    watching = False
    profilers["loop"].disable()
    for thread in THREADS:
        profilers[thread].dump_stats(f"{thread}.writing")
        Path(f"{thread}.writing").rename(f"{thread}.prof")


if __name__ == "__main__":
    Store._read = watched("reader", Store._read)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, write_down)
    sys.argv[1:] = ["serve"]
    main()
