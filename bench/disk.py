"""How long the disk takes to make something last, and how often SQLite asked it to."""

import os
import struct
import tempfile
import time
from pathlib import Path

from bench.load import quantile

# https://sqlite.org/fileformat2.html, section 4.1: page size and salts of the file; end of a commit and salts of a page
FILE, FRAME = struct.Struct(">8xI4x8s8x"), struct.Struct(">4xI8s8x")


def syncs(folder: Path, times: int = 300, size: int = 4096, every: float = 0.0) -> tuple[float, float]:
    """Median and 99th percentile of a write with fdatasync, in milliseconds, with so many seconds between them."""
    took: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            time.sleep(every)
            began = time.perf_counter()
            os.write(file.fileno(), bytes(size))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    took.sort()
    return quantile(took, 0.5), quantile(took, 0.99)


def commits(database: Path) -> tuple[int, int]:
    """How many commits are in the write-ahead log, and how many bytes. Each was synced by itself."""
    log = database.with_name(database.name + "-wal").read_bytes()
    if len(log) < FILE.size:
        return 0, 0
    page, salts = FILE.unpack_from(log)
    ends, size = 0, 0
    for at in range(FILE.size, len(log) - FRAME.size - page + 1, FRAME.size + page):
        end, frame_salts = FRAME.unpack_from(log, at)
        if frame_salts != salts:  # left over from before the log was begun anew
            break
        ends += end > 0
        size += FRAME.size + page
    return ends, size
