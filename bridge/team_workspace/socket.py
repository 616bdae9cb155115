"""Socket Mode: keeps sockets open, and replaces one that the library itself would not get back.

Two sockets, because the library closes the old one before it opens the new one whenever Slack wants it renewed.
A socket that has been down too long is thrown away whole: the library would try its used-up ticket for ever.
Slack does not say what becomes of events meanwhile, so `again` is called whenever such a socket is back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from bridge.team_workspace.calls import quiet

SOCKETS = 2  # Slack allows ten, and sends each payload to any one of them
LOOK = 1.0  # seconds between looks at a socket
PATIENCE = 20.0  # seconds without connection, or until the first one
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between attempts

log = structlog.get_logger()

Again = Callable[[], Awaitable[object]]


async def listen(app: AsyncApp, app_token: str, again: Again | None) -> None:
    """Keep all sockets open until cancelled."""

    def handler() -> AsyncSocketModeHandler:
        return AsyncSocketModeHandler(app, app_token, logger=quiet)

    async with asyncio.TaskGroup() as sockets:
        for number in range(SOCKETS):
            sockets.create_task(_keep(handler, number, again))


async def _keep(build: Callable[[], AsyncSocketModeHandler], number: int, again: Again | None) -> None:
    """Connect, watch, replace; with growing pauses while it does not work."""
    pause, deaf = FIRST_PAUSE, False
    while True:
        handler = build()
        try:
            async with asyncio.timeout(PATIENCE):
                await handler.connect_async()
            pause = FIRST_PAUSE
            log.info("slack_socket_open", socket=number)
            if deaf and again:
                await again()
            deaf = False
            await _watch(handler)
            log.warning("slack_socket_lost", socket=number)
        except Exception as error:
            log.warning("slack_socket_refused", socket=number, error=type(error).__name__)
        finally:
            await _close(handler)
        deaf = True
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _watch(handler: AsyncSocketModeHandler) -> None:
    """Return when the connection has been down too long."""
    down = 0.0
    while down < PATIENCE:
        await asyncio.sleep(LOOK)
        down = 0.0 if await handler.client.is_connected() else down + LOOK


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Close, and wait for the library's own tasks, which it only cancels."""
    client = handler.client
    with suppress(Exception):
        await handler.close_async()
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)
