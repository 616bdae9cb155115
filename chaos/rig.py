"""One rig: a sandbox in its process, one or more bridges in theirs, and people. A mode does its harm in between."""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from bridge.demo.stage import APP_SECRET
from chaos import postgres
from chaos.bridges import SERVE, Bridge, free_port
from chaos.far_end import FarEnd, far_end
from chaos.judge import Verdict, judge
from chaos.people.crowd import Crowd, crowd
from chaos.shop import variables
from chaos.tally import Row
from chaos.wire import Wire

Tell = Callable[[str], None]

SPEED = 10.0  # Slack repeats an event after a minute: that takes six seconds here
SETTLED = 45.0  # seconds after which what has not come will not come
LOOK = 1.0
VIA = {"slack": ("SLACK_API_URL", "/slack/api/"), "telegram": ("TELEGRAM_API_URL", "/telegram")}


@dataclass(frozen=True, slots=True)
class Setup:
    """What is tested, and how thoroughly."""

    quick: bool = False
    store: str = "sqlite"  # or postgres
    command: tuple[str, ...] = SERVE
    env: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def bridges(self) -> int:
        """How many processes share the work: PostgreSQL allows any number."""
        return 3 if self.store == "postgres" else 1


@dataclass(slots=True)
class Rig:
    """What a mode works with."""

    mode: str
    seed: int
    setup: Setup
    far: FarEnd
    bridges: list[Bridge]
    crowd: Crowd
    dice: random.Random
    folder: Path
    wires: dict[str, Wire]
    kills: int = 0
    troubles: list[str] = field(default_factory=list[str])
    began: float = field(default_factory=time.monotonic)

    @property
    def bridge(self) -> Bridge:
        """The one bridge, or the first."""
        return self.bridges[0]

    def trouble(self, what: str) -> None:
        """The program did not do what this mode asks of it."""
        self.troubles.append(what)

    async def started(self) -> None:
        """Every bridge listens, and people begin."""
        for bridge in self.bridges:
            await bridge.start()
        self.crowd.begin()

    async def row(self) -> Row:
        """Let people finish, wait until everything has settled, and judge."""
        await self.far.misbehave()
        await self.crowd.end()
        verdict = await self._settled()
        stuck = [*self.troubles, *self.crowd.stuck]
        counts = {name: getattr(verdict, name) for name in Verdict.__dataclass_fields__ if name != "notes"}
        return Row(
            self.mode,
            self.seed,
            self.setup.store,
            texts=len(self.crowd.deeds.said),
            kills=self.kills,
            stuck=len(stuck),
            seconds=time.monotonic() - self.began,
            notes=(*stuck, *verdict.notes),
            **counts,
        )

    def held(self, row: Row, what: str, count: int) -> Row:
        """The same row, with what this mode forbids and others do not."""
        return replace(row, stuck=row.stuck + count, notes=(f"{count} {what}", *row.notes)) if count else row

    def verdict(self) -> Verdict:
        """How it looks now."""
        return judge(self.far.history, self.crowd.visits, self.crowd.deeds)

    async def _settled(self) -> Verdict:
        """The verdict, as soon as nothing is missing any more, or when nothing more will come."""
        until = time.monotonic() + SETTLED
        while True:
            await self.far.read()
            verdict = self.verdict()
            if not (verdict.lost or verdict.silent) or time.monotonic() > until:
                break
            await asyncio.sleep(LOOK)
        await asyncio.sleep(LOOK)  # for what comes twice
        await self.far.read()
        return self.verdict()


@asynccontextmanager
async def rig(
    mode: str,
    setup: Setup,
    seed: int,
    *,
    size: int = 12,
    speed: float = SPEED,
    limits: str = "off",
    patience: float = 90.0,
    bridges: int | None = None,
    env: Mapping[str, str] | None = None,
    wired: Collection[str] = (),
) -> AsyncGenerator[Rig]:
    """Everything that a mode needs, and nothing of it left afterwards."""
    async with AsyncExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True))
        folder = Path(name)
        far = await stack.enter_async_context(far_end(seed, speed, limits))
        sqlite = f"sqlite:///{folder}/bridge.db"
        database = await stack.enter_async_context(postgres.database()) if setup.store == "postgres" else sqlite
        wires = {platform: Wire(far.url) for platform in wired}
        for wire in wires.values():
            await wire.open()
            stack.push_async_callback(wire.shut)
        addresses = {
            variable: wires[platform].url + path for platform, (variable, path) in VIA.items() if platform in wires
        }
        told = {**variables(folder, far.url, database), **addresses, **setup.env, **(env or {})}
        fleet = [
            Bridge(told, free_port(), folder / f"{number}.log", far.session, setup.command)
            for number in range(bridges or setup.bridges)
        ]
        await far.connect(whatsapp={"webhook_url": f"{fleet[0].url}/whatsapp/webhook", "app_secret": APP_SECRET})
        people = await crowd(far, [bridge.url for bridge in fleet], size, seed, patience)
        it = Rig(mode, seed, setup, far, fleet, people, random.Random(seed), folder, wires)  # noqa: S311  seeded
        try:
            yield it
        finally:
            await people.leave()
            await asyncio.gather(*(bridge.end() for bridge in fleet))
            _keep_logs(it)


def _keep_logs(it: Rig) -> None:
    """With CHAOS_LOGS set, what the bridges and the platforms saw is kept there, and a SQLite database as it ended."""
    if place := os.environ.get("CHAOS_LOGS"):
        Path(place).mkdir(parents=True, exist_ok=True)
        history = b"\n".join(orjson.dumps(entry) for entry in it.far.history)
        (Path(place) / f"{it.mode}-{it.seed}-history.jsonl").write_bytes(history)
        for left in (*it.folder.glob("*.log"), *it.folder.glob("bridge.db*")):
            (Path(place) / f"{it.mode}-{it.seed}-{left.name}").write_bytes(left.read_bytes())
