"""Tells the app what happens: wraps events in their envelope and carries them until they are acknowledged.

Slack tries four times in all: at once, again at once, after one minute, after five. (Events API page.)
"""

from typing import TYPE_CHECKING

from bridge.sandbox.misbehaviour import Line
from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.transport import Undelivered
from bridge.sandbox.slack.workspace import APP, BOT, BOT_USER, TEAM, Channel

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

TRIES = (0, 0, 60, 300)  # seconds before each
SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """The Events API. Only what happens where the bot is a member is told."""

    def __init__(self, slack: "Slack") -> None:
        self.slack, self.world = slack, slack.world
        self._line = Line[Json](slack.world, "slack", self._send)
        self._number = self._warned = 0

    def emit(self, channel: Channel, event: Json) -> None:
        """Tell what happened in a channel, and `app_mention` beside it if a person named the bot."""
        if BOT_USER not in channel.members:
            return
        if event["type"] != "message":
            self.tell(event, channel)
            return
        event = event | {"channel": channel.id, "channel_type": channel.kind}
        self.tell(event, channel)
        by_person = "bot_id" not in event and not event.get("hidden")
        if by_person and f"<@{BOT_USER}>" in event["text"] and channel.kind != "im":
            named = {name: value for name, value in event.items() if name not in ("subtype", "channel_type")}
            self.tell(named | {"type": "app_mention"}, channel)

    def tell(self, event: Json, channel: Channel | None = None) -> None:
        """Send an event, if the app subscribed to it."""
        wanted, kind = self.slack.subscriptions, event["type"]
        name = SUBSCRIPTION[channel.kind] if channel and kind == "message" else kind
        if wanted is not None and name not in wanted:
            return
        body = self._envelope(event, channel)
        if self.slack.limits.event_allowed():
            self._line.put(kind, body)
        else:
            self._lost(body, "app_rate_limited")
            self._warn()

    def _warn(self) -> None:
        """Say once a minute that events are being left out."""
        minute = int(self.world.now()) // 60 * 60
        if minute > self._warned:
            self._warned = minute
            about = {"token": "verification-token", "team_id": TEAM, "api_app_id": APP}
            warning = about | {"type": "app_rate_limited", "minute_rate_limited": minute}
            self.slack.spawn(self._deliver(warning))

    def _envelope(self, event: Json, channel: Channel | None) -> Json:
        self._number += 1
        who = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": "verification-token",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{self._number:08d}",
            "event_time": int(self.world.now()),
            "authorizations": [who | {"is_enterprise_install": False}],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": f"4-{event['type']}-{TEAM}-{APP}-{channel.id if channel else ''}",
        }

    def _send(self, body: Json) -> None:
        self.slack.spawn(self._deliver(body))

    async def _deliver(self, body: Json) -> None:
        fault = self.world.fault("slack", "events", "disconnect", "drop_after_accept")
        misfortune = fault.fault if fault else ""
        if misfortune == "disconnect":
            await self.slack.sockets.disconnect()
        reason = ""
        for attempt, wait in enumerate(TRIES):
            if wait:
                await self.world.sleep(wait)
            try:
                await self.slack.carry("events_api", body, attempt, reason)
            except Undelivered as failure:
                reason = failure.reason
                if failure.final:
                    break
            else:
                self._taken(body.get("event", {}))
                if attempt or misfortune != "drop_after_accept":
                    return
                reason = "http_timeout"  # the app's acknowledgement got lost on the way
        self._lost(body, reason)

    def _taken(self, event: Json) -> None:
        """Write down that the app has acknowledged a person's message: only then it may be held to their order."""
        self.world.touch()
        if event.get("type") == "message" and "client_msg_id" in event:
            where = {"chat": event.get("channel"), "thread": event.get("thread_ts"), "id": event["ts"]}
            self.world.record("slack", "event_taken", "in", author=event.get("user"), **where)

    def _lost(self, body: Json, reason: str) -> None:
        event = body.get("event", body)
        raw = {"event_id": body.get("event_id"), "type": event["type"], "reason": reason}
        where = {"chat": event.get("channel"), "id": event.get("event_ts")}
        self.world.record("slack", "event_lost", "in", **where, author=BOT, raw=raw)
