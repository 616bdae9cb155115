"""The few ways in which things go wrong on purpose. Anything else is a bug."""

import traceback
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

Loss = Literal["archived", "deleted", "left"]
"""How a channel of the workspace was lost. `left`: the app is not in it any more."""


def where(error: BaseException) -> str:
    """Where a bug is, innermost last. For the log: an exception's own words may be a customer's."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


class Refused(Exception):
    """A rule said no. The text is the sentence that the agent reads; nothing has changed."""


class WrongEntry(Refused):
    """Something was filled in that cannot be used: what is wrong, by the name of the field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class NotYet(Exception):
    """An event came before what it belongs to is known. It is not acknowledged, so that it comes again."""


class WrongSetting(Exception):
    """The configuration cannot be used. The text names the variable, or file and line, and the mend."""


class DeliveryError(Exception):
    """A delivery that did not simply succeed."""


class Undeliverable(DeliveryError):
    """Certainly not accepted, and it never will be. The text is the reason in words an agent understands."""


class Unreachable(Undeliverable):
    """Nor will anything else be, until the customer comes back: they have blocked us, or are gone."""


class WindowShut(Undeliverable):
    """The platform takes no more replies until the customer writes again."""


class ChannelGone(Undeliverable):
    """The channel of the workspace that it was to go to is lost."""

    def __init__(self, reason: str, loss: Loss) -> None:
        super().__init__(reason)
        self.loss: Loss = loss


class ThreadGone(Undeliverable):
    """The thread that it was to go to was deleted."""


class TryLater(DeliveryError):
    """Certainly not accepted now. `after` is the platform's own wish in seconds, if it had one."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class TooFast(TryLater):
    """One chat takes no more for a while; others do."""


class NeedsAdmin(TryLater):
    """The platform refuses us, whatever we send, until an admin acts."""


class Uncertain(DeliveryError):
    """The request went out and no answer came back: it may have been accepted."""


class StoreAway(Exception):
    """The database could not do it now: it is full, locked, or cannot be reached. Nothing has changed."""
