"""The rig around the judge: a small run end to end, the network that can be harmed, and what is made of the rows."""

import asyncio
import json
import signal
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chaos import __main__ as program
from chaos import rig as rigging
from chaos import table
from chaos.modes import MODES
from chaos.people import life
from chaos.program import Plan, run
from chaos.rig import Setup, rig
from chaos.tally import PROMISES, Row, joined, totals
from chaos.wire import Wire

QUICK = Setup(quick=True)


# ---------------------------------------------------------------------------------------------------------- end to end


@pytest.mark.slow
async def test_people_are_served_and_a_death_costs_them_nothing() -> None:
    async with rig("small", QUICK, 1, size=3) as it:
        await it.started()
        await it.far.until(lambda: it.crowd.deeds.hand_backs or None, "a hand back", 60)
        await it.bridge.end()
        await it.bridge.start()
        row = await it.row()
    assert row.kept, row.notes
    assert row.texts >= 12


@pytest.mark.slow
async def test_a_program_that_ends_well_is_told_from_one_that_is_killed() -> None:
    async with rig("small", QUICK, 1, size=0) as it:
        await it.started()
        assert await it.bridge.end(signal.SIGTERM) == 0
        await it.bridge.start(cold=True)
        assert await it.bridge.end() == -signal.SIGKILL


@pytest.mark.slow
async def test_nothing_that_anybody_says_is_missed_when_the_bridge_is_gone_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rigging, "SETTLED", 0.0)
    monkeypatch.setattr(life, "ANSWER", 0.2)
    async with rig("small", QUICK, 1, size=2, patience=1.0) as it:
        await it.started()
        await it.far.until(lambda: it.crowd.deeds.said or None, "somebody who says something", 60)
        await it.bridge.end()
        row = await it.row()
    assert not row.kept
    assert row.lost
    assert row.stuck


async def test_a_run_that_cannot_be_done_is_a_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> Row:
        raise RuntimeError("no room")

    monkeypatch.setitem(vars(program)["MODES"], "calm", MODES["calm"].__class__(fails, "", full=2, stores=("sqlite",)))
    (row,) = await run(Plan(("calm",), 1, quick=False, stores=("sqlite",)), lambda _: None)
    assert (row.stuck, row.runs, row.kept) == (2, 2, False)
    assert row.notes[0] == "RuntimeError: no room"


# --------------------------------------------------------------------------------------------------------- the network


@pytest.fixture
async def wire() -> AsyncGenerator[Wire]:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=request.match_info["word"])

    app = web.Application()
    app.add_routes([web.get("/{word}", echo)])
    async with TestServer(app) as server:
        it = Wire(str(server.make_url("")))
        await it.open()
        yield it
        await it.shut()


async def said(session: aiohttp.ClientSession, wire: Wire, patience: float = 5.0) -> str:
    async with session.get(f"{wire.url}/hello", timeout=aiohttp.ClientTimeout(patience)) as response:
        return await response.text()


async def test_the_network_can_be_shut_and_opened_again(wire: Wire) -> None:
    async with aiohttp.ClientSession() as session:
        assert await said(session, wire) == "hello"
        await wire.shut()
        with pytest.raises(aiohttp.ClientConnectionError):
            await said(session, wire)
        await wire.open()
        assert await said(session, wire) == "hello"


async def test_silence_keeps_the_old_connections_open_and_lets_new_ones_through(wire: Wire) -> None:
    async with aiohttp.ClientSession() as old, aiohttp.ClientSession() as new:
        assert await said(old, wire) == "hello"
        wire.silence()
        with pytest.raises(TimeoutError):
            await said(old, wire, 0.2)
        assert await said(new, wire) == "hello"


async def test_a_cut_breaks_every_connection(wire: Wire) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(wire.url).port)
    writer.write(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
    assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
    await wire.cut()
    async with asyncio.timeout(5):
        with suppress(ConnectionResetError):
            await reader.read()  # until the end, which comes
    writer.close()
    with suppress(ConnectionResetError):
        await writer.wait_closed()


# ------------------------------------------------------------------------------------------------------------ the rows


@pytest.mark.parametrize("promise", PROMISES)
def test_a_broken_promise_is_not_kept(promise: str) -> None:
    assert Row("m", 1).kept
    assert not replace(Row("m", 1), **{promise: 1}).kept


def test_what_is_flagged_breaks_no_promise_and_a_mutant_that_escapes_does() -> None:
    assert Row("m", 1, flagged=3, kills=5).kept
    assert not Row("m", 1, mutants=25, mutants_caught=24).kept
    assert not Row("m", 1, stuck=1).kept


def test_a_quick_run_asks_of_postgresql_only_what_is_its_own() -> None:
    plan = Plan(("kills", "disk", "restarts"), 1, quick=True, stores=("sqlite", "postgres"))
    assert plan.jobs() == [("kills", "sqlite"), ("disk", "sqlite"), ("restarts", "postgres")]


def test_beside_sqlite_postgresql_gets_the_short_version_and_alone_the_whole() -> None:
    beside = Plan(("kills", "restarts"), 1, quick=False, stores=("sqlite", "postgres"))
    assert [beside.is_quick(*job) for job in beside.jobs()] == [False, True, False]
    alone = Plan(("kills", "restarts"), 1, quick=False, stores=("postgres",))
    assert [alone.is_quick(*job) for job in alone.jobs()] == [False, False]


def test_runs_of_one_mode_are_added_up() -> None:
    row = joined([Row("kills", 1, kills=2, texts=3, notes=("a",)), Row("kills", 2, kills=5, lost=1, notes=("b",))])
    assert (row.seed, row.runs, row.kills, row.texts, row.lost, row.notes) == (1, 2, 7, 3, 1, ("a", "b"))


def test_the_last_line_has_what_is_promised() -> None:
    assert set(json.loads(json.dumps(totals([Row("m", 1, lost=1), Row("n", 1, lost=2)])))) == {
        *("lost", "twice", "disordered", "two_winners", "bot_after_claim", "silent", "astray", "flagged", "kills"),
        *("mutants_caught", "mutants"),
    }


def test_the_page_keeps_everything_but_the_old_table(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    page = table.Path(str(tmp_path)) / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    monkeypatch.setattr(table, "PAGE", page)
    table.save([Row("kills", 7, kills=4321, mutants=25, mutants_caught=25)], 90.0)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "4321" in text
    assert "Broken bridges caught: 25 of 25." in text


def test_the_page_of_the_repository_has_a_place_for_the_table() -> None:
    text = table.PAGE.read_text()
    assert text.count(table.BEGIN) == text.count(table.END) == 1


def test_every_mode_is_told_of_on_the_page() -> None:
    text = table.PAGE.read_text()
    assert [name for name in MODES if f"`{name}`" not in text] == []
