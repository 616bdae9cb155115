"""`./run bench [name ...]`: measures, and prints one JSON line for each result. A table follows on stderr."""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Coroutine
from typing import Any

from bench import page
from bench.plan import NAMES, QUICK, SCENES, Plan, Record, load
from bench.program import measure
from bench.relay import MEASURED

BUSY = 1.0  # runnable processes, on average over a minute, above which results are not kept


def main() -> int:
    """Measure what is asked for."""
    asked = _arguments(sys.argv[1:])
    if asked.save and load() > BUSY:
        sys.stderr.write(f"The machine is busy (load {load()}), and what is measured now is not worth keeping.\n")
        return 1
    records: list[Record] = []
    began = time.monotonic()

    def tell(record: Record) -> None:
        records.append(record)
        sys.stdout.write(json.dumps(record) + "\n")
        sys.stdout.flush()

    try:
        asyncio.run(_until_told(measure(_plan(asked), tell)))
    except asyncio.CancelledError:
        return 128 + signal.SIGTERM
    told = page.table(records) if asked.quick else page.everything(records)
    sys.stderr.write(f"{told}\nIt took {time.monotonic() - began:.0f} s.\n")
    if asked.save:
        page.save(records)
    return 0


async def _until_told(measuring: Coroutine[Any, Any, None]) -> None:
    """Measure; SIGTERM ends it in order, so that no server is left behind."""
    task = asyncio.ensure_future(measuring)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: task.cancelling() or task.cancel())
    await task


def _arguments(given: list[str]) -> argparse.Namespace:
    told = "\n".join(f"  {name:<16} {what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="./run bench", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__, epilog=told
    )
    parser.add_argument("names", nargs="*", metavar="name", choices=[[], *NAMES], help="only this, from the list below")
    parser.add_argument("--quick", action="store_true", help="the most important, and all of it shorter and smaller")
    parser.add_argument("--subject", choices=sorted({name for name, _ in MEASURED}), help="only this one")
    parser.add_argument("--echoes", action="store_true", help="Slack sends the bot's own posts back as events")
    parser.add_argument("--save", action="store_true", help="also write the results, the chart and the page's table")
    return parser.parse_args(given)


def _plan(asked: argparse.Namespace) -> Plan:
    names = frozenset(asked.names or (QUICK if asked.quick else set(NAMES) - {"profile"}))
    if asked.subject not in (None, "bridge"):
        names -= set(SCENES)
    subjects = tuple(
        (name, store)
        for (name, store), measured in MEASURED.items()
        if names.intersection(measured) and asked.subject in (None, name) and not (asked.quick and store == "postgres")
    )
    if asked.quick:
        return Plan(
            names, subjects, seconds=0.5, low_seconds=0.6, conversations=300, stored_conversations=2_000,
            stored_messages=20_000, offered_seconds=5.0, visitors=200, crowd_seconds=600.0, echoes=asked.echoes,
        )  # fmt: skip
    return Plan(names, subjects, echoes=asked.echoes)


if __name__ == "__main__":
    sys.exit(main())
