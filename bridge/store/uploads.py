"""Files of web chats, in the same database as the chat: every process can read them, and a backup has them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bridge.files import Loaded
from bridge.ports import Clock, KeptFile
from bridge.store.moments import micros
from bridge.store.store import Store
from bridge.store.tx import Tx

PIECE = 256 * 1024  # bytes in one row, and in one transaction
LOOSE = timedelta(days=1)  # after which what nobody sent is thrown away


def use(tx: Tx, id: str) -> None:
    """It belongs to a message now, and stays."""
    tx.run("UPDATE upload SET state = 'used' WHERE id = ? AND state = 'kept'", id)


def withdraw(tx: Tx, id: str, now: datetime) -> None:
    """Its message was deleted: nobody is given it any more. Agents may have yet to see it, so it goes after a day."""
    tx.run("UPDATE upload SET state = 'withdrawn', at = ? WHERE id = ?", micros(now), id)


def forget(tx: Tx, now: datetime, most: int = 20) -> int:
    """Throw away what was uploaded and never sent, or never whole, or withdrawn; return how much went."""
    rows = tx.all(
        "SELECT id FROM upload WHERE state <> 'used' AND at < ? ORDER BY at LIMIT ?", micros(now - LOOSE), most
    )
    ids = [row[0] for row in rows]
    tx.run(f"DELETE FROM upload_piece WHERE {tx.among('upload')}", tx.several(ids))
    return tx.run(f"DELETE FROM upload WHERE {tx.among('id')}", tx.several(ids))


class StoredUploads:
    """The files as channels see them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def keep(self, id: str, chat: str, file: Loaded, *, sent: bool) -> None:
        """Keep a whole file; the same id again changes nothing. Unless it is `sent`, somebody has yet to send it."""
        if await self.find(id):
            return
        now = micros(self._clock())
        await self._store.write(
            lambda tx: tx.run(
                """INSERT INTO upload (id, chat, name, mime, size, state, at) VALUES (?, ?, ?, ?, ?, 'arriving', ?)
                   ON CONFLICT DO NOTHING""",
                id, chat, file.name, file.mime, file.size, now,
            )
        )  # fmt: skip
        number, waiting = 0, bytearray()
        async for some in file.content():
            waiting += some
            while len(waiting) >= PIECE:
                await self._add(id, number, bytes(waiting[:PIECE]))
                del waiting[:PIECE]
                number += 1
        await self._add(id, number, bytes(waiting))
        state = "used" if sent else "kept"
        await self._store.write(lambda tx: tx.run("UPDATE upload SET state = ? WHERE id = ?", state, id))

    async def unsent(self, chat: str) -> int:
        """The bytes that this chat uploaded, or is uploading, and has not sent yet."""
        row = await self._store.read(
            lambda tx: tx.one(
                "SELECT COALESCE(SUM(size), 0) FROM upload WHERE chat = ? AND state IN ('arriving', 'kept')", chat
            )
        )
        return int(row[0]) if row else 0

    async def find(self, id: str) -> KeptFile | None:
        """What is kept under this id."""
        row = await self._store.read(
            lambda tx: tx.one(
                "SELECT id, chat, name, mime, size FROM upload WHERE id = ? AND state IN ('kept', 'used')", id
            )
        )
        return KeptFile(*row) if row else None

    async def drop(self, id: str) -> None:
        """Keep it no longer."""

        def work(tx: Tx) -> None:
            tx.run("DELETE FROM upload_piece WHERE upload = ?", id)
            tx.run("DELETE FROM upload WHERE id = ?", id)

        await self._store.write(work)

    async def read(self, id: str) -> AsyncIterator[bytes]:
        """Its bytes."""
        number = 0
        while row := await self._store.read(
            lambda tx, n=number: tx.one("SELECT content FROM upload_piece WHERE upload = ? AND number = ?", id, n)
        ):
            yield bytes(row[0])
            number += 1

    async def _add(self, id: str, number: int, content: bytes) -> None:
        await self._store.write(
            lambda tx: tx.run(
                """INSERT INTO upload_piece (upload, number, content) VALUES (?, ?, ?)
                   ON CONFLICT (upload, number) DO UPDATE SET content = excluded.content""",
                id, number, content,
            )
        )  # fmt: skip
