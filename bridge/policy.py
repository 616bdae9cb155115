"""How a desk wants its agents' work to be taken: what bridge.toml says under [desk] about it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

AfterHandBack = Literal["resolve", "close", "keep"]
Audience = Literal["owner", "explicit"]
Reactions = Literal["friendly", "all", "none"]
LONGEST_RECALL = 60  # seconds
LONGEST_WAIT = 7 * 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Policy:
    """The desk's choices.

    `after_hand_back`: the handoff is resolved; resolved with its card folded; or it stays open until somebody resolves
    it. `audience`: whether what the owner types goes to the customer, or only what follows a `!say`. `recall`: for so
    long a reply waits, and is not sent if it is deleted meanwhile. `answer_within`: who waits for a person for so long
    is pointed out; zero: nobody is. `reactions`: which of the owner's the customer sees, where nothing else is meant
    for them unsaid.
    """

    after_hand_back: AfterHandBack = "resolve"
    audience: Audience = "owner"
    recall: timedelta = timedelta()
    answer_within: timedelta = timedelta(minutes=15)
    reactions: Reactions = "friendly"

    @property
    def seen(self) -> Reactions:
        """Which reactions go out: none, where a word does so only behind `!say`."""
        return "none" if self.audience == "explicit" else self.reactions

    def late(self, now: datetime) -> datetime | None:
        """Who waits since then or before waits too long; None: nobody ever does."""
        return now - self.answer_within if self.answer_within else None
