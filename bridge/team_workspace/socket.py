"""Socket Mode: two connections to Slack, so that one may be renewed or lost while the other hears.

slack_sdk's client closes a socket before it opens the next, tries a used-up ticket for ever, and costs more per message
than all else on its way. Here every connection has a ticket of its own, one is made at a time, and where Slack warns
that it will close one, the next is open before.
"""

import asyncio
import functools
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import aiohttp
import structlog

from bridge.errors import DeliveryError
from bridge.team_workspace.clicks import Clicks
from bridge.team_workspace.gaps import Gaps
from bridge.team_workspace.intake import Intake
from bridge.team_workspace.link import Link, connected
from bridge.team_workspace.reading import UNREADABLE
from bridge.team_workspace.web_api import WebApi

SOCKETS = 2  # Slack allows ten, and sends each payload to any one of them
CONNECTING = 10.0  # seconds from the ticket to Slack's hello
WARNED, DISMISSED = 30.0, 1.0  # seconds that a socket goes on after a warning or a goodbye, if Slack does not close it
STEADY = 30.0  # seconds that a connection must last to be thought a good one
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between attempts
RENEWALS = ("warning", "refresh_requested")  # what Slack says when all is well

log = structlog.get_logger()


class Sockets:
    """Keeps them open."""

    def __init__(self, api: WebApi, app_token: str, intake: Intake, clicks: Clicks, gaps: Gaps) -> None:
        self.api, self.app_token, self.intake, self.clicks, self.gaps = api, app_token, intake, clicks, gaps
        self._one_at_a_time = asyncio.Lock()
        self._hearing = 0
        self._missed = True  # what came before the first connection
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            async with asyncio.TaskGroup() as keeping:
                for number in range(SOCKETS):
                    keeping.create_task(self._keep(number))
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, number: int) -> None:
        """Connect, listen, replace; with growing pauses while that does not work."""
        loop, pause = asyncio.get_running_loop(), 0.0
        while True:
            began, after = loop.time(), 0.0
            try:
                async with self._one_at_a_time, asyncio.timeout(CONNECTING):
                    link = await connected(self.api, self.app_token)
            except (DeliveryError, aiohttp.ClientError, OSError, *UNREADABLE) as error:
                log.warning("slack_socket_refused", socket=number, error=type(error).__name__)
                after = getattr(error, "after", None) or 0.0
            else:
                log.info("slack_socket_open", socket=number)
                self._begin(self._listen(link))
                log.info("slack_socket_ends", socket=number, reason=await asyncio.shield(link.ending))
            pause = 0.0 if loop.time() - began > STEADY else min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
            await asyncio.sleep(max(pause, after))

    async def _listen(self, link: Link) -> None:
        """Hear one connection until it is closed."""
        self._hearing += 1
        if self._missed:
            self._missed = False
            self.gaps.notice()
        try:
            while (envelope := await link.next()) is not None:
                self._heard(link, envelope)
        except Exception as error:
            log.error("slack_socket_failed", error=type(error).__name__)
        finally:
            link.end("lost")
            self._hearing -= 1
            self._missed |= link.ending.result() not in RENEWALS or not self._hearing
            await link.close()

    def _heard(self, link: Link, envelope: Mapping[str, Any]) -> None:
        try:
            kind, payload = envelope.get("type"), envelope.get("payload")
            if kind == "disconnect":
                self._said_goodbye(link, str(envelope.get("reason")))
            elif isinstance(payload, dict):
                settle = functools.partial(link.settle, envelope["envelope_id"])
                if kind == "events_api":
                    self.intake.put(payload, lambda stored: settle(stored is not None))
                else:
                    self._begin(self._clicked(payload, settle))
        except UNREADABLE as error:
            log.error("slack_envelope_unreadable", error=type(error).__name__)

    def _said_goodbye(self, link: Link, reason: str) -> None:
        """A warned socket still hears, so its successor is opened meanwhile."""
        link.end(reason)
        self._begin(self._close(link, WARNED if reason == "warning" else DISMISSED))

    async def _close(self, link: Link, after: float) -> None:
        await asyncio.sleep(after)
        await link.close()

    async def _clicked(self, payload: Mapping[str, Any], settle: Callable[[bool, str], object]) -> None:
        try:
            answered = await self.clicks.dispatch(payload)
            settle(answered.status == 200, answered.body)
        except Exception as error:
            log.error("slack_envelope_unreadable", error=type(error).__name__)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
