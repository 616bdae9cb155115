"""The journal of web chats: what the browser shows, in order, each event once."""

from collections.abc import Callable

from bridge.ports import Visitor
from bridge.store import signals
from bridge.store.store import Store
from bridge.store.tx import Tx


def add(tx: Tx, chat: str, key: str, event: str) -> int:
    """Add once; the same key again returns the seq that it has."""
    while True:
        row = tx.one(
            """INSERT INTO web_event (chat, seq, key, event)
               SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ? FROM web_event WHERE chat = ?
               ON CONFLICT DO NOTHING RETURNING seq""",
            chat, key, event, chat,
        )  # fmt: skip
        if row:
            signals.tell(tx, signals.CHATS, chat)
            return row[0]
        if known := seq_of(tx, chat, key):
            return known
        # Another process has just taken this very seq for something else, so the next one is free.


def seq_of(tx: Tx, chat: str, key: str) -> int | None:
    """The seq of what was added with this key."""
    row = tx.one("SELECT seq FROM web_event WHERE chat = ? AND key = ?", chat, key)
    return row[0] if row else None


class StoredJournal:
    """The journal as channels see it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watching: list[Callable[[str], None]] = []

    def watch(self, wake: Callable[[str], None]) -> None:
        """From now on call this with every chat that something was added to; with "" when it may be any."""
        self._watching.append(wake)

    def wake(self, chat: str) -> None:
        """Something was added, here or in another process."""
        for wake in self._watching:
            wake(chat)

    async def append(self, chat: str, key: str, event: str) -> int:
        """Add once: the same key again returns the same seq and adds nothing."""
        seq = await self._store.write(lambda tx: add(tx, chat, key, event))
        self.wake(chat)
        return seq

    async def change(self, chat: str, holding: str, change: Callable[[str], str]) -> None:
        """What was kept of this chat, wherever this text stands in it, is kept as `change` makes it."""

        def work(tx: Tx) -> None:
            for seq, event in tx.all(
                "SELECT seq, event FROM web_event WHERE chat = ? AND event LIKE ?", chat, f"%{holding}%"
            ):
                if (now := change(event)) != event:
                    tx.run("UPDATE web_event SET event = ? WHERE chat = ? AND seq = ?", now, chat, seq)

        await self._store.write(work)

    async def after(self, chat: str, seq: int, most: int = 500) -> list[tuple[int, str]]:
        """Events after `seq`, in order."""
        rows = await self._store.read(
            lambda tx: tx.all(
                "SELECT seq, event FROM web_event WHERE chat = ? AND seq > ? ORDER BY seq LIMIT ?", chat, seq, most
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def visitor(self, token_hash: str) -> Visitor | None:
        """Whose token this is."""
        row = await self._store.read(
            lambda tx: tx.one("SELECT chat, name FROM visitor WHERE token_hash = ?", token_hash)
        )
        return Visitor(row[0], row[1]) if row else None

    async def admit(self, visitor: Visitor, token_hash: str) -> None:
        """Remember a new visitor."""
        await self._store.write(
            lambda tx: tx.run(
                "INSERT INTO visitor (chat, name, token_hash) VALUES (?, ?, ?)", visitor.chat, visitor.name, token_hash
            )
        )
