"""Messages and their deliveries: what was said, and whether the other side has it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bridge.content import Author, Line
from bridge.files import File, with_files
from bridge.held import Kept
from bridge.i18n import t
from bridge.marks import packed, unpacked
from bridge.ports import Place
from bridge.store import afterwards, files
from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx

NEWEST = 2**62  # above every id
AT_ONCE, COUNTED = 400, 20_000  # messages: read unless told otherwise, and counted
DOUBTS = {
    "uncertain": t("may not have arrived"),
    "failed": t("did not arrive"),
    "suppressed": t("not sent"),
    "pending": "",
}
APART = ("note", "held")  # what is between agents
NOT_THERE = ("suppressed", "failed", "erased")  # what the other side does not have
Source = tuple[Place | None, int | None, str, str]


def add(
    tx: Tx, conversation: int, handoff: int | None, author: Author, text: str, state: str, now: datetime,
    *, author_id: str = "", source: Place | None = None, platform_id: str | None = None,
    corrects: int | None = None, template: bool = False,
) -> int:  # fmt: skip
    """Store a message; return its id."""
    row = tx.one(
        """INSERT INTO message (conversation_id, handoff, author, author_id, author_name, text, changed, state, at,
           source_channel, source_ts, platform_id, corrects, template)
           VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        conversation, handoff, author.kind, author_id, author.name, packed(text), state, micros(now),
        source.channel if source else None, source.ts if source else None, platform_id, corrects, template,
    )  # fmt: skip
    assert row is not None
    return row[0]


def set_state(tx: Tx, message: int, state: str, only_from: Sequence[str] = ()) -> bool:
    """Change a message's state; with `only_from`, only if it has one of these."""
    if not only_from:
        return tx.run("UPDATE message SET state = ? WHERE id = ?", state, message) > 0
    marks = ", ".join("?" * len(only_from))
    return tx.run(f"UPDATE message SET state = ? WHERE id = ? AND state IN ({marks})", state, message, *only_from) > 0


def set_text(tx: Tx, message: int, text: str) -> None:
    """The message reads differently now."""
    tx.run("UPDATE message SET text = ?, changed = '' WHERE id = ?", packed(text), message)


def kept(tx: Tx, message: int) -> Kept | None:
    """An agent's message, by its id."""
    return _kept(tx.one(f"SELECT {_KEPT} FROM message WHERE id = ? AND author = 'agent'", message))


def kept_at(tx: Tx, place: Place) -> Kept | None:
    """An agent's message, by where it stands in the workspace."""
    return _kept(
        tx.one(f"SELECT {_KEPT} FROM message WHERE source_channel = ? AND source_ts = ?", place.channel, place.ts)
    )


def held_by(tx: Tx, conversation: int, handoff: int, agent: str) -> list[Kept]:
    """What this agent wrote in the thread of a handoff and is held, oldest first."""
    rows = tx.all(
        f"""SELECT {_KEPT} FROM message WHERE conversation_id = ? AND handoff = ? AND author_id = ? AND state = 'held'
            ORDER BY id LIMIT 10""",
        conversation, handoff, agent,
    )  # fmt: skip
    return [found for row in rows if (found := _kept(row))]


def typed_in(tx: Tx, handoff: int, conversation: int) -> list[str]:
    """The timestamps of what agents typed in the thread of a handoff and still stands there, as far as it is known."""
    rows = tx.all(
        """SELECT source_ts FROM message
           WHERE conversation_id = ? AND handoff = ? AND source_ts IS NOT NULL AND NOT deleted""",
        conversation, handoff,
    )  # fmt: skip
    return [row[0] for row in rows]


def is_known(tx: Tx, conversation: int, platform_id: str) -> bool:
    """Whether a message is kept under this id of the platform's."""
    return tx.one(
        "SELECT 1 FROM message WHERE conversation_id = ? AND platform_id = ?", conversation, platform_id
    ) is not None  # fmt: skip


