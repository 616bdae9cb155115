"""Where the thread of a handoff is to be, is, and was. A handoff that gets a new thread keeps its number."""

from bridge.ports import Place
from bridge.store.tx import Tx

_LIVE = "state IN ('queued', 'claimed')"


def set_route(tx: Tx, number: int, route: str) -> None:
    """Which queue channel it belongs to, as bridge.toml names that."""
    tx.run("UPDATE handoff SET route = ? WHERE number = ?", route, number)


def queue_of(tx: Tx, number: int) -> tuple[str, str]:
    """Its route, and the id of the channel to which its card was sent; blank: not sent anywhere yet."""
    row = tx.one("SELECT route, queue_channel FROM handoff WHERE number = ?", number)
    assert row is not None
    return row[0], row[1]


def send_to(tx: Tx, number: int, channel: str) -> None:
    """Its card is on the way to this channel: that is where to look for it."""
    tx.run("UPDATE handoff SET queue_channel = ? WHERE number = ?", channel, number)


def reroute(tx: Tx, number: int, channel: str) -> None:
    """Its card, not posted yet, does not go to this channel after all, but to the fallback."""
    tx.run(
        """UPDATE handoff SET route = '', queue_channel = ''
           WHERE number = ? AND queue_channel = ? AND thread_ts IS NULL""",
        number, channel,
    )  # fmt: skip


def leave(tx: Tx, number: int, thread: Place, *, stays: bool) -> bool:
    """Its thread is lost, and a new one follows: in the same channel if it `stays` there, else in the fallback.

    False: it had left already, or nobody needs a new one because the handoff is over.
    """
    if tx.for_update:  # whoever takes a lane has that first and the handoff then
        tx.one("SELECT 1 FROM lane WHERE name = ? FOR UPDATE", f"thread:{number}")
    kept = "" if stays else ", route = ''"
    if not tx.run(
        f"""UPDATE handoff SET thread_channel = NULL, thread_ts = NULL, queue_channel = ?{kept}
            WHERE number = ? AND thread_channel = ? AND thread_ts = ? AND {_LIVE}""",
        thread.channel if stays else "", number, thread.channel, thread.ts,
    ):  # fmt: skip
        return False
    tx.run(
        "INSERT INTO former_thread (channel, ts, handoff) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        thread.channel, thread.ts, number,
    )  # fmt: skip
    return True


def formerly(tx: Tx, thread: Place) -> int | None:
    """The handoff that had this thread before it got another."""
    row = tx.one("SELECT handoff FROM former_thread WHERE channel = ? AND ts = ?", thread.channel, thread.ts)
    return row[0] if row else None


def live_in(tx: Tx, channel: str) -> list[tuple[int, Place]]:
    """Every handoff that somebody waits or works in and whose thread is in this channel."""
    rows = tx.all(
        f"SELECT number, thread_ts FROM handoff WHERE thread_channel = ? AND {_LIVE} ORDER BY number", channel
    )
    return [(row[0], Place(channel, row[1])) for row in rows]


def channels_in_use(tx: Tx) -> list[str]:
    """Every channel in which such a thread is, or may be: its card was sent there."""
    rows = tx.all(f"SELECT DISTINCT COALESCE(thread_channel, queue_channel) FROM handoff WHERE {_LIVE}")
    return [row[0] for row in rows if row[0]]
