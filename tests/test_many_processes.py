"""Several `bridge serve` on one PostgreSQL: real processes, in front of one sandbox. None is special, any may die."""

import asyncio
import os
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from bridge.demo.customers import PhoneCustomer, WebCustomer
from bridge.demo.stage import environment
from bridge.demo.team import Team
from bridge.demo.watch import Watch
from bridge.sandbox.server import Sandbox, serve
from bridge.sandbox.world import Entry, Fault
from bridge.settings import keys

ROOT = Path(__file__).parent.parent
SECRET = "sandbox-signing-secret"


class Program:
    """One `bridge serve`, and what it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.said: list[str] = []
        self._process = process
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def until(self, pattern: str) -> re.Match[str]:
        """Wait until it has said this."""
        async with asyncio.timeout(60):
            while not (found := self.has_said(pattern)):
                assert not self._reading.done(), "".join(self.said)
                self._news.clear()
                await self._news.wait()
        return found

    def has_said(self, pattern: str) -> re.Match[str] | None:
        return next(filter(None, (re.search(pattern, line) for line in self.said)), None)

    def send(self, by: signal.Signals) -> None:
        self._process.send_signal(by)

    async def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """End it; the exit code."""
        with suppress(ProcessLookupError):
            self.send(by)
        await self._reading
        return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.said.append(line.decode())
            self._news.set()
        self._news.set()


class Fleet:
    """The processes, the platforms in front of them, and people on both sides."""

    def __init__(self, sandbox: Sandbox, env: dict[str, str], folder: Path, session: aiohttp.ClientSession) -> None:
        self.sandbox, self.env = sandbox, env
        self.watch = Watch(sandbox.world)
        self.team = Team(sandbox, self.watch)
        self.programs: list[Program] = []
        self._folder, self._session = folder, session
        self._visitors: list[WebCustomer] = []

    async def start(self, **more: str) -> Program:
        """Another process, which is ready."""
        clean = {name: value for name, value in os.environ.items() if name not in keys()}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bridge", "serve"),
            env={**clean, "PYTHONPATH": str(ROOT), **self.env, **more},
            cwd=self._folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.programs.append(Program(process))
        await self.programs[-1].until(" ready ")
        return self.programs[-1]

    async def leader(self, *among: Program) -> Program:
        """The one of these that is the first to say that it leads."""
        saying = {asyncio.create_task(program.until("leader.here")): program for program in among}
        done, others = await asyncio.wait(saying, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        return saying[done.pop()]

    def phone(self, name: str) -> PhoneCustomer:
        """Somebody on Telegram."""
        return PhoneCustomer(self.sandbox, self.watch, "telegram", name)

    async def visitor(self, program: Program, name: str) -> WebCustomer:
        """Somebody whose browser is connected to this process."""
        url = (await program.until(r"address=(\S+)"))[1]
        self._visitors.append(WebCustomer(url, name, self._session, self.watch))
        return self._visitors[-1]

    @asynccontextmanager
    async def another_tab(self, visitor: WebCustomer) -> AsyncGenerator[aiohttp.StreamReader]:
        """Her chat once more, as it comes."""
        async with self._session.get(f"{visitor._url}/web/events", params={"token": visitor._token}) as response:
            assert response.status == 200
            yield response.content

    def rows(self, sql: str) -> list[Any]:
        """Look into the database."""
        address = self.env.get("DATABASE_URL")
        opened: Any = psycopg.connect(address) if address else sqlite3.connect(self._folder / "data" / "bridge.db")
        with closing(opened) as connection:
            return connection.execute(sql).fetchall()

    async def finds(self, sql: str, *, none: bool = False) -> None:
        """Wait until the database has such a row, or none. (It tells nobody when it changes.)"""
        async with asyncio.timeout(60):
            while bool(self.rows(sql)) == none:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def asks_for_a_person(self, customer: "PhoneCustomer | WebCustomer") -> Entry:
        """The card that follows."""
        after = self.watch.now
        await customer.says("I want to talk to a human")
        return await self.team.card_of(customer.name, after)

    async def close(self) -> None:
        for visitor in self._visitors:
            await visitor.close()
        for program in self.programs:
            await program.end(signal.SIGKILL)


async def read_until(stream: aiohttp.StreamReader, text: str) -> None:
    """Read an event stream up to this."""
    async for line in stream:
        if text.encode() in line:
            return
    pytest.fail(f"The stream ended without {text!r}.")


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncGenerator[Fleet]:
    """No process yet."""
    sandbox = Sandbox()
    async with serve(sandbox=sandbox) as url, aiohttp.ClientSession() as session:
        env = environment(url, tmp_path / "data") | {"BRIDGE_PACING": "off", "PORT": "0"}
        fleet = Fleet(sandbox, env, tmp_path, session)
        yield fleet
        await fleet.close()


@pytest.fixture
async def shared(fleet: Fleet, postgres: str) -> Fleet:
    """All processes will use one database."""
    fleet.env["DATABASE_URL"] = postgres
    return fleet


@pytest.mark.postgres
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_another_process_polls_when_the_one_that_did_is_gone(shared: Fleet, end: signal.Signals) -> None:
    programs = [await shared.start() for _ in range(3)]
    maria = shared.phone("maria")
    for _ in range(2):
        leader = await shared.leader(*programs)
        await maria.says("How long does delivery take?")
        heard = len(maria.heard)
        await maria.hears(lambda text: "working day" in text, "an answer", heard)
        await shared.finds("SELECT 1 FROM lane", none=True)
        programs.remove(leader)
        await leader.end(end)
    await shared.leader(*programs)
    await maria.says("How long does delivery take?")
    await maria.hears(lambda text: "working day" in text, "an answer", len(maria.heard))
    assert not [program for program in shared.programs if program.has_said("telegram.not_read")]  # said of a 409


@pytest.mark.postgres
async def test_a_visitor_at_one_process_hears_at_once_what_another_sends(shared: Fleet) -> None:
    shared.env |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SECRET}  # so that one process hears the agents
    here, there = await shared.start(), await shared.start()
    url = (await here.until(r"address=(\S+)"))[1]
    shared.sandbox.slack.connect({"events_url": f"{url}/slack/events", "signing_secret": SECRET})
    maria = await shared.visitor(there, "Maria")
    card = await shared.asks_for_a_person(maria)
    await shared.team.clicks("ana", card, "claim")
    # Without signals the stream would look into the journal every 15 seconds, so the five would take at least a minute.
    async with shared.another_tab(maria) as stream, asyncio.timeout(30):
        for number in range(5):
            await shared.team.types("ana", card, f"Line {number}")
            await read_until(stream, f"Line {number}")


@pytest.mark.postgres
async def test_what_an_admin_changes_at_one_process_holds_at_the_others(shared: Fleet) -> None:
    shared.env |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SECRET}  # so that one process hears the admin
    here, there = await shared.start(), await shared.start()
    url = (await here.until(r"address=(\S+)"))[1]
    shared.sandbox.slack.connect({"events_url": f"{url}/slack/events", "signing_secret": SECRET})

    async def window(title: str, kind: str) -> str:
        def fits(entry: Entry) -> bool:
            return entry.kind == kind and entry.raw["view"]["title"]["text"] == title

        return (await shared.watch.entry("slack", fits, f"the window {title}", 0)).id or ""

    await shared.team.commands("clea", "/desk")
    desk = await window("Desk", "views.open")
    for section, title in (("settings", "Settings"), ("texts", "Texts")):
        await shared.sandbox.act("slack", "clea", "click", desk, action_id=section)
        assert await window(title, "views.update") == desk
    assert not there.has_said("settings.changed")
    done = await shared.sandbox.act("slack", "clea", "submit", desk, values={"waiting": {"waiting": "Wait."}})
    assert done["ok"], done
    for program, name in ((here, "Maria"), (there, "Priya")):
        await program.until("settings.changed")
        visitor = await shared.visitor(program, name)
        await visitor.says("I want to talk to a human")
        await visitor.hears(lambda text: text == "Wait.", "the new text")


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_when_told_to_stop_it_lets_arrive_what_is_on_its_way(
    fleet: Fleet, database: str, request: pytest.FixtureRequest
) -> None:
    if database == "postgres":
        fleet.env["DATABASE_URL"] = request.getfixturevalue("postgres")
    fleet.sandbox.world.faults.append(Fault("telegram", "sendMessage", "delay", times=None, seconds=1.0))
    program, people = await fleet.start(), [fleet.phone(f"customer{number}") for number in range(12)]
    for customer in people:
        await customer.says("How long does delivery take?")
    await fleet.finds("SELECT 1 FROM outbox WHERE state = 'sending' AND kind = 'part'")
    assert await program.end() == 0
    assert fleet.rows("SELECT lane, state FROM outbox WHERE state <> 'pending'") == []
    assert fleet.rows("SELECT name FROM lane WHERE worker IS NOT NULL") == []
    fleet.sandbox.world.faults.clear()
    await fleet.start()
    for customer in people:
        await customer.hears(lambda text: "working day" in text, "an answer")
    await fleet.finds("SELECT 1 FROM lane", none=True)
    assert [sum("working day" in text for text in customer.heard) for customer in people] == [1] * len(people)


@pytest.mark.postgres
async def test_a_database_that_goes_away_for_a_moment_stops_nobody(shared: Fleet, postgres: str) -> None:
    programs, maria = [await shared.start(), await shared.start()], shared.phone("maria")
    for question in range(3):
        with psycopg.connect(postgres, autocommit=True) as connection:  # as a restart of the database does
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        heard = len(maria.heard)
        await maria.says(f"How long does delivery take? ({question})")
        await maria.hears(lambda text: "working day" in text, "an answer", heard)
    assert [await program.end() for program in programs] == [0, 0]
