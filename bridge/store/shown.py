"""Where what was said in a chat stands in a thread, and which reactions its owner has put on it there."""

from collections.abc import Sequence

from bridge.ports import Place
from bridge.reacting import Shown
from bridge.store.tx import Tx


def stands(tx: Tx, message: int, handoff: int, place: Place) -> None:
    """It was posted there."""
    tx.tell(
        "INSERT INTO shown (channel, ts, message_id, handoff) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        place.channel, place.ts, message, handoff,
    )  # fmt: skip


def at(tx: Tx, place: Place) -> Shown | None:
    """What stands there. Nobody reacts to it before this transaction ends."""
    if tx.for_update:
        tx.one("SELECT 1 FROM shown WHERE channel = ? AND ts = ? FOR UPDATE", place.channel, place.ts)
    row = tx.one(
        """SELECT s.message_id, s.handoff, m.author, m.deleted, s.reactions FROM shown s
           JOIN message m ON m.id = s.message_id WHERE s.channel = ? AND s.ts = ?""",
        place.channel, place.ts,
    )  # fmt: skip
    if row is None:
        return None
    agent, *reactions = row[4].split(" ")
    return Shown(row[0], row[1], row[2], bool(row[3]), agent, tuple(reactions))


def keep(tx: Tx, place: Place, agent_id: str, reactions: Sequence[str]) -> None:
    """These are on it now."""
    kept = " ".join([agent_id, *reactions]) if reactions else ""
    tx.run("UPDATE shown SET reactions = ? WHERE channel = ? AND ts = ?", kept, place.channel, place.ts)


def place_of(tx: Tx, message: int, handoff: int) -> Place | None:
    """Where it stands in this handoff's thread."""
    row = tx.one("SELECT channel, ts FROM shown WHERE message_id = ? AND handoff = ? LIMIT 1", message, handoff)
    return Place(row[0], row[1]) if row else None


def reacted_to(tx: Tx, place: Place) -> tuple[str, str]:
    """What the customer's platform calls the message that stands there, and the reaction that they are to see."""
    row = tx.one(
        """SELECT m.platform_id, s.reactions FROM shown s JOIN message m ON m.id = s.message_id
           WHERE s.channel = ? AND s.ts = ?""",
        place.channel, place.ts,
    )  # fmt: skip
    return (row[0] or "", row[1].rpartition(" ")[2]) if row else ("", "")


def was_sent(tx: Tx, place: Place, sent: str) -> None:
    """The reaction there went out under this id of the platform."""
    tx.run("UPDATE shown SET sent = ? WHERE channel = ? AND ts = ?", sent, place.channel, place.ts)


def of_sent(tx: Tx, sent: str) -> tuple[Place, str, str] | None:
    """On what stands where the reaction was that went out under this id; whose it is, and which."""
    row = tx.one("SELECT channel, ts, reactions FROM shown WHERE sent = ? AND sent <> ''", sent) if sent else None
    return (Place(row[0], row[1]), row[2].partition(" ")[0], row[2].rpartition(" ")[2]) if row else None
