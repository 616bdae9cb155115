"""A loop that stands still is seen, said with its place, and ended; one that turns is left alone."""

import asyncio
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from bridge import watchdog
from bridge.watchdog import GIVE_UP, SAY, STUCK, Watchdog, watched


async def test_where_a_loop_stands_still_is_said_and_then_it_is_ended() -> None:
    ended, codes = threading.Event(), list[int]()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    def stands_still() -> None:
        assert ended.wait(30)

    with capture_logs() as logs, watched(0.001, end):
        stands_still()
    assert codes == [STUCK]
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("error", "loop.stuck"),
        ("critical", "loop.given_up"),
    ]
    assert any("stands_still" in call for call in logs[0]["where"])


async def test_it_is_ended_also_when_nothing_can_be_written_into_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, for_ever = list[int](), threading.Event()

    def full(*_: object, **__: object) -> None:
        for_ever.wait(60)

    monkeypatch.setattr(watchdog, "LOOK", 0.01)
    monkeypatch.setattr(watchdog, "log", SimpleNamespace(error=full, critical=full))
    dog = Watchdog(asyncio.get_running_loop(), threading.get_ident(), codes.append)
    for _ in range(GIVE_UP + 1):
        dog.look()
    assert codes == [STUCK]
    for_ever.set()


async def test_a_loop_that_turns_is_left_alone_however_long_and_however_slowly() -> None:
    codes: list[int] = []
    dog = Watchdog(asyncio.get_running_loop(), threading.get_ident(), codes.append)
    with capture_logs() as logs:
        for _ in range(3 * GIVE_UP):
            for _ in range(SAY):
                dog.look()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    assert (codes, logs) == ([], [])


def test_a_process_that_stands_still_ends_with_70_and_says_where() -> None:
    program = """
import asyncio
from bridge.watchdog import watched

async def main():
    with watched(0.001):
        while True:
            pass

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == STUCK
    assert "loop.stuck" in done.stdout
    assert "loop.given_up" in done.stdout
    assert "main" in done.stdout
