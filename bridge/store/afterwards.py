"""What became of messages after they were said: changed, corrected, deleted. The first words of each are kept."""

from dataclasses import dataclass

from bridge.i18n import joined, t
from bridge.marks import packed, unpacked
from bridge.store.tx import Row, Tx

COLUMNS = "first_text, changed, corrected, corrects, deleted"


def set_changed(tx: Tx, message: int, text: str) -> None:
    """Keep a wording that the customer does not have yet."""
    tx.run("UPDATE message SET changed = ? WHERE id = ?", packed(text), message)


def set_corrected(tx: Tx, message: int, text: str) -> None:
    """The customer gets this wording as a message of its own."""
    tx.run("UPDATE message SET changed = '', corrected = ? WHERE id = ?", packed(text), message)


def carried(tx: Tx, message: int, text: str) -> None:
    """The customer has the message with this wording now; a still newer one may be on its way."""
    kept = packed(text)
    tx.run(
        """UPDATE message SET first_text = CASE WHEN text = ? THEN first_text ELSE COALESCE(first_text, text) END,
           text = ?, changed = CASE WHEN changed = ? THEN '' ELSE changed END WHERE id = ?""",
        kept, kept, kept, message,
    )  # fmt: skip


def customer_changed(tx: Tx, conversation: int, platform_id: str, text: str) -> bool:
    """A customer changed what they wrote. False: that message is not known, or reads so already."""
    kept = packed(text)
    return tx.run(
        """UPDATE message SET first_text = COALESCE(first_text, text), text = ?
           WHERE conversation_id = ? AND platform_id = ? AND author = 'customer' AND text <> ?""",
        kept, conversation, platform_id, kept,
    ) > 0  # fmt: skip


def customer_deleted(tx: Tx, conversation: int, platform_id: str) -> tuple[int, str] | None:
    """A customer took back what they wrote; which message it was, and its text. None: not known, or deleted before."""
    row = tx.one(
        """UPDATE message SET deleted = ?, state = 'erased' WHERE conversation_id = ? AND platform_id = ?
           AND author = 'customer' AND NOT deleted RETURNING id, text""",
        True, conversation, platform_id,
    )  # fmt: skip
    return (row[0], unpacked(row[1])) if row else None


def set_deleted(tx: Tx, message: int) -> None:
    """It is no longer where its author wrote it. The state `erased` says that the customer has it no more, either."""
    tx.run("UPDATE message SET deleted = ? WHERE id = ?", True, message)


def is_deleted(tx: Tx, message: int) -> bool:
    """Whether it is no longer where its author wrote it."""
    return tx.one("SELECT 1 FROM message WHERE id = ? AND deleted", message) is not None


def corrections(tx: Tx, conversation: int, message: int) -> list[int]:
    """What was said because that message could not be changed."""
    rows = tx.all(
        "SELECT id FROM message WHERE conversation_id = ? AND corrects = ? ORDER BY id", conversation, message
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Became:
    """What became of a message: for people; how it read at first; whether it is gone."""

    since: str
    first: str
    gone: bool


def became(row: Row, author: str, state: str) -> Became:
    """Of the `COLUMNS` of a message. Slack does not say which of its people deletes."""
    first, changed, corrected, corrects, gone = row
    told = [
        t("a correction") if corrects is not None else "",
        t("edited") if first is not None else "",
        t("corrected later") if corrected else "",
        t("changed in Slack only") if changed else "",
        _deleted(author, state) if gone else "",
    ]
    return Became(joined([it for it in told if it], ", "), unpacked(first or ""), bool(gone))


def _deleted(author: str, state: str) -> str:
    if author == "customer":
        return t("deleted by the customer")
    return {"sent": t("deleted in Slack only"), "erased": t("deleted")}.get(state, t("deleted in Slack"))
