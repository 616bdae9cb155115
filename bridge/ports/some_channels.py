"""What only some customer channels can. Which of them do, their `can` and their `limit` say, too."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bridge.content import Part
from bridge.files import Loaded
from bridge.templates import Template


@runtime_checkable
class HasTemplates(Protocol):
    """A channel whose platform approves texts for customers who cannot be answered freely."""

    async def templates(self) -> Sequence[Template]:
        """Those that may be sent now, or a DeliveryError."""
        ...


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
