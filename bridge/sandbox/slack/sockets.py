"""Socket Mode: up to ten websockets, each payload to any one of them, acknowledged by its envelope's id."""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from aiohttp import WSMsgType, web

from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.transport import Undelivered, patience
from bridge.sandbox.slack.workspace import APP

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

MOST = 10
LIFETIME, SHORT_LIFETIME = 18060, 360  # seconds; the short one is for ?debug_reconnects=true
WARNING = 10  # seconds between the warning and the refresh


@dataclass(eq=False, slots=True)
class Socket:
    """One open connection and the envelopes that it still owes us."""

    ws: web.WebSocketResponse
    waiting: dict[str, "asyncio.Future[Json]"] = field(default_factory=dict[str, "asyncio.Future[Json]"])

    def acknowledged(self, frame: str) -> None:
        """Take a frame from the app; whatever is no acknowledgement of ours is ignored, as Slack does."""
        try:
            answer = orjson.loads(frame)
            future = self.waiting.get(answer["envelope_id"])
        except (ValueError, TypeError, KeyError):
            return
        if future and not future.done():
            payload = answer.get("payload")
            future.set_result(payload if isinstance(payload, dict) else {})

    def lost(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(Undelivered("connection_failed"))


class Sockets:
    """All connections of the app."""

    def __init__(self, slack: "Slack") -> None:
        self.slack, self.world = slack, slack.world
        self.open: list[Socket] = []
        self._tickets = set[str]()
        self._anybody = asyncio.Event()

    def ticket(self) -> str:
        """A path that opens one socket, once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket from its hello to its end."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets or self.world.fault("slack", "socket", "500", "429"):
            return web.Response(status=403, text="invalid ticket")
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(heartbeat=20, timeout=1.0)
        try:
            await ws.prepare(request)
        except ConnectionError:  # the app was killed while it connected
            return ws
        if len(self.open) >= MOST:
            await ws.send_json(self._goodbye("too_many_websockets"))
            await ws.close()
            return ws
        lifetime = SHORT_LIFETIME if "debug_reconnects" in request.query else LIFETIME
        await self._serve(Socket(ws), lifetime)
        return ws

    async def _serve(self, socket: Socket, lifetime: float) -> None:
        self.open.append(socket)
        self._anybody.set()
        self.world.touch()
        ending = asyncio.create_task(self._end_after(socket, lifetime))
        try:
            await socket.ws.send_json(self._hello(lifetime))
            if self.world.fault("slack", "socket", "disconnect"):
                await socket.ws.close()
            async for frame in socket.ws:
                if frame.type is WSMsgType.TEXT:
                    socket.acknowledged(frame.data)
        except ConnectionError:
            pass  # the app went away in the middle of a frame
        finally:
            ending.cancel()
            self._gone(socket)
            socket.lost()
            self.world.touch()

    async def _end_after(self, socket: Socket, lifetime: float) -> None:
        with suppress(ConnectionError):
            await self.world.sleep(lifetime - WARNING)
            await socket.ws.send_json(self._goodbye("warning"))
            await self.world.sleep(WARNING)
            await self._close(socket, "refresh_requested")

    async def _close(self, socket: Socket, reason: str) -> None:
        self._gone(socket)
        if not socket.ws.closed:
            await socket.ws.send_json(self._goodbye(reason))
            await socket.ws.close()

    def _gone(self, socket: Socket) -> None:
        if socket in self.open:
            self.open.remove(socket)
        if not self.open:
            self._anybody.clear()

    async def disconnect(self) -> None:
        """Close every socket, as Slack does when it wants them renewed."""
        await asyncio.gather(
            *(self._close(socket, "refresh_requested") for socket in list(self.open)), return_exceptions=True
        )

    async def carry(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        """Send a payload to one socket and wait for its acknowledgement, which may carry a payload back."""
        try:
            async with self._deadline():
                await self._anybody.wait()
        except TimeoutError:
            raise Undelivered("connection_failed") from None
        socket = self.world.random.choice(self.open)
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return await self._send(socket, envelope)

    async def _send(self, socket: Socket, envelope: Json) -> Json:
        future = asyncio.get_running_loop().create_future()
        socket.waiting[envelope["envelope_id"]] = future
        try:
            await socket.ws.send_str(orjson.dumps(envelope).decode())
            async with self._deadline():
                return await future
        except TimeoutError:
            raise Undelivered("timeout") from None
        except ConnectionError:
            raise Undelivered("connection_failed") from None
        finally:
            del socket.waiting[envelope["envelope_id"]]
            future.cancel()

    def _deadline(self) -> asyncio.Timeout:
        return asyncio.timeout(patience(self.world, self.slack.grace) / self.world.speed)

    def _hello(self, lifetime: float) -> Json:
        debug = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": int(lifetime)}
        about = {"num_connections": len(self.open), "debug_info": debug, "connection_info": {"app_id": APP}}
        return {"type": "hello", **about}

    def _goodbye(self, reason: str) -> Json:
        about = {"debug_info": {"host": "applink-sandbox"}, "connection_info": {"app_id": APP}}
        return {"type": "disconnect", "reason": reason, "num_connections": len(self.open), **about}
