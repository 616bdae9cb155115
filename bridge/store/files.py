"""What came along with messages: which files, and how far each has come on its way to the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.files import File
from bridge.store.tx import Row, Tx

MOST = 20  # of what a customer sent before there was a thread


@dataclass(frozen=True, slots=True)
class Passing:
    """A file on its way. `upload` is what the workspace calls our copy; blank: there is none that counts."""

    id: int
    message: int
    file: File
    upload: str


def add(tx: Tx, message: int, files: Sequence[File], brought: Sequence[str] = ()) -> list[int]:
    """These came along with a message, in this order; their ids. Of an album, each was `brought` by another."""
    ids: list[int] = []
    for number, file in enumerate(files):
        row = tx.one(
            """INSERT INTO file (message_id, kind, name, mime, size, ref, upload, platform_id)
               VALUES (?, ?, ?, ?, ?, ?, '', ?) RETURNING id""",
            message, file.kind, file.name, file.mime, file.size, file.ref, brought[number] if brought else None,
        )  # fmt: skip
        assert row is not None
        ids.append(row[0])
    return ids


def get(tx: Tx, id: int) -> Passing:
    """One that is there."""
    row = tx.one(f"SELECT {_FIELDS}, upload FROM file WHERE id = ?", id)
    assert row is not None
    return Passing(row[0], row[1], _file(row), row[7])


def of_message(tx: Tx, message: int) -> list[Passing]:
    """What came along with a message, in order."""
    rows = tx.all(f"SELECT {_FIELDS}, upload FROM file WHERE message_id = ? ORDER BY id", message)
    return [Passing(row[0], row[1], _file(row), row[7]) for row in rows]


def of_messages(tx: Tx, messages: Sequence[int]) -> dict[int, list[File]]:
    """What came along with these, by message; those without are left out."""
    found: dict[int, list[File]] = {}
    if messages:
        which = tx.among("message_id")
        for row in tx.all(f"SELECT {_FIELDS} FROM file WHERE {which} ORDER BY id", tx.several(messages)):
            found.setdefault(row[1], []).append(_file(row))
    return found


def brought_by(tx: Tx, conversation: int, platform_id: str) -> Passing | None:
    """What this message brought of an album."""
    row = tx.one(
        f"""SELECT {", ".join(f"f.{field}" for field in _FIELDS.split(", "))}, f.upload FROM file f
            JOIN message m ON m.id = f.message_id WHERE f.platform_id = ? AND m.conversation_id = ? LIMIT 1""",
        platform_id, conversation,
    )  # fmt: skip
    return Passing(row[0], row[1], _file(row), row[7]) if row else None


def not_shown(tx: Tx, conversation: int, after: int) -> list[int]:
    """The newest files that a customer sent after message `after` and that no thread has, oldest first.

    What they took back is not shown again.
    """
    rows = tx.all(
        """SELECT f.id FROM file f JOIN message m ON m.id = f.message_id
           WHERE m.conversation_id = ? AND m.id > ? AND m.author = 'customer' AND f.handoff IS NULL AND NOT m.deleted
           ORDER BY f.id DESC LIMIT ?""",
        conversation, after, MOST,
    )  # fmt: skip
    return [row[0] for row in reversed(rows)]


def put_into(tx: Tx, id: int, handoff: int) -> None:
    """It goes into the thread of this handoff."""
    tx.run("UPDATE file SET handoff = ? WHERE id = ?", handoff, id)


def take_back(tx: Tx, handoff: int) -> None:
    """The thread of this handoff is lost: what was put into it has to be shown again."""
    tx.run("UPDATE file SET handoff = NULL, upload = '' WHERE handoff = ?", handoff)


def set_upload(tx: Tx, id: int, upload: str) -> None:
    """The workspace has a copy under this name, which people may see from now on; blank: forget it."""
    tx.run("UPDATE file SET upload = ? WHERE id = ?", upload, id)


_FIELDS = "id, message_id, kind, name, mime, size, ref"


def _file(row: Row) -> File:
    return File(row[2], row[3], row[4], row[5], row[6])
