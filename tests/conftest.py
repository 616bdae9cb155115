"""What several rooms of tests share: a PostgreSQL of their own, and a bridge on the stage with people around it."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    import aiohttp

    from bridge.app import Bridge
    from bridge.demo.customers import Customer
    from bridge.sandbox.server import Sandbox
    from bridge.sandbox.world import Entry
    from bridge.store.writer import Work

T = TypeVar("T")
PEOPLE = {"ana": "U0ANA", "ben": "U0BEN", "clea": "U0CLEA", "gus": "U0GUS", "eve": "U0EXT"}

# ----------------------------------------------------------------------------------------------------------- PostgreSQL


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL server for this run alone, on a socket in a folder of its own; its address without a database."""
    programs = _programs()
    if programs is None:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("REQUIRE_POSTGRES is set, but there is no initdb: install postgresql.")
        pytest.skip("PostgreSQL is not installed: its tests are LEFT OUT")
    user = "postgres" if os.geteuid() == 0 else None  # initdb refuses to run as root
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, port = Path(name), _free_port()
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)

        run("initdb", "-U", "bridge", "-A", "trust", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-l", f"{folder}/log", "-w", "-o", options, "start")
        try:
            yield f"postgresql://bridge@/{{}}?host={folder}&port={port}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(scope="session")
def postgres_migrated(postgres_cluster: str) -> str:
    """The address of a database with the newest schema, which many tests use one after the other."""
    from bridge.store.migrate import migrate

    _on(postgres_cluster.format("postgres"), "CREATE DATABASE newest")
    migrate(postgres_cluster.format("newest"))
    return postgres_cluster.format("newest")


@pytest.fixture
def postgres(postgres_migrated: str) -> str:
    """The address of a database with the newest schema and nothing in it."""
    from bridge.store.tables import SQLModel

    tables = ", ".join(SQLModel.metadata.tables)
    _on(postgres_migrated, f"TRUNCATE {tables} RESTART IDENTITY")
    return postgres_migrated


@pytest.fixture
def postgres_empty(postgres_cluster: str) -> Iterator[str]:
    """The address of an empty database, which goes with the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _on(postgres_cluster.format("postgres"), f"CREATE DATABASE {name}")
    yield postgres_cluster.format(name)
    _on(postgres_cluster.format("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def _on(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def _programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


# ------------------------------------------------------------------------------------------------- a bridge with people


class Rig:
    """The bridge in front of a sandbox that outlives it, and people on both sides of it.

    There is no pacing, and the platforms are patient, unless a test asks for more.
    """

    def __init__(self, sandbox: "Sandbox", sandbox_url: str, env: Mapping[str, str], session: "aiohttp.ClientSession"):
        from bridge.demo.team import Team
        from bridge.demo.watch import Watch

        self.sandbox, self.sandbox_url, self.session = sandbox, sandbox_url, session
        self.env = dict(env)
        self.board = False
        self.watch = Watch(sandbox.world)
        self.team = Team(sandbox, self.watch)
        self.url, self._port = "", 0
        self._up: AsyncExitStack | None = None
        self._customers: list[Customer] = []

    # ---------------------------------------------------------------------------------------------------- the bridge

    async def start(self, **more: str) -> None:
        """Build a bridge on the same data and run it."""
        from dataclasses import replace

        from bridge.app import built
        from bridge.demo.stage import APP_SECRET
        from bridge.server import listening, serving_on
        from bridge.settings import load

        listener = listening("127.0.0.1", self._port)
        self._port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        up = AsyncExitStack()
        settings = load({**self.env, "PUBLIC_URL": self.url, **more})
        settings = replace(settings, desk=replace(settings.desk, board=self.board))
        self.bridge: Bridge = await up.enter_async_context(built(settings))
        await up.enter_async_context(serving_on(self.bridge.routes(), listener, self.bridge.leave))
        self.sandbox.whatsapp.connect({"webhook_url": f"{self.url}/whatsapp/webhook", "app_secret": APP_SECRET})
        if secret := self.env.get("SLACK_SIGNING_SECRET"):
            self.sandbox.slack.connect({"events_url": f"{self.url}/slack/events", "signing_secret": secret})
        await up.enter_async_context(self._running())
        self._up = up

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[None]:
        working = asyncio.create_task(self.bridge.run())
        try:
            yield
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working

    async def stop(self) -> None:
        """End the bridge where it stands, with whatever it is just sending."""
        if self._up:
            up, self._up = self._up, None
            self.bridge.patience = 0.0
            await up.aclose()

    async def close(self) -> None:
        """Everybody goes home."""
        for customer in self._customers:
            await customer.close()
        await self.stop()

    async def read(self, work: "Work[T]") -> T:
        """Look into the database."""
        return await self.bridge.store.read(work)

    async def finds(self, sql: str, *values: object, none: bool = False) -> None:
        """Wait until the database has such a row, or none. (It tells nobody when it changes.)"""
        async with asyncio.timeout(20):
            while (await self.read(lambda tx: tx.one(sql, *values)) is None) != none:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def quiet(self) -> None:
        """Wait until nothing is left to send, but for what waits for a person or for a try that comes late."""
        await self.finds(
            "SELECT 1 FROM lane WHERE due IS NOT NULL AND way NOT IN ('slow', 'twice', 'writing', 'wrote')", none=True
        )

    # -------------------------------------------------------------------------------------------------- the platforms

    def fault(self, platform: str, method: str, fault: str, times: int | None = 1, **more: Any) -> None:
        """Have a platform misbehave."""
        from bridge.sandbox.world import Fault

        self.sandbox.world.faults.append(Fault(platform, method, fault, times=times, **more))

    def history(self, platform: str, *kinds: str, after: int = 0) -> "list[Entry]":
        """What a platform saw."""
        entries = self.sandbox.world.history[after:]
        return [entry for entry in entries if entry.platform == platform and entry.kind in kinds]

    async def until(self, found: Callable[[], T | None], what: str) -> T:
        """Wait until something shows at a far end."""
        return await self.watch.until(found, what)

    @property
    def now(self) -> int:
        """The place in the history."""
        return self.watch.now

    # ---------------------------------------------------------------------------------------------------- the people

    def customer(self, channel: str, name: str = "maria") -> "Customer":
        """Somebody with a phone or a browser."""
        from bridge.demo.customers import PhoneCustomer, WebCustomer

        if channel == "web":
            customer: Customer = WebCustomer(self.url, name.capitalize(), self.session, self.watch)
        else:
            customer = PhoneCustomer(self.sandbox, self.watch, channel, name)
        self._customers.append(customer)
        return customer

    async def waiting(self, channel: str = "telegram", name: str = "maria") -> "tuple[Customer, Entry]":
        """A customer who asked for a person, and their card, with the conversation so far below it."""
        customer, after = self.customer(channel, name), self.now
        await customer.says("I want to talk to a human")
        await customer.hears(lambda text: "A person from our team" in text, "the waiting text")
        card = await self.team.card_of(customer.name, after)
        await self.team.sees_post(card, "I want to talk to a human", after)
        return customer, card

    async def claimed(
        self, channel: str = "telegram", name: str = "maria", by: str = "ana"
    ) -> "tuple[Customer, Entry]":
        """A customer who talks to an agent."""
        customer, card = await self.waiting(channel, name)
        before = self.now
        await self.team.clicks(by, card, "claim")
        await customer.hears(lambda text: text == f"You are now talking to {by.capitalize()}.", "the handover")
        await self.team.sees_card(card, by.capitalize(), before)  # with its new buttons
        return customer, card

    async def told(self, who: str, piece: str, after: int = 0) -> "Entry":
        """A private word that this person got."""

        def fits(entry: "Entry") -> bool:
            private = entry.kind in ("response_url", "chat.postEphemeral")
            return private and entry.raw.get("user") == PEOPLE[who] and piece in (entry.text or "")

        return await self.watch.entry("slack", fits, f"a private word to {who}: {piece}", after)

    async def types(self, who: str, card: "Entry", text: str, **more: Any) -> str:
        """Somebody writes in a thread; gives the message's ts."""
        done = await self.sandbox.act("slack", who, "type", f"{card.chat}:{card.id}", text, **more)
        assert done["ok"], done
        return done["id"]

    async def hears_next(self, customer: "Customer", who: str, card: "Entry", text: str = "And so on.") -> list[str]:
        """Have an agent say one thing more; all that the customer has heard when it arrives.

        What stands in the same lane before it would have arrived before it.
        """
        await self.types(who, card, text)
        await customer.hears(lambda heard: heard == text, text)
        return customer.heard


def number_of(card: "Entry") -> str:
    """The handoff's number on a card."""
    return (card.text or "").partition("#")[2].split()[0]


Rigs = Callable[..., AbstractAsyncContextManager[Rig]]


@pytest.fixture
def rigs(tmp_path: Path) -> Rigs:
    """Makes a rig; what it is given are further variables."""

    @asynccontextmanager
    async def make(*, strict: bool = False, up: bool = True, board: bool = False, **more: str) -> AsyncGenerator[Rig]:
        import aiohttp

        from bridge.demo.stage import environment
        from bridge.sandbox.server import Sandbox, serve

        sandbox = Sandbox()
        sandbox.world.strict = strict
        async with serve(sandbox=sandbox) as url, aiohttp.ClientSession() as session:
            env = {**environment(url, tmp_path / "data"), "BRIDGE_PACING": "off", **more}
            rig = Rig(sandbox, url, {name: value for name, value in env.items() if value}, session)
            rig.board = board
            try:
                if up:
                    await rig.start()
                yield rig
            finally:
                await rig.close()

    return make


@pytest.fixture
async def rig(rigs: Rigs) -> AsyncGenerator[Rig]:
    """A bridge that runs."""
    async with rigs() as rig:
        yield rig


Desk = Callable[[dict[str, str]], str]


@pytest.fixture
def desk_with(tmp_path: Path) -> Desk:
    """Copies the shop with pieces of its bridge.toml replaced; gives the copy's path."""
    from bridge.demo.stage import SHOP

    def copy(changes: dict[str, str]) -> str:
        folder = tmp_path / "shop"
        shutil.copytree(SHOP.parent, folder)
        content = (folder / SHOP.name).read_text()
        for old, new in changes.items():
            assert old in content
            content = content.replace(old, new)
        (folder / SHOP.name).write_text(content)
        return str(folder / SHOP.name)

    return copy
