"""Posts webhooks as platforms do: in order within a lane, lanes beside each other, each again until it is taken."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bridge.sandbox.world import World

LONGEST_PAUSE = 60.0  # seconds between two attempts
PATIENCE = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One webhook, ready to post."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])
    taken: Callable[[], None] = lambda: None
    failed: Callable[[str], None] = lambda _: None


class Deliveries:
    """Webhooks on their way."""

    def __init__(self, world: World, *, give_up_after: float, connections: int = 40) -> None:
        self.world, self.give_up_after = world, give_up_after
        self._connections = asyncio.Semaphore(connections)
        self._lanes: dict[str, deque[Parcel]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open for business."""
        self._session = aiohttp.ClientSession(timeout=PATIENCE)

    async def close(self) -> None:
        """Drop what is still on its way."""
        workers = list(self._workers)
        self.clear()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def put(self, lane: str, parcel: Parcel) -> None:
        """Deliver `parcel` after everything that is already in its lane."""
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append(parcel)
            return
        self._lanes[lane] = deque([parcel])
        worker = asyncio.create_task(self._work(lane, self._lanes[lane]))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    def clear(self) -> None:
        """Forget everything that is not delivered."""
        for worker in self._workers:
            worker.cancel()
        self._lanes.clear()

    async def _work(self, lane: str, waiting: deque[Parcel]) -> None:
        while waiting:
            await self._deliver(waiting.popleft())
        if self._lanes.get(lane) is waiting:
            del self._lanes[lane]

    async def _deliver(self, parcel: Parcel) -> None:
        deadline, pause = self.world.now() + self.give_up_after, 1.0
        while True:
            async with self._connections:
                trouble = await self._post(parcel)
            if trouble is None:
                parcel.taken()
                return
            parcel.failed(trouble)
            if self.world.now() + pause > deadline:
                return
            await self.world.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, parcel: Parcel) -> str | None:
        """Post once; None if it was taken, otherwise why not."""
        if self._session is None:
            return "not started"
        headers = {"Content-Type": "application/json", **parcel.headers}
        try:
            async with self._session.post(parcel.url, data=parcel.body, headers=headers) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return None
                return f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return f"{type(error).__name__} at the webhook"
