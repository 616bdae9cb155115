"""What one process commits wakes those who listen, in every process, and never before the commit."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import psycopg
import pytest

from bridge.store.journal import StoredJournal
from bridge.store.signals import CHATS, LANES, listen, tell
from bridge.store.store import Store
from bridge.store.tx import Tx

EVERYTHING = [(CHATS, ""), (LANES, "")]


class Ears:
    """Somebody who listens as another process does."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.wakes = {topic: self._ear(topic) for topic in (CHATS, LANES)}

    def _ear(self, topic: str):
        return lambda what: self._heard.put_nowait((topic, what))

    async def next(self) -> tuple[str, str]:
        """What is heard next."""
        async with asyncio.timeout(30):
            return await self._heard.get()


@asynccontextmanager
async def listening(address: str) -> AsyncGenerator[Ears]:
    """They hear from now on."""
    ears = Ears()
    task = asyncio.create_task(listen(address, ears.wakes))
    try:
        assert [await ears.next(), await ears.next()] == EVERYTHING  # what came before may have been missed
        yield ears
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def shared(postgres: str) -> AsyncGenerator[Store]:
    """One process's store on a database of many."""
    store = Store(postgres)
    yield store
    store.close()


@pytest.mark.postgres
async def test_what_was_committed_is_heard_and_nothing_else(shared: Store) -> None:
    def in_vain(tx: Tx) -> None:
        tell(tx, CHATS, "in vain")
        raise LookupError

    async with listening(shared.address) as ears:
        with pytest.raises(LookupError):
            await shared.write(in_vain)
        await shared.write(lambda tx: tell(tx, CHATS, "maria"))
        await shared.write(lambda tx: tell(tx, LANES))
        assert [await ears.next(), await ears.next()] == [(CHATS, "maria"), (LANES, "")]


@pytest.mark.postgres
async def test_who_is_woken_finds_what_it_was_woken_for(shared: Store, postgres: str) -> None:
    here, there = StoredJournal(shared), Store(postgres)
    async with listening(postgres) as ears:
        for number in range(1, 21):
            await here.append("maria", f"key {number}", "{}")
            assert await ears.next() == (CHATS, "maria")
            assert [seq for seq, _ in await StoredJournal(there).after("maria", number - 1)] == [number]
    there.close()


@pytest.mark.postgres
async def test_a_repeat_wakes_nobody(shared: Store) -> None:
    journal = StoredJournal(shared)
    async with listening(shared.address) as ears:
        for chat, key in (("maria", "a"), ("maria", "a"), ("joao", "a")):
            await journal.append(chat, key, "{}")
        assert [await ears.next(), await ears.next()] == [(CHATS, "maria"), (CHATS, "joao")]


@pytest.mark.postgres
async def test_after_a_lost_connection_everybody_looks_at_everything(shared: Store) -> None:
    async with listening(shared.address) as ears:
        with psycopg.connect(shared.address, autocommit=True) as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            assert connection.execute(ends).fetchall() == [(True,)]
        assert [await ears.next(), await ears.next()] == EVERYTHING
        await shared.write(lambda tx: tell(tx, CHATS, "maria"))
        assert await ears.next() == (CHATS, "maria")


async def test_in_a_process_of_its_own_the_journal_wakes_who_watches(address: str) -> None:
    store, heard = Store(address), list[str]()
    journal = StoredJournal(store)
    journal.watch(heard.append)
    await journal.append("maria", "a", "{}")
    assert heard == ["maria"]
    store.close()


async def test_on_sqlite_there_is_nobody_to_listen_to() -> None:
    async with asyncio.timeout(30):
        await listen("sqlite:///any.db", {})