def author_of(tx: Tx, message: int) -> Author:
    """Who said it."""
    row = tx.one("SELECT author, author_name FROM message WHERE id = ?", message)
    assert row is not None
    return Author(row[0], row[1])


def is_template(tx: Tx, message: int) -> bool:
    """Whether the platform was told a template instead of the words: those alone may not be sent."""
    return tx.one("SELECT 1 FROM message WHERE id = ? AND template", message) is not None


def last_id(tx: Tx, conversation: int) -> int:
    """The newest message's id."""
    row = tx.one("SELECT COALESCE(MAX(id), 0) FROM message WHERE conversation_id = ?", conversation)
    assert row is not None
    return row[0]


def lines(tx: Tx, conversation: int, upto: int | None = None, most: int = AT_ONCE, after: int = 0) -> list[Line]:
    """The conversation as people read it, oldest first, without notes; only messages after `after`."""
    return _lines(tx, conversation, upto, most, after, APART)


def heard(tx: Tx, conversation: int, upto: int | None = None, most: int = AT_ONCE, after: int = 0) -> list[Line]:
    """As models read it: also without what the customer did not get, has no more, or took back."""
    return _lines(tx, conversation, upto, most, after, (*APART, *NOT_THERE))


def earlier(tx: Tx, conversation: int, before: int, most: int) -> list[tuple[int, Line]]:
    """The newest messages before this one, as people read them, each with its id; oldest first."""
    return _numbered(tx, conversation, before - 1, most, 0, APART)


def later(tx: Tx, conversation: int, after: int, most: int) -> list[tuple[int, Line]]:
    """The oldest messages after this one."""
    return _numbered(tx, conversation, None, most, after, APART, "ASC")


def count(tx: Tx, conversation: int, upto: int | None = None) -> int:
    """How many there are for people to read, or COUNTED, if there are more: nobody waits for a count."""
    row = tx.one(
        f"""SELECT COUNT(*) FROM (SELECT 1 FROM message WHERE conversation_id = ? AND id <= ?
            AND state NOT IN ({", ".join("?" * len(APART))}) LIMIT ?) AS readable""",
        conversation, NEWEST if upto is None else upto, *APART, COUNTED,
    )  # fmt: skip
    assert row is not None
    return row[0]


def _lines(tx: Tx, conversation: int, upto: int | None, most: int, after: int, but: Sequence[str]) -> list[Line]:
    return [line for _, line in _numbered(tx, conversation, upto, most, after, but)]


def _numbered(
    tx: Tx, conversation: int, upto: int | None, most: int, after: int, but: Sequence[str],
    first: Literal["ASC", "DESC"] = "DESC",
) -> list[tuple[int, Line]]:  # fmt: skip
    rows = tx.all(
        f"""SELECT author, author_name, text, at, state, id, EXISTS (SELECT 1 FROM file WHERE message_id = message.id),
            {afterwards.COLUMNS} FROM message
            WHERE conversation_id = ? AND id > ? AND id <= ? AND state NOT IN ({", ".join("?" * len(but))})
            ORDER BY id {first} LIMIT ?""",
        conversation, after, NEWEST if upto is None else upto, *but, most,
    )  # fmt: skip
    came = files.of_messages(tx, [row[5] for row in rows if row[6]])
    return [(row[5], _line(row, came.get(row[5], ()))) for row in sorted(rows, key=lambda row: row[5])]


def _line(row: Row, came: Sequence[File]) -> Line:
    became, said = afterwards.became(row[7:], row[0], row[4]), with_files(unpacked(row[2]), came)
    doubt = DOUBTS.get(row[4], "")
    return Line(Author(row[0], row[1]), said, moment(row[3]), doubt, became.since, became.first, became.gone)


def set_source(tx: Tx, message: int, place: Place) -> None:
    """Where agents see a message that nobody typed there: its mark goes there."""
    tx.run(
        "UPDATE message SET source_channel = ?, source_ts = ? WHERE id = ? AND source_ts IS NULL",
        place.channel, place.ts, message,
    )  # fmt: skip


