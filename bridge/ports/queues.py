"""The queue channels as the workspace knows them: bridge.toml has their names, and posts need their ids."""

from typing import Protocol


class Queues(Protocol):
    """Known once the workspace is; until then nothing is posted."""

    def id_of(self, route: str) -> str:
        """The id of the channel that a route names; blank, or a channel that is no use: the fallback's."""
        ...

    def name_of(self, id: str) -> str:
        """How people call it."""
        ...


class NoQueues:
    """Where there is only one channel, and nobody needs to tell it from others."""

    def id_of(self, route: str) -> str:
        return ""

    def name_of(self, id: str) -> str:
        return id
