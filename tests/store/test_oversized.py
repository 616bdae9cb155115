"""What somebody signs may be larger than an index takes: it is kept, and stops nobody. On both databases."""

import secrets
from itertools import count

import pytest

from bridge.desk import Desk
from bridge.errors import StoreAway
from bridge.ports import Agent, Commanded, Received, Said
from bridge.scene import Doorway
from bridge.session import House
from bridge.store import inbox
from bridge.store.store import Store
from bridge.triggers import Triggers

from .conftest import NOW

LARGE = secrets.token_hex(500_000)  # that cannot be made smaller either, as PostgreSQL would


def desk(store: Store) -> Desk:
    keys = count()
    return Desk(store, House({}, Triggers(), {"web": Doorway.closed("web")}, lambda: NOW, lambda: f"k{next(keys)}"))


def said(chat: str, text: str = "Hello") -> Received:
    return Received((f"said:{chat}:{text}",), Said(chat, "Maria", text, text, NOW), b"{}")


async def test_a_long_key_is_a_key(store: Store) -> None:
    for expected in (True, False):
        for key in (LARGE, f"{LARGE}2"):
            assert await store.write(lambda tx, key=key: inbox.take(tx, "slack", [key], "{}", NOW)) is expected


async def test_who_has_an_endless_name_stops_nobody(store: Store) -> None:
    events = [said("1"), said(LARGE), said("2")]
    assert [it.new for it in await desk(store).customers_did("web", events)] == [True] * 3
    assert [it.new for it in await desk(store).customers_did("web", events)] == [False] * 3
    rows = await store.read(lambda tx: tx.all("SELECT chat FROM conversation WHERE chat IN ('1', '2') ORDER BY chat"))
    assert [row[0] for row in rows] == ["1", "2"]


async def test_an_agent_who_is_not_answered_for_it_either(store: Store) -> None:
    command = Commanded(Agent(LARGE, "Ana"), "queue", "", "C0", "", "")
    assert [it.new for it in await desk(store).agents_did([Received(("once",), command, b"{}")])] == [True]


@pytest.mark.postgres
async def test_it_is_not_the_database_that_is_away(postgres: str) -> None:
    store = Store(postgres)
    with pytest.raises(Exception, match="index row") as refused:
        await store.write(lambda tx: tx.run("INSERT INTO bucket (name, full_at) VALUES (?, 1)", LARGE))
    assert not isinstance(refused.value, StoreAway)
    store.close()
