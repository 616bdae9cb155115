"""Messages that were deleted in the workspace, and whether the customer still has them.

The state `erased` says that the customer had it and has it no more.
"""

from bridge.store.tx import Tx


def is_deleted(tx: Tx, message: int) -> bool:
    """Whether it is no longer where its author wrote it."""
    return tx.one("SELECT 1 FROM message WHERE id = ? AND deleted", message) is not None


def set_deleted(tx: Tx, message: int) -> None:
    """It is no longer where its author wrote it."""
    tx.run("UPDATE message SET deleted = ? WHERE id = ?", True, message)


def corrections(tx: Tx, conversation: int, message: int) -> list[int]:
    """What was said because that message could not be changed."""
    rows = tx.all(
        "SELECT id FROM message WHERE conversation_id = ? AND corrects = ? ORDER BY id", conversation, message
    )
    return [row[0] for row in rows]


def set_erased(tx: Tx, message: int) -> None:
    """The customer has it no more."""
    tx.run("UPDATE message SET state = 'erased', deleted = ? WHERE id = ?", True, message)
