"""How a desk wants its agents' work to be taken: what bridge.toml says under [desk] about it. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

AfterHandBack = Literal["resolve", "close", "keep"]
Audience = Literal["owner", "explicit"]
LONGEST_RECALL = 60  # seconds


@dataclass(frozen=True, slots=True)
class Policy:
    """The desk's choices.

    `after_hand_back`: the handoff is resolved; resolved with its card folded; or it stays open until somebody resolves
    it. `audience`: whether what the owner types goes to the customer, or only what follows a `!say`. `recall`: for so
    long a reply waits, and is not sent if it is deleted meanwhile.
    """

    after_hand_back: AfterHandBack = "resolve"
    audience: Audience = "owner"
    recall: timedelta = timedelta()
