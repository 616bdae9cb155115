"""One action of one person, with its target resolved to something that this person can reach."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack import messages
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT_USER, Channel, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


@dataclass(slots=True)
class Act:
    """One action of one person, with its target resolved."""

    slack: "Slack"
    user: User
    target: str
    text: str
    more: Json = field(default_factory=dict[str, Any])

    @property
    def ts(self) -> str | None:
        return self.target.partition(":")[2] or None

    def channel(self, *, writing: bool = False) -> Channel:
        """The channel of the target, if this person is in it."""
        name = self.target.partition(":")[0].removeprefix("#")
        workspace = self.slack.workspace
        channel = workspace.channels.get(name) or workspace.names.get(name)
        if name == BOT_USER:
            channel = workspace.direct(self.user)
        if channel is None:
            raise Refused("channel_not_found")
        if self.user.id not in channel.members:
            raise Refused("not_in_channel")
        if writing:
            messages.writable(channel)
        return channel

    def record(self, kind: str, channel: Channel, message: Json, text: str, raw: Json | None = None) -> None:
        """Put this action into the history."""
        where = {"chat": channel.id, "thread": message.get("thread_ts"), "id": message["ts"], "author": self.user.id}
        self.slack.world.record("slack", kind, "in", text=text, raw=raw or {}, **where)
