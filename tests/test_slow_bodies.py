"""Who begins a body and never ends it is answered 408 at every door, and nobody else waits for that."""

import asyncio
from urllib.parse import urlsplit

import pytest

from bridge.customer_channels import _webhooks
from bridge.customer_channels.web import asked
from bridge.team_workspace import requests

from .conftest import Rig, Rigs
from .test_attacks import SLACK_BY_HTTP

DOORS = (
    *("/web/session", "/web/messages", "/web/changes", "/web/seen", "/web/ratings"),
    *("/whatsapp/webhook", "/telegram/webhook", "/slack/events"),
)
EACH, SECRET = 10, "x" * 32
BEGINS = (
    "POST {} HTTP/1.1\r\nHost: bridge\r\nAuthorization: Bearer {}\r\n"
    f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: 5000\r\n\r\n{{{{"
)


async def begins(rig: Rig, door: str, token: str) -> bytes:
    """The first line of the answer to a body that never ends."""
    where = urlsplit(rig.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(BEGINS.format(door, token).encode())
    try:
        return await reader.readline()
    finally:
        writer.close()


async def test_bodies_that_never_end_are_refused_and_others_are_served(
    rigs: Rigs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room, name in ((asked, "PATIENCE"), (_webhooks, "READING"), (requests, "READING")):
        monkeypatch.setattr(room, name, 2.0)
    async with rigs(TELEGRAM_MODE="webhook", TELEGRAM_WEBHOOK_SECRET=SECRET, **SLACK_BY_HTTP) as rig:
        async with rig.session.post(f"{rig.url}/web/session", json={"name": "Eve"}) as response:
            token = (await response.json())["token"]
        slow = {door: [asyncio.create_task(begins(rig, door, token)) for _ in range(EACH)] for door in DOORS}
        customer, _ = await rig.waiting("web")
        await customer.hears(bool, "the waiting text")
        for door, tasks in slow.items():
            answers = {answer.split(b" ")[1] for answer in await asyncio.gather(*tasks)}
            assert answers == {b"408"}, door
