"""Telegram by webhooks, to two processes: each update is posted once, and what is not taken is counted."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bench.far_ends import FarEnds
from bench.load import Load
from bench.pair import acknowledged, two_processes
from bench.plan import Plan, Record
from bench.subject import free_port, running
from bench.webhooks import Postman
from bench.wire import Wire


async def test_updates_go_to_the_processes_in_turn_and_count_once_acknowledged(ends: FarEnds) -> None:
    bodies: list[tuple[int, bytes]] = []
    loop, postman = asyncio.get_running_loop(), Postman()
    async with AsyncExitStack() as stack:
        ports: list[int] = []
        for process in range(2):

            def handle(wire: Wire, path: str, body: bytes, process: int = process) -> None:
                bodies.append((process, body))
                wire.reply(b"{}") if len(bodies) != 5 else wire.refuse(1)

            server = await loop.create_server(lambda handle=handle: Wire(handle), "127.0.0.1", 0)
            stack.callback(server.close)
            ports.append(server.sockets[0].getsockname()[1])
        await postman.connect(ports)
        ends.telegram.webhook = postman.post
        for number in range(200):
            ends.say("in", number)
        while postman.posted:  # noqa: ASYNC110
            await asyncio.sleep(0)
        postman.close()
    assert sorted(process for process, _ in bodies) == [0] * 100 + [1] * 100
    assert (len(postman.took), postman.refused) == (199, 1)
    assert len({body for _, body in bodies}) == 200


async def test_the_bridge_takes_webhooks_and_passes_them_on(ends: FarEnds, tmp_path: Path) -> None:
    port, postman = free_port(), Postman()
    async with running("bridge", ends, tmp_path, f"sqlite:///{tmp_path}/bridge.db", port=port) as subject:
        await postman.connect([port])
        ends.telegram.webhook = postman.post
        load = Load(ends, subject.cpu)
        await load.open_conversations(range(4), at_once=2)
        await load.warm_up(range(4))
        rate, _, took = await acknowledged(Plan(frozenset(), seconds=1.0), ends, postman)
        await load.rest()
        postman.close()
    assert rate > 0
    assert (len(ends.took), postman.refused, ends.twice) == (len(took), 0, 0)


@pytest.mark.postgres
async def test_two_processes_store_and_pass_on_everything(tmp_path: Path) -> None:
    told: list[Record] = []
    await two_processes(Plan(frozenset(), seconds=1.0), tmp_path, told.append)
    if told[0]["name"] == "left_out":
        pytest.skip("PostgreSQL is not installed")
    assert [it.get("what") for it in told] == ["webhooks", "stored", "into Slack"]
    assert all(it["messages_per_s"] > 0 and (it["lost"], it["twice"]) == (0, 0) for it in told)
