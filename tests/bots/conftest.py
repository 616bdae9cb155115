"""The demo's shop, a customer who talks to a bot, and the sandbox's model."""

import json
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bridge import bots
from bridge.ports import Answer, Bot, Turn
from bridge.sandbox.server import Sandbox, serve

SHOP = Path(bots.__file__).parent.parent / "demo" / "shop"


class Talk:
    """A customer talking to a bot; what the bot keeps between messages is handed back to it, as the bridge does."""

    def __init__(self, bot: Bot, stage: str = "", answers: Mapping[str, str] | None = None) -> None:
        self.bot, self.stage, self.answers = bot, stage, dict(answers or {})

    async def says(self, text: str) -> Answer:
        answer = await self.bot.answer(Turn(text, "Maria", stage=self.stage, answers=self.answers))
        self.stage, self.answers = answer.stage, dict(answer.answers)
        return answer


@pytest.fixture
def talk() -> type[Talk]:
    return Talk


@pytest.fixture(scope="session")
def shop() -> dict[str, Bot]:
    """The bots of the demo's shop, built from its own files."""
    return bots.build(tomllib.loads((SHOP / "bridge.toml").read_text())["bots"], SHOP, {})


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Put a file into the folder beside the configuration; return the folder."""

    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return tmp_path

    return put


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
async def url(sandbox: Sandbox) -> AsyncIterator[str]:
    async with serve(sandbox=sandbox) as base_url:
        yield base_url


@pytest.fixture
def script(sandbox: Sandbox) -> Callable[..., Awaitable[None]]:
    """What the model will answer next."""

    async def queue(*answers: dict[str, Any]) -> None:
        assert (await sandbox.act("openai", "test", "script", text=json.dumps(answers)))["ok"]

    return queue


@pytest.fixture
def asked(url: str) -> Callable[[], Awaitable[list[Any]]]:
    """The bodies of the calls that the model got."""

    async def read() -> list[Any]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{url}/_sandbox/history", params={"platform": "openai"}) as response,
        ):
            return [json.loads(line)["raw"] for line in (await response.text()).splitlines()]

    return read
