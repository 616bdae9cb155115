"""The sandbox's own interface: histories, settings, faults, watching, and who may use it."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bridge.sandbox import server
from bridge.sandbox.server import Sandbox


async def post(http: aiohttp.ClientSession, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    async with http.post(f"/_sandbox/{path}", json=body, headers=headers) as response:
        return response.status, await response.json()


async def test_the_history_is_given_from_a_point_on_and_by_platform(act: Any, history: Any) -> None:
    for platform, word in (("telegram", "a"), ("whatsapp", "b"), ("telegram", "c")):
        await act(platform, "maria", "write", text=word)
    assert [(e["seq"], e["text"]) for e in await history("telegram")] == [(1, "a"), (3, "c")]
    assert [e["text"] for e in await history("telegram", after=1)] == ["c"]
    assert await history("openai") == []


async def test_a_long_history_comes_whole(sandbox: Sandbox, history: Any) -> None:
    for number in range(1201):
        sandbox.world.record("slack", "test", "in", text=str(number))
    assert [e["text"] for e in await history("slack")] == [str(n) for n in range(1201)]


@pytest.mark.parametrize("query", ["platform=x", "after=x", "after=-1"])
async def test_a_wrong_history_query_is_refused(http: aiohttp.ClientSession, query: str) -> None:
    async with http.get(f"/_sandbox/history?{query}") as response:
        assert response.status == 400


@pytest.mark.parametrize("body", [None, [], {}, {"platform": "x"}, {"platform": ["telegram"]}])
async def test_a_wrong_act_is_refused(http: aiohttp.ClientSession, body: Any) -> None:
    status, answer = await post(http, "act", body)
    assert (status, answer["ok"]) == (400, False)


@pytest.mark.parametrize("platform", ["telegram", "whatsapp", "openai"])
async def test_an_unknown_action_is_told_so(act: Any, platform: str) -> None:
    assert await act(platform, "maria", "dance") == {"ok": False, "id": None, "error": "unknown_action"}


async def test_the_settings_change_limits_latency_and_clock(http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    assert (await post(http, "config", {"limits": "off", "latency_ms": 5, "clock": 60}))[0] == 200
    assert (sandbox.world.strict, sandbox.world.latency, sandbox.world.speed) == (False, 0.005, 60)
    assert (await post(http, "config", {"limits": "strict", "speed": 2}))[1]["speed"] == 2
    assert sandbox.world.strict


@pytest.mark.parametrize(
    "body", [{"limits": "some"}, {"latency_ms": -1}, {"clock": 0}, {"speed": "fast"}, {"speed": True}]
)
async def test_wrong_settings_are_refused(http: aiohttp.ClientSession, body: Any) -> None:
    assert (await post(http, "config", body))[0] == 400


async def test_faults_replace_the_ones_before(http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    given = [{"platform": "telegram", "method": "sendMessage", "fault": "429", "times": 2, "seconds": 7}]
    assert (await post(http, "faults", given))[0] == 200
    (fault,) = sandbox.world.faults
    assert (fault.method, fault.times, fault.seconds) == ("sendMessage", 2, 7)
    await post(http, "faults", [])
    assert sandbox.world.faults == []


@pytest.mark.parametrize("fault", [1, {}, {"platform": "x", "fault": "429"}, {"platform": "slack", "fault": "fire"}])
async def test_a_wrong_fault_is_refused(http: aiohttp.ClientSession, sandbox: Sandbox, fault: Any) -> None:
    assert (await post(http, "faults", [fault]))[0] == 400
    assert sandbox.world.faults == []


async def test_a_reset_forgets_everything(
    http: aiohttp.ClientSession, act: Any, history: Any, sandbox: Sandbox
) -> None:
    await act("telegram", "maria", "write", text="a")
    await act("whatsapp", "maria", "write", text="a")
    await post(http, "reset", {})
    assert await history("telegram") == []
    assert sandbox.telegram.view()["chats"] == sandbox.whatsapp.view()["chats"] == []
    assert sandbox.telegram.updates.pending() == 0
    assert (await act("telegram", "maria", "write", text="b"))["id"] == "1"


async def test_only_known_platforms_are_connected(http: aiohttp.ClientSession) -> None:
    assert (await post(http, "connect", {"telegram": {}}))[0] == 200
    assert (await post(http, "connect", {"fax": {}}))[0] == 400
    assert (await post(http, "connect", {"telegram": 1}))[0] == 400


async def test_the_view_shows_every_platform(http: aiohttp.ClientSession, act: Any) -> None:
    await act("whatsapp", "maria", "write", text="hello")
    async with http.get("/_sandbox/view") as response:
        view = await response.json()
    assert {"now", "speed", "strict", "slack", "telegram", "whatsapp"} <= view.keys()
    (chat,) = view["whatsapp"]["chats"]
    assert (chat["name"], chat["messages"][0]["text"]) == ("Maria", "hello")
    assert chat["window_until"] > view["now"]


async def test_the_stream_tells_of_every_change(http: aiohttp.ClientSession, act: Any) -> None:
    async with http.get("/_sandbox/stream") as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readuntil(b"\n\n") == b'data: {"seq": 0}\n\n'
        await act("telegram", "maria", "write", text="a")
        seen = 0
        while seen < 1:
            line = await response.content.readuntil(b"\n\n")
            seen = json.loads(line.removeprefix(b"data: "))["seq"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8700", "127.0.0.1.evil.example", "[::1", ""])
async def test_another_name_for_this_machine_is_refused(http: aiohttp.ClientSession, host: str) -> None:
    for path in ("/_sandbox/history", "/_sandbox/view", "/sandbox"):
        async with http.get(path, headers={"Host": host}) as response:
            assert response.status == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_sites_request_is_refused(
    http: aiohttp.ClientSession, history: Any, headers: dict[str, str]
) -> None:
    act = {"platform": "telegram", "actor": "maria", "action": "write", "text": "x"}
    assert (await post(http, "act", act, **headers))[0] == 403
    assert await history("telegram") == []


async def test_the_sandboxs_own_page_may_use_it(http: aiohttp.ClientSession, url: str) -> None:
    act = {"platform": "telegram", "actor": "maria", "action": "write", "text": "x"}
    assert (await post(http, "act", act, **{"Origin": url, "Sec-Fetch-Site": "same-origin"}))[0] == 200


async def test_the_page_is_served_and_nothing_beside_it(
    http: aiohttp.ClientSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "dist"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<p>page</p>")
    (page / "assets" / "a.js").write_text("1")
    (tmp_path / "secret").write_text("no")
    monkeypatch.setattr(server, "PAGE", page)
    for path, status in (("", 200), ("/", 200), ("/assets/a.js", 200), ("/none", 404), ("/..%2fsecret", 404)):
        async with http.get(f"/sandbox{path}") as response:
            assert response.status == status, path


def test_no_path_is_one_of_the_bridges() -> None:
    own = {"/slack/events", "/telegram/webhook", "/whatsapp/webhook", "/chat", "/widget.js", "/healthz", "/readyz"}
    paths = {route.path for route in Sandbox().routes()}
    assert not own & paths
    assert {path.split("/")[1] for path in paths} == {"_sandbox", "sandbox", "slack", "telegram", "whatsapp", "openai"}
