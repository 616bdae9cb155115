"""Visitors change and delete what they wrote: only that, once, and in front of everybody."""

import json
from typing import Any

import pytest

from bridge.ports import Corrected, Withdrawn

from .conftest import ANA, Site, bearer


async def changes(site: Site, token: str, of: str, text: Any = None, id: str = "c1") -> tuple[int, Any]:
    """What a change is answered with; without a text it deletes."""
    body = {"id": id, "of": of, **({} if text is None else {"text": text})}
    async with site.http.post("/web/changes", json=body, headers=bearer(token)) as response:
        return response.status, await response.json()


async def test_what_they_wrote_reads_differently_on_all_their_pages(site: Site) -> None:
    token, chat = await site.admit()
    await site.say(token, "Where is my ordr?")
    reader = await site.listen(token)
    await reader.next()
    for _ in range(2):
        assert await changes(site, token, "m1", "  Where is\0 my order?") == (200, {})
    told = (await reader.next()).data
    assert (told["kind"], told["of"], told["text"]) == ("edit", "m1", "  Where is my order?")
    assert told["author"] == {"kind": "customer", "name": "Maria"}
    assert list(site.changes.values()) == [Corrected(chat, "m1", "  Where is my order?")]
    await changes(site, token, "m1", "Never mind.", "c2")
    assert (await reader.next()).data["text"] == "Never mind."


async def test_what_they_delete_is_told_to_nobody_any_more(site: Site) -> None:
    token, chat = await site.admit()
    await site.say(token, "My password is 1234")
    await changes(site, token, "m1", "My password is secret", "c0")
    for _ in range(2):
        assert await changes(site, token, "m1") == (200, {})
    assert site.changes[f"web:{chat}:change:c1"] == Withdrawn(chat, "m1")
    reader = await site.listen(token)
    told = [(await reader.next()).data for _ in range(3)]
    assert [(it["kind"], it["text"]) for it in told] == [("message", ""), ("edit", ""), ("delete", "")]
    assert "password" not in json.dumps(site.journal.events[chat])
    assert (await changes(site, token, "m1", "Back again", "c2"))[0] == 404


async def test_only_their_own_words_can_be_changed(site: Site) -> None:
    token, chat = await site.admit()
    other, _ = await site.admit("Nils")
    await site.say(other, "Mine", "n1")
    key = await site.answers(chat, "From Ana", ANA)
    for of in (key, "n1", "nothing", "change:c1"):
        for text in ("Other words", None):
            status, answer = await changes(site, token, of, text)
            assert (status, answer["error"]["code"]) == (404, "message")
    assert site.changes == {}
    assert "From Ana" in site.journal.events[chat][0]
    assert (await changes(site, "wrong", "n1"))[0] == 401


async def test_a_change_that_was_made_opens_no_way_to_another_s_words(site: Site) -> None:
    token, chat = await site.admit()
    key = await site.answers(chat, "From Ana", ANA)
    await site.say(token, "Mine")
    assert await changes(site, token, "m1") == (200, {})
    assert (await changes(site, token, key))[0] == 404
    assert "From Ana" in site.journal.events[chat][0]


@pytest.mark.parametrize(
    ("text", "status"), [("", 400), (" \n", 400), ("\u200b \u200b", 400), ("x" * 4001, 413), (7, 400), (["x"], 400)]
)
async def test_what_could_not_be_written_cannot_be_changed_to(site: Site, text: Any, status: int) -> None:
    token, _ = await site.admit()
    await site.say(token, "Hello")
    assert (await changes(site, token, "m1", text))[0] == status
    assert site.changes == {}


async def test_what_was_cut_short_is_done_when_it_comes_again(site: Site) -> None:
    token, _ = await site.admit()
    await site.say(token, "Hello")
    receive, site.receive = site.receive, None  # type: ignore[assignment]
    assert (await changes(site, token, "m1", "Good day"))[0] == 503
    site.receive = receive
    assert (await changes(site, token, "m1", "Good day"))[0] == 200
    assert len(site.changes) == 1
