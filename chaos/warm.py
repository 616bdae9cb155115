"""Bridges that start quickly: forked from a process that has imported everything, and has begun nothing.

Only the imports are saved. What runs is `bridge serve`, from its first line on.
"""

import asyncio
import ctypes
import faulthandler
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

CHANNELS = [f"bridge.customer_channels.{name}" for name in ("telegram", "whatsapp", "web")]  # found by being there
PRELOADED = [
    "bridge.serve",
    "bridge.cli",
    "bridge.bots.llm",
    "bridge.summaries.llm",
    "psycopg",
    "chaos.warm",
    *CHANNELS,
]
WITH_PARENT = 1  # prctl(2): PR_SET_PDEATHSIG


class WarmProcess:
    """The part of asyncio's Process that the rig needs, for a process that was forked elsewhere."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, if it did."""
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        """Raises ProcessLookupError, as asyncio's does."""
        if self._process.exitcode is not None:
            raise ProcessLookupError
        os.kill(self.pid, signum)

    async def wait(self) -> int:
        """Return how it ended, once it has."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode


def started(env: Mapping[str, str], log: str) -> WarmProcess:
    """A bridge with these variables, whose words go to a file."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_serve, args=(dict(env), log), daemon=True)
    process.start()
    return WarmProcess(process)


def _serve(env: Mapping[str, str], log: str) -> None:
    from bridge.cli import main

    ctypes.CDLL(None).prctl(WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGUSR1, _say_where)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    faulthandler.register(signal.SIGUSR1, chain=True)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["bridge", "serve"]
    main()


def _say_where(_signal: int, _frame: object) -> None:
    """Write where every task stands; the threads are written already, even if one of them never comes here."""
    for task in asyncio.all_tasks():
        task.print_stack(limit=8, file=sys.stderr)
    sys.stderr.flush()
