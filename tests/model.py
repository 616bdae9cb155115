"""The sandbox's model: fixtures for those who talk to it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bridge.sandbox.server import Sandbox, serve


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
