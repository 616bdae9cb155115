"""What every way out is given: the desk for transactions, the ports, pacing, and where time and chance come from."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bridge.courier.backoff import wait_after
from bridge.desk import Desk
from bridge.errors import TryLater
from bridge.pacing import Pacing, order_of
from bridge.ports import Bot, Clock, CustomerChannel, Summariser, TeamWorkspace
from bridge.session import Session
from bridge.store import outbox
from bridge.store.outbox import Lane, Letter

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kitbag:
    """The parts that the courier works with."""

    desk: Desk
    workspace: TeamWorkspace
    channels: Mapping[str, CustomerChannel]
    bot: Bot
    bot_name: str  # as customers and agents see it
    summariser: Summariser | None  # none: the offline form is all there is
    pacing: Pacing
    clock: Clock
    dice: random.Random = field(default_factory=random.Random)

    def order(self, lane: Lane) -> float:
        """Where this lane stands in the queue for tokens."""
        return order_of(lane.waiting_since, lane.claimed)

    def later(self, attempts: int, error: TryLater) -> datetime:
        """When to try again."""
        return self.clock() + wait_after(attempts, error.after, self.dice)

    async def put_off(
        self, lane: Lane, letters: list[Letter], error: TryLater, pace: tuple[str, str] | None = None
    ) -> None:
        """It was certainly not accepted: the same again later. A wish for quiet pauses everything at that `pace`."""
        if pace and error.after is not None:
            self.pacing.pause(*pace, error.after)
        until = self.later(letters[0].attempts, error)
        log.warning("delivery.later", lane=lane.name, reason=str(error), attempts=letters[0].attempts + 1)

        def work(session: Session) -> None:
            outbox.mark_pending(session.tx, [letter.id for letter in letters])
            outbox.wait(session.tx, lane.name, until)

        await self.desk.within(work)

    async def finish(self, lane: Lane, letters: list[Letter]) -> None:
        """Nothing more to do for these."""
        await self.desk.within(
            lambda session: outbox.done(session.tx, lane.name, [letter.id for letter in letters], session.now)
        )
