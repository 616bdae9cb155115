"""What people did: the texts that a platform took from them, and their hand backs. The judge's only other source."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Said:
    """One text. `customer` is the one who said it or to whom it was said; `by` is "customer" or an agent's handle.

    Of a customer: `shown` in a thread, `answered` by the bot. Of an agent: `shown` to the customer. None: it may be.
    """

    id: str
    customer: str
    by: str
    shown: bool | None
    answered: bool | None = False


@dataclass(slots=True)
class Deeds:
    """Everything that people did in one run. `channels` says which customer is where; `chats` whose chat that is."""

    channels: dict[str, str] = field(default_factory=dict[str, str])
    chats: dict[str, str] = field(default_factory=dict[str, str])
    said: list[Said] = field(default_factory=list[Said])  # in the order in which it was said
    hand_backs: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])  # customer, place in the history

    def no_answer_due(self, said: str) -> None:
        """The bot need not answer this any more."""
        self.said = [replace(it, answered=None) if it.id == said else it for it in self.said]