def source_of(tx: Tx, message: int) -> Source:
    """Where the agent typed it, its handoff, its text, and whose it is."""
    row = tx.one(f"SELECT {_SOURCE} FROM message WHERE id = ?", message)
    assert row is not None
    return _source(row)


def settle(tx: Tx, message: int, state: str) -> Source | None:
    """It has left our hands: sent, or uncertain. Gives its source; None: it was over already."""
    row = tx.one(
        f"UPDATE message SET state = ? WHERE id = ? AND state IN ('pending', 'uncertain') RETURNING {_SOURCE}",
        state, message,
    )  # fmt: skip
    return _source(row) if row else None


def delivered(
    tx: Tx, key: str, message: int, platform_id: str, state: str = "sent", reason: str = "", part: int = 1
) -> None:
    """What became of one part of a message."""
    tx.tell(
        """INSERT INTO delivery (key, message_id, part, platform_id, state, reason) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET platform_id = CASE WHEN excluded.platform_id = '' THEN delivery.platform_id
           ELSE excluded.platform_id END, state = excluded.state, reason = excluded.reason""",
        key, message, part, platform_id, state, reason,
    )  # fmt: skip


def deliveries(tx: Tx, key: str, platform_id: str = "", *, joins: bool = False) -> list[tuple[str, int, str]]:
    """Key, message and state of a delivery, by our key or by the platform's id.

    Where messages of ours are joined, several may have gone under one id of the platform.
    """
    found = "SELECT key, message_id, state FROM delivery WHERE "
    rows = tx.all(found + "platform_id = ?", platform_id) if joins and platform_id else []
    if not rows and key:
        rows = tx.all(found + "key = ?", key)
    if not rows and platform_id and not joins:
        rows = tx.all(found + "platform_id = ? LIMIT 1", platform_id)
    return [(row[0], row[1], row[2]) for row in rows]


def not_failed(tx: Tx, message: int) -> set[int]:
    """The parts that are with the customer or may be; what is known of the others is forgotten."""
    tx.run("DELETE FROM delivery WHERE message_id = ? AND state = 'failed'", message)
    return {row[0] for row in tx.all("SELECT part FROM delivery WHERE message_id = ?", message)}


def begun(tx: Tx, message: int) -> bool:
    """Whether some of it is with the customer, or may be."""
    return tx.one("SELECT 1 FROM delivery WHERE message_id = ? AND state <> 'failed' LIMIT 1", message) is not None


def parts(tx: Tx, message: int) -> list[tuple[str, str, str]]:
    """Key, platform id and state of each part of a message, in the order they were sent."""
    rows = tx.all("SELECT key, platform_id, state FROM delivery WHERE message_id = ? ORDER BY part", message)
    return [(row[0], row[1], row[2]) for row in rows]


def places(tx: Tx, message: int) -> list[tuple[int, str]]:
    """Where a message is at the customer's end: each part's number, and the platform's id of all that it became."""
    rows = tx.all("SELECT part, platform_id FROM delivery WHERE message_id = ? ORDER BY part, key", message)
    return [(row[0], row[1]) for row in rows]


_SOURCE = "source_channel, source_ts, handoff, text, author"


def _source(row: Row) -> Source:
    return (Place(row[0], row[1]) if row[1] else None), row[2], unpacked(row[3]), row[4]


_KEPT = """id, author_id, text, state, source_channel, source_ts, handoff, changed, corrected,
 (SELECT COUNT(*) FROM file WHERE file.message_id = message.id), deleted"""


def _kept(row: Row | None) -> Kept | None:
    if row is None:
        return None
    source = Place(row[4] or "", row[5] or "")
    changed, corrected = unpacked(row[7]), unpacked(row[8])
    return Kept(
        row[0], row[1], unpacked(row[2]), row[3], source, row[6] or 0, changed, corrected, row[9], deleted=bool(row[10])
    )
