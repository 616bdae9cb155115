"""One connection of Socket Mode, from Slack's hello to its end."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from bridge.team_workspace.reading import parsed
from bridge.team_workspace.web_api import WebApi

BEAT = 10.0  # seconds between our pings; a connection is dead when Slack has not answered one after half of that
CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue]


class Link:
    """Hears what Slack sends, and acknowledges it by the connection over which it came."""

    def __init__(self, ws: "aiohttp.ClientWebSocketResponse[bool]") -> None:
        self._ws = ws
        self._committed: list[dict[str, Any]] = []
        self._acknowledging: asyncio.Task[None] | None = None
        self.ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def next(self) -> Mapping[str, Any] | None:
        """The next envelope, empty for what is none; None when the connection is gone."""
        frame = await self._ws.receive()
        if frame.type is not aiohttp.WSMsgType.TEXT:
            return None
        try:
            said = parsed(frame.data)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def end(self, reason: str) -> None:
        """Say, once, why another connection must take its place. It goes on hearing until it is closed."""
        if not self.ending.done():
            self.ending.set_result(reason)

    def settle(self, envelope: str, committed: bool, answer: str = "") -> None:
        """Acknowledge an envelope, with a JSON answer if there is one, or leave it to Slack to send it again."""
        if committed:
            told: dict[str, Any] = {"envelope_id": envelope}
            self._committed.append(told | {"payload": orjson.loads(answer)} if answer else told)
            self._acknowledging = self._acknowledging or asyncio.create_task(self._acknowledge())

    async def close(self) -> None:
        """Say goodbye."""
        self.end("closed")
        await self._ws.close()
        if self._acknowledging:
            await self._acknowledging

    async def _acknowledge(self) -> None:
        try:
            while self._committed:
                told, self._committed = self._committed, []
                for acknowledgement in told:
                    await self._ws.send_str(orjson.dumps(acknowledgement).decode())
        except (aiohttp.ClientError, OSError):
            self.end("lost")  # Slack sends those again, and they are known by their keys
        finally:
            self._acknowledging = None


async def connected(api: WebApi, app_token: str) -> Link:
    """A new connection, with a ticket of its own, that Slack has greeted."""
    opened = await api.call("apps.connections.open", {}, repeatable=True, token=app_token)
    ws = await api.session.ws_connect(
        opened["url"], heartbeat=BEAT, decode_text=False, timeout=CLOSING, proxy=api.proxy
    )
    link = Link(ws)
    try:
        while (said := await link.next()) is not None and said.get("type") != "disconnect":
            if said.get("type") == "hello":
                return link
        raise ConnectionError("Slack did not say hello.")
    except BaseException:
        await link.close()
        raise
