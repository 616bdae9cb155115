"""What was promised, and what was reached, read from the results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.hours import BUSY, TOO_MUCH
from bench.plan import Record

WAYS = {"in": "Telegram to Slack", "out": "Slack to Telegram"}
OPTIMUM = {3.0: 30, 10.0: 32}  # posts in which one channel can take 20 s of so many messages a second
Found = float | None


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table."""

    text: str
    kind: Literal["at least", "at most"]
    wanted: float
    reached: Found
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        if self.reached is None:
            return False
        return self.reached >= self.wanted if self.kind == "at least" else self.reached <= self.wanted


class Results:
    """The records of one run."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = list(records)

    def value(self, column: str, name: str, subject: str = "bridge", **having: object) -> Found:
        """A figure of the record that has it, and all this; None where there is no such record."""
        wanted = {"name": name, "subject": subject, **having}
        for it in self._records:
            if column in it and all(it.get(key) == value for key, value in wanted.items()):
                return it[column]
        return None

    def rate(self, subject: str, direction: str) -> Found:
        """Messages a second, at most. The bridge's are those on SQLite."""
        having = {"store": "sqlite"} if subject == "bridge" else {}
        return self.value("messages_per_s", "saturated", subject, direction=direction, **having)


def goals(records: Iterable[Record]) -> list[Goal]:
    """Every goal, in the order in which the page explains them."""
    results = Results(records)
    return [
        *_rates(results),
        *_cost(results),
        *_two(results),
        *_channel(results),
        *_handoff(results),
        *_scheduler(results),
        *_size(results),
        *_streams(results),
    ]


def _rates(results: Results) -> Iterable[Goal]:
    for way, subject, wanted in (("out", "naive", 8), ("in", "naive", 3), ("in", "naive-concurrent", 1)):
        times = _ratio(results.rate("bridge", way), results.rate(subject, way))
        yield Goal(f"{WAYS[way]}, as many times as {subject}", "at least", wanted, times, "×")
    for way, words in WAYS.items():
        share = _ratio(results.rate("bridge", way), results.rate("raw", way))
        yield Goal(f"{words}, of what raw does", "at least", 45, _percent(share), "%")


def _cost(results: Results) -> Iterable[Goal]:
    on = {"store": "sqlite"}
    for way, words in WAYS.items():
        cpu = results.value("cpu_us", "saturated", direction=way, **on)
        yield Goal(f"{words}, CPU of a message", "at most", 370, cpu, "µs")
    for way, words in WAYS.items():
        share = results.value("of_bound", "far_ends_120ms", direction=way, **on)
        yield Goal(f"{words}, far ends that take 120 ms: of what order allows", "at least", 90, _percent(share), "%")
    for way, words in WAYS.items():
        added = results.value("added_p50_ms", "low_load", direction=way, **on)
        yield Goal(f"{words}, added to the disk's syncs at 20 messages/s (p50)", "at most", 3, added, "ms")
    for way, words in WAYS.items():
        ratio = results.value("ratio", "history", direction=way)
        yield Goal(f"{words}, CPU with 1,000,000 stored messages, to that with 1,000", "at most", 1.1, ratio, "×")


def _two(results: Results) -> Iterable[Goal]:
    stored = results.value("messages_per_s", "two_processes", what="stored")
    yield Goal("PostgreSQL with two processes, stored in a second", "at least", 5000, stored)


def _channel(results: Results) -> Iterable[Goal]:
    for offered, optimum in OPTIMUM.items():
        words = f"One channel, {offered:g} messages/s offered"
        posts = results.value("posts", "one_channel", offered=offered)
        yield Goal(f"{words}: posts", "at most", round(1.1 * optimum, 1), posts)
        p95 = _seconds(results.value("p95_ms", "one_channel", offered=offered))
        yield Goal(f"{words}: p95", "at most", round(1.2 * 9.4, 2), p95, "s")
        yield Goal(f"{words}: calls refused", "at most", 3, results.value("refused", "one_channel", offered=offered))
        yield Goal(f"{words}: lost", "at most", 0, results.value("lost", "one_channel", offered=offered))


def _handoff(results: Results) -> Iterable[Goal]:
    calls = results.value("slack_calls", "handoff")
    yield Goal("A claim, five replies and a hand back: calls to Slack, without the marks", "at most", 12, calls)


def _scheduler(results: Results) -> Iterable[Goal]:
    claimed = _seconds(results.value("claimed_p95_ms", "scheduler", conversations=BUSY))
    yield Goal(f"An hour, {BUSY} conversations: those with an agent, p95", "at most", 9, claimed, "s")
    everybody = _seconds(results.value("p99_ms", "scheduler", conversations=BUSY))
    yield Goal(f"An hour, {BUSY} conversations: everybody, p99", "at most", 75, everybody, "s")
    used = _percent(results.value("posts_used", "scheduler", conversations=TOO_MUCH))
    yield Goal("Three times the limit: of the posts allowed", "at least", 95, used, "%")
    refused = _percent(results.value("refused_share", "scheduler", conversations=TOO_MUCH))
    yield Goal("Three times the limit: calls refused", "at most", 1, refused, "%")
    waits = _seconds(results.value("to_customers_p99_ms", "scheduler", conversations=TOO_MUCH))
    yield Goal("Three times the limit: agents' words wait, p99", "at most", 0.1, waits, "s")


def _size(results: Results) -> Iterable[Goal]:
    on = {"store": "sqlite"}
    first = results.value("first_send_s", "restart")
    yield Goal("After SIGKILL with 1,000,000 messages: first send", "at most", 2, first, "s")
    yield Goal("Start on a small history", "at most", 1, results.value("start_s", "start", **on), "s")
    yield Goal("Memory on a small history", "at most", 100, results.value("rss_mib", "start", **on), "MiB")
    many = results.value("rss_mib", "open_conversations")
    yield Goal("Memory with 100,000 open conversations", "at most", 128, many, "MiB")


def _streams(results: Results) -> Iterable[Goal]:
    p99 = results.value("p99_ms", "streams", visitors=2_000)
    yield Goal("2,000 visitors with the web chat open: Slack to the page, p99", "at most", 250, p99, "ms")


def _ratio(a: Found, b: Found) -> Found:
    return round(a / b, 2) if a and b else None


def _percent(share: Found) -> Found:
    return None if share is None else round(100 * share, 1)


def _seconds(milliseconds: Found) -> Found:
    return None if milliseconds is None else round(milliseconds / 1000, 2)


def rows(found: Sequence[Goal]) -> list[tuple[str, str, str, str]]:
    """As cells: what, the goal, what was reached, and whether that is enough. What was not measured is left out."""
    return [
        (goal.text, f"{goal.kind} {_figure(goal.wanted, goal.unit)}", _figure(goal.reached, goal.unit), _verdict(goal))
        for goal in found
        if goal.reached is not None
    ]


def _figure(value: float | None, unit: str) -> str:
    figure = f"{value:,.0f}" if value and value >= 100 else f"{value:,g}"
    return f"{figure} {unit}".strip()


def _verdict(goal: Goal) -> str:
    return "yes" if goal.met else "**no**"
