"""The server: what goes wrong becomes a status and constant words; health and readiness say what is."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import structlog
from aiohttp import ClientSession, web

from bridge.server import LARGEST_BODY, health, listening, refusal, serving_on

from .conftest import Rigs


async def nobody() -> None:
    pass


@asynccontextmanager
async def site(*routes: web.RouteDef) -> AsyncGenerator[ClientSession]:
    listener = listening("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with serving_on(routes, listener, nobody), ClientSession(address) as session:
        yield session


async def test_a_crash_is_a_503_without_a_word_of_it(caplog: pytest.LogCaptureFixture) -> None:
    async def crash(_: web.Request) -> web.Response:
        raise RuntimeError("the customer said tea")

    with structlog.testing.capture_logs() as lines:
        async with site(web.get("/crash", crash)) as session, session.get("/crash") as response:
            assert response.status == 503
            assert await response.json() == {"error": {"code": "not_stored", "message": "Try again later."}}
    [line] = lines
    assert (line["event"], line["path"], line["error"]) == ("http.failed", "/crash", "RuntimeError")


async def test_what_aiohttp_refuses_is_json_and_moved_is_moved() -> None:
    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    async with site(web.get("/moved", moved)) as session:
        async with session.get("/nowhere") as response:
            assert (response.status, response.content_type) == (404, "application/json")
            assert await response.json() == {"error": {"code": "not_found", "message": "Not Found."}}
        async with session.post("/moved") as response:
            assert (response.status, (await response.json())["error"]["code"]) == (405, "method_not_allowed")
        async with session.get("/moved", allow_redirects=False) as response:
            assert response.status == 302


async def test_a_body_that_is_too_large_is_refused() -> None:
    async def read(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def much() -> AsyncGenerator[bytes]:
        for _ in range(LARGEST_BODY // 65_536 + 1):
            yield b" " * 65_536

    async with site(web.post("/", read)) as session, session.post("/", data=much()) as response:
        assert response.status == 413
        assert set(await response.json()) == {"error"}


def test_a_refusal_is_short_and_constant() -> None:
    answer = refusal(401, "bad_signature", "No.")
    assert (answer.status, answer.text) == (401, '{"error": {"code": "bad_signature", "message": "No."}}')


async def test_a_port_that_is_taken_is_an_error() -> None:
    with listening("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listening("127.0.0.1", first.getsockname()[1])


async def test_open_streams_end_before_the_server_waits_for_them() -> None:
    leaving, left = asyncio.Event(), asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await leaving.wait()
        left.set()
        return response

    async def leave() -> None:
        leaving.set()

    async with ClientSession() as session:
        async with serving_on([web.get("/", stream)], listening("127.0.0.1", 0), leave) as port:
            response = await session.get(f"http://127.0.0.1:{port}/")
        assert left.is_set()
        response.close()


async def test_readiness_says_why_not() -> None:
    reasons = ["Slack does not answer", ""]
    async with site(*health(lambda: reasons.pop(0))) as session:
        async with session.get("/healthz") as response:
            assert (response.status, await response.json()) == (200, {"ok": True})
        async with session.get("/readyz") as response:
            assert response.status == 503
            assert await response.json() == {"ok": False, "reason": "Slack does not answer"}
        async with session.get("/readyz") as response:
            assert (response.status, await response.json()) == (200, {"ok": True, "reason": ""})


async def test_a_bridge_is_alive_before_and_ready_after_slack_has_answered(rigs: Rigs) -> None:
    async with rigs(up=False) as rig:
        rig.fault("slack", "auth.test", "500", times=None)
        await rig.start()
        for path, status in (("/healthz", 200), ("/readyz", 503)):
            async with rig.session.get(rig.url + path) as response:
                assert response.status == status
        rig.sandbox.world.faults.clear()
        customer, card = await rig.claimed()
        assert "And so on." in await rig.hears_next(customer, "ana", card)
        async with rig.session.get(rig.url + "/readyz") as response:
            assert response.status == 200


async def test_who_sends_headers_bit_by_bit_is_cut_off_and_others_are_served() -> None:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="Hello")

    async def drips(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /hello HTTP/1.1\r\nX-Slow: ")

        async def drip() -> None:
            while not writer.is_closing():
                writer.write(b"x")
                await asyncio.sleep(1)

        dripping = asyncio.create_task(drip())
        try:
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            dripping.cancel()
            writer.close()

    listener = listening("127.0.0.1", 0)
    async with serving_on([web.get("/hello", hello)], listener, nobody) as port, asyncio.timeout(300):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)  # aiohttp itself would cut this one first
        slow = [asyncio.create_task(drips(port)) for _ in range(20)]
        async with ClientSession(f"http://127.0.0.1:{port}") as session, session.get("/hello") as response:
            assert await response.text() == "Hello"
        assert await asyncio.gather(*slow) == [b""] * 20
        writer.write(b"GET /hello HTTP/1.1\r\nHost: bridge\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()
