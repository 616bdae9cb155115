"""The journal of web chats: what the browser shows, in order, each event once; and whose chats they are."""

from collections.abc import Callable, Sequence
from datetime import datetime

import orjson

from bridge.ports import Visitor
from bridge.store import signals
from bridge.store.moments import micros, moment
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


def forget(tx: Tx, now: datetime, most: int = 500) -> int:
    """Drop tokens that are not good any more, some at a time; return how many went."""
    old = [row[0] for row in tx.all("SELECT token_hash FROM visitor_token WHERE until < ? LIMIT ?", micros(now), most)]
    return tx.run(f"DELETE FROM visitor_token WHERE {tx.among('token_hash')}", tx.several(old))


class StoredJournal:
    """The journal, its visitors and their tokens as channels see them."""

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
            sought = orjson.dumps(holding).decode().replace("!", "!!").replace("%", "!%").replace("_", "!_")
            like = "SELECT seq, event FROM web_event WHERE chat = ? AND event LIKE ? ESCAPE '!'"
            for seq, event in tx.all(like, chat, f"%{sought}%"):
                if (now := change(event)) != event:
                    tx.run("UPDATE web_event SET event = ? WHERE chat = ? AND seq = ?", now, chat, seq)

        await self._store.write(work)

    async def kept(self, chat: str, key: str) -> str:
        """What was added with this key, as it is kept now; blank: nothing."""
        row = await self._store.read(
            lambda tx: tx.one("SELECT event FROM web_event WHERE chat = ? AND key = ?", chat, key)
        )
        return row[0] if row else ""

    async def after(self, chat: str, seq: int, most: int = 500) -> list[tuple[int, str]]:
        """Events after `seq`, in order."""
        rows = await self._store.read(
            lambda tx: tx.all(
                "SELECT seq, event FROM web_event WHERE chat = ? AND seq > ? ORDER BY seq LIMIT ?", chat, seq, most
            )
        )
        return [(row[0], row[1]) for row in rows]

    async def newest(self, chats: Sequence[str]) -> dict[str, int]:
        """The last seq of each of these visitors' chats; a chat without events is left out."""
        rows = await self._store.read(
            lambda tx: tx.all(
                f"""SELECT chat, (SELECT MAX(seq) FROM web_event e WHERE e.chat = visitor.chat) FROM visitor
                    WHERE {tx.among("chat")}""",
                tx.several(chats),
            )
        )
        return {row[0]: row[1] for row in rows if row[1]}

    async def visitor(self, token_hash: str, now: datetime) -> tuple[Visitor, datetime] | None:
        """Whose token this is, and until when it is one."""
        row = await self._store.read(
            lambda tx: tx.one(
                """SELECT v.chat, v.name, v.verified, v.seen, t.until FROM visitor_token t
                   JOIN visitor v ON v.chat = t.chat WHERE t.token_hash = ? AND t.until > ?""",
                token_hash, micros(now),
            )
        )  # fmt: skip
        return (Visitor(*row[:4]), moment(row[4])) if row else None

    async def admit(self, visitor: Visitor, token_hash: str, until: datetime, identity: str = "") -> Visitor:
        """Remember a visitor and a token. Whoever has this identity already stays in the chat they have."""

        def work(tx: Tx) -> Visitor:
            row = tx.one(
                """INSERT INTO visitor (chat, name, identity, verified, seen) VALUES (?, ?, ?, ?, 0)
                   ON CONFLICT (identity) DO UPDATE SET name = excluded.name, verified = excluded.verified
                   RETURNING chat, name, verified, seen""",
                visitor.chat, visitor.name, identity or None, visitor.verified,
            )  # fmt: skip
            assert row is not None
            tx.run(
                "INSERT INTO visitor_token (token_hash, chat, until) VALUES (?, ?, ?)",
                token_hash, row[0], micros(until),
            )  # fmt: skip
            return Visitor(*row)

        return await self._store.write(work)

    async def renew(self, token_hash: str, until: datetime) -> None:
        """The token is good for longer."""
        await self._store.write(
            lambda tx: tx.run(
                "UPDATE visitor_token SET until = ? WHERE token_hash = ? AND until < ?",
                micros(until), token_hash, micros(until),
            )
        )  # fmt: skip

    async def saw(self, chat: str, seq: int) -> None:
        """They have seen everything up to there."""
        await self._store.write(
            lambda tx: tx.run("UPDATE visitor SET seen = ? WHERE chat = ? AND seen < ?", seq, chat, seq)
        )
