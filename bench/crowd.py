"""Customers as they are: a few messages in a row, then a while of thought. Pure, but for its dice."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many conversations at once, a share of which an agent has claimed."""

    conversations: int = 60
    seconds: float = 3600.0
    claimed: float = 0.3
    burst: float = 1.8  # messages in a row
    gap: float = 4.0  # seconds between them
    think: float = 45.0  # seconds before the next burst

    @property
    def with_agent(self) -> range:
        """The customers who talk to an agent; the others wait for one."""
        return range(round(self.claimed * self.conversations))

    @property
    def offered(self) -> float:
        """Messages a second, of all together."""
        return self.conversations * self.burst / (self.think + (self.burst - 1) * self.gap)

    def says(self, seed: int) -> list[tuple[float, int]]:
        """When who writes, in order. Times are seconds; all gaps and thoughts have the lengths of chance."""
        said = [moment for customer in range(self.conversations) for moment in self._one(customer, seed)]
        return sorted(said)

    def _one(self, customer: int, seed: int) -> list[tuple[float, int]]:
        dice = random.Random(f"{seed} {customer}")  # noqa: S311  the same customers each time
        said: list[tuple[float, int]] = []
        at = dice.random() * self.think
        while at < self.seconds:
            said.append((at, customer))
            more = dice.random() < 1 - 1 / self.burst
            at += dice.expovariate(1 / (self.gap if more else self.think))
        return said
