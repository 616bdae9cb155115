"""Real conversations through the running bridge, and a comparison of what the far ends saw with what was said."""

import asyncio
import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp

from bridge.demo.crashing import crashing
from bridge.demo.customers import Customer, PhoneCustomer, WebCustomer
from bridge.demo.judge import Verdict, judge
from bridge.demo.script import Script, perform
from bridge.demo.stage import staged
from bridge.demo.team import Team
from bridge.demo.watch import Watch
from bridge.errors import WrongSetting
from bridge.sandbox.server import Sandbox

CHANNELS = ("telegram", "whatsapp", "web")
TOGETHER = 16  # conversations at the same time
MOST_IN_REAL_TIME = 20  # more than these are not played at Slack's real pace


@dataclass(slots=True)
class Outcome:
    """What became of all conversations."""

    limits: str
    conversations: int = 0
    turns: int = 0
    delivered: int = 0
    flagged: int = 0
    seconds: float = 0.0
    triggers: Counter[str] = field(default_factory=Counter[str])
    times: list[float] = field(default_factory=list[float])
    differences: list[str] = field(default_factory=list[str])
    kills: int = 0
    start: float = 0.0  # seconds, median

    def join(self, other: "Outcome") -> None:
        """Count another outcome in."""
        self.conversations += other.conversations
        self.turns += other.turns
        self.delivered += other.delivered
        self.flagged += other.flagged
        self.seconds += other.seconds
        self.triggers += other.triggers
        self.times += other.times
        self.differences += other.differences

    def add(self, verdict: Verdict) -> None:
        """Count one conversation in."""
        self.conversations += 1
        self.turns += verdict.turns
        self.delivered += verdict.delivered
        self.flagged += verdict.flagged
        self.triggers[verdict.trigger] += 1
        self.times += verdict.times
        self.differences += verdict.differences


async def replay(file: Path, limit: int | None, limits: str | None, *, as_json: bool) -> int:
    """Play the file; 0 when there is no difference."""
    scripts = list(read(file, limit))
    limits = limits or ("strict" if len(scripts) <= MOST_IN_REAL_TIME else "off")
    more = {"BRIDGE_PACING": limits}
    async with staged(more=more) as stage:
        stage.sandbox.world.strict = limits == "strict"
        outcome = await play_all(stage.sandbox, stage.url, scripts, limits)
    report(outcome, as_json)
    return 0 if not outcome.differences else 1


async def replay_with_kills(file: Path, limit: int | None, kills: int, seed: int, *, as_json: bool) -> int:
    """Play the file, again from the start where it is too short, while the bridge is killed at random moments."""
    sandbox = Sandbox(seed, speed=10.0)  # Slack repeats an event after a minute: that takes six seconds here
    sandbox.world.strict = False
    total = Outcome("off")
    async with crashing(sandbox, seed, {"BRIDGE_PACING": "off", "LOG_LEVEL": "WARNING"}) as bridge:
        killing = asyncio.create_task(bridge.crash(kills))
        for round_number in itertools.count():
            scripts = list(read(file, limit, round_number))
            part = await play_all(sandbox, bridge.url, scripts, "off")
            total.join(part)
            if killing.done() or total.differences:
                break
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        total.kills, total.start = bridge.kills, statistics.median(bridge.starts)
    report(total, as_json)
    return 0 if not total.differences else 1


def read(file: Path, limit: int | None, round_number: int = 0) -> Iterator[Script]:
    """The conversations of a JSON lines file. Raises WrongSetting with the line that is wrong."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(itertools.islice(lines, limit), 1):
                channel = CHANNELS[(number - 1) % len(CHANNELS)]
                yield _script(json.loads(line), round_number * 1000 + number, channel)
    except OSError as error:
        raise WrongSetting(f"--replay: {file} cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise WrongSetting(f"--replay: {file.name} is not of the shape {{id, turns: [{{role, text}}]}}.") from None


def _script(content: dict[str, list[dict[str, str]]], number: int, channel: str) -> Script:
    turns = tuple((turn["role"], turn["text"].strip()) for turn in content["turns"] if turn["text"].strip())
    if any(role not in ("customer", "agent") for role, _ in turns):
        raise ValueError
    return Script(f"casey{number:05}", channel, turns)


async def play_all(sandbox: Sandbox, url: str, scripts: list[Script], limits: str) -> Outcome:
    """Play many conversations side by side."""
    outcome, began = Outcome(limits), time.monotonic()
    watch = Watch(sandbox.world)
    team = Team(sandbox, watch)
    gate = asyncio.Semaphore(TOGETHER)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(script: Script) -> None:
            async with gate:
                customer = _customer(script, sandbox, watch, url, session)
                try:
                    played = await perform(script, customer, team)
                    outcome.add(judge(script, customer, played, sandbox.world))
                finally:
                    await customer.close()

        await asyncio.gather(*(one(script) for script in scripts))
    outcome.seconds = time.monotonic() - began
    return outcome


def _customer(script: Script, sandbox: Sandbox, watch: Watch, url: str, session: aiohttp.ClientSession) -> Customer:
    if script.channel == "web":
        return WebCustomer(url, script.customer.capitalize(), session, watch)
    return PhoneCustomer(sandbox, watch, script.channel, script.customer)


def report(outcome: Outcome, as_json: bool) -> None:
    """Print what came out."""
    times = sorted(outcome.times) or [0.0]
    median, p99 = statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))]
    if as_json:
        row = {key: value for key, value in asdict(outcome).items() if key != "times"}
        print(json.dumps({**row, "median_ms": round(median * 1000), "p99_ms": round(p99 * 1000)}))  # noqa: T201
        return
    triggers = ", ".join(f"{name} {count}" for name, count in outcome.triggers.most_common())
    rows = {
        "conversations": outcome.conversations,
        "turns": outcome.turns,
        "escalated by": triggers,
        "delivered": outcome.delivered,
        "flagged as uncertain": outcome.flagged,
        "end to end, median": f"{median * 1000:.0f} ms",
        "end to end, p99": f"{p99 * 1000:.0f} ms",
        "in all": f"{outcome.seconds:.0f} s",
        "platforms' rate limits": outcome.limits + (" (faster than Slack really allows)" * (outcome.limits == "off")),
        **({"kills": outcome.kills, "start, median": f"{outcome.start * 1000:.0f} ms"} if outcome.kills else {}),
        "differences": len(outcome.differences),
    }
    for name, value in rows.items():
        print(f"{name:24}{value}")  # noqa: T201
    for difference in outcome.differences[:40]:
        print(f"  ✗ {difference}")  # noqa: T201
