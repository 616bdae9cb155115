"""How earlier messages read: what a customer replies or reacts to is known by the platform's id only."""

from bridge.files import with_files
from bridge.marks import unpacked
from bridge.store import files
from bridge.store.tx import Tx

AMONG = 500  # of our newest messages: platforms' ids may be small numbers that every chat has


def said_as(tx: Tx, conversation: int, platform_id: str) -> str | None:
    """The message that the platform knows by this id, whoever said it; None: it is not known here."""
    row = tx.one(
        """SELECT id, text FROM message WHERE conversation_id = ? AND platform_id = ? AND NOT deleted
           ORDER BY id DESC LIMIT 1""",
        conversation, platform_id,
    ) or tx.one(
        f"""SELECT m.id, m.text FROM (SELECT id, text FROM message WHERE conversation_id = ? AND NOT deleted
              ORDER BY id DESC LIMIT {AMONG}) AS m
            CROSS JOIN delivery d WHERE d.message_id = m.id AND d.platform_id = ? LIMIT 1""",
        conversation, platform_id,
    )  # fmt: skip
    if row is None:
        part = files.brought_by(tx, conversation, platform_id)
        return with_files("", [part.file]) if part else None
    return with_files(unpacked(row[1]), [it.file for it in files.of_message(tx, row[0])])


def received(tx: Tx, conversation: int, platform_id: str) -> int | None:
    """The customer's own message of this id, or that it is a part of."""
    if part := files.brought_by(tx, conversation, platform_id):
        return part.message
    row = tx.one(
        "SELECT id FROM message WHERE conversation_id = ? AND platform_id = ? AND author = 'customer'",
        conversation, platform_id,
    )  # fmt: skip
    return row[0] if row else None


def heard_last(tx: Tx, conversation: int) -> str:
    """The platform's id of what the customer said last; blank: it has none."""
    row = tx.one(
        """SELECT platform_id FROM message WHERE conversation_id = ? AND author = 'customer'
           ORDER BY id DESC LIMIT 1""",
        conversation,
    )
    return (row[0] or "") if row else ""


def told_last(tx: Tx, conversation: int, handoff: int | None, about: str) -> int | None:
    """What the bridge itself told about this, if nobody has said anything since."""
    row = about and tx.one(
        "SELECT id, author, platform_id, handoff FROM message WHERE conversation_id = ? ORDER BY id DESC LIMIT 1",
        conversation,
    )
    return row[0] if row and tuple(row[1:]) == ("system", about, handoff) else None
