"""All modes. A new one is a line here: how it runs, and how many runs (each with a seed of its own) make it up."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from chaos import fuzz
from chaos.awaits import mode as awaits
from chaos.modes import clock, disk, kills, outages, restarts, sockets, stops, storms
from chaos.mutants import run as mutants
from chaos.rig import Setup, Tell
from chaos.tally import Row

Run = Callable[[Setup, int, Tell], Awaitable[Row]]
SQLITE, POSTGRES = "sqlite", "postgres"


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to harm. Runs are done side by side, but those of a mode that is `alone` one after the other."""

    run: Run
    says: str
    full: int = 1  # runs
    quick: int = 1  # 0: left out
    stores: tuple[str, ...] = (SQLITE, POSTGRES)
    alone: bool = False


MODES: Mapping[str, Mode] = {  # the longest first, so that nobody waits for it at the end
    "kills": Mode(kills.run, "kill -9 at random moments, answers lost, events twice and swapped", full=20, quick=2),
    "slack": Mode(outages.slack, "Slack is away for half an hour"),
    "telegram": Mode(outages.telegram, "Telegram is away for half an hour"),
    "calm": Mode(storms.calm, "no harm at all"),
    "answers": Mode(storms.answers_lost, "accepted, but no answer: one in five, then every one"),
    "duplicates": Mode(storms.duplicates, "half of all events and clicks twice"),
    "reordered": Mode(storms.reordered, "a third of all events in the wrong order"),
    "refusals": Mode(storms.refusals, "429 and 5xx, and the platforms' limits on a faster clock"),
    "sockets": Mode(sockets.run, "both of Slack's sockets cut, renewed, or silent"),
    "stops": Mode(stops.run, "SIGTERM under load: exit 0, nothing in doubt"),
    "clock": Mode(clock.run, "the clock jumps a day ahead and back"),
    "disk": Mode(disk.run, "the disk is full, then free again", stores=(SQLITE,)),
    "restarts": Mode(restarts.run, "PostgreSQL restarted the hard way, three bridges", stores=(POSTGRES,)),
    "fuzz": Mode(fuzz.run, "thousands of malformed and unsigned requests at every endpoint"),
    "awaits": Mode(awaits.run, "kill -9 at every await", alone=True),
    "sigterm": Mode(awaits.run_terms, "SIGTERM at every await", quick=0, alone=True),
    "mutants": Mode(
        mutants.run, "bridges that are broken on purpose: the judge must catch every one", stores=(SQLITE,), alone=True
    ),
}
