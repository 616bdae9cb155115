"""What has become of events that were handed in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.ports.events import Received
from bridge.ports.forms import Form


@dataclass(frozen=True, slots=True)
class Stored:
    """Committed. `seq` is the message's place in the chat's journal, for a channel that keeps one.

    Of a form that was sent off, `shows` is the window that takes its place, `told` what is read there instead, and
    `wrong` what is read in it, by the name of the field. Without any of these it closes.
    """

    new: bool
    seq: int | None = None
    told: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict[str, str])
    shows: Form | None = None


Receive = Callable[[Sequence[Received]], Awaitable[list[Stored]]]
"""Returns once all events are committed. Raises when they could not be stored: then do not acknowledge."""
