"""The disk is full: what cannot be stored is not acknowledged (503), and all goes on by itself when there is room."""

import asyncio
import resource
import signal
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from chaos.people.visitor import Visitor
from chaos.rig import Rig, Setup, Tell, rig
from chaos.tally import Row

SIZE = 24 * 1024 * 1024
BEFORE = 3.0  # seconds
LASTS, QUICK = 15.0, 6.0
TIMES = 3


class Disk(Protocol):
    """A place for the database that can be full."""

    folder: Path

    def fill(self, pid: int) -> None:
        """No more bytes from now on."""
        ...

    def free(self, pid: int) -> None:
        """There is room again."""
        ...


class Small:
    """A file system of its own, in memory; for root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        """Put ballast in until nothing fits."""
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for chunk in (1 << 20, 4096):
                try:
                    while ballast.write(bytes(chunk)) == chunk:
                        pass
                except OSError:
                    continue

    def free(self, pid: int) -> None:
        """Throw the ballast out."""
        (self.folder / "ballast").unlink()


class Limited:
    """Any folder: the process may not write beyond the size that the database has now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, pid: int) -> None:
        """Lower the limit."""
        largest = max(file.stat().st_size for file in self.folder.iterdir())
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))

    def free(self, pid: int) -> None:
        """Lift it."""
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """Full, and free again; the same process all the time."""
    async with small_disk() as disk:
        env = {"DATABASE_URL": f"sqlite:///{disk.folder}/bridge.db", "BRIDGE_DATA_DIR": str(disk.folder)}
        async with rig("disk full", setup, seed, env=env) as it:
            await it.started()
            for _ in range(1 if setup.quick else TIMES):
                await asyncio.sleep(BEFORE)
                await _full(it, disk, QUICK if setup.quick else LASTS, tell)
            return await it.row()


async def _full(it: Rig, disk: Disk, lasts: float, tell: Tell) -> None:
    """Beginning with an empty write-ahead log: one that has grown has room in itself."""
    await it.bridge.end(signal.SIGTERM)
    await it.bridge.start()
    assert it.bridge.process
    pid = it.bridge.process.pid
    witness = Visitor([it.bridge.url], it.far.session, "Witness", it.dice)
    disk.fill(pid)
    tell(f"full for {lasts:.0f} s")
    saying = asyncio.create_task(witness.say("Is anybody there?"))
    await asyncio.sleep(lasts)
    if await it.bridge.answers("healthz") != 200:
        it.trouble("it did not stay alive on a full disk")
    disk.free(pid)
    await saying
    await witness.leave()
    if not witness.refused:
        it.trouble("nothing was answered with 503 on a full disk")
    tell(f"free again, after {witness.refused} refusals")


@asynccontextmanager
async def small_disk() -> AsyncGenerator[Disk]:
    """A small file system where we may mount one, else a limit on the process."""
    with tempfile.TemporaryDirectory(prefix="chaos-disk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        mount = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", name)
        if (await _ran(*mount)) != 0:
            yield Limited(folder)
            return
        try:
            yield Small(folder)
        finally:
            await _ran("umount", "-l", name)


async def _ran(*command: str) -> int:
    done = await asyncio.to_thread(subprocess.run, command, stderr=subprocess.DEVNULL, check=False)
    return done.returncode
