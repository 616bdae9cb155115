"""What became of an agent's reply, as one mark on their own message. Pure."""

from collections.abc import Collection

from bridge.ports import Mark

THERE = frozenset({"delivered", "read"})
"""States of a part that the customer has."""


def mark_of(state: str, parts: Collection[str], *, slow: bool) -> Mark | None:
    """The mark for a message in this state, whose parts are in those. `slow`: it has been on its way for a while."""
    match state:
        case "held" | "failed":
            return state
        case "sent" if parts and set(parts) <= {"read"}:
            return "read"
        case "sent" if parts and THERE.issuperset(parts):
            return "delivered"
        case "pending" | "uncertain" | "sent" if slow:
            return "slow"
        case _:
            return None
