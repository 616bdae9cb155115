"""`python -m chaos.shifted serve` is `bridge serve` with a clock that jumps: SIGUSR1 a day on, SIGUSR2 a day back."""

import signal
import time
from datetime import datetime, timedelta

import bridge.app
from bridge.cli import main

DAY = 86_400.0


class Clock:
    """The wall clock of this process."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._now, self._time = bridge.app.now, time.time

    def now(self) -> datetime:
        """What the bridge takes for the present."""
        return self._now() + timedelta(seconds=self.ahead)

    def time(self) -> float:
        """What libraries take for it."""
        return self._time() + self.ahead

    def jump(self, seconds: float) -> None:
        """From one moment to the next."""
        self.ahead += seconds


def run() -> None:
    """Put the clock in, and hand over to the program."""
    clock = Clock()
    bridge.app.now, time.time = clock.now, clock.time
    signal.signal(signal.SIGUSR1, lambda *_: clock.jump(DAY))
    signal.signal(signal.SIGUSR2, lambda *_: clock.jump(-DAY))
    main()


if __name__ == "__main__":
    run()
