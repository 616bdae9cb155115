"""The queue channels: the fallback, and one for each route of bridge.toml. Learned from Slack at the start."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bridge.errors import WrongSetting
from bridge.team_workspace import checks
from bridge.team_workspace.web_api import WebApi

log = structlog.get_logger()
FALLBACK = ""


@dataclass(slots=True)
class QueueChannels:
    """Their ids by the names in bridge.toml, and their names by id. `external`: another company may read along."""

    external: bool = False
    ids: dict[str, str] = field(default_factory=dict[str, str])
    names: dict[str, str] = field(default_factory=dict[str, str])
    wrong: list[str] = field(default_factory=list[str])  # what a person must mend

    def id_of(self, route: str) -> str:
        """The channel of a route; the fallback where there is none, or it is no use."""
        return self.ids.get(route) or self.ids.get(FALLBACK, "")

    def name_of(self, id: str) -> str:
        """How people call a channel."""
        return f"#{self.names.get(id, id)}"

    async def learn(self, api: WebApi, fallback: str, routes: Sequence[str]) -> None:
        """Look all of them up. Raises WrongSetting only for the fallback; of the others it is noted and said aloud."""
        self.wrong.clear()
        listed = await checks.by_names(api, [fallback, *routes])
        self._add(FALLBACK, await checks.queue_channel(api, fallback, listed=listed), checks.SETTING)
        for route in dict.fromkeys(routes):
            try:
                self._add(route, await checks.queue_channel(api, route, checks.ROUTES, listed), checks.ROUTES)
            except WrongSetting as wrong:
                self.ids.pop(route, None)
                self.wrong.append(str(wrong))
                log.error("queue_channel.wrong", what=str(wrong))

    def _add(self, route: str, channel: checks.Channel, setting: str) -> None:
        if not self.external and (mend := checks.foreign(channel)):
            raise WrongSetting(f"{setting}: {mend}")
        self.ids[route] = channel["id"]
        self.names[channel["id"]] = channel.get("name") or channel["id"]
