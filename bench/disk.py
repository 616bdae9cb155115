"""How long the disk takes to make something last: every commit waits for that."""

import os
import tempfile
import time

from bench.load import quantile


def syncs(folder: str, times: int = 300) -> tuple[float, float]:
    """Median and 99th percentile of a write of 4 KiB with fdatasync, in milliseconds."""
    took: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            began = time.perf_counter()
            os.write(file.fileno(), bytes(4096))
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    took.sort()
    return quantile(took, 0.5), quantile(took, 0.99)
