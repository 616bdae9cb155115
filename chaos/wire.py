"""The network between the bridge and one platform: shut, cut, or silent with every connection still open."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from chaos.bridges import free_port
from chaos.far_end import HOST

CHUNK = 65_536


class Wire:
    """A relay on a port of its own."""

    def __init__(self, target: str) -> None:
        self._target, self._port = urlsplit(target).port, free_port()
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.Event] = {}  # and whether data flows

    @property
    def url(self) -> str:
        """What takes the place of the platform's address."""
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._serve, HOST, self._port)

    async def shut(self) -> None:
        """Refuse new connections, and cut those that there are."""
        if self._server:
            self._server.close()
            self._server = None
        await self.cut()

    async def cut(self) -> None:
        """Break every connection."""
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def silence(self) -> None:
        """Nothing comes through any of the present connections any more, and nobody is told. New ones work."""
        for flows in self._connections.values():
            flows.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        flows, task = asyncio.Event(), asyncio.current_task()
        assert task
        flows.set()
        self._connections[task] = flows
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far = await asyncio.open_connection(HOST, self._port_of_target())
            await _first(_pump(reader, far, flows), _pump(far_reader, writer, flows))
        except (OSError, asyncio.CancelledError):
            pass  # either end is gone, or we were told to cut it
        finally:
            del self._connections[task]
            for end in (writer, far):
                if end:
                    end.transport.abort()

    def _port_of_target(self) -> int:
        assert self._target
        return self._target


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            await flows.wait()
            writer.write(data)
            await writer.drain()


async def _first(*pumps: Coroutine[Any, Any, None]) -> None:
    """Until one of them ends."""
    tasks = [asyncio.create_task(pump) for pump in pumps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
