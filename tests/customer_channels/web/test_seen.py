"""What visitors have seen: their browser says so, and the agent's mark says that it was read."""

from typing import Any

import pytest

from bridge.content import Presence
from bridge.ports import Receipt

from .conftest import ANA, Site, bearer


async def saw(site: Site, token: str, seq: Any) -> int:
    """What the answer is to a browser that showed everything up to there."""
    async with site.http.post("/web/seen", json={"seq": seq}, headers=bearer(token)) as response:
        return response.status


async def test_what_was_shown_is_read_once(site: Site) -> None:
    token, chat = await site.admit()
    first = await site.answers(chat, "One moment.", ANA)
    await site.say(token, "Thanks")
    second = await site.answers(chat, "It is on its way.", ANA)
    assert await saw(site, token, 1) == 200
    assert site.receipts == [Receipt("read", first, first)]
    for seq in (3, 3, 1):
        assert await saw(site, token, seq) == 200
    assert site.receipts[1:] == [Receipt("read", second, second)]


async def test_a_long_chat_is_read_to_its_end(site: Site) -> None:
    token, chat = await site.admit()
    keys = [await site.answers(chat, "One moment.", ANA) for _ in range(1_001)]
    assert await saw(site, token, 1_001) == 200
    assert [it.key for it in site.receipts] == keys


async def test_only_messages_to_them_are_read(site: Site) -> None:
    token, chat = await site.admit()
    await site.say(token, "Hello")
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    key = await site.answers(chat, "Hi", ANA)
    await site.channel.delete(chat, key, site.key())
    assert await saw(site, token, 4) == 200
    assert [it.key for it in site.receipts] == [key]


async def test_nobody_has_seen_what_is_not_there_yet(site: Site) -> None:
    token, chat = await site.admit()
    assert await saw(site, token, 99) == 200
    key = await site.answers(chat, "Hi", ANA)
    assert site.receipts == []
    assert await saw(site, token, 99) == 200
    assert [it.key for it in site.receipts] == [key]


async def test_nobody_sees_for_another(site: Site) -> None:
    token, _ = await site.admit()
    _, other = await site.admit()
    await site.answers(other, "Hi", ANA)
    assert await saw(site, token, 1) == 200
    assert await saw(site, "wrong", 1) == 401
    assert site.receipts == []


@pytest.mark.parametrize("seq", ["1", -1, 1.5, None, 2**53 + 1, [1], True])
async def test_a_place_that_is_none_is_refused(site: Site, seq: Any) -> None:
    token, chat = await site.admit()
    await site.answers(chat, "Hi", ANA)
    assert await saw(site, token, seq) == 400
    assert site.receipts == []


async def test_what_could_not_be_stored_is_read_the_next_time(site: Site) -> None:
    token, chat = await site.admit()
    key = await site.answers(chat, "Hi", ANA)
    receive, site.receive = site.receive, None  # type: ignore[assignment]
    assert await saw(site, token, 1) == 503
    site.receive = receive
    assert await saw(site, token, 1) == 200
    assert [it.key for it in site.receipts] == [key]
