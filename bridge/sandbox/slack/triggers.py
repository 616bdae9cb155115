"""What an interaction hands the app for its answer: trigger ids (once, 3 s) and response URLs (5 times, 30 min)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.sandbox.slack.errors import Refused
from bridge.sandbox.slack.transport import patience

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

USES, LIFETIME = 5, 30 * 60


@dataclass(slots=True)
class Trigger:
    """A permission to open one modal for one person."""

    user: str
    until: float
    view: str | None = None  # the modal in which the person acted
    used: bool = False


@dataclass(slots=True)
class Reply:
    """Where the answers to one interaction go."""

    channel: str
    user: str
    until: float
    ts: str | None = None  # the message acted on
    thread_ts: str | None = None
    left: int = USES


class Triggers:
    """All that have been handed out."""

    def __init__(self, slack: "Slack") -> None:
        self.slack, self.world = slack, slack.world
        self.replies: dict[str, Reply] = {}
        self._triggers: dict[str, Trigger] = {}
        self._number = 0

    def forget(self) -> None:
        self.replies.clear()
        self._triggers.clear()

    def trigger(self, user: str, view: str | None = None) -> str:
        """A new trigger_id."""
        self._number += 1
        identifier = f"{self._number}.{int(self.world.now())}.{self.world.random.getrandbits(64):016x}"
        until = self.world.now() + patience(self.world, self.slack.grace)
        self._triggers[identifier] = Trigger(user, until, view)
        return identifier

    def exchange(self, identifier: str) -> Trigger:
        """Use a trigger_id up."""
        trigger = self._triggers.get(identifier)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.world.now() > trigger.until:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, reply: Reply) -> str:
        """A new response_url."""
        self._number += 1
        ticket = f"{self._number}{self.world.random.getrandbits(64):016x}"
        self.replies[ticket] = reply
        return f"{self.slack.base_url}/slack/response/{ticket}"

    def reply(self, ticket: str) -> Reply:
        """One use of a response_url."""
        reply = self.replies.get(ticket)
        if reply is None or self.world.now() > reply.until:
            raise Refused("expired_url", status=404)
        if reply.left <= 0:
            raise Refused("used_url", status=404)
        return reply
