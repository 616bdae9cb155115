"""What only some customer channels can. Which of them do, their `can` and their `limit` say, too."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bridge.content import Part
from bridge.files import Loaded


@runtime_checkable
class HasAlbums(Protocol):
    """A channel that shows several files as one message."""

    async def send_album(self, chat: str, part: Part, files: Sequence[Loaded], key: str) -> Sequence[str]:
        """Deliver them, the part's text as their caption; return the platform's ids, or raise a DeliveryError."""
        ...


@runtime_checkable
class HasCaptions(Protocol):
    """A channel whose files' captions can be changed."""

    async def edit_caption(self, chat: str, id: str, part: Part, key: str) -> None:
        """Change that of an earlier message, or raise a DeliveryError."""
        ...


@runtime_checkable
class AsksRatings(Protocol):
    """A channel that can ask customers how it was."""

    async def ask_rating(self, chat: str, name: str, key: str) -> None:
        """Ask, once for each key, how it was with this person; or raise a DeliveryError."""
        ...
