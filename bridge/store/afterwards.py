"""What became of messages after they were said: changed, corrected, deleted. The first words of each are kept."""

from bridge.i18n import joined, t
from bridge.store.tx import Row, Tx

COLUMNS = "first_text, changed, corrected, corrects, deleted, author, state"
AS_FIRST_SAID = "first_text = CASE WHEN text = ? THEN first_text ELSE COALESCE(first_text, text) END"


def set_changed(tx: Tx, message: int, text: str) -> None:
    """Keep a wording that the customer does not have yet."""
    tx.run("UPDATE message SET changed = ? WHERE id = ?", text, message)


def set_corrected(tx: Tx, message: int, text: str) -> None:
    """The customer gets this wording as a message of its own."""
    tx.run("UPDATE message SET changed = '', corrected = ? WHERE id = ?", text, message)


def carried(tx: Tx, message: int, text: str) -> None:
    """The customer has the message with this wording now; a still newer one may be on its way."""
    tx.run(
        f"""UPDATE message SET {AS_FIRST_SAID}, text = ?, changed = CASE WHEN changed = ? THEN '' ELSE changed END
            WHERE id = ?""",
        text, text, text, message,
    )  # fmt: skip


def customer_changed(tx: Tx, conversation: int, platform_id: str, text: str) -> bool:
    """A customer changed what they wrote. False: that message is not known, or reads so already."""
    return tx.run(
        """UPDATE message SET first_text = COALESCE(first_text, text), text = ?
           WHERE conversation_id = ? AND platform_id = ? AND author = 'customer' AND text <> ?""",
        text, conversation, platform_id, text,
    ) > 0  # fmt: skip


def customer_deleted(tx: Tx, conversation: int, platform_id: str) -> int | None:
    """A customer took back what they wrote; which message it was. None: it is not known, or was deleted before."""
    row = tx.one(
        """UPDATE message SET deleted = ? WHERE conversation_id = ? AND platform_id = ? AND author = 'customer'
           AND NOT deleted RETURNING id""",
        True, conversation, platform_id,
    )  # fmt: skip
    return row[0] if row else None


def since(row: Row) -> str:
    """What became of a message, for people: of its `COLUMNS`. Slack does not say which of its people deletes."""
    first, changed, corrected, corrects, gone, author, state = row
    told = [
        t("a correction") if corrects is not None else "",
        t("edited") if first is not None else "",
        t("corrected later") if corrected else "",
        t("changed in Slack only") if changed else "",
        _deleted(author, state) if gone else "",
    ]
    return joined([it for it in told if it], ", ")


def _deleted(author: str, state: str) -> str:
    if author == "customer":
        return t("deleted by the customer")
    return {"sent": t("deleted in Slack only"), "erased": t("deleted")}.get(state, t("deleted in Slack"))
