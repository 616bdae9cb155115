"""A few numbers that the rig and its child share: where to stop, how many steps were made, and what the last one was.

They live in a mapped file, so that they can still be read when the child is dead.
"""

import mmap
import os
import signal
import struct
from pathlib import Path

CELLS = struct.Struct("qqq")  # stop at, steps made, signal to stop with
SIZE = 512
NEVER = 2**62


class Steps:
    """The numbers of one child, as both sides see them."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(SIZE))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), SIZE)
        self._cells = memoryview(self._bytes)[: CELLS.size].cast("q")

    # ---------------------------------------------------------------------------------------------------- in the rig

    def mark(self, stop_at: int = NEVER, how: signal.Signals = signal.SIGKILL) -> None:
        """Count from now on, and stop the child at this step."""
        self.rest()
        self._cells[2], self._cells[1], self._cells[0] = how, 0, stop_at

    def rest(self) -> None:
        """Count no more, and forget where it was stopped."""
        self._cells[0] = 0
        self._bytes[CELLS.size :] = bytes(SIZE - CELLS.size)

    @property
    def counting(self) -> bool:
        """Whether steps are counted."""
        return self._cells[0] != 0

    @property
    def made(self) -> int:
        """Steps since the mark."""
        return self._cells[1]

    @property
    def stopped(self) -> str:
        """What the child was about to do when it was stopped, or nothing if it never was."""
        return self._bytes[CELLS.size :].rstrip(b"\0").decode(errors="replace")

    # -------------------------------------------------------------------------------------------------- in the child

    def next(self, what: object) -> None:
        """Count one step; at the one that was asked for, stop this process before it is made."""
        stop_at = self._cells[0]
        if not stop_at:
            return
        self._cells[1] += 1
        if self._cells[1] == stop_at:
            text = str(what).encode()[: SIZE - CELLS.size]
            self._bytes[CELLS.size : CELLS.size + len(text)] = text
            os.kill(os.getpid(), self._cells[2])
