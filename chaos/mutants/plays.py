"""Short plays, each with one kind of harm: what a bridge that is not broken goes through without a scratch."""

import asyncio
import itertools
import resource
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from chaos import faults
from chaos.far_end import NotSeen
from chaos.faults import Fault
from chaos.mutants.casts import Cast, Hasty, Impatient, Unreachable, cast, restless
from chaos.people.crowd import CHANNELS
from chaos.rig import SPEED, Rig

LASTS = 5.0  # seconds of a harm that simply lasts
KILLS = 3
SLOW_MS = 1000  # of the sandbox's time before each answer: a tenth of a second of ours
DOWN, HURRY = 14.0, 200.0  # seconds, three for each of Slack's tries; and the clock's speed between them
TALKING = 4  # conversations that have just been claimed when a harm comes
FULL = 1.2  # seconds
ROOM = 128 * 1024  # bytes: what a full disk still has room for; the log, and the first few commits
NO_LIMIT = resource.RLIM_INFINITY


@dataclass(frozen=True, slots=True)
class Play:
    """One harm, to so many customers, who may be of a special kind."""

    says: str
    harm: Callable[[Rig], Awaitable[None]]
    size: int = 12
    cast: Cast = lambda _: None


def _faults(*shown: Fault, lasts: float = LASTS) -> Callable[[Rig], Awaitable[None]]:
    async def harm(it: Rig) -> None:
        await it.far.misbehave(*shown)
        await asyncio.sleep(lasts)

    return harm


async def _killed(it: Rig) -> None:
    """While somebody else holds the database's lock, so that what has just been accepted cannot be written down."""
    await it.far.configure(latency_ms=SLOW_MS)
    for _ in range(KILLS):
        await asyncio.sleep(it.dice.uniform(0.6, 1.2))
        async with _locked(it.folder / "bridge.db"):
            await asyncio.sleep(it.dice.uniform(0.1, 0.4))
            await it.bridge.end()
        it.kills += 1
        await it.bridge.start()
    await it.far.configure(latency_ms=0)


@asynccontextmanager
async def _locked(path: Path) -> AsyncGenerator[None]:
    other = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


async def _down(it: Rig) -> None:
    """Killed while people talk, and away for so long that Slack gives up."""
    await _talking(it)
    await it.bridge.end()
    it.kills += 1
    await it.far.configure(clock=HURRY)
    await asyncio.sleep(DOWN)
    await it.far.configure(clock=SPEED)
    await it.bridge.start()


async def _talking(it: Rig) -> None:
    """Wait until some conversations have just been claimed: people begin to talk."""
    due = _claims(it) + TALKING
    with suppress(NotSeen):
        await it.far.until(lambda: _claims(it) >= due or None, "claims", 5.0)


def _claims(it: Rig) -> int:
    cards = itertools.chain.from_iterable(cards.values() for cards in it.crowd.board.cards.values())
    return sum(bool(card.owner or card.handed_back) for card in cards)


async def _full(it: Rig) -> None:
    """The disk is full now and then, while people talk; the process lives on."""
    for _ in range(3):
        await _talking(it)
        assert it.bridge.process
        pid = it.bridge.process.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, NO_LIMIT))
        await asyncio.sleep(FULL)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


async def _renewed(it: Rig) -> None:
    """Slack closes the sockets while people talk."""
    for _ in range(3):
        await _talking(it)
        await it.far.misbehave(_RENEW)


_HASTY, _IMPATIENT, _BLOCKING = cast(Hasty, *CHANNELS), cast(Impatient, *CHANNELS), cast(Unreachable, "telegram")
_RENEW: Fault = {"platform": "slack", "method": "events", "fault": "disconnect", "times": 1}
_MODEL: Fault = {"platform": "openai", "method": "chat.completions"}
_TALK: list[Fault] = [
    {"platform": "slack", "method": "chat.postMessage"},
    {"platform": "telegram", "method": "sendMessage"},
    {"platform": "whatsapp", "method": "messages"},
]
_UNANSWERED = (  # a WhatsApp message that was never taken gets no status: to wait for that takes too long here
    *faults.sending("drop_after_accept", 0.3),
    *(it for it in faults.sending("disconnect", 0.2) if it["platform"] != "whatsapp"),
)
_TWICE = (
    {"platform": "slack", "method": "events", "fault": "drop_after_accept", "rate": 0.2},
    *faults.events("duplicate", 0.5),
    {"platform": "slack", "method": "interactive", "fault": "duplicate", "rate": 0.5},
)
_REFUSED = (*faults.sending("429", 0.2, seconds=1), *faults.sending("500", 0.1))
_HURRIED = [{**it, "fault": "delay", "rate": 0.8, "seconds": 10} for it in _TALK]
_SLOW = (*faults.sending("delay", 0.3, seconds=4), {**_MODEL, "fault": "delay", "rate": 1.0, "seconds": 20})

PLAYS: Mapping[str, Play] = {
    "calm": Play("nothing happens", _faults()),
    "hurried": Play("messages and posts take a second, so that others wait", _faults(*_HURRIED)),
    "slow": Play("the model thinks for two seconds, and some calls take long", _faults(*_SLOW), cast=_IMPATIENT),
    "unanswered": Play(
        "calls get no answer: some were accepted, some were not", _faults(*_UNANSWERED, lasts=8.0), cast=_HASTY
    ),
    "twice": Play("events and clicks come twice, and acknowledgements get lost", _faults(*_TWICE)),
    "refused": Play("calls are refused with 429 and 500", _faults(*_REFUSED)),
    "full": Play("the disk is full now and then", _full, cast=_HASTY),
    "killed": Play("killed with answers that are not written down", _killed, cast=_HASTY),
    "down": Play("down for so long that Slack gives up", _down, cast=_HASTY),
    "renewed": Play("Slack closes the sockets", _renewed),
    "restless": Play("visitors of the web chat close the page and come back", _faults(), cast=restless),
    "unreachable": Play("customers block the bot while an agent writes", _faults(), size=9, cast=_BLOCKING),
}
