"""What the documents show is true: the example channel works over HTTP, and messages are quoted as they are said."""

import ast
import re
import types
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bridge.content import Author, Part
from bridge.errors import TryLater, Undeliverable
from bridge.ports import CustomerChannel, Journal, Kit, Receive, Received, Said, Stored, Uploads

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MESSAGE = {"id": "m1", "from": "+15550100", "text": "Hello?", "at": "2026-11-21T09:30:00+00:00"}
SIGNED = {"X-Token": "t"}


@pytest.fixture
def example() -> types.ModuleType:
    found = re.search(r"```python\n(.*?)```", (DOCS / "adding-a-channel.md").read_text(), re.DOTALL)
    assert found
    module = types.ModuleType("sms")
    exec(compile(found[1], "adding-a-channel.md", "exec"), module.__dict__)
    return module


def channel(example: types.ModuleType, session: ClientSession, url: str = "http://127.0.0.1:9") -> CustomerChannel:
    kit = Kit(session, cast("Journal", None), lambda: datetime.now(UTC), cast("Uploads", None))
    made = example.from_settings({"SMS_URL": url, "SMS_TOKEN": "t"}, kit)
    assert made
    return made


async def listening(sms: CustomerChannel, receive: Receive) -> TestServer:
    app = web.Application()
    app.add_routes(cast("Sequence[web.RouteDef]", sms.routes(receive)))
    server = TestServer(app)
    await server.start_server()
    return server


def answering(status: int, seen: list[Any]) -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Token"), await request.json()))
        return web.json_response({"id": "g7"}, status=status)

    app = web.Application()
    app.add_routes([web.post("/", answer)])
    return app


def said(source: Path) -> list[str]:
    """Every text in a module; what is filled in is an ellipsis."""

    def whole(node: ast.AST) -> str:
        match node:
            case ast.JoinedStr(values=parts):
                return "".join(whole(part) for part in parts)
            case ast.Constant(value=str(text)):
                return text
            case _:
                return "…"

    tree = ast.walk(ast.parse(source.read_text()))
    return [whole(node) for node in tree if isinstance(node, ast.JoinedStr | ast.Constant)]


def quoted() -> list[str]:
    """The messages in the left columns of the page on trouble: everything between backticks that is a sentence."""
    rows = re.findall(r"^\| (.*?) \| ", (DOCS / "troubleshooting.md").read_text(), re.MULTILINE)
    found = [message for row in rows for message in re.findall("`([^`]+)`", row)]
    return [message for message in found if message.count(" ") > 1]


@pytest.fixture(scope="module")
def everything_said() -> str:
    return "\n".join(text for source in [ROOT / "run", *ROOT.glob("bridge/**/*.py")] for text in said(source))


@pytest.mark.parametrize("message", quoted())
def test_a_quoted_message_is_one_that_somebody_can_see(message: str, everything_said: str) -> None:
    pattern = re.escape(message).replace(r"\.\.\.", ".*").replace(r"\ ", " ")
    variable_filled_in = re.sub("^([A-Z_]+) ", r"(\1|…) ", pattern)
    assert re.search(variable_filled_in, everything_said), message


def test_the_example_channel_is_off_without_its_settings(example: types.ModuleType) -> None:
    assert example.from_settings({"SMS_URL": "http://127.0.0.1:9"}, None) is None


async def test_the_example_channel_stores_before_it_answers(example: types.ModuleType) -> None:
    stored: list[Received] = []

    async def receive(events: Sequence[Received]) -> list[Stored]:
        stored.extend(events)
        return [Stored(new=True) for _ in events]

    async with ClientSession() as session:
        server = await listening(channel(example, session), receive)
        async with server, session.post(server.make_url("/sms/webhook"), json=MESSAGE, headers=SIGNED) as answer:
            assert answer.status == 200
    (one,) = stored
    assert one.keys == ("sms:m1",)
    assert one.event == Said("+15550100", "+15550100", "m1", "Hello?", datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


async def test_the_example_channel_asks_for_a_repeat_when_nothing_was_stored(example: types.ModuleType) -> None:
    async def receive(events: Sequence[Received]) -> list[Stored]:
        raise OSError("the disk is full")

    async with ClientSession() as session:
        server = await listening(channel(example, session), receive)
        async with server, session.post(server.make_url("/sms/webhook"), json=MESSAGE, headers=SIGNED) as answer:
            assert answer.status == 503


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [({}, MESSAGE, 401), ({"X-Token": "é"}, MESSAGE, 401), (SIGNED, {"id": "m1"}, 400), (SIGNED, [], 400)],
)
async def test_the_example_channel_refuses_bad_input_without_effect(
    example: types.ModuleType, headers: dict[str, str], body: object, status: int
) -> None:
    async def receive(events: Sequence[Received]) -> list[Stored]:
        pytest.fail("nothing should be stored")

    async with ClientSession() as session:
        server = await listening(channel(example, session), receive)
        async with server, session.post(server.make_url("/sms/webhook"), json=body, headers=headers) as answer:
            assert answer.status == status
            assert "error" in await answer.json()


@pytest.mark.parametrize(("status", "error"), [(200, None), (429, TryLater), (503, TryLater), (400, Undeliverable)])
async def test_the_example_channel_says_what_became_of_a_message(
    example: types.ModuleType, status: int, error: type[Exception] | None
) -> None:
    seen: list[Any] = []
    async with ClientSession() as session, TestServer(answering(status, seen)) as gateway:
        sending = channel(example, session, str(gateway.make_url("/"))).send("+15550100", _words("On its way."), "k1")
        if error:
            with pytest.raises(error):
                await sending
        else:
            assert await sending == "g7"
    assert seen == [("t", {"id": "k1", "to": "+15550100", "text": "On its way."})]


def _words(text: str) -> Part:
    return Part(Author("agent", "Ana"), text)
